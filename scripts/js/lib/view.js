// Asks a pallet's view functions. This version of polkadot-js reads them from the metadata but offers no call, so that
// is made here: `RuntimeViewFunction_execute_view_function(id, arguments)`, as the metadata describes the function.

import { compactAddLength, compactStripLength, stringCamelCase, u8aConcat, u8aToHex } from '@polkadot/util';

import { plain } from './plain.js';

const METHOD = 'RuntimeViewFunction_execute_view_function';
/** Variants of `ViewFunctionDispatchError`. */
const ERRORS = ['the runtime has no view functions', 'the runtime does not know it', 'its arguments do not decode'];

/** The view functions by their names, for each metadata that was seen. */
const known = new WeakMap();

/**
 * Asks the view function `pallet.name` (both in camel case, e.g. `pvMarket`, `ordersOf`) and returns what it answers as
 * a plain value (`plain.js`). `at` is a block's hash: the best block without it.
 *
 * Fails if the chain has no such function, or if it takes another number of arguments.
 */
export async function view(api, pallet, name, args = [], at = undefined) {
  const found = functionsOf(api).get(`${pallet}.${name}`);

  if (!found) {
    throw new Error(`the chain has no view function ${pallet}.${name}`);
  }
  if (args.length !== found.inputs.length) {
    const names = found.inputs.map((input) => input.name.toString()).join(', ');

    throw new Error(`${pallet}.${name} takes (${names}), not ${args.length} argument(s)`);
  }

  const typeOf = (id) => api.registry.createLookupType(id);
  const input = u8aConcat(
    ...found.inputs.map(({ type }, index) => api.registry.createTypeUnsafe(typeOf(type), [args[index]]).toU8a())
  );
  const data = u8aToHex(u8aConcat(found.id.toU8a(), compactAddLength(input)));
  const answer = (await api.rpc.state.call(METHOD, data, ...(at ? [at] : []))).toU8a(true);

  // Result: 0 and the answer's bytes, or 1 and what went wrong.
  if (answer[0] !== 0) {
    throw new Error(`${pallet}.${name}: ${ERRORS[answer[1]] ?? 'it failed'}`);
  }

  const [, bytes] = compactStripLength(answer.subarray(1));

  return plain(api.registry.createTypeUnsafe(typeOf(found.output), [bytes]));
}

function functionsOf({ runtimeMetadata }) {
  if (!known.has(runtimeMetadata)) {
    const entries = runtimeMetadata.asLatest.pallets.flatMap(({ name, viewFunctions }) =>
      viewFunctions.map((found) => [`${camel(name)}.${camel(found.name)}`, found])
    );

    known.set(runtimeMetadata, new Map(entries));
  }

  return known.get(runtimeMetadata);
}

function camel(name) {
  return stringCamelCase(name.toString());
}
