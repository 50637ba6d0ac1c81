// The rules of settlement once more, as docs/electricity-market.md states them: from trades, readings and terms to
// bills. By these anybody can check a bill of the chain to the unit. Energy is in Wh and money in units of 10^-12 coin,
// all BigInt; prices of lines are fine: 10^-16 coin per kWh.

/** Fine prices to a price. */
export const FINE = 10_000n;
/** 1/10,000 to the whole. */
const WHOLE = 10_000n;
const KILO = 1_000n;
const OHM = 1_000_000n;

/** A bill's items in the order of its sums, and which of them the site gets; the others it owes. */
export const ITEMS = [
  'Sale',
  'Surplus',
  'LateSurplus',
  'Purchase',
  'NetworkFee',
  'Penalty',
  'Residual',
  'LateResidual'
];
/** Items that the site gets. */
export const CREDITS = ['Sale', 'Surplus', 'LateSurplus'];
/** Items that are with another site; the others are with the grid company. */
export const TRADED = ['Sale', 'Purchase'];

/** Money for energy at a fine price, rounded down. */
export function turnover(energy, fine) {
  return (energy * fine) / (KILO * FINE);
}

/** Wh · units per kWh as money, rounded up. */
export function moneyUp(product) {
  return (product + KILO - 1n) / KILO;
}

/** The network fee in units per kWh: the level's base, and its rate for the distance in µΩ, rounded up. */
export function networkFee({ networkFees }, level, distance) {
  const { base, perOhm } = networkFees[level] ?? networkFees.at(-1);

  return base + (perOhm * distance + OHM - 1n) / OHM;
}

/** The sum of |Z| in µΩ of the lines between two buses. `branches` feed bus 2, 3, …, each from a lower number. */
export function distance({ branches }, one, other) {
  let [near, far] = [Math.min(one, other), Math.max(one, other)];
  let sum = 0n;

  while (near !== far) {
    const { from, impedance } = branches[far - 2];

    sum += BigInt(impedance);
    [near, far] = [Math.min(near, from), Math.max(near, from)];
  }

  return sum;
}

/** What a bill of a site goes by: the prices of what is not traded, by its mode and level. */
export function pricesOf(terms, mode, level) {
  return {
    freeBand: BigInt(terms.freeBand),
    penalty: terms.penalty,
    residual: terms.tariffs[level] ?? terms.tariffs.at(-1),
    surplus: mode === 'AllToGrid' ? terms.benchmark : terms.feedIn
  };
}

/**
 * Settles a slot.
 *
 * `trades` are its trades in the order of their numbers: `{ number, sellerSite, buyerSite, quantity, price, fee }`.
 * `sites` are all sites: `{ site, mode, level, exported, imported }`, `exported` and `imported` being what its meters
 * said, `imported` null without a reading. If counters show more, of earlier slots, `late` is `{ exported, imported,
 * assumed }`: by how much, and what was billed as contracted without a reading and is not set off yet. Where only some
 * import meters of a site said something, that is in `late.imported`. `terms` are the slot's.
 *
 * Returns `{ settlements, bills, assumed }`: for each trade `{ allocatedSeller, allocatedBuyer, settled }`, for each site
 * through which something flowed `{ site, exported, imported, lateExported, lateImported, trades, lines, credit, debit
 * }`, and by site what is assumed then.
 */
