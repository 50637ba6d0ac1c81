import assert from 'node:assert/strict';
import { test } from 'node:test';

import { coins, unitsOf } from '../../lib/format.js';
import { coinsPerKwh } from '../bill.js';
import { distance, FINE, moneyUp, networkFee, settle, turnover } from '../rules.js';

/** The bill that docs/electricity-market.md works by hand. */
const TERMS = {
  benchmark: unitsOf('0.4'),
  feedIn: unitsOf('0.39'),
  freeBand: 1_000,
  networkFees: [{ base: unitsOf('0.05'), perOhm: unitsOf('0.004') }],
  penalty: unitsOf('0.2'),
  tariffs: [unitsOf('0.62')]
};
const PRICE = unitsOf('0.485') * FINE;
const FEES = [17_545_465n, 12_103_967n, 7_308_263n].map((ohms) => networkFee(TERMS, 0, ohms));
const TRADES = [
  [1, 3, 900n],
  [1, 4, 100n],
  [2, 4, 600n]
].map(([sellerSite, buyerSite, quantity], number) => ({
  ...{ buyerSite, fee: FEES[number], number, price: PRICE, quantity, sellerSite }
}));

function site(number, exported, imported, mode = 'Market') {
  return { exported, imported, level: 0, mode, site: number };
}

const SITES = [site(1, 850n, 0n), site(2, 700n, 0n), site(3, 0n, 950n), site(4, 0n, 500n)];

/** Lines as in the document's table. */
function shown({ lines }) {
  return lines.map(({ amount, item, price, quantity, trade }) => [
    ...[item, trade, quantity, coinsPerKwh(price), coins(amount)]
  ]);
}

test('the worked bill', () => {
  assert.deepEqual(FEES.map((fee) => coinsPerKwh(fee * FINE)), ['0.12018186', '0.098415868', '0.079233052']);

  const { bills, settlements } = settle(TRADES, SITES, TERMS);

  assert.deepEqual(
    settlements.map(({ allocatedBuyer, allocatedSeller, settled }) => [allocatedSeller, allocatedBuyer, settled]),
    [
      [850n, 900n, 850n],
      [0n, 100n, 0n],
      [600n, 400n, 400n]
    ]
  );
  assert.deepEqual(bills.map(shown), [
    [
      ['Sale', 0, 850n, '0.485', '0.41225 GPEG'],
      ['Penalty', null, 50n, '0.2', '0.01 GPEG']
    ],
    [
      ['Sale', 2, 400n, '0.485', '0.194 GPEG'],
      ['Surplus', null, 300n, '0.39', '0.117 GPEG']
    ],
    [
      ['Purchase', 0, 850n, '0.485', '0.41225 GPEG'],
      ['NetworkFee', 0, 850n, '0.12018186', '0.102154581 GPEG'],
      ['Residual', null, 100n, '0.62', '0.062 GPEG']
    ],
    [
      ['Purchase', 2, 400n, '0.485', '0.194 GPEG'],
      ['NetworkFee', 2, 400n, '0.079233052', '0.0316932208 GPEG'],
      ['Penalty', null, 130n, '0.2', '0.026 GPEG'],
      ['Residual', null, 100n, '0.62', '0.062 GPEG']
    ]
  ]);
  assert.deepEqual(
    bills.map(({ credit, debit }) => coins(credit - debit)),
    ['0.40225 GPEG', '0.311 GPEG', '-0.576404581 GPEG', '-0.3136932208 GPEG']
  );
});

test('what is owed is rounded up once, what is got is rounded down', () => {
  const terms = { ...TERMS, networkFees: [{ base: 1n, perOhm: 0n }], penalty: 1n, tariffs: [1n] };
  const trade = { buyerSite: 2, fee: 1n, price: 9_999n, quantity: 300n, sellerSite: 1 };
  const trades = [0, 1, 2].map((number) => ({ ...trade, number }));
  const { bills } = settle(trades, [site(1, 900n, 0n), site(2, 0n, 1_200n)], terms);

  // 300 Wh at 0.9999 units: nothing. Fees of 0.3, 0.6, 0.9 and a residual of 0.3: one unit, then another.
  assert.deepEqual(bills[0].lines.map(({ amount }) => amount), [0n, 0n, 0n]);
  assert.deepEqual(
    bills[1].lines.map(({ amount, item }) => [item, amount]),
    [
      ['Purchase', 0n],
      ['NetworkFee', 1n],
      ['Purchase', 0n],
      ['NetworkFee', 0n],
      ['Purchase', 0n],
      ['NetworkFee', 0n],
      ['Residual', 1n]
    ]
  );
  assert.deepEqual([turnover(1n, 9_999_999n), turnover(1n, 10_000_000n)], [0n, 1n]);
  assert.deepEqual([moneyUp(0n), moneyUp(1n), moneyUp(1_000n), moneyUp(1_001n)], [0n, 1n, 1n, 2n]);
});

