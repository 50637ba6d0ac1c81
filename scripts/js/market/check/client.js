// The check of the client: the document, the mistakes, the scripts.

import assert from 'node:assert/strict';

import { compile, snippetsOf } from '../../lib/snippets.js';
import { calendarOf } from '../calendar.js';
import { checkBills, checkOrders } from './command.js';
import { checkErrors, checkRefusals } from './errors.js';
import { checkRpc } from './rpc.js';
import { setUp } from './world.js';
import { lines, myBills, myMonth, myTrades, terms, tradesOfBook } from '../market.js';
import { distance, networkFee, settle } from '../rules.js';

const DOCUMENT = 'docs/market-js.md';
const GIVEN = ['url', 'feeder', 'operatorSuri', 'sellerSuri', 'buyerSuri'];
const MADE = [
  ...['plant', 'house', 'slot', 'ask', 'better', 'bid', 'second', 'mine', 'asks', 'bids', 'refusal'],
  ...['result', 'taken', 'refused', 'bill']
];

/**
 * Begins the check. Resolves when nothing more is signed with the development accounts; `done` resolves when all of it
 * is done, and fails with what does not fit.
 */
export async function begin(api, url) {
  const world = await setUp(api, ['seller', 'buyer', 'careless', 'other', 'poor', 'clerk']);

  return { done: check(api, url, world) };
}

async function check(api, url, world) {
  const [made, mistakes, refusals] = await Promise.all([
    runDocument(url, world),
    checkErrors(api, world),
    checkRefusals(api, world),
    checkOrders(api, url, world)
  ]);

  await checkMade(api, world, made);

  const methods = await checkRpc(api, world, made);
  const month = (await calendarOf(api)).monthOf(made.slot);

  await checkBills(url, { feeder: world.document.feeder, month, site: made.plant.site, slot: made.slot });
  console.log(`${DOCUMENT}: its code runs; the bill of slot ${made.slot} is what the rules make of it`);
  console.log(`${mistakes} mistakes and ${refusals} readings refused, each by its name; scripts and exports work`);
  console.log(`${methods} market methods of the node answer as the view functions do`);
}

async function runDocument(url, { document, suri }) {
  const program = compile(await snippetsOf(DOCUMENT), GIVEN, MADE);

  return program({ ...document, buyerSuri: suri('buyer'), sellerSuri: suri('seller'), url });
}

/** What the document's code has made is what its text says. */
async function checkMade(api, { account, document: { feeder } }, made) {
  const { ask, asks, better, bid, bids, bill, house, mine, plant } = made;
  const { refusal, refused, result, second, slot, taken } = made;

  assert(ask.order < better.order && better.order < second.order, 'orders are numbered in their order');
  assert.deepEqual(mine.map(({ order }) => order), [better.order], 'my orders');
  assert.deepEqual(asks.map(({ order }) => order), [better.order], 'asks of the book');
  assert.deepEqual(bids.map(({ order }) => order), [bid.order], 'bids of the book');
  assert.equal(refusal, 'BelowLot');
  assert.deepEqual({ refused, taken }, { refused: [], taken: 2 }, 'readings');
  assert.deepEqual([result.energy, result.trades], [800n, 1], 'what was traded');

  const [trade] = await tradesOfBook(api, slot, feeder, result.trades);
  const of = await terms(api, slot);
  const site = { level: 0, mode: 'Market' };
  const { bills } = settle(
    [trade],
    [
      { ...site, exported: 950n, imported: 0n, site: plant.site },
      { ...site, exported: 0n, imported: 820n, site: house.site }
    ],
    of
  );
  const [own] = await myBills(api, plant.site, slot, slot);
  const month = await myMonth(api, plant.site, (await calendarOf(api)).monthOf(slot));
  const seller = account('seller');

  assert.deepEqual(bill.lines, bills[0].lines, 'lines of the bill');
  assert.deepEqual([bill.credit, bill.debit], [bills[0].credit, bills[0].debit], 'sums of the bill');
  assert.deepEqual([own.slot, own.credit, own.debit], [slot, bill.credit, bill.debit], 'the bill without lines');
  assert.deepEqual([month.bills, month.credit, month.sold], [1, bill.credit, 800n], 'the month');
  assert.equal(trade.fee, networkFee(of, 0, distance(await lines(api, feeder), 18, 24)), 'network fee');
  assert.deepEqual((await myTrades(api, seller)).map(({ own: number }) => number), [1n], 'trades of the seller');
}
