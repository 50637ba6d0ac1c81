// Shows that a proof is needed. The relayer carries headers only; this script takes a genuine proof and flips one bit
// of it: the carbon chain must refuse it and mint nothing. The untouched proof then passes, so it was the bit.

import { u8aToHex } from '@polkadot/util';

import { anchorIfNeeded, COIN, freeBalance, lock, open, waitForConfirmed } from './lib/scenario.js';
import { coins } from './lib/format.js';
import { DispatchFailed, submit } from './lib/submit.js';
import { main } from './lib/main.js';

const AMOUNT = 100n * COIN;
const SECOND_AMOUNT = 25n * COIN;

main(
  ['electricity', 'carbon', 'carbon-identity', 'recipient'],
  ['electricity', 'carbon', 'carbon-identity', 'recipient'],
  async (options) => {
    const chains = await open(options.electricity, options.carbon);
    const { carbon, electricity, key } = chains;
    const recipient = key(options.recipient);
    const signer = key('//Bob');

    await anchorIfNeeded(chains, options['carbon-identity']);

    // Two messages, so that the first one's proof has a sibling.
    const locked = await lock(chains, [
      [recipient.publicKey, AMOUNT],
      [recipient.publicKey, SECOND_AMOUNT]
    ]);
    const [nonce] = locked.nonces;

    console.log(`locked: ${coins(AMOUNT)} in electricity block ${locked.block.number}, message ${nonce}`);

    const header = await waitForConfirmed(carbon, locked.block.number);
    const genuine = (await electricity.rpc.joint.proof(nonce, header)).toJSON();

    if (genuine.siblings.length === 0) {
      throw new Error('the proof has no sibling to tamper with');
    }
    console.log(`proof: ${genuine.encoded.length / 2 - 1} bytes against electricity block ${genuine.number} ${header}`);

    const forgeries = [
      ['one bit of a sibling', flip(genuine.encoded, genuine.siblings[0])],
      ['one bit of the amount', flip(genuine.encoded, amountHex(AMOUNT))]
    ];

    for (const [what, forged] of forgeries) {
      const before = await books(carbon, recipient);

      await refused(carbon, carbon.tx.lanes.receiveMessages(header, [forged]), signer, what);

      const after = await books(carbon, recipient);

      if (JSON.stringify(before) !== JSON.stringify(after)) {
        throw new Error(`something was minted: before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
      }
      console.log(`tampered: ${what} flipped: refused as lanes.InvalidProof, nothing minted`);
    }

    await submit(carbon, carbon.tx.lanes.receiveMessages(header, [genuine.encoded]), signer);

    const minted = await freeBalance(carbon, recipient);

    if (minted !== AMOUNT) {
      throw new Error(`the untouched proof minted ${coins(minted)} instead of ${coins(AMOUNT)}`);
    }
    console.log(`control: the untouched proof minted ${coins(minted)}`);
  }
);

/** Submits a forged proof; throws unless the chain calls it `lanes.InvalidProof`. */
async function refused(carbon, tx, signer, what) {
  try {
    await submit(carbon, tx, signer);
  } catch (error) {
    if (error instanceof DispatchFailed && error.section === 'lanes' && error.error === 'InvalidProof') {
      return;
    }
    throw new Error(`${what} flipped: expected lanes.InvalidProof, got ${error.message}`);
  }
  throw new Error(`${what} flipped: THE FORGED PROOF WAS ACCEPTED`);
}

/** What minting would change, all as strings. */
async function books(carbon, recipient) {
  const peg = await carbon.call.pegApi.pegState();

  return {
    issued: peg.get('issued').toString(),
    received: (await carbon.call.lanesApi.received()).toString(),
    recipient: (await freeBalance(carbon, recipient)).toString()
  };
}

/** SCALE of a u128, as in the message. */
function amountHex(amount) {
  return u8aToHex(Uint8Array.from({ length: 16 }, (_, i) => Number((amount >> BigInt(8 * i)) & 255n)));
}

/** Flips the lowest bit of the first byte of the last place where `part` is in `encoded`; both hex. */
function flip(encoded, part) {
  const at = encoded.lastIndexOf(part.slice(2));

  if (at < 0 || at % 2 !== 0) {
    throw new Error(`the proof's encoding does not have ${part}`);
  }

  const byte = (parseInt(encoded.slice(at, at + 2), 16) ^ 1).toString(16).padStart(2, '0');

  return encoded.slice(0, at) + byte + encoded.slice(at + 2);
}
