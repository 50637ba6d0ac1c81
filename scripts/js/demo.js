// The demo's scenario: coins go from either chain to the other, on nothing but proofs and the work above them, and come
// back where the other chain refuses them. The relayer carries; this script only watches what it did.

import { u8aToHex } from '@polkadot/util';

import { addressOn, anchorBoth, COIN, directions, ESCROW, freeBalance, open, pegEvent, send } from './lib/scenario.js';
import { coins, printRows } from './lib/format.js';
import { delivery, proofRows, timeOf } from './lib/delivery.js';
import { main } from './lib/main.js';
import { printSupply, readSupply } from './lib/supply.js';

const AMOUNT = 100n * COIN;
const AMOUNT_BACK = 30n * COIN;
/** Sent to the other chain's escrow account, which takes no transfer. */
const REFUSED = 25n * COIN;
const REFUSED_BACK = 5n * COIN;

const OPTIONS = ['electricity', 'carbon', 'electricity-identity', 'carbon-identity', 'recipient'];

main(OPTIONS, OPTIONS, async (options) => {
  const chains = await open(options.electricity, options.carbon);
  const { key } = chains;
  const { toCarbon, toElectricity } = directions(chains);
  const bob = key('//Bob');
  const recipient = key(options.recipient);
  const recipientBack = key(`${options.recipient}//back`);

  await anchorBoth(chains, options['electricity-identity'], options['carbon-identity']);

  const [locked, burnedToEscrow] = await Promise.all([
    announced(toCarbon, bob, [
      [recipient.publicKey, AMOUNT],
      [ESCROW, REFUSED]
    ]),
    announced(toElectricity, bob, [[ESCROW, REFUSED_BACK]])
  ]);

  printSupply('with coins on their way', await readSupply(chains));

  await showPaid(toCarbon, locked, AMOUNT, ['//Bob', bob], [options.recipient, recipient]);

  const burned = await announced(toElectricity, recipient, [[recipientBack.publicKey, AMOUNT_BACK]]);

  await showReturned(toCarbon, toElectricity, { ...locked, nonces: locked.nonces.slice(1) }, REFUSED, bob);
  await showPaid(
    toElectricity,
    burned,
    AMOUNT_BACK,
    [options.recipient, recipient],
    [`${options.recipient}//back`, recipientBack]
  );
  await showReturned(toElectricity, toCarbon, burnedToEscrow, REFUSED_BACK, bob);

  printSupply('at the end', await readSupply(chains));
});

/** Sends and says so. */
async function announced(direction, signer, transfers) {
  const sent = await send(direction, signer, transfers);
  const amounts = transfers.map(([, amount]) => coins(amount)).join(' and ');

  console.log(
    `${direction.sent.toLowerCase()}: ${amounts} in ${direction.source} block ${sent.block.number}, ` +
      `message(s) ${sent.nonces.join(' and ')}; waiting for work above it and for the relayer`
  );

  return sent;
}

/** Waits until the first transfer of `sent` is paid out on the other chain, and shows how. */
async function showPaid(direction, sent, amount, [senderName, sender], [recipientName, recipient]) {
  const { destination, from, paid, source, to } = direction;
  const [nonce] = sent.nonces;
  const delivered = await delivery(direction, 'Message', nonce);
  const event = await pegEvent(to, delivered.hash, paid, nonce);
  const parent = (await to.rpc.chain.getHeader(delivered.hash)).parentHash;
  const before = await freeBalance(to, recipient, parent);
  const after = await freeBalance(to, recipient, delivered.hash);

  if (event?.amount.toBigInt() !== amount || after - before !== amount) {
    throw new Error(`message ${nonce}: the recipient got ${coins(after - before)} instead of ${coins(amount)}`);
  }

  console.log(`\n${coins(amount)} went from the ${source} chain to the ${destination} chain:`);
  printRows([
    ['sender', `${senderName}, ${addressOn(from, sender)}`],
    ['recipient', `${recipientName}, ${addressOn(to, recipient)}`],
    [`${direction.sent.toLowerCase()} in`, `${source} block ${sent.block.number} ${sent.block.hash}, message ${nonce}`],
    ...proofRows(direction, delivered),
    [`${paid.toLowerCase()} in`, `${destination} block ${delivered.number} ${delivered.hash}`],
    [`${paid.toLowerCase()} after`, await seconds(from, sent.block.hash, delivered.time)],
    ['recipient had', `${coins(before)}, has ${coins(after)}`]
  ]);
}

/** Waits until a transfer is refused on the other chain and its coins are back, and shows how. */
async function showReturned(there, back, sent, amount, sender) {
  const { destination, from, source, to } = there;
  const [nonce] = sent.nonces;
  const refused = await delivery(there, 'Message', nonce);
  const reason = (await pegEvent(to, refused.hash, 'Refused', nonce))?.reason;

  if (!reason) {
    throw new Error(`message ${nonce} to the escrow account was not refused in ${destination} block ${refused.number}`);
  }

  const settled = await delivery(back, 'Receipt', nonce);
  const event = await pegEvent(from, settled.hash, 'Returned', nonce);

  if (event?.amount.toBigInt() !== amount || event.sender.toHex() !== u8aToHex(sender.publicKey)) {
    throw new Error(`message ${nonce}: ${coins(amount)} did not come back in ${source} block ${settled.number}`);
  }

  console.log(`\n${coins(amount)} from the ${source} chain to the ${destination} chain's escrow account came back:`);
  printRows([
    ['sender', `//Bob, ${addressOn(from, sender)}`],
    [`${there.sent.toLowerCase()} in`, `${source} block ${sent.block.number} ${sent.block.hash}, message ${nonce}`],
    ...proofRows(there, refused),
    ['refused in', `${destination} block ${refused.number} ${refused.hash}: ${reason.type.toLowerCase()}`],
    ['refused after', await seconds(from, sent.block.hash, refused.time)],
    ...proofRows(back, settled).map(([name, value]) => [`receipt ${name}`, value]),
    ['returned in', `${source} block ${settled.number} ${settled.hash}`],
    ['returned after', await seconds(from, sent.block.hash, settled.time)]
  ]);
}

/** Time from a block of the source to `end`, by the blocks' timestamps. */
async function seconds(api, block, end) {
  return `${((end - (await timeOf(api, block))) / 1000).toFixed(1)} s`;
}
