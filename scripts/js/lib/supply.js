// The supply equation X = I + a + b - q, from plain storage queries on both chains: no runtime call that does the sums.

import { coins, printRows } from './format.js';
import { ESCROW } from './scenario.js';

const ATTEMPTS = 10;
const PAUSE_MS = 1_000;

/**
 * Reads the five terms at the best blocks of both chains, as soon as these are a consistent cut: nothing is received
 * that is not sent, and no receipt is seen that is not written.
 */
export async function readSupply({ carbon, electricity }) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // What receives first: by the time that what sends is read, it has sent at least that.
    const c = await books(carbon);
    const e = await books(electricity);

    if (isCut(e, c) && isCut(c, e)) {
      return supply(e, c);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }

  throw new Error(`the best blocks of the chains were no consistent cut in ${ATTEMPTS} attempts`);
}

/** Prints the terms and whether the equation holds; fails if it does not. */
export function printSupply(when, { a, b, carbon, electricity, holds, i, q, x }) {
  const right = i + a + b - q;

  console.log(`\nsupply ${when}, at electricity block ${electricity} and carbon block ${carbon}:`);
  printRows([
    ['X', `${coins(x)} in escrow on the electricity chain`],
    ['I', `${coins(i)} issued on the carbon chain`],
    ['a', `${coins(a)} locked, neither minted nor returned`],
    ['b', `${coins(b)} burned, neither released nor minted again`],
    ['q', `${coins(q)} paid from credits: none, as this version has no credits`],
    ['X = I + a + b - q', holds ? `holds: ${coins(x)} = ${coins(right)}` : `DOES NOT HOLD: ${x} is not ${right}`]
  ]);
  if (!holds) {
    throw new Error('the supply equation does not hold');
  }
}

function supply(e, c) {
  const a = e.sent - c.paid - e.returned;
  const b = c.sent - e.paid - c.returned;
  const q = 0n;
  const [x, i] = [e.escrow, c.issued];

  return { a, b, carbon: c.number, electricity: e.number, holds: a >= 0n && b >= 0n && x === i + a + b - q, i, q, x };
}

function isCut(sender, receiver) {
  return (
    receiver.received <= sender.sentNonce &&
    sender.settled <= receiver.received &&
    receiver.acknowledged <= sender.settled
  );
}

async function books(api) {
  const hash = await api.rpc.chain.getBlockHash();
  const { number } = await api.rpc.chain.getHeader(hash);
  const { query } = await api.at(hash);
  // All of one block, so in any order.
  const [escrow, issued, sent, paid, returned, sentNonce, settled, received, acknowledged] = await Promise.all([
    query.system.account(ESCROW).then(({ data }) => data.free),
    query.balances.totalIssuance(),
    query.peg.totalSent(),
    query.peg.totalPaid(),
    query.peg.totalReturned(),
    query.lanes.sent(),
    query.lanes.settled(),
    query.lanes.received(),
    query.lanes.acknowledged()
  ]).then((values) => values.map((value) => value.toBigInt()));

  return {
    acknowledged,
    escrow,
    issued,
    number: number.toNumber(),
    paid,
    received,
    returned,
    sent,
    sentNonce,
    settled
  };
}
