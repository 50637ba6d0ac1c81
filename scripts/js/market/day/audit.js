// Checks a replayed day to the unit: every bill worked out again from trades, readings and terms; energies; coins.

import assert from 'node:assert/strict';

import { coins, grouped } from '../../lib/format.js';
import { distance, FINE, ITEMS, CREDITS, networkFee, settle, TRADED } from '../rules.js';

/** From this free band on, in 1/10,000, an honest forecast costs no penalty. */
const HONEST_BAND = 1_000;

/**
 * Audits the day; fails with what does not hold.
 *
 * `world` is what `setUp` made, `plan` the day as generated, shifted so that its slots are the chain's, `taken` how
 * many readings were taken, `journal` the events, `before` and `after` all coins of each account by address, free and
 * held. `read` asks the chain, all at one block: `arrears`, `bill`, `debt`, `held`, `lines`, `meterMonth`, `month`, `orders`,
 * `price`, `terms`, `trades`.
 *
 * Returns `{ checks, slots, totals }`: lines that say what was checked; for each slot its trades and bills; and for
 * each household the day's energy and money by item.
 */
export async function audit({ after, before, calendar, first, journal, last, plan, read, taken, world }) {
  const slots = await auditSlots({ first, last, plan, read, world });
  const bills = slots.flatMap((slot) => slot.bills);
  const totals = addUp(world, bills);
  const checks = [
    checkCounts(journal, plan, slots, taken),
    checkBills(journal, bills),
    checkEnergy(slots, plan, world),
    checkPenalties({ plan, terms: await read.terms(first), totals, world }),
    await checkMoney({ after, before, journal, read, totals, world }),
    await checkNothingLeft(read, world),
    await checkMonths({ bills, calendar, first, last, read, world }),
    await checkMeters({ calendar, first, last, plan, read, world })
  ];

  return { checks, slots, totals };
}

async function auditSlots({ first, last, plan, read, world }) {
  const energies = new Map(plan.readings.map(({ energy, meter, slot }) => [`${slot}/${meter}`, BigInt(energy)]));
  const lates = caughtUp(plan.readings);
  const assumed = new Map();
  const lines = await read.lines();
  const slots = [];

  for (let slot = first; slot <= last; slot++) {
    slots.push(await auditSlot({ assumed, energies, lates, lines, read, slot, world }));
  }

  return slots;
}

/** Every trade and bill of a slot, against what the rules make of it. */
async function auditSlot({ assumed, energies, lates, lines, read, slot, world }) {
  const [terms, result] = await Promise.all([read.terms(slot), read.price(slot)]);
  const trades = await read.trades(slot, result?.trades ?? 0);
  const sites = world.households.map(({ level, mode, site }) => ({
    exported: metered(energies, world, slot, site, 'Export'),
    imported: metered(energies, world, slot, site, 'Import'),
    late: {
      assumed: assumed.get(site) ?? 0n,
      exported: late(energies, lates, world, slot, site, 'Export'),
      imported: late(energies, lates, world, slot, site, 'Import')
    },
    level,
    mode,
    site
  }));
  const expected = settle(trades, sites, terms);

  expected.assumed.forEach((energy, site) => assumed.set(site, energy));
  trades.forEach((trade, index) => {
    const what = `slot ${slot}, trade ${trade.number}`;
    const { sellerNo, buyerNo, ...settlement } = trade.settlement ?? {};
    const [seller, buyer] = [trade.sellerSite, trade.buyerSite].map((id) =>
      world.households.find(({ site }) => site === id)
    );

    assert.deepEqual(settlement, expected.settlements[index], `${what}: what was settled`);
    assert(sellerNo > 0n && buyerNo > 0n, `${what}: not numbered`);
    assert(trade.limits[0] * FINE <= trade.price && trade.price <= trade.limits[1] * FINE, `${what}: price`);
    assert.equal(trade.price, result.uniform ?? trade.price, `${what}: not the one price`);
    assert.equal(trade.fee, networkFee(terms, buyer.level, distance(lines, seller.bus, buyer.bus)), `${what}: fee`);
    assert.deepEqual([trade.seller, trade.buyer], [seller.address, buyer.address], `${what}: whose it is`);
  });

  const bills = [];

  for (const household of world.households) {
    const bill = await read.bill(household.site, slot);
    const own = expected.bills.find(({ site }) => site === household.site);
    const what = `slot ${slot}, bill of ${household.name}`;

    assert.equal(bill === null, own === undefined, `${what}: there is one, or there is none`);
    if (own) {
      const { credit, debit, exported, imported, lateExported, lateImported, lines: found, trades: many } = bill;
      const sums = { credit, debit, exported, imported, lateExported, lateImported };

      assert.deepEqual(found, own.lines, `${what}: lines`);
      assert.deepEqual(
        { ...sums, lines: found, site: household.site, trades: many },
        own,
        `${what}: sums`
      );
      assert.equal(bill.account, household.address, `${what}: whose it is`);
      bills.push({ ...bill, name: household.name, site: household.site, slot });
    }
  }

  return { bills, slot, trades };
}

