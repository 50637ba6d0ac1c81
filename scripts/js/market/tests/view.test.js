import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compactAddLength, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { encodeAddress } from '@polkadot/util-crypto';

import { fieldsOf, plain } from '../../lib/plain.js';
import { view } from '../../lib/view.js';
import { chainWith, TYPE } from './metadata.js';

const ID = `0x${'ab'.repeat(16)}${'cd'.repeat(16)}`;
const OWNER = new Uint8Array(32).fill(7);
/** Owner, 5 u64, Bid, 10^22 u128, Some(9), true, 3. */
const THING = u8aConcat(
  ...[OWNER, '0x0500000000000000', '0x01', `0x${littleEndian(10n ** 22n, 16)}`, '0x0109000000', '0x01', '0x03000000']
);
const EXPECTED = {
  caughtUp: 5n,
  expires: 9,
  green: true,
  new: 3,
  owner: encodeAddress(OWNER, 42),
  price: 10n ** 22n,
  side: 'Bid'
};

function littleEndian(value, length) {
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 255n));

  return Buffer.from(bytes).toString('hex');
}

/** An api that answers every call with these bytes, and remembers what it was asked. */
function apiOf(answer) {
  const { metadata, registry } = chainWith([
    {
      functions: [
        { id: ID, inputs: [['account', TYPE.account], ['from', TYPE.u64]], name: 'trades_of', output: TYPE.pair },
        { id: ID, inputs: [['slot', TYPE.slot]], name: 'thing', output: TYPE.optionalThing }
      ],
      name: 'PvMarket'
    }
  ]);
  const asked = [];
  const call = async (...args) => {
    asked.push(args);

    return registry.createType('Bytes', u8aToHex(answer));
  };

  return { asked, registry, rpc: { state: { call } }, runtimeMetadata: metadata };
}

function ok(bytes) {
  return u8aConcat('0x00', compactAddLength(bytes));
}

test('a view function is asked by its id, and its answer decoded', async () => {
  const api = apiOf(ok(u8aConcat('0x04', THING, '0x00')));
  const found = await view(api, 'pvMarket', 'tradesOf', [OWNER, 258n], '0x1234');

  assert.deepEqual(found, [[EXPECTED], []]);
  assert.deepEqual(api.asked, [
    [
      'RuntimeViewFunction_execute_view_function',
      u8aToHex(u8aConcat(hexToU8a(ID), compactAddLength(u8aConcat(OWNER, '0x0201000000000000')))),
      '0x1234'
    ]
  ]);
});

test('nothing is null', async () => {
  assert.equal(await view(apiOf(ok(hexToU8a('0x00'))), 'pvMarket', 'thing', [5]), null);
  assert.deepEqual(await view(apiOf(ok(u8aConcat('0x01', THING))), 'pvMarket', 'thing', [5]), EXPECTED);
});

test('what goes wrong is named', async () => {
  await assert.rejects(view(apiOf(ok(hexToU8a('0x00'))), 'pvMarket', 'bill', []), /no view function pvMarket\.bill/);
  await assert.rejects(view(apiOf(ok(hexToU8a('0x00'))), 'pvMarket', 'thing', []), /takes \(slot\), not 0/);
  await assert.rejects(view(apiOf(hexToU8a('0x0102')), 'pvMarket', 'thing', [1]), /pvMarket\.thing: its arguments/);
});

test('events have their fields by name', () => {
  const { registry } = chainWith([]);
  const fields = { names: ['slot', 'new_'], 0: registry.createType('u32', 4), 1: registry.createType('u128', 5) };

  assert.deepEqual(fieldsOf({ data: fields }), { new: 5n, slot: 4 });
  assert.equal(plain(registry.createType('Bytes', '0x0102')), '0x0102');
  assert.deepEqual(plain(registry.createType('(u8, Text)', [1, 'a'])), [1, 'a']);
});
