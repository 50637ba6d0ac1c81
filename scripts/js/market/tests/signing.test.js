import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hexToU8a, u8aToHex } from '@polkadot/util';
import { signatureVerify } from '@polkadot/util-crypto';

import { keyOf } from '../market.js';
import { signedBytes, signReading } from '../metering.js';

const GENESIS = '11'.repeat(32);
const READING = { counter: 17_724, energy: 905n, meter: 1, quality: 'Estimated', revision: 2, slot: 0x01020304 };

/** By hand: tag, genesis hash, meter, slot, energy, counter, quality, revision; little-endian. */
const BYTES = [
  ...['677269647065672d72656164696e67', GENESIS, '01000000', '04030201'],
  ...['8903000000000000', '3c45000000000000', '01', '02']
].join('');

test('a reading is signed as 73 bytes', () => {
  const bytes = signedBytes(hexToU8a(`0x${GENESIS}`), READING);

  assert.equal(bytes.length, 73);
  assert.equal(u8aToHex(bytes), `0x${BYTES}`);
});

test('quality and revision have defaults; the widest numbers fit', () => {
  const widest = { counter: 2n ** 64n - 1n, energy: 2n ** 64n - 1n, meter: 2 ** 32 - 1, slot: 2 ** 32 - 1 };

  assert.equal(
    u8aToHex(signedBytes(hexToU8a(`0x${GENESIS}`), widest)),
    `0x677269647065672d72656164696e67${GENESIS}${'ff'.repeat(24)}0000`
  );
});

test('the signature is the meter key’s, over these bytes', async () => {
  const key = await keyOf('//Market//building-1-export');
  const signed = signReading({ genesisHash: hexToU8a(`0x${GENESIS}`) }, key, READING);
  const verified = signatureVerify(`0x${BYTES}`, signed.signature, key.publicKey);

  assert(verified.isValid);
  assert.equal(verified.crypto, 'sr25519');
  assert.equal(signed.signature.length, 64);
  assert.deepEqual(signed.reading, { counter: 17_724, energy: 905n, quality: 'Estimated', revision: 2 });
  assert.deepEqual([signed.meter, signed.slot], [1, 0x01020304]);
});

test('a quality that there is not is refused', async () => {
  const key = await keyOf('//Market//building-1-export');

  const chain = { genesisHash: new Uint8Array(32) };

  assert.throws(() => signReading(chain, key, { ...READING, quality: 'Guessed' }), /quality/);
});
