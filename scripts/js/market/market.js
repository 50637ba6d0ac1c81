// Trading on the electricity market: one call each. docs/market-js.md shows how.
//
// | | unit | type |
// |---|---|---|
// | energy | Wh | BigInt; numbers are taken too |
// | money | units: 10^-12 coin | BigInt |
// | price, limit | units per kWh | BigInt |
// | price of a trade | 10^-16 coin per kWh, so that the middle of two prices is exact | BigInt |
// | slot, site, feeder | numbers | Number |
// | order | number | BigInt |
// | time | Unix ms | Number |
//
// `api` is what `connect` returns. `from` is who signs: a key pair (`keyOf`), or a `Sender` for several transactions at
// once. What sends a transaction resolves when it is in a block, and fails with `DispatchFailed` if it was refused
// there: `error.error` is the name in the table of docs/market-js.md. What asks takes the hash of a block, `at`, as its
// last argument; without it the best block answers.

import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';

import { DispatchFailed, eventsOf } from '../lib/submit.js';
import { plain } from '../lib/plain.js';
import { send, Sender } from '../lib/sender.js';
import { view } from '../lib/view.js';

export { connect } from '../lib/connect.js';
export { DispatchFailed, Sender };
export { myBill, myBills, myMonth } from './bill.js';
export { calendarOf, slotNow, waitUntilCleared, waitUntilOver, waitUntilSettled } from './calendar.js';
export { registerMeter, registerSite, signReading, submitReadings } from './metering.js';

/** Most orders, prices or trades in an answer. */
export const PAGE = 1_000;

/** The sr25519 key pair of a secret URI: a seed phrase, 0x and 64 digits, or `//Name` on development chains. */
export async function keyOf(suri) {
  await cryptoWaitReady();

  return new Keyring({ type: 'sr25519' }).addFromUri(suri);
}

/**
 * Places an order.
 *
 * @param {object} order
 * @param {number} order.site one of the signer's sites, in market mode
 * @param {number} order.slot in which it is delivered: its gate must be open
 * @param {'Ask' | 'Bid'} order.side sell or buy
 * @param {bigint | number} order.quantity Wh, at least the lot
 * @param {bigint} order.limit units per kWh: the least that a seller takes, the most that a buyer pays for the energy;
 *   the network fee comes on top
 * @param {boolean} [order.green] sold as green energy, which then gets no quota; asks only
 * @param {number} [order.expires] Unix ms from which on it does not trade; at the latest the gate ends it
 * @returns {Promise<{ order: bigint, hold: bigint, block: { hash: string, number: number } }>} its number, and what is
 *   held for it
 * @throws {DispatchFailed} `GateClosed`, `TooFarAhead`, `UnknownSite`, `NotSiteOwner`, `WrongMode`, `InArrears`,
 *   `BelowLot`, `PriceZero`, `PriceTooHigh`, `Expired`, `GreenBid`, `TooManyOrders`, `BookFull`, `OppositeSide`,
 *   `SiteTaken`, `Overflow`, `InsufficientFunds`, `NoGrid`
 */
export async function place(api, from, order) {
  const outcome = await send(api, api.tx.pvMarket.place(request(order)), from);
  const [placed] = eventsOf(api, outcome, 'pvMarket', 'OrderPlaced');

  return { block: outcome.inBlock, hold: placed.hold.toBigInt(), order: placed.order.toBigInt() };
}

/**
 * Places several orders in one transaction. Each stands alone.
 *
 * @returns {Promise<Array<{ order: bigint, hold: bigint } | { error: string }>>} for each order its number and hold, or
 *   the name of the error
 * @throws {Error} if not all of them were tried: the transaction is too large for a block
 */
export async function placeAll(api, from, orders) {
  const calls = orders.map((order) => api.tx.pvMarket.place(request(order)));
  const { events } = await send(api, api.tx.utility.forceBatch(calls), from);
  const results = [];
  let placed;

  for (const { event } of events) {
    if (api.events.pvMarket.OrderPlaced.is(event)) {
      placed = { hold: event.data.hold.toBigInt(), order: event.data.order.toBigInt() };
    } else if (api.events.utility.ItemCompleted.is(event)) {
      results.push(placed);
    } else if (api.events.utility.ItemFailed.is(event)) {
      results.push({ error: nameOf(api, event.data[0]) });
    }
  }
  if (results.length !== orders.length) {
    throw new Error(`${results.length} of ${orders.length} orders were tried`);
  }

  return results;
}

/**
 * Puts another order in the place of one, with another quantity and limit. It is as if it were placed now: last among
 * those of the same limit. If the new one is refused, the old one stays.
 *
 * @param {bigint} order the number of the old one
 * @param {{ quantity: bigint | number, limit: bigint }} changes in Wh, and units per kWh
 * @returns {Promise<{ order: bigint, hold: bigint, block: object }>} the new one's number and hold
 * @throws {DispatchFailed} `UnknownOrder`, `NotOrderOwner`, and as [`place`]
 */
export async function replace(api, from, order, { limit, quantity }) {
  const outcome = await send(api, api.tx.pvMarket.replace(order, quantity, limit), from);
  const [replaced] = eventsOf(api, outcome, 'pvMarket', 'OrderReplaced');

  return { block: outcome.inBlock, hold: replaced.hold.toBigInt(), order: replaced.order.toBigInt() };
}

