// Finds what the relayer did: the call that brought a message or a receipt, with its proof.

import { blake2AsHex } from '@polkadot/util-crypto';

import { grouped } from './format.js';
import { knownHeader } from './scenario.js';
import { waitFor } from './wait.js';

const RELAY_MS = 300_000;
/** The last nonce of each kind of leaf that a chain has taken. */
const COUNTERS = { Message: 'received', Receipt: 'settled' };

/**
 * Waits until the destination has taken a leaf of the source, a `Message` or a `Receipt`, and tells how.
 *
 * Fails if the relayer's proof is not the one that the source's node gives for the same header.
 */
export async function delivery(direction, kind, nonce) {
  const { destination, from, source, to } = direction;
  const what = `${kind.toLowerCase()} ${nonce} of the ${source} chain to arrive on the ${destination} chain`;
  const { at, block, proven } = await waitFor(what, RELAY_MS, () => find(to, kind, nonce));
  // Of an ancestor it is the later header that the light client has work for.
  const header = at.isKept ? at.asKept.toHex() : blake2AsHex(at.asAncestor.get('header').toU8a(true));
  const known = await knownHeader(to, at.isKept ? header : at.asAncestor.get('of').toHex(), block.hash);
  const ask = { Message: from.rpc.joint.proof, Receipt: from.rpc.joint.receipt }[kind];
  const proof = (await ask(nonce, header)).toJSON();

  if (proof.encoded !== proven.toHex()) {
    throw new Error(`${what}: the relayer delivered another proof than the node gives for header ${header}`);
  }

  return { ...block, known, proof, proofBytes: proven.encodedLength, time: await timeOf(to, block.hash) };
}

/** Rows that show how a leaf was proven. */
export function proofRows({ source }, { known, proof, proofBytes }) {
  return [
    ['proven at', `${source} block ${proof.number} ${proof.block}`],
    ['work above it', `${grouped(known.above)} hashes, ${grouped(known.needed)} needed`],
    ['proof', `${proofBytes} bytes, ${proof.siblings.length} sibling(s) of ${proof.count} leaves`]
  ];
}

/** A block's timestamp, in milliseconds. */
export async function timeOf(api, block) {
  return (await (await api.at(block)).query.timestamp.now()).toNumber();
}

/** The block in which a leaf was taken, with the call's proof; undefined as long as there is none. */
async function find(api, kind, nonce) {
  const taken = async (block) => (await (await api.at(block)).query.lanes[COUNTERS[kind]]()).toBigInt() >= nonce;
  let header = await api.rpc.chain.getHeader();

  if (!(await taken(header.hash))) {
    return undefined;
  }
  while (await taken(header.parentHash)) {
    header = await api.rpc.chain.getHeader(header.parentHash);
  }

  const { block } = await api.rpc.chain.getBlock(header.hash);
  const found = block.extrinsics.map(({ method }) => findLeaf(method, kind, nonce)).find((leaf) => leaf !== undefined);

  if (!found) {
    throw new Error(`block ${header.hash.toHex()} took ${kind.toLowerCase()} ${nonce} by no call that can be seen`);
  }

  return { ...found, block: { hash: header.hash.toHex(), number: header.number.toNumber() } };
}

/** A leaf in a call, also inside a batch, with the proof of its header. */
function findLeaf(call, kind, nonce) {
  if (call.section === 'lanes' && call.method === 'deliver') {
    const [, at, leaves] = call.args;
    const proven = leaves.find((item) => {
      const leaf = item.get('leaf');

      return leaf.type === kind && leaf.value.get('nonce').toBigInt() === nonce;
    });

    return proven && { at: at.unwrap(), proven };
  }
  if (call.section === 'utility' && call.method.startsWith('batch')) {
    return call.args[0].map((inner) => findLeaf(inner, kind, nonce)).find((found) => found !== undefined);
  }

  return undefined;
}
