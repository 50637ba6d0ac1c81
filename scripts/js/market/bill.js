// Bills, as a library and as a script:
//
//   node scripts/js/market/bill.js --url ws://127.0.0.1:9944 --site 3 --slot 1234     one slot, itemised
//   node scripts/js/market/bill.js --url ws://127.0.0.1:9944 --site 3 --month 25      a month, added up
//
// A slot has a bill when it is settled, and as long as its terms say (`retention`); the sums of months stay.

import { connect } from '../lib/connect.js';
import { coins, grouped, printRows } from '../lib/format.js';
import { isMain, main } from '../lib/main.js';
import { view } from '../lib/view.js';
import { calendarOf } from './calendar.js';
import { CREDITS } from './rules.js';

const PAGE = 1_000;
/** What a bill's items are called, and in which order they come. */
export const NAMES = {
  Sale: 'sold on the market',
  Surplus: 'surplus, to the grid',
  LateSurplus: 'late surplus, of slots without a reading',
  Purchase: 'bought on the market',
  NetworkFee: 'network fee',
  Penalty: 'penalty',
  Residual: 'residual, from the grid',
  LateResidual: 'late residual, of slots without a reading'
};

/**
 * A site's bill of a slot, with all its lines; null before the slot is settled, if nothing flowed, and when it is
 * forgotten.
 *
 * @param {number} site the site's number
 * @param {number} slot the slot's number
 * @returns {Promise<null | { account: string, mode: string, level: number, exported: bigint | null,
 *   imported: bigint | null, lateExported: bigint, lateImported: bigint, credit: bigint, debit: bigint, drawn: bigint,
 *   unpaid: bigint, lines: Array }>} energy in Wh, `imported` null without a reading, late what is billed now of earlier
 *   slots without one; money in units: what the account gets, what it owes, how much of that was paid from electricity
 *   credit, and how much could not be paid. Each line is `{ item, trade, quantity, price, amount }`: one of the keys of
 *   [`NAMES`]; the trade's number or null; Wh; 10^-16 coin per kWh; units
 */
export async function myBill(api, site, slot, at) {
  const found = await view(api, 'pvMarket', 'bill', [site, slot], at);

  return found && { slot, ...found.bill, lines: found.lines };
}

/** A site's bills of the slots `from` to `to`, without lines: as [`myBill`], `{ slot, ... }` for each that there is. */
export async function myBills(api, site, from, to, at) {
  const found = [];

  for (let first = from; first <= to; first += PAGE) {
    const page = await view(api, 'pvMarket', 'bills', [site, first, Math.min(PAGE, to - first + 1)], at);

    found.push(...page.map(([slot, bill]) => ({ slot, ...bill })));
  }

  return found;
}

/**
 * A site's bills of a month, added up: `{ bills, exported, imported, lateExported, lateImported, sold, bought, credit,
 * debit, drawn, unpaid }`. Energy in Wh, `imported` with what was taken to be imported where there was no reading, the
 * late ones besides what was read; money in units.
 */
export function myMonth(api, site, month, at) {
  return view(api, 'pvMarket', 'month', [site, month], at);
}

/** Prints a bill with its lines. */
export function printBill({ account, credit, debit, drawn, exported, imported, lines, site, slot, unpaid }) {
  const rows = lines.map(({ amount, item, price, quantity, trade }) => [
    `${NAMES[item]}${trade === null ? '' : ` (trade ${trade})`}`,
    `${grouped(quantity)} Wh at ${coinsPerKwh(price)}: ${CREDITS.includes(item) ? '+' : '-'}${coins(amount)}`
  ]);

  const metered = [
    `${grouped(exported ?? 0n)} Wh exported`,
    imported === null ? 'no reading of what was imported' : `${grouped(imported)} Wh imported`
  ];

  console.log(`bill of site ${site} for slot ${slot}, ${account}`);
  printRows([
    ['metered', metered.join(', ')],
    ...rows,
    ['gets', coins(credit)],
    ['owes', coins(debit)],
    ...(drawn > 0n ? [['paid from credit', coins(drawn)]] : []),
    ...(unpaid > 0n ? [['not paid, in arrears', coins(unpaid)]] : []),
    ['together', coins(credit - debit)]
  ]);
}

/** A fine price as coins per kWh, exactly. */
export function coinsPerKwh(price) {
  const fraction = (price % 10n ** 16n).toString().padStart(16, '0').replace(/0+$/, '');

  return `${price / 10n ** 16n}${fraction ? `.${fraction}` : ''}`;
}

async function printMonth(api, site, month) {
  const [first, last] = (await calendarOf(api)).slotsOfMonth(month);
  const sums = await myMonth(api, site, month);

  console.log(`bills of site ${site} for month ${month}, slots ${first} to ${last}`);
  printRows([
    ['bills', grouped(sums.bills)],
    ...['exported', 'imported', 'sold', 'bought'].map((name) => [name, `${grouped(sums[name])} Wh`]),
    ['exported late', `${grouped(sums.lateExported)} Wh`],
    ['imported late', `${grouped(sums.lateImported)} Wh`],
    ['gets', coins(sums.credit)],
    ['owes', coins(sums.debit)],
    ['paid from credit', coins(sums.drawn)],
    ['not paid at the time', coins(sums.unpaid)],
    ['together', coins(sums.credit - sums.debit)]
  ]);
}

function number(options, name) {
  const value = Number(options[name]);

  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new Error(`--${name} takes a number from 0, not ${options[name]}`);
  }

  return value;
}

if (isMain(import.meta.url)) {
  main(['url', 'site', 'slot', 'month'], ['url', 'site'], async (options) => {
    if ((options.slot === undefined) === (options.month === undefined)) {
      throw new Error('give either --slot NUMBER or --month NUMBER');
    }

    const site = number(options, 'site');
    const api = await connect(options.url);

    if (options.month !== undefined) {
      return printMonth(api, site, number(options, 'month'));
    }

    const slot = number(options, 'slot');
    const bill = await myBill(api, site, slot);

    if (!bill) {
      throw new Error(`site ${site} has no bill of slot ${slot}: not settled, forgotten, or nothing flowed`);
    }
    printBill({ site, ...bill });
  });
}