export function settle(trades, sites, terms) {
  const left = (of) => new Map(sites.map((site) => [site.site, site[of]]));
  const [exports, imports] = [left('exported'), left('imported')];
  const take = (of, site, quantity) => {
    const rest = of.get(site);

    // Without a reading every contract counts as met.
    if (rest === null) {
      return quantity;
    }

    const taken = quantity < rest ? quantity : rest;

    of.set(site, rest - taken);

    return taken;
  };
  const settlements = trades.map(({ buyerSite, quantity, sellerSite }) => {
    const allocatedSeller = take(exports, sellerSite, quantity);
    const allocatedBuyer = take(imports, buyerSite, quantity);

    return { allocatedBuyer, allocatedSeller, settled: least(allocatedSeller, allocatedBuyer) };
  });
  const assumed = new Map();
  const bills = sites
    .map((site) => {
      const own = trades.flatMap((trade, index) => {
        const { allocatedBuyer, allocatedSeller, settled } = settlements[index];

        return [
          trade.sellerSite === site.site ? { ...trade, allocated: allocatedSeller, settled, side: 'Ask' } : [],
          trade.buyerSite === site.site ? { ...trade, allocated: allocatedBuyer, settled, side: 'Bid' } : []
        ].flat();
      });

      const late = { assumed: 0n, exported: 0n, imported: 0n, ...site.late };

      if (site.imported === null) {
        late.assumed += own.filter((trade) => trade.side === 'Bid').reduce((all, { quantity }) => all + quantity, 0n);
      }

      const setOff = least(late.imported, late.assumed);

      assumed.set(site.site, late.assumed - setOff);

      const billed = { ...site, lateExported: late.exported, lateImported: late.imported - setOff };

      return bill(billed, own, pricesOf(terms, site.mode, site.level));
    })
    .filter(
      ({ exported, imported, lateExported, lateImported, trades: own }) =>
        own > 0 || exported > 0n || (imported ?? 0n) > 0n || lateExported > 0n || lateImported > 0n
    );

  return { assumed, bills, settlements };
}

/** A site's bill: what it sold, then what it bought. `trades` have `side`, and what was `allocated` and `settled`. */
export function bill({ exported, imported, lateExported = 0n, lateImported = 0n, site }, trades, prices) {
  const of = (wanted) => trades.filter(({ side }) => side === wanted);
  const sold = side('Ask', of('Ask'), exported, lateExported, prices);
  const bought = side('Bid', of('Bid'), imported, lateImported, prices);
  const lines = [...sold.traded, ...bought.traded, ...sold.rest, ...bought.rest];

  const [credit, debit] = [sum(lines, true), sum(lines, false)];

  return { credit, debit, exported, imported, lateExported, lateImported, lines, site, trades: trades.length };
}

/** The sum of a bill's lines that its site gets (`credit`), or owes. */
export function sum(lines, credit) {
  return lines
    .filter(({ item }) => CREDITS.includes(item) === credit)
    .reduce((total, { amount }) => total + amount, 0n);
}

/** The lines of one side: those of its trades, and the rest. What it owes to the grid is rounded up once. */
function side(name, trades, actual, late, { freeBand, penalty, residual, surplus }) {
  const total = (of) => trades.reduce((all, trade) => all + trade[of], 0n);
  let owed = 0n;
  const owe = (item, trade, quantity, price) => {
    const before = moneyUp(owed);

    owed += quantity * price;

    const amount = moneyUp(owed) - before;

    return quantity > 0n ? [{ amount, item, price: price * FINE, quantity, trade }] : [];
  };
  const traded = trades
    .filter(({ settled }) => settled > 0n)
    .flatMap(({ fee, number, price, settled: quantity }) => {
      const item = name === 'Ask' ? 'Sale' : 'Purchase';
      const line = { amount: turnover(quantity, price), item, price, quantity, trade: number };

      return [line, ...(name === 'Bid' ? owe('NetworkFee', number, quantity, fee) : [])];
    });
  const contracted = total('quantity');
  const unmet = contracted - total('allocated') - (contracted * freeBand) / WHOLE;
  const penalties = owe('Penalty', null, unmet > 0n ? unmet : 0n, penalty);
  const over = (actual ?? contracted) - total('settled');
  const price = surplus * FINE;
  const rest =
    name === 'Bid'
      ? [...owe('Residual', null, over, residual), ...owe('LateResidual', null, late, residual)]
      : [
          { amount: turnover(over, price), item: 'Surplus', price, quantity: over, trade: null },
          { amount: turnover(late, price), item: 'LateSurplus', price, quantity: late, trade: null }
        ].filter(({ quantity }) => quantity > 0n);

  return { rest: [...penalties, ...rest], traded };
}

function least(one, other) {
  return one < other ? one : other;
}
