import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { shift } from '../day.js';
import { audit } from '../day/audit.js';
import { Journal } from '../day/journal.js';
import { replay } from '../day/replay.js';
import { FakeMarket, LENGTH } from './fake-market.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DATA = process.env.GRIDPEG_DATA ?? `${ROOT}/../shared`;
/** Without the public data there is nothing to replay; where it was asked for, that is a failure. */
const WITHOUT_DATA =
  !existsSync(`${DATA}/data/pv_citylearn`) &&
  !process.env.GRIDPEG_DATA &&
  process.env.CI !== 'true' &&
  'set GRIDPEG_DATA to the folder with the public data';

/** A day of the profiles on the chain in memory, its accounts and numbers as a chain would give them. */
function plans(options) {
  const profiles = `${ROOT}/scripts/profiles/profiles.py`;
  const prices = ['--feed-in', '300000000000', '--tariff', '600000000001', '--slot-length', `${LENGTH}`];
  const plan = JSON.parse(execFileSync('python3', [profiles, ...prices, ...options], { encoding: 'utf8' }));
  const account = (name) => ({ address: `address of ${name}`, name });
  const world = {
    feeder: 3,
    grid: account('grid'),
    households: plan.sites.map((site, index) => ({
      ...site,
      ...account(site.name),
      bus: (index % 4) + 1,
      site: 40 + index
    })),
    meters: plan.meters.map((meter, index) => ({ ...meter, id: 70 + index, site: 40 + meter.site }))
  };

  return { plan, world };
}

/** Numbers from 0 to 1, always the same. */
function drawn(seed) {
  let state = seed;

  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;

    return state / 2 ** 31;
  };
}

async function run(options, seed, meddle = () => {}) {
  const { plan: generated, world } = plans(options);
  const market = new FakeMarket(world, drawn(seed));
  const before = new Map(market.coins);
  const first = market.calendar.slotAt(market.now) + 10;
  const last = first + generated.lastSlot - generated.firstSlot;
  const plan = shift(generated, first, world);
  const journal = new Journal(world, ({ fields }) => fields);
  const within = (entries, from, to) => entries.filter(({ slot }) => slot >= from && slot <= to);

  await replay({
    ...{ calendar: market.calendar, first, journal, last, time: market.now },
    blocks: market.blocks(),
    order: (from, to) =>
      Promise.all(
        world.households.map((household) =>
          market.order(household, within(plan.orders, from, to).filter(({ site }) => site === household.site))
        )
      ),
    read: (from, to) => market.read(within(plan.readings, from, to))
  });
  meddle(market, journal);

  const report = await audit({
    ...{ before, calendar: market.calendar, first, journal, last, plan, world },
    after: market.coins,
    read: market.reader,
    taken: plan.readings.length
  });

  return { ...report, market };
}

test('a day is replayed and holds', { skip: WITHOUT_DATA }, async () => {
  const { checks, market, slots, totals } = await run([], 1);

  assert.equal(slots.length, 96);
  assert.equal(checks.length, 8);
  assert.match(checks[2], /exported = .* sold/);
  assert.equal(checks[3], 'nobody pays a penalty');
  assert(market.mostOpen <= 64, `${market.mostOpen} open orders at once`);
  assert(totals.every(({ bills }) => bills > 50));
});

test('with a silent meter and a failing plant it holds, and both pay', { skip: WITHOUT_DATA }, async () => {
  const { checks } = await run(['--silent', '1:export', '--under-deliver', '2:60', '--slots', '40-59'], 2);

  assert.match(checks[3], /^penalties: building-1 .*, building-2 /);
});

test('a silent import meter and other modes', { skip: WITHOUT_DATA }, async () => {
  await run(['--silent', '5:import:42-45', '--mode', '3:self-use', '--mode', '2:all-to-grid', '--slots', '40-51'], 3);
});

test('what does not hold is found', { skip: WITHOUT_DATA }, async () => {
  const short = ['--slots', '44-51'];
  const add = (coins, address, amount) => coins.set(address, coins.get(address) + amount);
  const wrong = {
    'coins of building-1': ({ coins }) => add(coins, 'address of building-1', 1n),
    'the event': (_market, { billed }) => (billed[5].credit += 1n),
    'fee': ({ lines }) => (lines.branches[0].impedance += 1),
    'orders': (_market, journal) => journal.orders--,
    'on hold': ({ held }) => held.set('address of grid', 1n),
    "the grid company's coins": ({ coins }) => add(coins, 'address of grid', -1n)
  };

  for (const [message, meddle] of Object.entries(wrong)) {
    await assert.rejects(run(short, 4, meddle), new RegExp(message), message);
  }
});
