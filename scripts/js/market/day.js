// A day on the market, replayed on a running development chain whose slots last seconds: scripts/market-day starts one.
//
//   node scripts/js/market/day.js --url ws://127.0.0.1:9944 --day day.json [--slots-file FILE] [--check-client true]
//
// The day is what scripts/profiles/profiles.py writes. Prints itemised bills, and checks them to the unit; ends with 1
// if anything does not hold. --slots-file: where to write the slots and the feeder that it took, for what comes after.
// --check-client: does what check-market.js does, on the same chain meanwhile.

import { readFile, writeFile } from 'node:fs/promises';

import { blocksAfter } from '../lib/blocks.js';
import { isMain, main } from '../lib/main.js';
import { audit } from './day/audit.js';
import { Journal } from './day/journal.js';
import { replay } from './day/replay.js';
import { setUp } from './day/setup.js';
import { showDay, showSlot } from './day/show.js';
import { myBill, myMonth } from './bill.js';
import { calendarOf, chainTime } from './calendar.js';
import { begin } from './check/client.js';
import { arrears, connect, gridDebt, lines, myOrders, placeAll, price, terms, tradesOfBook } from './market.js';
import { MAX_BATCH, meterMonth, QUALITIES, signReading, submitReadings } from './metering.js';

/** Before the first slot begins there is so much time to place its orders. */
const LEAD_MS = 30_000;

/** The day on the chain's calendar, and with the numbers that the chain gave to sites and meters. */
export function shift(plan, first, { households, meters }) {
  const slot = (number) => number - plan.firstSlot + first;

  return {
    ...plan,
    orders: plan.orders.map((order) => ({
      ...order,
      limit: BigInt(order.limit),
      site: households[order.site].site,
      slot: slot(order.slot)
    })),
    readings: plan.readings.map((reading) => ({
      ...reading,
      meter: meters[reading.meter].id,
      quality: QUALITIES[reading.quality],
      slot: slot(reading.slot)
    })),
    silent: plan.silent.map((silent) => ({ ...silent, meter: meters[silent.meter].id })),
    underDelivering: plan.underDelivering.map((under) => ({ ...under, site: households[under.site].site }))
  };
}

/** Places a household's orders of some slots in one transaction; fails if one of them is refused. */
async function order(api, household, orders) {
  if (orders.length === 0) {
    return;
  }

  const results = await placeAll(api, household.sender, orders);

  results.forEach(({ error }, index) => {
    if (error) {
      throw new Error(`order of ${household.name} for slot ${orders[index].slot}: ${error}`);
    }
  });
}

/** Signs readings and hands them in; fails if one of them is refused. Returns how many were taken. */
async function read(api, world, readings) {
  const keys = new Map(world.meters.map(({ id, key }) => [id, key]));
  const signed = readings.map((reading) => signReading(api, keys.get(reading.meter), reading));
  const batches = Array.from({ length: Math.ceil(signed.length / MAX_BATCH) }, (_, index) =>
    signed.slice(index * MAX_BATCH, (index + 1) * MAX_BATCH)
  );

  const counts = await Promise.all(
    batches.map(async (batch) => {
      const { refused, taken } = await submitReadings(api, world.gateway.sender, batch);

      if (refused.length > 0) {
        const [{ meter, refusal, slot }] = refused;

        throw new Error(`${refused.length} readings refused; meter ${meter}, slot ${slot}: ${refusal}`);
      }

      return taken;
    })
  );

  return counts.reduce((total, taken) => total + taken, 0);
}

/** All coins of accounts at a block, free and held, by address. */
async function coinsOf(api, accounts, at) {
  const { query } = await api.at(at);
  const found = await Promise.all(accounts.map(({ publicKey }) => query.system.account(publicKey)));

  return new Map(
    accounts.map(({ address }, index) => {
      const { free, reserved } = found[index].data;

      return [address, free.toBigInt() + reserved.toBigInt()];
    })
  );
}

/** What the audit asks, all at one block. */
async function reader(api, world, at) {
  const { query } = await api.at(at);

  return {
    arrears: ({ publicKey }) => arrears(api, publicKey, at),
    bill: (site, slot) => myBill(api, site, slot, at),
    debt: ({ publicKey }) => gridDebt(api, publicKey, at),
    held: async ({ publicKey }) => (await query.system.account(publicKey)).data.reserved.toBigInt(),
    lines: () => lines(api, world.feeder, at),
    meterMonth: (meter, month) => meterMonth(api, meter, month, at),
    month: (site, month) => myMonth(api, site, month, at),
    orders: ({ publicKey }) => myOrders(api, publicKey, at),
    price: (slot) => price(api, slot, world.feeder, at),
    terms: (slot) => terms(api, slot, at),
    trades: (slot, many) => tradesOfBook(api, slot, world.feeder, many, at)
  };
}

async function run(options) {
  const started = Date.now();
  const generated = JSON.parse(await readFile(options.day, 'utf8'));
  const api = await connect(options.url);
  const calendar = await calendarOf(api);

  if (calendar.slotLength !== generated.slotLength) {
    throw new Error(`the chain's slots last ${calendar.slotLength} ms, those of the day ${generated.slotLength} ms`);
  }

  const world = await setUp(api, generated);

  // One after the other: both sign with the development accounts.
  const client = options['check-client'] === 'true' ? await begin(api, options.url) : { done: undefined };
  const day = replayAndAudit({ api, calendar, generated, options, started, world });

  await Promise.all([day, client.done]);
}

async function replayAndAudit({ api, calendar, generated, options, started, world }) {
  const accounts = [...world.households, world.grid];
  const start = (await api.rpc.chain.getBlockHash()).toHex();
  const before = await coinsOf(api, accounts, start);
  const time = await chainTime(api, start);
  const first = calendar.slotAt(time + LEAD_MS) + 1;
  const last = first + generated.lastSlot - generated.firstSlot;
  const plan = shift(generated, first, world);
  const within = (entries, from, to) => entries.filter(({ slot }) => slot >= from && slot <= to);
  const journal = new Journal(world);
  let taken = 0;

  console.log(
    `feeder ${world.feeder}: ${world.households.length} households, ${world.meters.length} meters; ` +
      `slots ${first} to ${last}, of ${calendar.slotLength} ms, are the day's ${plan.firstSlot} to ${plan.lastSlot}`
  );
  await replay({
    blocks: blocksAfter(api, start),
    calendar,
    first,
    journal,
    last,
    order: (from, to) =>
      Promise.all(
        world.households.map((household) =>
          order(api, household, within(plan.orders, from, to).filter(({ site }) => site === household.site))
        )
      ),
    read: async (from, to) => {
      const own = await read(api, world, within(plan.readings, from, to));

      // Others are on their way meanwhile: added when it is there, not before.
      taken += own;
    },
    say: (line) => console.log(line),
    time
  });

  const after = await coinsOf(api, accounts, journal.hash);
  const reading = await reader(api, world, journal.hash);
  const { checks, slots, totals } = await audit({
    ...{ after, before, calendar, first, journal, last, plan, taken, world },
    read: reading
  });

  showSlot(slots, first);
  showDay(totals);
  console.log('');
  checks.forEach((line) => console.log(`checked: ${line}`));
  if (options['slots-file']) {
    await writeFile(options['slots-file'], JSON.stringify({ feeder: world.feeder, first, last }));
  }
  console.log(`${last - first + 1} slots in ${Math.round((Date.now() - started) / 1000)} s, ${journal.blocks} blocks`);
}

if (isMain(import.meta.url)) {
  main(['url', 'day', 'slots-file', 'check-client'], ['url', 'day'], run);
}
