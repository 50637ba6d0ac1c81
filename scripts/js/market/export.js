// Writes what the market knows to a CSV file (RFC 4180), with the units in the first row:
//
//   node scripts/js/market/export.js --url ws://127.0.0.1:9944 --what bills --from 1200 --to 1295 --out bills.csv
//
// | --what | a row is | there until |
// |---|---|---|
// | orders | an open order; with --account one of that account's, with all that is known of it | it is cleared |
// | trades | a trade on the feeder | `retention` slots after its settlement |
// | prices | a slot of the feeder with orders | the same |
// | bills | a site's bill of a slot, the sum of each item | the same |
// | readings | a meter's reading of a slot | the slot is settled |
//
// --from and --to are slots, the last included. --feeder is 0 if left out; --site N[,N…] takes only these sites, for
// bills and readings. All of a file is of one block. Money is in units of 10^-12 coin, whole numbers: a spreadsheet
// that takes them for floating-point numbers loses digits.

import { writeFile } from 'node:fs/promises';

import { isMain, main } from '../lib/main.js';
import { csv } from '../lib/csv.js';
import { myBill, myBills } from './bill.js';
import { book, connect, myOrders, PAGE, prices, tradesOfBook } from './market.js';
import { counts, meter, metersOf, reading } from './metering.js';
import { ITEMS } from './rules.js';

const MOST_SLOTS = 100_000;
/** Questions on their way at once. */
const AT_ONCE = 16;
const PRICE = '[1e-12 coin/kWh]';
const FINE_PRICE = '[1e-16 coin/kWh]';
const MONEY = '[1e-12 coin]';

const KINDS = { bills: billRows, orders: orderRows, prices: priceRows, readings: readingRows, trades: tradeRows };
export const WHAT = Object.keys(KINDS);

/**
 * The rows of an export, the first with names and units: `what` of `WHAT`, slots `from` to `to`, `at` a block's hash;
 * `feeder`, `sites` (a list, or all) and `account` where they mean something.
 */
export function exportRows(api, what, { account, at, feeder = 0, from, sites, to }) {
  return KINDS[what](api, { account, at, feeder, from, sites, to });
}

async function orderRows(api, { account, at, feeder, from, to }) {
  const header = ['order', 'slot', 'feeder', 'side', `limit ${PRICE}`, 'quantity left [Wh]'];

  if (account !== undefined) {
    const orders = (await myOrders(api, account, at)).filter(({ slot }) => slot >= from && slot <= to);

    return [
      [...header, 'site', `hold ${MONEY}`, 'green', 'expires [ms]'],
      ...orders.map(({ expires, feeder: of, filled, green, hold, limit, order, quantity, side, site, slot }) => [
        ...[order, slot, of, side, limit, quantity - filled],
        ...[site, hold, green, expires]
      ])
    ];
  }

  const rows = await each(range(from, to), async (slot) => {
    const { asks, bids } = await book(api, slot, feeder, PAGE, at);

    if (asks.length === PAGE || bids.length === PAGE) {
      console.error(`note: the book of slot ${slot} may have more orders than the best ${PAGE} of a side`);
    }

    return [...asks.map((quote) => ['Ask', quote]), ...bids.map((quote) => ['Bid', quote])].map(
      ([side, { limit, order, quantity }]) => [order, slot, feeder, side, limit, quantity]
    );
  });

  return [header, ...rows.flat()];
}

async function priceRows(api, { at, feeder, from, to }) {
  return [
    ['slot', 'feeder', `mean price ${PRICE}`, `one price ${FINE_PRICE}`, 'energy [Wh]', 'trades', 'terms version'],
    ...(await prices(api, feeder, from, to, at)).map(({ energy, price, slot, trades, uniform, version }) => [
      ...[slot, feeder, price, uniform, energy, trades, version]
    ])
  ];
}

