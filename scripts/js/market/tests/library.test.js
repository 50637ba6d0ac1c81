import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csv } from '../../lib/csv.js';
import { compile, importsOf, load, snippetsOf } from '../../lib/snippets.js';
import { Calendar } from '../calendar.js';

const DOCUMENT = 'docs/market-js.md';

test('a slot has its first millisecond and not the one after its last', () => {
  const calendar = new Calendar({ slotLength: 900_000n, slotsPerMonth: 4, start: 1_700_000_000_000n });
  const { start } = calendar;

  const times = [start - 1, start, start + 899_999, start + 900_000];

  assert.deepEqual(times.map((time) => calendar.slotAt(time)), [-1, 0, 0, 1]);
  for (const slot of [0, 1, 7, 2 ** 32 - 1]) {
    assert.equal(calendar.slotAt(calendar.begin(slot)), slot);
    assert.equal(calendar.slotAt(calendar.end(slot) - 1), slot);
  }
  assert.deepEqual([3, 4, 47, 48].map((slot) => [calendar.monthOf(slot), calendar.yearOf(slot)]), [
    [0, 0],
    [1, 0],
    [11, 0],
    [12, 1]
  ]);
  assert.deepEqual(calendar.slotsOfMonth(2), [8, 11]);
});

test('CSV is quoted where it has to be', () => {
  const rows = [
    ['a', 'b, c', 'd "e"'],
    [1, 2n ** 100n, null],
    ['x\ny', undefined, true]
  ];

  assert.equal(csv(rows), 'a,"b, c","d ""e"""\r\n1,1267650600228229401496703205376,\r\n"x\ny",,true\r\n');
});

test('the document’s code is JavaScript, and what it imports is there', async () => {
  const code = await snippetsOf(DOCUMENT);
  const imports = importsOf(code);

  compile(code, ['url', 'feeder', 'operatorSuri', 'sellerSuri', 'buyerSuri'], ['bill', 'better', 'refusal']);
  for (const name of ['place', 'replace', 'cancel', 'myOrders', 'myBill', 'book', 'price', 'submitReadings']) {
    assert(imports.some(([imported]) => imported === name), `${name} is not in the document`);
  }
  for (const [name, path] of imports) {
    assert.equal(typeof (await load(path))[name], 'function', `${name} of ${path}`);
  }
});

test('a document’s code runs and returns what is asked for', async () => {
  const run = compile('const made = await Promise.resolve(start + 1);', ['start'], ['made']);

  assert.deepEqual(await run({ start: 4 }), { made: 5 });
  assert.deepEqual(importsOf("import { a, b } from './x.js';\n"), [
    ['a', './x.js'],
    ['b', './x.js']
  ]);
});
