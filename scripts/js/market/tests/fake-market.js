// A chain in memory that does as the market does, as far as a replayed day can see: blocks at random times, a pool of
// transactions, gates, a midpoint clearing, settlement, coins. For tests of the replay and of its audit.

import { Calendar } from '../calendar.js';
import { FINE, networkFee, settle, sum } from '../rules.js';

export const LENGTH = 3_000;
const WINDOW = 60_000;
const FEE = 17n;
const RICHES = 10n ** 15n;
const BUSES = 4;

export const TERMS = {
  benchmark: 400_000_000_000n,
  feedIn: 300_000_000_000n,
  freeBand: 1_000,
  networkFees: [{ base: 30_000_000_001n, perOhm: 5_000_000_003n }],
  penalty: 200_000_000_001n,
  tariffs: [600_000_000_001n]
};

export class FakeMarket {
  calendar = new Calendar({ slotLength: LENGTH, slotsPerMonth: 3, start: 1_000_000 });
  now;
  mostOpen = 0;
  refused = [];
  #pool = [];
  #events = [];
  #number = 0;
  #random;
  #orders = [];
  #readings = new Map();
  #books = new Map();
  #bills = new Map();
  #meters = new Map();
  #lates = new Map();
  #assumed = new Map();
  #cleared;
  #settled;

  constructor(world, random) {
    this.world = world;
    this.#random = random;
    this.coins = new Map([...world.households, world.grid].map(({ address }) => [address, RICHES]));
    this.held = new Map();
    this.now = this.calendar.begin(50);
    this.#cleared = this.#settled = 49;
    this.lines = { branches: Array.from({ length: BUSES - 1 }, (_, bus) => ({ from: bus + 1, impedance: 1_234_567 })) };
  }

  /** Blocks, each with what was in the pool when the one before it was made. */
  async *blocks() {
    for (;;) {
      // As if mined: most soon, some late.
      this.now += Math.ceil(-Math.log(1 - this.#random()) * 3_000) + 1;
      const pool = this.#pool.splice(0);

      this.#events = [];
      pool.forEach((run) => run());
      this.#work();
      this.#number++;
      yield {
        events: this.#events.map((event) => ({ event })),
        hash: `${this.#number}`,
        number: this.#number,
        time: this.now
      };
      // What waits for a transaction goes on.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  order(account, orders) {
    return this.#send(account, () =>
      orders.forEach((order) => {
        if (this.now >= this.calendar.begin(order.slot) - LENGTH / 2) {
          throw new Error('GateClosed');
        }
        this.#orders.push({ ...order, id: BigInt(this.#orders.length), owner: account.address });
        this.mostOpen = Math.max(this.mostOpen, this.#open().filter(({ site }) => site === order.site).length);
        this.#emit('pvMarket', 'OrderPlaced', { request: order });
      })
    );
  }

  read(readings) {
    return this.#send(undefined, () => {
      for (const { counter, energy, meter, slot } of readings) {
        if (this.now < this.calendar.end(slot) || this.now >= this.calendar.end(slot) + WINDOW) {
          throw new Error('not the time for this reading');
        }

        const month = `${meter}/${this.calendar.monthOf(slot)}`;
        const sums = this.#meters.get(month) ?? { caughtUp: 0n, energy: 0n };
        const last = this.#readings.get(`last/${meter}`) ?? 0n;

        sums.energy += BigInt(energy);
        sums.caughtUp += BigInt(counter) - last - BigInt(energy);
        this.#meters.set(month, sums);
        this.#readings.set(`last/${meter}`, BigInt(counter));
        this.#readings.set(`${slot}/${meter}`, BigInt(energy));
        this.#lates.set(`${slot}/${meter}`, BigInt(counter) - last - BigInt(energy));
      }
    });
  }

  /** What the audit asks. */
  get reader() {
    return {
      arrears: () => 0n,
      bill: (site, slot) => this.#bills.get(`${slot}/${site}`) ?? null,
      debt: () => 0n,
      held: ({ address }) => this.held.get(address) ?? 0n,
      lines: () => this.lines,
      meterMonth: (meter, month) => this.#meters.get(`${meter}/${month}`) ?? { caughtUp: 0n, energy: 0n },
      month: (site, month) => this.#month(site, month),
      orders: ({ address }) => this.#open().filter(({ owner }) => owner === address),
      price: (slot) => (this.#books.has(slot) ? { trades: this.#books.get(slot).length, uniform: null } : null),
      terms: () => TERMS,
      trades: (slot) => this.#books.get(slot) ?? []
    };
  }

  #open() {
    return this.#orders.filter(({ slot }) => slot > this.#cleared);
  }

  #household(wanted) {
    return this.world.households.find(({ site }) => site === wanted);
  }