async function tradeRows(api, { at, feeder, from, to }) {
  const books = (await prices(api, feeder, from, to, at)).filter(({ trades }) => trades > 0);
  const trades = (await each(books, ({ slot, trades: many }) => tradesOfBook(api, slot, feeder, many, at))).flat();

  return [
    [
      ...['slot', 'feeder', 'trade', 'ask', 'bid', 'seller', 'seller site', 'buyer', 'buyer site'],
      ...['contracted [Wh]', `price ${FINE_PRICE}`, `network fee ${PRICE}`, 'green', 'settled [Wh]'],
      ...['number of the seller', 'number of the buyer']
    ],
    ...trades.map((trade) => [
      ...[trade.slot, trade.feeder, trade.number, trade.ask, trade.bid],
      ...[trade.seller, trade.sellerSite, trade.buyer, trade.buyerSite],
      ...[trade.quantity, trade.price, trade.fee, trade.green],
      ...[trade.settlement?.settled, trade.settlement?.sellerNo, trade.settlement?.buyerNo]
    ])
  ];
}

async function billRows(api, { at, from, sites, to }) {
  const all = sites ?? range(0, (await counts(api, at)).sites - 1);
  const found = (
    await each(all, async (site) => (await myBills(api, site, from, to, at)).map(({ slot }) => ({ site, slot })))
  ).flat();
  const rows = await each(found, async ({ site, slot }) => {
    const bill = await myBill(api, site, slot, at);
    const item = (name) =>
      bill.lines.filter((line) => line.item === name).reduce((total, { amount }) => total + amount, 0n);

    return [
      ...[slot, site, bill.account, bill.mode, bill.level, bill.exported, bill.imported, bill.trades],
      ...ITEMS.map(item),
      ...[bill.credit, bill.debit, bill.drawn, bill.unpaid]
    ];
  });

  return [
    [
      ...['slot', 'site', 'account', 'mode', 'level', 'exported [Wh]', 'imported [Wh]', 'trades'],
      ...['sales', 'surplus', 'late surplus', 'purchases', 'network fees', 'penalty', 'residual', 'late residual'].map(
        (name) => `${name} ${MONEY}`
      ),
      ...['gets', 'owes', 'from credit', 'unpaid'].map((name) => `${name} ${MONEY}`)
    ],
    ...rows
  ];
}

async function readingRows(api, { at, from, sites, to }) {
  const meters = sites
    ? (await each(sites, (site) => metersOf(api, site, at))).flat()
    : range(0, (await counts(api, at)).meters - 1);
  const infos = await each(meters, async (id) => ({ id, ...(await meter(api, id, at)) }));
  const asked = infos.flatMap((info) => range(from, to).map((slot) => [slot, info]));
  const rows = await each(asked, async ([slot, { direction, id, site }]) => {
    const found = await reading(api, id, slot, at);

    return found ? [[slot, id, site, direction, found.energy, found.counter, found.quality, found.revision]] : [];
  });

  return [
    ['slot', 'meter', 'site', 'direction', 'energy [Wh]', 'counter [Wh]', 'quality', 'revision'],
    ...rows.flat()
  ];
}

/** What `work` makes of each entry, in their order, a few at a time. */
async function each(entries, work) {
  const results = new Array(entries.length);
  let next = 0;
  const worker = async () => {
    while (next < entries.length) {
      const index = next++;

      results[index] = await work(entries[index]);
    }
  };

  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  return results;
}

/** The numbers from `first` to `last`. */
function range(first, last) {
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index);
}

function whole(name, text) {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`--${name} takes a number from 0, not ${text}`);
  }

  return Number(text);
}

if (isMain(import.meta.url)) {
  const required = ['url', 'what', 'from', 'to', 'out'];

  main([...required, 'feeder', 'site', 'account'], required, async (options) => {
    const [from, to] = ['from', 'to'].map((name) => whole(name, options[name]));

    if (!WHAT.includes(options.what)) {
      throw new Error(`--what takes one of ${WHAT.join(', ')}, not ${options.what}`);
    }
    if (to < from || to - from >= MOST_SLOTS) {
      throw new Error(`--from and --to are a range of 1 to ${MOST_SLOTS} slots`);
    }

    const api = await connect(options.url);
    const at = (await api.rpc.chain.getBlockHash()).toHex();
    const rows = await exportRows(api, options.what, {
      account: options.account,
      at,
      feeder: whole('feeder', options.feeder ?? '0'),
      from,
      sites: options.site?.split(',').map((site) => whole('site', site)),
      to
    });

    await writeFile(options.out, csv(rows));
    console.log(`${rows.length - 1} ${options.what} of slots ${from} to ${to}, as of block ${at}, in ${options.out}`);
  });
}
