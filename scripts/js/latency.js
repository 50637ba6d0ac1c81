// Measures how long coins take: from the block that locks or burns them to a block after which the recipient can spend
// them. Both directions at once; both chains anchored, a relayer running. Fails if a median is above the bound
//
//   (confirmations + allowance) source block times + 2 destination block times
//
// with the block times that the chains aim at. Times are those at which this script saw the blocks, since a block's own
// timestamp is the one of its template.

import { COIN, directions, open, send } from './lib/scenario.js';
import { main } from './lib/main.js';
import { printRows } from './lib/format.js';
import { withTimeout } from './lib/wait.js';

const AMOUNT = COIN;
const DEFAULTS = { allowance: '2', count: '10', every: '1' };
/** A transfer that takes so many times the bound is given up. */
const PATIENCE = 10;

main(['electricity', 'carbon', ...Object.keys(DEFAULTS)], ['electricity', 'carbon'], async (options) => {
  const allowance = wholeNumber('allowance', options, 0, 1000);
  const count = wholeNumber('count', options, 1, 1000);
  const every = wholeNumber('every', options, 1, 1000);
  const chains = await open(options.electricity, options.carbon);
  const ways = Object.values(directions(chains));

  console.log(`${count} transfers each way, each ${every} block(s) after the one before it is in a block`);

  const results = await Promise.all(ways.map((way) => measure(way, chains.key, count, every, allowance)));
  const late = results.filter((result) => !show(result));

  if (late.length > 0) {
    throw new Error(`the median is above the bound: ${late.map(({ name }) => name).join(', ')}`);
  }
});

/** Sends `count` transfers and waits for all of them. Returns their times in milliseconds, in the order of sending. */
async function measure(way, key, count, every, allowance) {
  const { destination, from, source, to } = way;
  const [{ blockTime, confirmations }, there] = await Promise.all([parameters(from), parameters(to)]);
  const bound = (confirmations + allowance) * blockTime + 2 * there.blockTime;
  const name = `${source} to ${destination}`;
  const [sourceHeads, arrivals] = await Promise.all([Heads.of(from), Heads.of(to)]);
  const started = Date.now();
  const times = [];

  for (let i = 0; i < count; i++) {
    const recipient = key(`//Latency//${source}//${started}//${i}`).publicKey;
    const { block } = await send(way, key('//Bob'), [[recipient, AMOUNT]]);
    const sent = sourceHeads.seen(block.hash);
    const arrived = arrivals.first(async (hash) => {
      const { data } = await (await to.at(hash)).query.system.account(recipient);

      return data.free.toBigInt() >= AMOUNT;
    });

    const bounded = withTimeout(arrived, PATIENCE * bound, `${name}: transfer ${i + 1} did not arrive`);
    const time = bounded.then((at) => at - sent);

    // It may fail before it is waited for; that is no unhandled failure.
    time.catch(() => {});
    times.push(time);
    await sourceHeads.next(every, PATIENCE * bound);
  }

  const result = {
    allowance,
    blockTimes: [blockTime, there.blockTime],
    bound,
    confirmations,
    name,
    times: await Promise.all(times)
  };

  result.seen = [sourceHeads.meanInterval(), arrivals.meanInterval()];
  sourceHeads.stop();
  arrivals.stop();

  return result;
}

/** Prints one direction. Returns whether its median is within the bound. */
function show({ allowance, blockTimes, bound, confirmations, name, seen, times }) {
  const [source, destination] = blockTimes;
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share) => quantile(sorted, share);
  const inBlocks = (ms) =>
    `${(ms / source).toFixed(1)} source, ${(ms / destination).toFixed(1)} destination block times`;
  const within = at(0.5) <= bound;

  console.log(`\n${name}, ${times.length} transfers:`);
  printRows([
    ['times', times.map(seconds).join(', ')],
    ['least', `${seconds(at(0))}: ${inBlocks(at(0))}`],
    ['a quarter', `${seconds(at(0.25))}: ${inBlocks(at(0.25))}`],
    ['median', `${seconds(at(0.5))}: ${inBlocks(at(0.5))}`],
    ['three quarters', `${seconds(at(0.75))}: ${inBlocks(at(0.75))}`],
    ['most', `${seconds(at(1))}: ${inBlocks(at(1))}`],
    ['block times', `${seconds(source)} and ${seconds(destination)}; seen here ${seen.map(seconds).join(' and ')}`],
    [
      'bound',
      `(${confirmations} + ${allowance}) source + 2 destination block times = ${seconds(bound)}: ` +
        `the median is ${within ? 'within' : 'ABOVE'} it`
    ]
  ]);

  return within;
}

/** The best blocks of a chain, with the times at which they were seen. */
class Heads {
  #checks = new Set();
  #last;
  #seen = new Map();
  #stop;
  #waiting = [];

  static async of(api) {
    const heads = new Heads();

    heads.#stop = await api.rpc.chain.subscribeNewHeads((header) => heads.#add(header.hash.toHex()));

    return heads;
  }

  /** When a block was seen: now, if it was not yet. */
  seen(hash) {
    return this.#seen.get(hash) ?? Date.now();
  }

  /** When the first block was seen, from now on, for which `check` answers true. */
  first(check) {
    return new Promise((resolve, reject) => {
      const entry = { check, reject, resolve };

      this.#checks.add(entry);
      this.#run(entry, this.#last);
    });
  }

  /** Waits for so many more blocks. */
  next(blocks, ms) {
    const target = this.#seen.size + blocks;

    return withTimeout(
      new Promise((resolve) => this.#waiting.push({ resolve, target })),
      ms,
      `${blocks} more block(s) did not come`
    );
  }

  /** Mean time between the blocks seen, in milliseconds. */
  meanInterval() {
    const times = [...this.#seen.values()];

    return (times.at(-1) - times[0]) / Math.max(times.length - 1, 1);
  }

  stop() {
    this.#stop();
  }

  #add(hash) {
    this.#last = hash;
    if (!this.#seen.has(hash)) {
      this.#seen.set(hash, Date.now());
    }
    this.#waiting = this.#waiting.filter(({ resolve, target }) => this.#seen.size < target || resolve());
    this.#checks.forEach((entry) => this.#run(entry, hash));
  }

  #run(entry, hash) {
    if (hash === undefined) {
      return;
    }
    entry.check(hash).then(
      (done) => {
        if (done && this.#checks.delete(entry)) {
          entry.resolve(this.#seen.get(hash));
        }
      },
      (error) => {
        this.#checks.delete(entry);
        entry.reject(error);
      }
    );
  }
}

/** The block time and the confirmations that a chain's genesis fixes. */
async function parameters(api) {
  const found = (await api.call.hybridPowApi.parameters()).unwrap();

  return { blockTime: found.get('blockTime').toNumber(), confirmations: found.get('confirmations').toNumber() };
}

/** A quantile of sorted values, between two of them in proportion. */
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];

  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

function wholeNumber(name, options, least, most) {
  const text = options[name] ?? DEFAULTS[name];
  const value = Number(text);

  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} takes a whole number from ${least} to ${most}, not ${text}`);
  }

  return value;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