  #send(account, run) {
    return new Promise((resolve, reject) => {
      this.#pool.push(() => {
        if (account) {
          this.coins.set(account.address, this.coins.get(account.address) - FEE);
          this.#emit('transactionPayment', 'TransactionFeePaid', { actualFee: FEE, who: account.address });
        }
        try {
          run();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #emit(section, method, fields) {
    this.#events.push({ fields, method, section });
  }

  #work() {
    while (this.now >= this.calendar.begin(this.#cleared + 1) - LENGTH / 2) {
      this.#clear(++this.#cleared);
    }
    while (this.now >= this.calendar.end(this.#settled + 1) + WINDOW) {
      this.#settle(++this.#settled);
    }
  }

  #clear(slot) {
    const of = (wanted, better) =>
      this.#orders
        .filter((order) => order.slot === slot && order.side === wanted)
        .sort((one, other) => better * Number(one.limit - other.limit))
        .map((order) => ({ ...order, left: BigInt(order.quantity) }));
    const [asks, bids] = [of('Ask', 1), of('Bid', -1)];
    const empty = asks.length + bids.length === 0;
    const trades = [];

    while (asks.length > 0 && bids.length > 0 && bids[0].limit >= asks[0].limit) {
      const [ask, bid] = [asks[0], bids[0]];
      const quantity = ask.left < bid.left ? ask.left : bid.left;
      const [seller, buyer] = [ask, bid].map(({ site }) => this.#household(site));
      const ohms = BigInt(Math.abs(seller.bus - buyer.bus)) * 1_234_567n;

      trades.push({
        ...{ ask: ask.id, bid: bid.id, buyer: buyer.address, buyerSite: buyer.site, seller: seller.address },
        fee: networkFee(TERMS, buyer.level, ohms),
        limits: [ask.limit, bid.limit],
        number: trades.length,
        price: ((ask.limit + bid.limit) * FINE) / 2n,
        ...{ quantity, sellerSite: seller.site, settlement: null, slot }
      });
      this.#emit('pvMarket', 'Traded', { feeder: this.world.feeder });
      for (const side of [asks, bids]) {
        const [order] = side;

        order.left -= quantity;
        if (order.left === 0n) {
          side.shift();
        }
      }
    }
    if (!empty) {
      this.#books.set(slot, trades);
    }
  }

  #settle(slot) {
    const trades = this.#books.get(slot) ?? [];
    const sites = this.world.households.map(({ level, mode, site }) => {
      const of = (direction) =>
        this.world.meters
          .filter((meter) => meter.site === site && meter.direction === direction)
          .map(({ id }) => this.#readings.get(`${slot}/${id}`) ?? null);
      const total = (said) => said.reduce((all, energy) => all + (energy ?? 0n), 0n);

      const [exported, imports] = [total(of('Export')), of('Import')];
      const unsaid = imports.includes(null);
      const late = (direction) =>
        this.world.meters
          .filter((meter) => meter.site === site && meter.direction === direction)
          .reduce((all, { id }) => all + (this.#lates.get(`${slot}/${id}`) ?? 0n), 0n);

      return {
        exported,
        imported: unsaid ? null : total(imports),
        late: {
          assumed: this.#assumed.get(site) ?? 0n,
          exported: late('Export'),
          imported: late('Import') + (unsaid ? total(imports) : 0n)
        },
        level,
        mode,
        site
      };
    });
    const { assumed, bills, settlements } = settle(trades, sites, TERMS);

    this.#assumed = assumed;

    const pay = (from, to, amount) => {
      this.coins.set(from, this.coins.get(from) - amount);
      this.coins.set(to, this.coins.get(to) + amount);
    };

    trades.forEach((trade, index) => {
      trade.settlement = { ...settlements[index], buyerNo: 1n, sellerNo: 1n };
      pay(trade.buyer, trade.seller, (trade.settlement.settled * trade.price) / 10_000_000n);
      this.#emit('pvMarket', 'TradeSettled', { feeder: this.world.feeder });
    });
    for (const { site, ...bill } of bills) {
      const { address, level, mode } = this.#household(site);
      const withGrid = bill.lines.filter(({ item }) => !['Sale', 'Purchase'].includes(item));

      pay(this.world.grid.address, address, sum(withGrid, true));
      pay(address, this.world.grid.address, sum(withGrid, false));

      const whole = { account: address, ...bill, drawn: 0n, level, mode, unpaid: 0n };

      this.#bills.set(`${slot}/${site}`, whole);

      const lines = bill.lines.filter(({ trade }) => trade === null);

      this.#emit('pvMarket', 'Billed', { ...whole, lines, site, slot });
    }
    this.#emit('pvMarket', 'SlotSettled', { slot });
  }

  #month(site, month) {
    const [first, last] = this.calendar.slotsOfMonth(month);
    const names = ['bought', 'credit', 'debit', 'drawn', 'exported', 'imported', 'lateExported', 'lateImported', 'sold', 'unpaid'];
    const sums = { bills: 0, ...Object.fromEntries(names.map((name) => [name, 0n])) };

    for (let slot = first; slot <= last; slot++) {
      const bill = this.#bills.get(`${slot}/${site}`);
      const of = (item) =>
        bill.lines.filter((line) => line.item === item).reduce((all, { quantity }) => all + quantity, 0n);

      if (bill) {
        sums.bills++;
        sums.bought += of('Purchase');
        sums.sold += of('Sale');
        sums.imported += of('Purchase') + of('Residual');
        sums.exported += bill.exported;
        sums.lateExported += bill.lateExported;
        sums.lateImported += bill.lateImported;
        sums.credit += bill.credit;
        sums.debit += bill.debit;
      }
    }

    return sums;
  }
}
