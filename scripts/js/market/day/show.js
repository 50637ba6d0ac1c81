// Prints the day's bills.

import { coins, grouped, printRows } from '../../lib/format.js';
import { NAMES, printBill } from '../bill.js';
import { CREDITS, ITEMS, TRADED } from '../rules.js';

/** Each household's bills, itemised over the day, and the grid company's side of them. */
export function showDay(totals) {
  for (const { bills, due, exported, household, imported, items } of totals) {
    console.log(`\n${household.name}, site ${household.site} at bus ${household.bus}, ${household.address}:`);
    printRows([
      ['metered', `${grouped(exported)} Wh exported, ${grouped(imported)} Wh imported; ${bills} bills`],
      ...ITEMS.filter((item) => items[item].energy > 0n).map((item) => row(item, items[item], CREDITS.includes(item))),
      ['together', coins(due)]
    ]);
  }

  const all = (item) => ({
    amount: totals.reduce((total, { items }) => total + items[item].amount, 0n),
    energy: totals.reduce((total, { items }) => total + items[item].energy, 0n)
  });
  const own = ITEMS.filter((item) => !TRADED.includes(item));
  const net = own.reduce((total, item) => total + (CREDITS.includes(item) ? -1n : 1n) * all(item).amount, 0n);

  console.log('\nthe grid company:');
  printRows([...own.map((item) => row(item, all(item), !CREDITS.includes(item))), ['together', coins(net)]]);
  console.log(`\nall of them together: ${coins(totals.reduce((total, { due }) => total + due, net))}`);
}

/** The bills of the slot that has the most lines, as the chain itemises them. */
export function showSlot(slots, first) {
  const count = ({ bills }) => bills.reduce((total, { lines }) => total + lines.length, 0);
  const busiest = slots.reduce((best, slot) => (count(slot) > count(best) ? slot : best));

  console.log(`\nfor example slot ${busiest.slot}, number ${busiest.slot - first} of the replay:`);
  busiest.bills.forEach((bill) => printBill(bill));
}

function row(item, { amount, energy }, gets) {
  return [NAMES[item], `${grouped(energy)} Wh, ${gets ? '+' : '-'}${coins(amount)}`];
}