/**
 * Takes an order back, until the gate closes. What was held for it is free again.
 *
 * @param {bigint} order its number
 * @returns {Promise<{ block: object }>}
 * @throws {DispatchFailed} `UnknownOrder`, `NotOrderOwner`, `GateClosed`
 */
export async function cancel(api, from, order) {
  const outcome = await send(api, api.tx.pvMarket.cancel(order), from);

  eventsOf(api, outcome, 'pvMarket', 'OrderCancelled');

  return { block: outcome.inBlock };
}

/**
 * An account's open orders, the oldest first. Orders that have left a cleared book are not among them.
 *
 * @param account a key pair, an address or a public key
 * @returns {Promise<Array<{ order: bigint, slot: number, feeder: number, side: string, limit: bigint, site: number,
 *   quantity: bigint, filled: bigint, hold: bigint, green: boolean, expires: bigint | null }>>}
 */
export async function myOrders(api, account, at) {
  const found = await view(api, 'pvMarket', 'ordersOf', [account.publicKey ?? account], at);

  return found.map(({ details, order, place: where }) => ({ order, ...where, ...details }));
}

/**
 * The book of a slot and feeder, the best orders first; at most `most` (up to 1000) of each side. It does not say whose
 * they are.
 *
 * @returns {Promise<{ asks: Array, bids: Array }>} of `{ order: bigint, limit: bigint, quantity: bigint }`
 */
export async function book(api, slot, feeder = 0, most = 100, at = undefined) {
  const [asks, bids] = await view(api, 'pvMarket', 'book', [slot, feeder, most], at);

  return { asks, bids };
}

/**
 * What has come of a book: null before it is cleared, and if nobody ordered anything.
 *
 * @returns {Promise<null | { price: bigint | null, uniform: bigint | null, energy: bigint, trades: number,
 *   version: number }>} the mean price in units per kWh, null without trades; under pay-as-clear the one price, in
 *   10^-16 coin per kWh; Wh; how many trades; the version of the terms
 */
export function price(api, slot, feeder = 0, at = undefined) {
  return view(api, 'pvMarket', 'price', [slot, feeder], at);
}

/** What has come of a feeder's books in the slots `from` to `to`: `{ slot, ...price }` for each that had orders. */
export async function prices(api, feeder, from, to, at) {
  const found = [];

  for (let first = from; first <= to; first += PAGE) {
    const page = await view(api, 'pvMarket', 'prices', [feeder, first, Math.min(PAGE, to - first + 1)], at);

    found.push(...page.map(([slot, result]) => ({ slot, ...result })));
  }

  return found;
}

/**
 * A cleared book's trades, in the order of their numbers. `trades` is how many there are, by [`price`].
 *
 * @returns {Promise<Array>} of `{ slot, feeder, number, ask, bid, seller, sellerSite, buyer, buyerSite, quantity,
 *   price, fee, green, limits: [ask, bid], settlement }`; `price` in 10^-16 coin per kWh, `fee` in units per kWh;
 *   `settlement` is null until the slot is settled, then `{ allocatedSeller, allocatedBuyer, settled, sellerNo,
 *   buyerNo }`
 */
export function tradesOfBook(api, slot, feeder, trades, at) {
  const trade = async (number) => ({
    slot,
    feeder,
    number,
    ...(await view(api, 'pvMarket', 'trade', [slot, feeder, number], at))
  });

  return Promise.all(Array.from({ length: trades }, (_, number) => trade(number)));
}

/** An account's settled trades from one of its own numbers on (from 1); at most `most`, up to 1000. */
export async function myTrades(api, account, from = 1n, most = 100, at = undefined) {
  const found = await view(api, 'pvMarket', 'tradesOf', [account.publicKey ?? account, from, most], at);

  return found.map(({ feeder, number, own, slot, trade }) => ({ own, slot, feeder, number, ...trade }));
}

/** The terms of a slot: prices in units per kWh, `gate` in ms, `lot` in Wh, `freeBand` in 1/10,000. */
export function terms(api, slot, at) {
  return view(api, 'pvMarket', 'terms', [slot], at);
}

/** When a slot's gate closes, Unix ms. */
export async function gate(api, slot, at) {
  return Number(await view(api, 'pvMarket', 'gate', [slot], at));
}

/** What an account owes the grid company, in units. While it is above 0 the account cannot place orders. */
export function arrears(api, account, at) {
  return view(api, 'pvMarket', 'arrears', [account.publicKey ?? account], at);
}

/** What the grid company owes an account, in units. */
export function gridDebt(api, account, at) {
  return view(api, 'pvMarket', 'gridDebt', [account.publicKey ?? account], at);
}

/** How far apart buses of a feeder are: `{ branches: [{ from, impedance }] }`, for bus 2, 3, …, in µΩ. */
export async function lines(api, feeder, at) {
  const { query } = at ? await api.at(at) : api;

  return plain(await query.metering.feederLines(feeder));
}

/** An order as the chain takes it. */
function request({ expires = null, green = false, limit, quantity, side, site, slot }) {
  return { expires, green, limit, quantity, side, site, slot };
}

/** The name of a dispatch error, e.g. `GateClosed`. */
function nameOf(api, error) {
  return error.isModule ? api.registry.findMetaError(error.asModule).name : error.type;
}
