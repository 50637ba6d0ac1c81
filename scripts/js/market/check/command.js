// The scripts, as a user calls them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { slotNow } from '../calendar.js';
import { WHAT } from '../export.js';
import { siteOf } from './world.js';

const LATER = 40;
const run = promisify(execFile);

/** Runs a script of this folder, and returns what it prints. */
async function script(name, args, env = {}) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const { stdout } = await run(process.execPath, [path, ...args], { env: { ...process.env, ...env } });

  return stdout;
}

/** Places, lists, replaces, takes back. */
export async function checkOrders(api, url, world) {
  const site = await siteOf(api, world, world.account('clerk'));
  const slot = (await slotNow(api)) + LATER;
  const suri = ['--url', url, '--suri', world.suri('clerk')];
  const numberIn = (text) => /order (\d+)/.exec(text)?.[1];
  const placed = numberIn(
    await script('order.js', [
      ...['place', '--site', `${site}`, '--slot', `${slot}`, '--side', 'ask'],
      ...['--quantity', '1500', '--limit', '0.42', '--green', 'true', ...suri]
    ])
  );
  const listed = await script('order.js', ['list', '--url', url], { MARKET_SURI: world.suri('clerk') });

  assert.match(listed, new RegExp(`${placed}\\s+site ${site}, slot ${slot}, ask, 1,500 Wh, 0\\.42 GPEG`), 'list');

  const replaced = numberIn(
    await script('order.js', ['replace', '--order', placed, '--quantity', '1000', '--limit', '0.4', ...suri])
  );

  await script('order.js', ['cancel', '--order', replaced, ...suri]);
  await assert.rejects(script('order.js', ['cancel', '--order', replaced, ...suri]), (error) => {
    assert.equal(error.code, 1, 'cancelling twice');
    assert.match(error.stderr, /pvMarket\.UnknownOrder/, 'cancelling twice');

    return true;
  });
  assert.match(await script('order.js', ['list', ...suri]), /^0 open order/m, 'list after cancelling');
}

/** A bill, a month, and every export. */
export async function checkBills(url, { feeder, month, site, slot }) {
  const ask = ['--url', url, '--site', `${site}`];
  const folder = await mkdtemp(join(tmpdir(), 'gridpeg-market-'));

  assert.match(await script('bill.js', [...ask, '--slot', `${slot}`]), /sold on the market \(trade 0\)/, 'bill');
  assert.match(await script('bill.js', [...ask, '--month', `${month}`]), /bills\s+1$/m, 'month');

  try {
    for (const what of WHAT) {
      const out = join(folder, `${what}.csv`);
      const range = ['--from', `${slot - 1}`, '--to', `${slot + 1}`, '--feeder', `${feeder}`, '--out', out];

      await script('export.js', ['--url', url, '--what', what, ...range]);

      const lines = (await readFile(out, 'utf8')).split('\r\n');
      const least = { bills: 2, prices: 1, trades: 1 }[what] ?? 0;

      assert.equal(lines.at(-1), '', `${what}: the last line is not ended`);
      assert(lines.length >= least + 2, `${what}: ${lines.length - 2} rows`);
      assert(/\[/.test(lines[0]), `${what}: no units in the first row`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
