// Orders from the command line:
//
//   node scripts/js/market/order.js place --url ws://127.0.0.1:9944 --suri //Bob --site 3 --slot 1234 --side bid \
//     --quantity 1500 --limit 0.42 [--green true] [--expires 2030-01-01T11:00:00Z]
//   node scripts/js/market/order.js replace --url … --suri //Bob --order 17 --quantity 2000 --limit 0.4
//   node scripts/js/market/order.js cancel --url … --suri //Bob --order 17
//   node scripts/js/market/order.js list --url … --suri //Bob          or --account ADDRESS
//
// Quantities are in Wh, limits in coins per kWh. A secret on a command line can be seen by others on the machine:
// outside of development leave --suri out and put it into the environment as MARKET_SURI. Ends with 1 and the error's
// name if the order is refused.

import { coins, grouped, printRows, unitsOf } from '../lib/format.js';
import { main } from '../lib/main.js';
import { cancel, connect, keyOf, myOrders, place, replace } from './market.js';

const SIDES = { ask: 'Ask', bid: 'Bid' };
const FLAGS = { false: false, true: true };

const COMMANDS = {
  place: {
    options: ['site', 'slot', 'side', 'quantity', 'limit', 'green', 'expires'],
    required: ['site', 'slot', 'side', 'quantity', 'limit'],
    run: async (api, key, options) => {
      const { hold, order } = await place(api, key, {
        expires: options.expires === undefined ? null : time(options.expires),
        green: choice('green', FLAGS, options.green ?? 'false'),
        limit: unitsOf(options.limit),
        quantity: whole('quantity', options),
        side: choice('side', SIDES, options.side),
        site: Number(whole('site', options)),
        slot: Number(whole('slot', options))
      });

      console.log(`order ${order}: ${coins(hold)} on hold`);
    }
  },
  replace: {
    options: ['order', 'quantity', 'limit'],
    required: ['order', 'quantity', 'limit'],
    run: async (api, key, options) => {
      const old = whole('order', options);
      const changes = { limit: unitsOf(options.limit), quantity: whole('quantity', options) };
      const { hold, order } = await replace(api, key, old, changes);

      console.log(`order ${order} in the place of ${old}: ${coins(hold)} on hold`);
    }
  },
  cancel: {
    options: ['order'],
    required: ['order'],
    run: async (api, key, options) => {
      const order = whole('order', options);

      await cancel(api, key, order);
      console.log(`order ${order} is taken back`);
    }
  },
  list: {
    options: ['account'],
    required: [],
    run: async (api, key, options) => {
      const orders = await myOrders(api, options.account ?? key);

      printRows([
        ['order', 'site, slot, side, quantity, limit, on hold'],
        ...orders.map(({ green, hold, limit, order, quantity, side, site, slot }) => [
          order.toString(),
          `site ${site}, slot ${slot}, ${side.toLowerCase()}, ${grouped(quantity)} Wh, ${coins(limit)} per kWh, ` +
            `${coins(hold)}${green ? ', green' : ''}`
        ])
      ]);
      console.log(`${orders.length} open order(s)`);
    }
  }
};

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;

if (command) {
  main(['url', 'suri', ...command.options], ['url', ...command.required], (options) => run(options), args);
} else {
  console.error(`error: say what to do first: ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(1);
}

async function run(options) {
  const suri = options.suri ?? process.env.MARKET_SURI;

  if (suri === undefined && options.account === undefined) {
    throw new Error('missing --suri VALUE, or MARKET_SURI in the environment');
  }

  const key = suri === undefined ? undefined : await keyOf(suri);

  await command.run(await connect(options.url), key, options);
}

function whole(option, options) {
  if (!/^\d{1,20}$/.test(options[option])) {
    throw new Error(`--${option} takes a whole number, not ${options[option]}`);
  }

  return BigInt(options[option]);
}

function choice(option, values, text) {
  if (!Object.hasOwn(values, text.toLowerCase())) {
    throw new Error(`--${option} takes ${Object.keys(values).join(' or ')}, not ${text}`);
  }

  return values[text.toLowerCase()];
}

function time(text) {
  const found = Date.parse(text);

  if (Number.isNaN(found)) {
    throw new Error(`--expires takes a time such as 2030-01-01T11:00:00Z, not ${text}`);
  }

  return found;
}