/** What a site's meters of a direction said; imports are unknown if one of them said nothing. */
function metered(energies, { meters }, slot, site, direction) {
  const said = meters
    .filter((meter) => meter.site === site && meter.direction === direction)
    .map(({ id }) => energies.get(`${slot}/${id}`) ?? null);

  if (direction === 'Import' && said.includes(null)) {
    return null;
  }

  return said.reduce((total, energy) => total + (energy ?? 0n), 0n);
}

/** By slot and meter, what a reading's counter has gone on beyond its energy since the last earlier reading. */
function caughtUp(readings) {
  const last = new Map();
  const inOrder = [...readings].sort((one, other) => one.slot - other.slot);

  return new Map(
    inOrder.map(({ counter, energy, meter, slot }) => {
      const before = last.get(meter) ?? 0n;

      last.set(meter, BigInt(counter));

      return [`${slot}/${meter}`, BigInt(counter) - before - BigInt(energy)];
    })
  );
}

/** What a site's counters show of earlier slots; with what single import meters said, if not all did. */
function late(energies, lates, world, slot, site, direction) {
  const unsaid = metered(energies, world, slot, site, direction) === null;
  const keys = world.meters
    .filter((meter) => meter.site === site && meter.direction === direction)
    .map(({ id }) => `${slot}/${id}`);

  return keys.reduce((all, key) => all + (lates.get(key) ?? 0n) + (unsaid ? (energies.get(key) ?? 0n) : 0n), 0n);
}

/** For each household `{ exported, imported, items, due }`; `items` is `{ [item]: { energy, amount } }`. */
function addUp(world, bills) {
  return world.households.map((household) => {
    const own = bills.filter(({ site }) => site === household.site);
    const lines = own.flatMap((bill) => bill.lines);
    const items = Object.fromEntries(
      ITEMS.map((item) => {
        const of = lines.filter((line) => line.item === item);

        return [item, { amount: sum(of, 'amount'), energy: sum(of, 'quantity') }];
      })
    );

    return {
      bills: own.length,
      due: sum(own, 'credit') - sum(own, 'debit'),
      exported: sum(own, 'exported'),
      household,
      // What was taken to be imported where there is no reading.
      imported: items.Purchase.energy + items.Residual.energy,
      items
    };
  });
}

/** All that was sent is there, and nothing was refused. */
function checkCounts({ orders, trades }, plan, slots, taken) {
  const made = slots.reduce((total, slot) => total + slot.trades.length, 0);

  assert.equal(orders, plan.orders.length, 'orders');
  assert.equal(taken, plan.readings.length, 'readings');
  assert.deepEqual(trades, { made, settled: made }, 'trades in the events');
  assert(made > 0, 'nobody traded');

  return `${grouped(orders)} orders placed, ${grouped(taken)} readings taken, none refused; ${grouped(made)} trades`;
}

