// The day's accounts, feeder, sites and meters on a development chain.

import { eventsOf, submit } from '../../lib/submit.js';
import { addressOn, COIN } from '../../lib/scenario.js';
import { Sender } from '../../lib/sender.js';
import { keyOf } from '../market.js';
import { meterCall, siteCall } from '../metering.js';

const SUDO = '//Alice';
const RICH = '//Bob';
const ROOT = '//Market';
const HOUSEHOLD = 1_000n * COIN;
const OTHERS = 10_000n * COIN;

/**
 * Registers what the day needs: a feeder with the IEEE 33-bus tables, the grid company's account, the households' sites
 * and meters. All accounts are new, so that nothing else moves their coins.
 *
 * Returns `{ feeder, gateway, grid, households, meters }`: `gateway` hands in the readings; each household has `name`,
 * `address`, `sender`, `site`, `bus`, `level`, `mode`; each meter `id`, `key`, `site` and `direction`.
 */
export async function setUp(api, plan) {
  const account = async (name) => {
    const pair = await keyOf(`${ROOT}//${name}`);

    return { address: addressOn(api, pair), name, pair, publicKey: pair.publicKey, sender: new Sender(api, pair) };
  };
  const [operator, gateway, grid] = await Promise.all(['operator', 'gateway', 'grid'].map(account));
  const households = await Promise.all(
    plan.sites.map(async (site) => ({ ...site, ...(await account(site.name)) }))
  );
  const feeder = await found(api, operator, grid, [gateway, operator, grid], households);
  const sites = households.map(({ bus, level, mode, publicKey }) =>
    siteCall(api, { bus, feeder, level, mode, owner: publicKey })
  );
  const registered = await submit(api, api.tx.utility.batchAll(sites), operator.pair);

  eventsOf(api, registered, 'metering', 'SiteRegistered').forEach((data, index) => {
    households[index].site = data.site.toNumber();
  });

  return { feeder, gateway, grid, households, meters: await meters(api, operator, plan, households) };
}

/** Feeder and grid company by the sudo key, coins from a development account. Returns the feeder's number. */
async function found(api, operator, grid, others, households) {
  const { balances, metering, pvMarket, sudo, utility } = api.tx;
  const tables = { Ieee33: null };
  const authorities = [metering.registerFeeder(operator.publicKey, tables), pvMarket.setGrid(grid.publicKey)];
  const gifts = [...others.map((to) => [to, OTHERS]), ...households.map((to) => [to, HOUSEHOLD])].map(([to, amount]) =>
    balances.transferKeepAlive(to.publicKey, amount)
  );
  const [outcome] = await Promise.all([
    submit(api, sudo.sudo(utility.batchAll(authorities)), await keyOf(SUDO)),
    submit(api, utility.batchAll(gifts), await keyOf(RICH))
  ]);
  const [registered] = eventsOf(api, outcome, 'metering', 'FeederRegistered');

  return registered.feeder.toNumber();
}

/** In service from the present slot on: before the day. */
async function meters(api, operator, plan, households) {
  const planned = await Promise.all(
    plan.meters.map(async ({ capacity, direction, name, site }) => ({
      capacity,
      direction,
      key: await keyOf(`${ROOT}//${name}`),
      name,
      site: households[site].site
    }))
  );
  const calls = planned.map((meter) => meterCall(api, meter));
  const outcome = await submit(api, api.tx.utility.batchAll(calls), operator.pair);

  return eventsOf(api, outcome, 'metering', 'MeterRegistered').map((data, index) => ({
    ...planned[index],
    id: data.meter.toNumber()
  }));
}
