// Shows that proofs are needed. The relayer carries headers only; this script takes genuine proofs and changes one
// thing: each must be refused by its own error and change nothing. Untouched they then pass, so it was the change.

import { compactAddLength, hexToU8a, u8aToHex } from '@polkadot/util';

import { anchorBoth, COIN, directions, freeBalance, open, send, waitForConfirmed } from './lib/scenario.js';
import { coins } from './lib/format.js';
import { DispatchFailed, submit } from './lib/submit.js';
import { main } from './lib/main.js';

const AMOUNT = 100n * COIN;
const SECOND_AMOUNT = 25n * COIN;

const OPTIONS = ['electricity', 'carbon', 'electricity-identity', 'carbon-identity', 'recipient'];

main(OPTIONS, OPTIONS, async (options) => {
  const chains = await open(options.electricity, options.carbon);
  const { carbon, electricity, key } = chains;
  const { toCarbon, toElectricity } = directions(chains);
  const recipient = key(options.recipient);
  const signer = key('//Bob');

  await anchorBoth(chains, options['electricity-identity'], options['carbon-identity']);

  const locked = await send(toCarbon, signer, [
    [recipient.publicKey, AMOUNT],
    [recipient.publicKey, SECOND_AMOUNT]
  ]);
  const [nonce, second] = locked.nonces;

  console.log(`locked: ${coins(AMOUNT)} in electricity block ${locked.block.number}, message ${nonce}`);

  // A message against the header that proves it.
  const header = await waitForConfirmed(toCarbon, locked.block.number + 1);
  const message = (await electricity.rpc.joint.proof(nonce, header)).toJSON();
  const before = (await electricity.rpc.joint.ancestor(locked.block.hash, header)).toJSON();
  const foreign = (await carbon.rpc.joint.header()).toJSON();
  const unsent = await electricity.rpc.chain.getBlockHash(locked.block.number - 1);

  console.log(`proof: ${size(message.encoded)} bytes against electricity block ${message.number} ${header}`);

  const onCarbon = { api: carbon, books: () => carbonBooks(carbon, recipient), name: 'carbon', signer };
  const kept = { Kept: header };

  await refused(onCarbon, 'another amount', 'lanes.InvalidProof', kept, changedAmount(message));
  await refused(onCarbon, 'another sibling', 'lanes.InvalidProof', kept, flip(message.encoded, message.siblings[0]));
  await refused(onCarbon, 'a header before the message', 'lanes.InvalidProof', { Kept: unsent }, message.encoded);
  await refused(onCarbon, 'a foreign header', 'lightClient.HeaderUnknown', { Kept: foreign.hash }, message.encoded);
  await refused(
    onCarbon,
    'a foreign header as an ancestor',
    'lightClient.AncestryInvalid',
    otherHeader(before, foreign.encoded),
    message.encoded
  );

  const delivered = await accepted(onCarbon, kept, message.encoded);

  await expectBalance(carbon, recipient, AMOUNT);
  console.log(`control: the untouched proof minted ${coins(AMOUNT)} in carbon block ${delivered.number}`);

  // An old header, as an ancestor of the one that is kept.
  const older = (await electricity.rpc.joint.proof(second, locked.block.hash)).toJSON();
  const { number } = await accepted(onCarbon, before.encoded, older.encoded);

  await expectBalance(carbon, recipient, AMOUNT + SECOND_AMOUNT);
  console.log(
    `control: ${coins(SECOND_AMOUNT)} minted in carbon block ${number} against electricity block ${before.number}, ` +
      `an ancestor of block ${before.ofNumber} by ${before.nodes.length} node(s), ${size(before.encoded)} bytes`
  );

  // The receipt on its way back: whoever could forge it would have the coins on both chains.
  const carbonHeader = await waitForConfirmed(toElectricity, delivered.number);
  const receipt = (await carbon.rpc.joint.receipt(nonce, carbonHeader)).toJSON();
  const onElectricity = { api: electricity, books: () => electricityBooks(electricity), name: 'electricity', signer };

  console.log(`receipt: ${receipt.leaf.outcome}, against carbon block ${receipt.number} ${carbonHeader}`);
  await refused(
    onElectricity,
    'a receipt with another outcome',
    'lanes.InvalidProof',
    { Kept: carbonHeader },
    refusedInstead(receipt)
  );

  const settled = await accepted(onElectricity, { Kept: carbonHeader }, receipt.encoded);
  const { returned } = await electricityBooks(electricity);

  if ((await electricity.query.lanes.settled()).toBigInt() !== nonce || returned !== '0') {
    throw new Error(`the untouched receipt did not settle message ${nonce}, or returned ${returned}`);
  }
  console.log(`control: the untouched receipt settled message ${nonce} in electricity block ${settled.number}`);
});

