// What the blocks of the day say in their events.

import { fieldsOf } from '../../lib/plain.js';

/** Adds up the events of blocks, one block after the other: those of the day, whatever else happens on the chain. */
export class Journal {
  /** Fees that accounts paid for transactions, by address. */
  fees = new Map();
  /** The day's bills: `{ slot, site, account, lines, credit, debit, drawn, unpaid }`. */
  billed = [];
  /** What all other bills say that their accounts get, less what they owe. */
  others = 0n;
  /** Orders placed. */
  orders = 0;
  /** Trades made, and settled. */
  trades = { made: 0, settled: 0 };
  /** The last slot that is settled. */
  settled = -1;
  /** How many blocks there were, and the hash of the last one. */
  blocks = 0;
  hash;

  #decode;
  #feeder;
  #sites;
  #on = {
    'pvMarket.Billed': (bill) => {
      if (this.#sites.has(bill.site)) {
        this.billed.push(bill);
      } else {
        this.others += bill.credit - bill.debit;
      }
    },
    'pvMarket.OrderPlaced': ({ request: { site } }) => (this.orders += this.#sites.has(site) ? 1 : 0),
    'pvMarket.SlotSettled': ({ slot }) => (this.settled = slot),
    'pvMarket.TradeSettled': ({ feeder }) => (this.trades.settled += feeder === this.#feeder ? 1 : 0),
    'pvMarket.Traded': ({ feeder }) => (this.trades.made += feeder === this.#feeder ? 1 : 0),
    'transactionPayment.TransactionFeePaid': ({ actualFee, who }) =>
      this.fees.set(who, (this.fees.get(who) ?? 0n) + actualFee)
  };

  /** `world` is what `setUp` made. `decode` makes an event's fields plain. */
  constructor({ feeder, households }, decode = fieldsOf) {
    this.#decode = decode;
    this.#feeder = feeder;
    this.#sites = new Set(households.map(({ site }) => site));
  }

  /** Takes a block, as `blocksAfter` gives it. */
  add({ events, hash }) {
    for (const { event } of events) {
      this.#on[`${event.section}.${event.method}`]?.(this.#decode(event));
    }
    this.blocks++;
    this.hash = hash;
  }
}
