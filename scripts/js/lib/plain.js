// SCALE values as plain JavaScript ones.

import { bool, Enum, GenericAccountId, Null, Option, Struct, Text } from '@polkadot/types';

/** Widest integer that is a Number; wider ones are BigInts. */
const NUMBER_BITS = 32;

/**
 * A decoded SCALE value as a plain one:
 *
 * | SCALE | JavaScript |
 * |---|---|
 * | integers up to 32 bits, wider ones | Number, BigInt |
 * | structures | objects, names in camel case |
 * | vectors, arrays, tuples | arrays |
 * | options | the value, or null |
 * | enumerations | the variant's name; `{ [name]: value }` where it carries one |
 * | accounts | addresses with the chain's prefix |
 * | bytes | hex |
 */
export function plain(value) {
  if (value === null || value === undefined || value instanceof Null) {
    return null;
  }
  if (value instanceof Option) {
    return value.isSome ? plain(value.unwrap()) : null;
  }
  if (value instanceof Enum) {
    return value.isBasic || value.inner instanceof Null ? value.type : { [value.type]: plain(value.inner) };
  }
  if (value instanceof Struct) {
    return Object.fromEntries([...value.entries()].map(([name, field]) => [nameOf(name), plain(field)]));
  }
  if (value instanceof bool) {
    return value.isTrue;
  }
  if (value instanceof GenericAccountId || value instanceof Text) {
    return value.toString();
  }
  if (value instanceof Uint8Array) {
    return value.toHex();
  }
  if (Array.isArray(value)) {
    return Array.from(value, (entry) => plain(entry));
  }
  if (typeof value.toBigInt === 'function') {
    return value.bitLength() > NUMBER_BITS ? value.toBigInt() : value.toNumber();
  }

  throw new Error(`no plain form of ${value.toRawType?.() ?? typeof value}`);
}

/** The fields of an event by name, each in its plain form. */
export function fieldsOf({ data }) {
  return Object.fromEntries((data.names ?? []).map((name, index) => [nameOf(name), plain(data[index])]));
}

/** polkadot-js writes `new_` and `hash_` where its codecs have properties of these names. */
function nameOf(name) {
  return name.replace(/_$/, '');
}