/** The events said what the queries say. */
function checkBills({ billed }, bills) {
  const key = ({ site, slot }) => `${slot}/${site}`;
  const events = new Map(billed.map((bill) => [key(bill), bill]));

  for (const bill of bills) {
    const { account, credit, debit, drawn, lines, unpaid } = events.get(key(bill)) ?? {};
    const what = `slot ${bill.slot}, bill of ${bill.name}: the event`;

    assert.deepEqual(
      { account, credit, debit, drawn, unpaid },
      { account: bill.account, credit: bill.credit, debit: bill.debit, drawn: bill.drawn, unpaid: bill.unpaid },
      what
    );
    assert.deepEqual(lines, bill.lines.filter(({ trade }) => trade === null), what);
  }
  assert.equal(billed.length, bills.length, 'bills in the events');

  return `${grouped(bills.length)} bills worked out again from trades, readings and terms: equal to the unit`;
}

function checkEnergy(slots, plan, world) {
  const lines = slots.flatMap(({ bills }) => bills.flatMap((bill) => bill.lines));
  const of = (item) => sum(lines.filter((line) => line.item === item), 'quantity');

  for (const { bills, slot, trades } of slots) {
    const settled = trades.reduce((total, trade) => total + trade.settlement.settled, 0n);
    const own = bills.flatMap((bill) => bill.lines);

    for (const item of TRADED) {
      assert.equal(sum(own.filter((line) => line.item === item), 'quantity'), settled, `slot ${slot}: ${item}`);
    }
    for (const bill of bills) {
      const part = (item) => sum(bill.lines.filter((line) => line.item === item), 'quantity');

      assert.equal(part('Sale') + part('Surplus'), bill.exported, `slot ${slot}, ${bill.name}: exported`);
      if (bill.imported !== null) {
        assert.equal(part('Purchase') + part('Residual'), bill.imported, `slot ${slot}, ${bill.name}: imported`);
      }
    }
  }

  // What the profiles say, where all of a site's meters did.
  const silent = new Set(plan.silent.map(({ meter }) => world.meters.find(({ id }) => id === meter).site));

  world.households.forEach(({ name, site }, index) => {
    const own = slots.flatMap(({ bills }) => bills.filter((bill) => bill.site === site));

    if (!silent.has(site)) {
      const { export: exported, import: imported } = plan.totals[index];

      assert.deepEqual([sum(own, 'exported'), sum(own, 'imported')], [BigInt(exported), BigInt(imported)], name);
    }
  });

  return (
    `energies balance: exported = ${kwh(of('Sale'))} sold + ${kwh(of('Surplus'))} surplus, ` +
    `imported = ${kwh(of('Purchase'))} bought + ${kwh(of('Residual'))} residual`
  );
}

/**
 * Only who has something wrong pays penalties: the profiles' forecasts are off by less than 8 %, and a silent import
 * meter counts as having taken all.
 */
function checkPenalties({ plan, terms, totals, world }) {
  const exports = world.meters.filter(({ direction }) => direction === 'Export');
  const silent = exports.filter(({ id }) => plan.silent.some(({ meter }) => meter === id)).map(({ site }) => site);
  const wrong = new Set([...silent, ...plan.underDelivering.map(({ site }) => site)]);
  const paid = totals.filter(({ items }) => items.Penalty.amount > 0n);

  if (terms.freeBand >= HONEST_BAND) {
    for (const { household } of paid) {
      assert(wrong.has(household.site), `${household.name} pays a penalty, and nothing is wrong there`);
    }
  }

  return paid.length === 0
    ? 'nobody pays a penalty'
    : `penalties: ${paid.map(({ household, items }) => `${household.name} ${coins(items.Penalty.amount)}`).join(', ')}`;
}

