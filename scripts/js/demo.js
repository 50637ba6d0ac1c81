// The demo's scenario: coins locked on the electricity chain appear on the carbon chain, on nothing but a proof and the
// work above it. The relayer carries; this script only watches what it did.

import { anchorIfNeeded, addressOn, COIN, freeBalance, knownHeader, lock, open } from './lib/scenario.js';
import { coins, grouped, printRows } from './lib/format.js';
import { main } from './lib/main.js';
import { waitFor } from './lib/wait.js';

const AMOUNT = 100n * COIN;
// The second message gives the first one's proof a sibling.
const SECOND_AMOUNT = 25n * COIN;
const RELAY_MS = 270_000;

main(
  ['electricity', 'carbon', 'carbon-identity', 'recipient'],
  ['electricity', 'carbon', 'carbon-identity', 'recipient'],
  async (options) => {
    const chains = await open(options.electricity, options.carbon);
    const { carbon, electricity, key } = chains;
    const sender = key('//Bob');
    const recipient = key(options.recipient);
    const second = key(`${options.recipient}//second`);

    await anchorIfNeeded(chains, options['carbon-identity']);

    const before = {
      recipient: await freeBalance(carbon, recipient),
      sender: await freeBalance(electricity, sender)
    };
    const locked = await lock(chains, [
      [recipient.publicKey, AMOUNT],
      [second.publicKey, SECOND_AMOUNT]
    ]);
    const [nonce] = locked.nonces;

    console.log(
      `locked: ${coins(AMOUNT)} and ${coins(SECOND_AMOUNT)} in electricity block ${locked.block.number}, messages ` +
        `${locked.nonces.join(' and ')}; waiting for work above it and for the relayer`
    );

    await waitFor(`message ${locked.nonces.at(-1)} to arrive on the carbon chain`, RELAY_MS, async () => {
      return (await carbon.call.lanesApi.received()).toBigInt() >= locked.nonces.at(-1);
    });

    const delivery = await findDelivery(carbon, nonce);
    const source = await electricity.rpc.chain.getHeader(delivery.header);
    const known = await knownHeader(carbon, delivery.header, delivery.hash);
    const proof = (await electricity.rpc.joint.proof(nonce, delivery.header)).toJSON();
    const after = {
      recipient: await freeBalance(carbon, recipient, delivery.hash),
      sender: await freeBalance(electricity, sender, locked.block.hash)
    };

    if (proof.encoded !== delivery.proof.toHex()) {
      throw new Error('the relayer delivered another proof than the one that joint_proof gives for this header');
    }
    if (after.recipient - before.recipient !== AMOUNT) {
      throw new Error(`the recipient got ${coins(after.recipient - before.recipient)} instead of ${coins(AMOUNT)}`);
    }

    console.log(`\n${coins(AMOUNT)} went from the electricity chain to the carbon chain:`);
    printRows([
      ['sender', `//Bob, ${addressOn(electricity, sender)}`],
      ['recipient', `${options.recipient}, ${addressOn(carbon, recipient)}`],
      ['locked in', `electricity block ${locked.block.number} ${locked.block.hash}, message ${nonce}`],
      ['proven at', `electricity block ${source.number.toNumber()} ${delivery.header}`],
      ['work above it', `${grouped(known.above)} hashes, ${grouped(known.needed)} needed`],
      ['proof', `${delivery.proof.encodedLength} bytes, ${proof.siblings.length} sibling(s) of ${proof.count} leaves`],
      ['minted in', `carbon block ${delivery.number} ${delivery.hash}`],
      ['sender had', `${coins(before.sender)}, has ${coins(after.sender)} (the fee is in the difference)`],
      ['recipient had', `${coins(before.recipient)}, has ${coins(after.recipient)}`]
    ]);
  }
);

/** The carbon block in which a message was received: the last one whose parent had not received it. */
async function findDelivery(carbon, nonce) {
  let header = await carbon.rpc.chain.getHeader();

  for (;;) {
    const parent = await carbon.at(header.parentHash);

    if ((await parent.call.lanesApi.received()).toBigInt() < nonce) {
      break;
    }
    header = await carbon.rpc.chain.getHeader(header.parentHash);
  }

  const { block } = await carbon.rpc.chain.getBlock(header.hash);

  for (const extrinsic of block.extrinsics) {
    const found = findProof(extrinsic.method, nonce);

    if (found) {
      return { hash: header.hash.toHex(), number: header.number.toNumber(), ...found };
    }
  }

  throw new Error(`carbon block ${header.hash.toHex()} received message ${nonce} in no call that can be seen`);
}

/** The proof of a message in a call, also inside a batch, with the hash of the header that it is for. */
function findProof(call, nonce) {
  if (call.section === 'lanes' && call.method === 'receiveMessages') {
    const [header, proofs] = call.args;
    const proof = proofs.find((item) => item.get('message').get('nonce').toBigInt() === nonce);

    return proof && { header: header.toHex(), proof };
  }
  if (call.section === 'utility' && call.method.startsWith('batch')) {
    return call.args[0].map((inner) => findProof(inner, nonce)).find((found) => found !== undefined);
  }

  return undefined;
}
