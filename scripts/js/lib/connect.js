// Connects to a chain's node.

import { ApiPromise, WsProvider } from '@polkadot/api';

import { JOINT_TYPES } from './types.js';
import { withTimeout } from './wait.js';

const CONNECT_MS = 30_000;

/** A method that answers JSON; a parameter's name ends in `?` if it may be left out. */
function method(description, params) {
  const param = ([name, type]) => ({ isOptional: name.endsWith('?'), name: name.replace('?', ''), type });

  return { description, params: Object.entries(params).map(param), type: 'Json' };
}

const AT = { 'at?': 'Hash' };
const MOST_AT = { 'most?': 'u32', ...AT };

/** The calls that the electricity chain's nodes add besides. */
const MARKET = {
  arrears: method('What an account and the grid company owe each other', { account: 'Text', ...AT }),
  bill: method("A site's bill of a slot with its lines", { site: 'u32', slot: 'u32', ...AT }),
  bills: method("A site's bills of some slots", { site: 'u32', from: 'u32', ...MOST_AT }),
  book: method('Asks and bids of a book', { slot: 'u32', feeder: 'u32', ...MOST_AT }),
  month: method("A site's bills of a month, added up", { site: 'u32', month: 'u32', ...AT }),
  order: method('An open order', { order: 'u64', ...AT }),
  orders: method("An account's open orders", { account: 'Text', ...AT }),
  price: method('What has come of a book', { slot: 'u32', feeder: 'u32', ...AT }),
  prices: method("What has come of a feeder's books", { feeder: 'u32', from: 'u32', ...MOST_AT }),
  status: method('How far the market is', AT),
  trades: method("A book's trades", { slot: 'u32', feeder: 'u32', 'from?': 'u32', ...MOST_AT }),
  tradesOf: method("An account's settled trades", { account: 'Text', 'from?': 'u64', ...MOST_AT })
};

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
  },
  market: MARKET
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
