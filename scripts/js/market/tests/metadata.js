// Metadata of a chain that has nothing but view functions and a few types, written by hand.

import { Metadata, TypeRegistry } from '@polkadot/types';
import { u8aConcat } from '@polkadot/util';

const NOT_DEPRECATED = { NotDeprecated: null };

/** Types by number, as a runtime's metadata has them. */
const TYPES = [
  primitive('U8'),
  primitive('U32'),
  primitive('U64'),
  primitive('U128'),
  primitive('Bool'),
  array(32, 0),
  composite(['sp_core', 'crypto', 'AccountId32'], [[null, 5]]),
  option(1),
  composite(['gridpeg_market', 'units', 'FinePrice'], [[null, 3]]),
  variant(['gridpeg_market', 'book', 'Side'], [['Ask'], ['Bid']]),
  composite(
    ['pallet_pv_market', 'types', 'Thing'],
    [['owner', 6], ['caught_up', 2], ['side', 9], ['price', 8], ['expires', 7], ['green', 4], ['new', 1]]
  ),
  sequence(10),
  tuple([1, 10]),
  option(10),
  tuple([11, 11]),
  option(3),
  tuple([])
];

/** Number of a type in the list above, for the functions. */
export const TYPE = { account: 6, optionalThing: 13, pair: 14, slot: 1, thing: 10, u64: 2 };

/** A registry and metadata with pallets `{ name, functions: [{ id, name, inputs: [[name, type]], output }] }`. */
export function chainWith(pallets) {
  const registry = new TypeRegistry();
  const raw = registry.createType('MetadataV16', {
    apis: [],
    custom: { map: [] },
    extrinsic: {
      addressType: 6,
      callType: 16,
      signatureType: 5,
      transactionExtensions: [],
      transactionExtensionsByVersion: new Map([[4, []]]),
      versions: [4]
    },
    lookup: { types: TYPES.map((type, id) => ({ id, type })) },
    outerEnums: { callType: 16, errorType: 16, eventType: 16 },
    pallets: pallets.map(({ functions, name }, index) => ({
      associatedTypes: [],
      calls: null,
      constants: [],
      deprecationInfo: NOT_DEPRECATED,
      docs: [],
      errors: null,
      events: null,
      index,
      name,
      storage: null,
      viewFunctions: functions.map(({ id, inputs, name: of, output }) => ({
        deprecationInfo: NOT_DEPRECATED,
        docs: ['What it does.'],
        id,
        inputs: inputs.map(([argument, type]) => ({ name: argument, type })),
        name: of,
        output
      }))
    }))
  });
  const bytes = u8aConcat(new Uint8Array([0x6d, 0x65, 0x74, 0x61, 16]), raw.toU8a());
  const metadata = new Metadata(registry, bytes);

  registry.setMetadata(metadata, undefined, undefined, true);

  return { metadata, registry };
}

function type(path, def) {
  return { def, docs: [], params: [], path };
}

function primitive(name) {
  return type([], { Primitive: name });
}

function array(len, of) {
  return type([], { Array: { len, type: of } });
}

function sequence(of) {
  return type([], { Sequence: { type: of } });
}

function tuple(of) {
  return type([], { Tuple: of });
}

function composite(path, fields) {
  return type(path, { Composite: { fields: fields.map(field) } });
}

function variant(path, variants) {
  return type(path, {
    Variant: {
      variants: variants.map(([name, of], index) => ({
        docs: [],
        fields: of === undefined ? [] : [field([null, of])],
        index,
        name
      }))
    }
  });
}

function option(of) {
  return { ...variant(['Option'], [['None'], ['Some', of]]), params: [{ name: 'T', type: of }] };
}

function field([name, of]) {
  return { docs: [], name, type: of, typeName: null };
}