test('a silent import meter has taken what was contracted, a silent export meter gave nothing', () => {
  const sites = [site(1, 0n, 0n), site(2, 0n, 0n), site(3, 0n, null)];
  const { bills, settlements } = settle(TRADES.slice(0, 1), sites, TERMS);

  // Nothing flowed through site 2.
  assert.deepEqual(bills.map(({ site: number }) => number), [1, 3]);
  assert.deepEqual(settlements, [{ allocatedBuyer: 900n, allocatedSeller: 0n, settled: 0n }]);
  // 90 of 900 Wh are free.
  assert.deepEqual(shown(bills[0]), [['Penalty', null, 810n, '0.2', '0.162 GPEG']]);
  assert.deepEqual(shown(bills[1]), [['Residual', null, 900n, '0.62', '0.558 GPEG']]);
  assert.equal(settle([], [site(3, 0n, null)], TERMS).bills.length, 0);
});

test('a silent meter’s energy is billed when it speaks again, less what was billed as contracted', () => {
  const silent = settle(TRADES.slice(0, 1), [site(1, 900n, 0n), site(3, 0n, null)], TERMS);

  assert.equal(silent.assumed.get(3), 900n);

  const late = { assumed: 900n, exported: 100n, imported: 1_000n };
  const { assumed, bills } = settle([], [{ ...site(3, 0n, 50n), late }], TERMS);

  assert.deepEqual(shown(bills[0]), [
    ['LateSurplus', null, 100n, '0.39', '0.039 GPEG'],
    ['Residual', null, 50n, '0.62', '0.031 GPEG'],
    ['LateResidual', null, 100n, '0.62', '0.062 GPEG']
  ]);
  assert.deepEqual([bills[0].lateExported, bills[0].lateImported, assumed.get(3)], [100n, 100n, 0n]);

  // All of it was billed: nothing flowed.
  const covered = settle([], [{ ...site(3, 0n, 0n), late: { assumed: 900n, imported: 300n } }], TERMS);

  assert.deepEqual([covered.bills.length, covered.assumed.get(3)], [0, 600n]);
});

test('a mode has its price, a level beyond the last the last one’s', () => {
  const terms = { ...TERMS, tariffs: [unitsOf('0.5'), unitsOf('0.7')] };
  const far = { ...site(3, 0n, 1_000n), level: 7 };
  const sites = [site(1, 1_000n, 0n, 'AllToGrid'), site(2, 1_000n, 0n, 'SelfUse'), far];

  assert.deepEqual(
    settle([], sites, terms).bills.map(({ credit, debit }) => coins(credit - debit)),
    ['0.4 GPEG', '0.39 GPEG', '-0.7 GPEG']
  );
});

test('distance is that of the way over the tree', () => {
  // 1 feeds 2, 2 feeds 3 and 4, 4 feeds 5.
  const branches = [
    { from: 1, impedance: 10 },
    { from: 2, impedance: 20 },
    { from: 2, impedance: 40 },
    { from: 4, impedance: 80 }
  ];
  const far = (one, other) => distance({ branches }, one, other);

  assert.deepEqual([far(3, 5), far(5, 3), far(1, 5), far(4, 4), far(2, 1)], [140n, 140n, 130n, 0n, 10n]);
  assert.equal(networkFee(TERMS, 3, 1n), unitsOf('0.05') + 4_000n);
  assert.equal(networkFee({ networkFees: [{ base: 0n, perOhm: 1n }] }, 0, 1n), 1n);
});

test('coins are read exactly', () => {
  assert.deepEqual(['0.42', '3', '0.000000000001'].map(unitsOf), [420_000_000_000n, 3_000_000_000_000n, 1n]);
  for (const wrong of ['', '-1', '1.', '.5', '1e3', '0.0000000000001']) {
    assert.throws(() => unitsOf(wrong), /coins/);
  }
});
