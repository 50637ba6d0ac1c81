// Connects to a chain's node.

import { ApiPromise, WsProvider } from '@polkadot/api';

import { JOINT_TYPES } from './types.js';
import { withTimeout } from './wait.js';

const CONNECT_MS = 30_000;

/** The calls that the nodes add to Substrate's. */
const RPC = {
  joint: {
    ancestor: {
      description: 'The proof that a block is an ancestor of another',
      params: [
        { name: 'block', type: 'Hash' },
        { name: 'of', type: 'Hash', isOptional: true }
      ],
      type: 'Json'
    },
    header: {
      description: 'A header with its digest decoded',
      params: [{ name: 'at', type: 'Hash', isOptional: true }],
      type: 'Json'
    },
    lanes: {
      description: 'The state of both lanes with its proof against the cross-chain root of a header',
      params: [{ name: 'at', type: 'Hash', isOptional: true }],
      type: 'Json'
    },
    proof: {
      description: 'An open message with its proof against the cross-chain root of a header',
      params: [
        { name: 'nonce', type: 'u64' },
        { name: 'at', type: 'Hash', isOptional: true }
      ],
      type: 'Json'
    },
    receipt: {
      description: "The receipt of the other chain's message with its proof against the cross-chain root of a header",
      params: [
        { name: 'nonce', type: 'u64' },
        { name: 'at', type: 'Hash', isOptional: true }
      ],
      type: 'Json'
    }
  }
};

/**
 * Connects to a node's WebSocket port.
 *
 * Fails after 30 s with an error that names the address.
 */
export async function connect(url) {
  const provider = new WsProvider(url);
  const api = new ApiPromise({
    noInitWarn: true,
    provider,
    rpc: RPC,
    types: JOINT_TYPES
  });

  try {
    await withTimeout(api.isReadyOrError, CONNECT_MS, `no answer from ${url}`);
  } catch (error) {
    await api.disconnect().catch(() => {});
    throw new Error(`cannot connect to ${url}: ${error.message}; is a node running there?`);
  }

  return api;
}
