// Everything that a user can do wrong, with the error that says so.

import assert from 'node:assert/strict';

import { chainTime, slotNow, waitUntilOver } from '../calendar.js';
import { cancel, DispatchFailed, keyOf, myOrders, place, replace, terms } from '../market.js';
import { registerMeter, registerSite, signReading, submitReadings } from '../metering.js';
import { siteOf } from './world.js';

const NOBODY = 4_000_000_000;
const NO_ORDER = 2n ** 63n;
const LATER = 30;

/** Each mistake must fail with its error, and change nothing. */
export async function checkErrors(api, world) {
  const [careless, other, poor] = ['careless', 'other', 'poor'].map(world.account);
  const [own, foreign, needy, private_] = await Promise.all([
    siteOf(api, world, careless),
    siteOf(api, world, other),
    siteOf(api, world, poor),
    siteOf(api, world, careless, 'SelfUse')
  ]);
  const slot = (await slotNow(api)) + LATER;
  const { horizon, lot, maxPrice } = await terms(api, slot);
  const good = { limit: maxPrice / 2n, quantity: lot * 10n, side: 'Ask', site: own, slot };
  const [open, foreignOrder] = await Promise.all([
    place(api, careless, good),
    place(api, other, { ...good, site: foreign })
  ]);
  const before = await books(api, [careless, other, poor]);
  const now = await slotNow(api);
  const past = (await chainTime(api)) - 1;
  const order = (change, from = careless) => () => place(api, from, { ...good, ...change });
  const cases = [
    ['the present slot', 'GateClosed', order({ slot: now })],
    ['a slot beyond the horizon', 'TooFarAhead', order({ slot: now + horizon + LATER })],
    ['a site that is not there', 'UnknownSite', order({ site: NOBODY })],
    ['a foreign site', 'NotSiteOwner', order({ site: foreign })],
    ['a site that uses all itself', 'WrongMode', order({ site: private_ })],
    ['a quantity below the lot', 'BelowLot', order({ quantity: lot - 1n })],
    ['nothing', 'BelowLot', order({ quantity: 0n })],
    ['a price of 0', 'PriceZero', order({ limit: 0n })],
    ['a price above the highest', 'PriceTooHigh', order({ limit: maxPrice + 1n })],
    ['an order that has expired', 'Expired', order({ expires: past })],
    ['a green bid', 'GreenBid', order({ green: true, side: 'Bid', slot: slot + 1 })],
    ['a bid beside an ask', 'OppositeSide', order({ side: 'Bid' })],
    [
      'more than there are coins',
      'InsufficientFunds',
      order({ limit: maxPrice, quantity: 1_000_000n, side: 'Bid', site: needy }, poor)
    ],
    ['cancelling what is not there', 'UnknownOrder', () => cancel(api, careless, NO_ORDER)],
    ['replacing what is not there', 'UnknownOrder', () => replace(api, careless, NO_ORDER, good)],
    ["cancelling another's order", 'NotOrderOwner', () => cancel(api, careless, foreignOrder.order)],
    ["replacing another's order", 'NotOrderOwner', () => replace(api, careless, foreignOrder.order, good)],
    ['replacing by less than the lot', 'BelowLot', () => replace(api, careless, open.order, { ...good, quantity: 1n })]
  ];

  await Promise.all(cases.map(([what, error, act]) => refused(what, `pvMarket.${error}`, act)));
  await Promise.all([
    refused('a site by who is not the operator', 'metering.NotOperator', () =>
      registerSite(api, other, { bus: 1, feeder: world.feeder, owner: other })
    ),
    refused('a site at a bus that is not there', 'metering.UnknownBus', () =>
      registerSite(api, world.operator, { bus: 34, feeder: world.feeder, owner: other })
    )
  ]);
  assert.deepEqual(await books(api, [careless, other, poor]), before, 'what was refused has changed something');

  // Taken back twice.
  await Promise.all([cancel(api, careless, open.order), cancel(api, other, foreignOrder.order)]);
  await refused('cancelling twice', 'pvMarket.UnknownOrder', () => cancel(api, careless, open.order));
  for (const { held, orders } of await books(api, [careless, other])) {
    assert.deepEqual({ held, orders }, { held: 0n, orders: [] }, 'what was taken back still holds coins');
  }

  return cases.length + 3;
}

/** Readings that are refused are no errors: each has its reason. */
export async function checkRefusals(api, world) {
  const other = world.account('other');
  const [key, stranger] = await Promise.all([keyOf(world.suri('meter')), keyOf(world.suri('stranger'))]);
  const site = await siteOf(api, world, other);
  const device = { capacity: 1_000_000, direction: 'Import', key, site };
  const { meter, since } = await registerMeter(api, world.operator, device);
  const slot = (await slotNow(api)) + LATER;
  const of = (change, by = key) => signReading(api, by, { counter: 5, energy: 5, meter, slot, ...change });
  const readings = [
    [of({ meter: NOBODY }), 'UnknownMeter'],
    [of({ slot: since - 1 }), 'BeforeService'],
    [of({}), 'SlotNotOver'],
    [of({ energy: 2n ** 40n, slot: since }), 'AboveCapacity'],
    [of({ slot: since }, stranger), 'BadSignature'],
    [of({ counter: 4, slot: since }), 'EnergyAboveCounter']
  ];

  await waitUntilOver(api, since);

  const { corrected, refused: found, taken } = await submitReadings(api, other, readings.map(([reading]) => reading));

  assert.deepEqual(found.map(({ refusal }) => refusal), readings.map(([, refusal]) => refusal), 'refused readings');
  assert.deepEqual({ corrected, taken }, { corrected: 0, taken: 0 }, 'refused readings');

  return readings.length;
}

async function refused(what, expected, act) {
  let done;

  try {
    done = await act();
  } catch (error) {
    const found = error instanceof DispatchFailed ? `${error.section}.${error.error}` : error.message;

    assert.equal(found, expected, what);
    console.log(`refused: ${what}: ${found}`);

    return;
  }
  throw new Error(`${what}: accepted in block ${done.block.number}`);
}

/** Open orders, and what is on hold. */
function books(api, accounts) {
  return Promise.all(
    accounts.map(async ({ publicKey }) => ({
      held: (await api.query.system.account(publicKey)).data.reserved.toBigInt(),
      orders: (await myOrders(api, publicKey)).map(({ order }) => order)
    }))
  );
}