/** Coins moved as the bills say, and none came or went. */
async function checkMoney({ after, before, journal, read, totals, world }) {
  const moved = ({ address }) => after.get(address) - before.get(address) + (journal.fees.get(address) ?? 0n);
  let [households, fees, owing] = [0n, 0n, 0n];

  for (const { due, household } of totals) {
    const [arrears, debt] = await Promise.all([read.arrears(household), read.debt(household)]);

    // What was not paid has not moved.
    assert.equal(moved(household), due + arrears - debt, `coins of ${household.name}, bills and fees`);
    households += moved(household);
    fees += journal.fees.get(household.address) ?? 0n;
    owing += arrears - debt;
  }

  const grid = moved(world.grid);
  const lines = totals.flatMap(({ items }) => Object.entries(items).map(([item, { amount }]) => [item, amount]));
  const withGrid = lines.filter(([item]) => !TRADED.includes(item));
  const between = lines.filter(([item]) => TRADED.includes(item));
  const net = (entries) =>
    entries.reduce((total, [item, amount]) => total + (CREDITS.includes(item) ? amount : -amount), 0n);

  assert.equal(net(between), 0n, 'what is sold and what is bought on the market');
  // Other sites of the chain have bills, too.
  assert.equal(grid, -net(withGrid) - owing - journal.others, "the grid company's coins and the lines of all bills");
  assert.equal(households + grid + journal.others, 0n, 'bills, and the grid company, do not sum to zero');

  return (
    `households ${coins(households)} and the grid company ${coins(grid + journal.others)} sum to zero, besides ` +
    `${coins(fees)} of transaction fees; the coins of each moved as its bills say, to the unit`
  );
}

async function checkNothingLeft(read, { grid, households }) {
  for (const account of [...households, grid]) {
    const [held, orders] = await Promise.all([read.held(account), read.orders(account)]);

    assert.equal(held, 0n, `${account.name} still has something on hold`);
    assert.deepEqual(orders, [], `${account.name} still has open orders`);
  }

  return 'nothing is on hold, no order is open';
}

/** The sums of months, which stay when bills are forgotten. */
async function checkMonths({ bills, calendar, first, last, read, world }) {
  const months = range(calendar.monthOf(first), calendar.monthOf(last));

  for (const { name, site } of world.households) {
    for (const month of months) {
      const own = bills.filter((bill) => bill.site === site && calendar.monthOf(bill.slot) === month);
      const lines = own.flatMap((bill) => bill.lines);
      const of = (item) => sum(lines.filter((line) => line.item === item), 'quantity');

      assert.deepEqual(
        await read.month(site, month),
        {
          bills: own.length,
          bought: of('Purchase'),
          credit: sum(own, 'credit'),
          debit: sum(own, 'debit'),
          drawn: sum(own, 'drawn'),
          exported: sum(own, 'exported'),
          imported: of('Purchase') + of('Residual'),
          lateExported: of('LateSurplus'),
          lateImported: of('LateResidual'),
          sold: of('Sale'),
          unpaid: sum(own, 'unpaid')
        },
        `month ${month} of ${name}`
      );
    }
  }

  return `the sums of ${months.length} months are those of their bills`;
}

/** Whatever was left out: a meter's months are how far its counter has gone on. */
async function checkMeters({ calendar, first, last, plan, read, world }) {
  const months = range(calendar.monthOf(first), calendar.monthOf(last));

  for (const { id, name } of world.meters) {
    const own = plan.readings.filter(({ meter }) => meter === id).sort((one, other) => one.slot - other.slot);
    const sums = await Promise.all(months.map((month) => read.meterMonth(id, month)));
    const energy = own.reduce((total, reading) => total + BigInt(reading.energy), 0n);
    const counter = BigInt(own.at(-1)?.counter ?? 0);

    assert.deepEqual([sum(sums, 'energy'), sum(sums, 'caughtUp')], [energy, counter - energy], `months of ${name}`);
  }

  return `the months of ${world.meters.length} meters are what their counters have gone on`;
}

function sum(entries, name) {
  return entries.reduce((total, entry) => total + (entry[name] ?? 0n), 0n);
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function kwh(energy) {
  return `${grouped(energy / 1_000n)}.${(energy % 1_000n).toString().padStart(3, '0')} kWh`;
}