/** Delivers a leaf that must be refused with `expected`, as `pallet.Error`, and change nothing. */
async function refused({ api, books, name, signer }, what, expected, at, leaf) {
  const before = JSON.stringify(await books());

  try {
    await submit(api, api.tx.lanes.deliver([], at, [leaf]), signer);
  } catch (error) {
    const found = error instanceof DispatchFailed ? `${error.section}.${error.error}` : error.message;
    const after = JSON.stringify(await books());

    if (found !== expected) {
      throw new Error(`${what}: expected ${expected}, got ${found}`);
    }
    if (before !== after) {
      throw new Error(`${what}: the books of the ${name} chain changed: before ${before}, after ${after}`);
    }
    console.log(`tampered: ${what}: refused as ${found}, nothing changed on the ${name} chain`);

    return;
  }
  throw new Error(`${what}: THE FORGED PROOF WAS ACCEPTED`);
}

/** Delivers a leaf that must be taken. Returns the block. */
async function accepted({ api, signer }, at, leaf) {
  return (await submit(api, api.tx.lanes.deliver([], at, [leaf]), signer)).inBlock;
}

async function expectBalance(api, account, expected) {
  const free = await freeBalance(api, account);

  if (free !== expected) {
    throw new Error(`the recipient has ${coins(free)} instead of ${coins(expected)}`);
  }
}

/** What a forged message would change, all as strings. */
async function carbonBooks(carbon, recipient) {
  const { balances, lanes, peg } = carbon.query;

  return {
    issued: (await balances.totalIssuance()).toString(),
    received: (await lanes.received()).toString(),
    recipient: (await freeBalance(carbon, recipient)).toString(),
    unclaimed: (await peg.totalUnclaimed()).toString()
  };
}

/** What a forged receipt would change, all as strings. */
async function electricityBooks(electricity) {
  const { lanes, peg } = electricity.query;

  return {
    returned: (await peg.totalReturned()).toString(),
    settled: (await lanes.settled()).toString(),
    unreturned: (await peg.totalUnreturned()).toString()
  };
}

/** The proof of a message whose amount is another one. */
function changedAmount({ encoded, leaf }) {
  const { amount, total } = leaf.transfer;

  // One after the other, so that the first is not taken for the second where they are equal.
  return flip(encoded, `0x${amountHex(amount)}${amountHex(total)}`);
}

/** The proof of a receipt that says `refused` where it says `accepted`. */
function refusedInstead({ encoded, leaf }) {
  const bytes = leaf.encoded.slice(2);

  if (leaf.outcome !== 'accepted' || !bytes.endsWith('00') || !encoded.startsWith(leaf.encoded)) {
    throw new Error(`not the proof of a receipt that says accepted: ${encoded}`);
  }

  return `0x${bytes.slice(0, -2)}0100${encoded.slice(leaf.encoded.length)}`;
}

/** The proof of an ancestor with another header in its place. */
function otherHeader({ encoded, header }, other) {
  const genuine = lengthAndBytes(header);

  if (!encoded.startsWith(`0x01${genuine}`)) {
    throw new Error(`not the proof of an ancestor: ${encoded}`);
  }

  return `0x01${lengthAndBytes(other)}${encoded.slice(4 + genuine.length)}`;
}

function lengthAndBytes(hex) {
  return u8aToHex(compactAddLength(hexToU8a(hex))).slice(2);
}

/** SCALE of a u128, as in the message. */
function amountHex(amount) {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number((BigInt(amount) >> BigInt(8 * i)) & 255n));

  return u8aToHex(bytes).slice(2);
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

/** Bytes that the hex stands for. */
function size(hex) {
  return hex.length / 2 - 1;
}
