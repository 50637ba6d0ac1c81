// What the blocks of the day say in their events.

import { fieldsOf } from '../../lib/plain.js';

/** Adds up the events of blocks, one block after the other. */
export class Journal {
  /** Fees that accounts paid for transactions, by address. */
  fees = new Map();
  /** Bills: `{ slot, site, account, lines, credit, debit, drawn, unpaid }`. */
  billed = [];
  /** Orders placed. */
  orders = 0;
  /** Orders of batches that failed. */
  failed = 0;
  /** Readings taken, corrected and refused. */
  readings = { corrected: 0, refused: 0, taken: 0 };
  /** The last slot that is cleared with trades, and the last that is settled. */
  cleared = -1;
  settled = -1;
  /** Trades made, and settled. */
  trades = { made: 0, settled: 0 };
  /** Blocks, and the hash of the last one. */
  blocks = 0;
  hash;

  #on = {
    'metering.ReadingsTaken': ({ corrected, new: taken, refused }) => {
      this.readings.corrected += corrected;
      this.readings.refused += refused;
      this.readings.taken += taken;
    },
    'pvMarket.Billed': (bill) => this.billed.push(bill),
    'pvMarket.OrderPlaced': () => this.orders++,
    'pvMarket.SlotCleared': ({ slot }) => (this.cleared = Math.max(this.cleared, slot)),
    'pvMarket.SlotSettled': ({ slot }) => (this.settled = slot),
    'pvMarket.TradeSettled': () => this.trades.settled++,
    'pvMarket.Traded': () => this.trades.made++,
    'transactionPayment.TransactionFeePaid': ({ actualFee, who }) =>
      this.fees.set(who, (this.fees.get(who) ?? 0n) + actualFee),
    'utility.ItemFailed': () => this.failed++
  };

  /** Takes a block, as `blocksAfter` gives it. */
  add({ events, hash }) {
    for (const { event } of events) {
      this.#on[`${event.section}.${event.method}`]?.(fieldsOf(event));
    }
    this.blocks++;
    this.hash = hash;
  }
}
