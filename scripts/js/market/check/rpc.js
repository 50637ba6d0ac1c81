// The node's market methods answer what the view functions do.

import assert from 'node:assert/strict';

import { u8aToHex } from '@polkadot/util';
import { decodeAddress } from '@polkadot/util-crypto';

import { calendarOf } from '../calendar.js';
import { arrears, book, gridDebt, myBill, myBills, myMonth, myOrders, myTrades, price, prices } from '../market.js';

const TOO_MANY = 1_001;

/**
 * Asks each method about what the document's code has made. Returns how many methods there are.
 *
 * Orders are asked for at the block of the last change, when they were open; all else at one block, so that both
 * answers are about the same state.
 */
export async function checkRpc(api, { account, document: { feeder } }, { better, bid, house, plant, slot }) {
  const asked = new Set();
  const ask = async (method, ...args) => {
    asked.add(method);

    return (await api.rpc.market[method](...args)).toJSON();
  };
  const at = (await api.rpc.chain.getBlockHash()).toHex();
  const open = [better, bid].sort((one, other) => one.block.number - other.block.number)[1].block.hash;
  const [seller, buyer] = [account('seller'), account('buyer')];
  const address = (who) => who.address ?? who.pair?.address ?? who;
  const month = (await calendarOf(api)).monthOf(slot);

  const orders = await ask('orders', address(buyer), open);
  const mine = await myOrders(api, buyer, open);

  assert.equal(orders.block, open);
  assert.equal(mine.length, 1, 'one bid is open');
  same(orders.items, mine.map(asRpc), 'market_orders');
  same((await ask('order', Number(bid.order), open)).item, asRpc(mine[0]), 'market_order');
  assert.equal((await ask('order', 999_999_999, at)).item, null, 'market_order of an unknown one');

  const { asks, bids } = await ask('book', slot, feeder, 10, open);

  assert.equal(asks.length, 1);
  same({ asks, bids }, await book(api, slot, feeder, 10, open), 'market_book');

  const { item } = await ask('bill', plant.site, slot, at);
  const itemised = await myBill(api, plant.site, slot, at);

  assert(item.lines.length > 0, 'the bill has lines');
  for (const [index, line] of item.lines.entries()) {
    const { amount, item: kind, price: finePrice, quantity, trade } = itemised.lines[index];

    assert.equal(kind.toLowerCase(), line.item.toLowerCase());
    same(pick(line, ['amount', 'finePrice', 'quantity', 'trade']), { amount, finePrice, quantity, trade }, 'a line');
  }
  for (const site of [plant.site, house.site]) {
    const [own] = await myBills(api, site, slot, slot, at);
    const { items } = await ask('bills', site, slot, 1, at);
    const fields = ['slot', 'exported', 'imported', 'trades', 'credit', 'debit', 'drawn', 'unpaid'];

    assert.equal(items.length, 1);
    same(pick(items[0], fields), pick(own, fields), 'market_bills');
    same(pick(await ask('month', site, month, at), ['bills', 'sold', 'bought', 'credit', 'debit']),
      pick(await myMonth(api, site, month, at), ['bills', 'sold', 'bought', 'credit', 'debit']), 'market_month');
  }

  const cleared = await price(api, slot, feeder, at);
  const fields = ['price', 'energy', 'trades', 'version'];

  same(pick((await ask('price', slot, feeder, at)).item, fields), pick(cleared, fields), 'market_price');
  same((await ask('prices', feeder, slot, 1, at)).items.map((found) => pick(found, ['slot', ...fields])),
    (await prices(api, feeder, slot, slot, at)).map((found) => pick(found, ['slot', ...fields])), 'market_prices');

  const [trade] = await myTrades(api, seller, 1n, 1, at);
  const trades = await ask('trades', slot, feeder, 0, 10, at);
  const [own] = (await ask('tradesOf', address(seller), 1, 1, at)).items;

  assert.equal(trades.items.length, 1);
  same({ ...own.trade, number: own.number }, trades.items[0], 'market_tradesOf');
  same(
    { ...pick(own, ['own', 'slot', 'feeder', 'number']), ...pick(own.trade, ['ask', 'bid', 'quantity', 'fee']) },
    pick(trade, ['own', 'slot', 'feeder', 'number', 'ask', 'bid', 'quantity', 'fee']),
    'market_tradesOf'
  );
  assert.equal(own.trade.seller, u8aToHex(decodeAddress(address(seller))));
  same(pick(await ask('arrears', address(buyer), at), ['owed', 'owedByGrid']),
    { owed: await arrears(api, buyer, at), owedByGrid: await gridDebt(api, buyer, at) }, 'market_arrears');

  const status = await ask('status', at);

  assert(status.next.settle > slot && status.next.clear >= status.next.settle, 'market_status: the slot is settled');
  assert(status.last !== null && status.slot >= slot, 'market_status: a book has traded');
  await assert.rejects(ask('prices', feeder, 0, TOO_MANY), /-32112.*1000/s);
  await assert.rejects(ask('orders', 'nobody'), /-32112/);
  await assert.rejects(ask('status', `0x${'00'.repeat(32)}`), /-32100/);

  return asked.size;
}

function pick(object, names) {
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}

/** An order of `myOrders` as `market_orders` has it: without what follows from its site. */
function asRpc({ bus: _bus, level: _level, owner, side, ...rest }) {
  return { ...rest, owner: u8aToHex(decodeAddress(owner)), side: side.toLowerCase() };
}

/** Compares numbers by their digits: RPC has them as numbers or strings, a view function as numbers or BigInts. */
function same(rpc, expected, what) {
  assert.deepEqual(digits(rpc), digits(expected), what);
}

function digits(value) {
  if (Array.isArray(value)) {
    return value.map(digits);
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, digits(field)]));
  }

  return ['number', 'bigint'].includes(typeof value) ? String(value) : value;
}
