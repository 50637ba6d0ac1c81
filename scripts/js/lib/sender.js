// Sends transactions of one account without waiting for each before the next.

import { DispatchFailed, submit } from './submit.js';

/**
 * One account's transactions, as many on their way as one likes: it gives them their nonces in the order in which they
 * are handed over. Use one for an account, and nothing else that signs with the account meanwhile.
 */
export class Sender {
  #api;
  #next;

  /** `pair` signs. */
  constructor(api, pair) {
    this.#api = api;
    this.pair = pair;
  }

  /** The account's public key. */
  get publicKey() {
    return this.pair.publicKey;
  }

  /** As `submit` of `submit.js`: resolves when the transaction is in a block. */
  async submit(tx) {
    this.#next ??= this.#api.rpc.system.accountNextIndex(this.publicKey).then((index) => index.toNumber());

    const own = this.#next;

    this.#next = own.then((nonce) => nonce + 1);
    // Whoever comes next reports it.
    this.#next.catch(() => {});

    try {
      return await submit(this.#api, tx, this.pair, 'inBlock', await own);
    } catch (error) {
      // It has not used its nonce: the node has to be asked again.
      if (!(error instanceof DispatchFailed)) {
        this.#next = undefined;
      }
      throw error;
    }
  }
}

/** Sends a transaction from a key pair or a [`Sender`], and waits until it is in a block. */
export function send(api, tx, from) {
  return from instanceof Sender ? from.submit(tx) : submit(api, tx, from);
}
