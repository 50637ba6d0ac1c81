// Signs and sends transactions, and says how they ended.

import { withTimeout } from './wait.js';

const SUBMIT_MS = 240_000;

/** A transaction that is in a block and failed there. */
export class DispatchFailed extends Error {
  /** `section` and `name` as in the metadata, e.g. `lanes`, `InvalidProof`. */
  constructor(section, name, docs, block) {
    super(`${section}.${name}${docs ? `: ${docs}` : ''}`);
    this.section = section;
    this.error = name;
    this.block = block;
  }
}

/**
 * Signs `tx` with `signer`, sends it, and waits until it is in a block (`until: 'inBlock'`) or in a finalized one
 * (`until: 'finalized'`). `nonce` is the account's next one, unless `sender.js` counts them.
 *
 * Returns `{ events, inBlock, finalized }`: the transaction's events, and the blocks as `{ hash, number }`, `finalized`
 * only when asked for. Throws [`DispatchFailed`] when the call failed, also inside `sudo`.
 */
export async function submit(api, tx, signer, until = 'inBlock', nonce = -1) {
  let stop = () => {};
  const sent = new Promise((resolve, reject) => {
    let inBlock;

    tx.signAndSend(signer, { nonce }, (result) => {
      const { status } = result;

      if (result.isError) {
        reject(new Error(`the node gave the transaction up: ${status.type}`));
      } else if (result.internalError) {
        reject(result.internalError);
      } else if (status.isInBlock) {
        inBlock = status.asInBlock;
        if (until === 'inBlock') {
          resolve({ inBlock, result });
        }
      } else if (status.isFinalized) {
        resolve({ finalized: status.asFinalized, inBlock: inBlock ?? status.asFinalized, result });
      }
    }).then((unsubscribe) => {
      stop = unsubscribe;
    }, reject);
  });

  try {
    const { finalized, inBlock, result } = await withTimeout(sent, SUBMIT_MS, `transaction is not ${until}`);
    const outcome = { events: result.events, inBlock: await blockOf(api, inBlock) };

    if (finalized) {
      outcome.finalized = await blockOf(api, finalized);
    }
    check(api, result, outcome.finalized ?? outcome.inBlock);

    return outcome;
  } finally {
    stop();
  }
}

/** The data of every event `section.method` of the transaction. Throws when there is none. */
export function eventsOf(api, outcome, section, method) {
  const found = outcome.events.filter(({ event }) => api.events[section][method].is(event));

  if (found.length === 0) {
    throw new Error(`the transaction has no event ${section}.${method}`);
  }

  return found.map(({ event }) => event.data);
}

async function blockOf(api, hash) {
  const { number } = await api.rpc.chain.getHeader(hash);

  return { hash: hash.toHex(), number: number.toNumber() };
}

function check(api, result, block) {
  const sudid = api.events.sudo?.Sudid;
  const inside = result.events
    .filter(({ event }) => sudid?.is(event))
    .map(({ event }) => event.data[0])
    .find((outcome) => outcome.isErr);
  const error = result.dispatchError ?? inside?.asErr;

  if (!error) {
    return;
  }
  if (error.isModule) {
    const { docs, name, section } = api.registry.findMetaError(error.asModule);

    throw new DispatchFailed(section, name, docs.join(' ').trim(), block);
  }
  throw new DispatchFailed('system', error.type, '', block);
}
