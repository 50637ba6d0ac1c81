// Checks the market's client on a running development chain: the code of docs/market-js.md as it stands there, from a
// site's registration to its bill; every mistake that a user can make, with its error; the scripts. Ends with 1 at the
// first thing that does not fit.
//
//   node scripts/js/market/check-market.js --url ws://127.0.0.1:9944
//
// Needs the development accounts, of which //Alice is sudo, and a correction window of a minute: the development
// chain's own is shorter than some blocks are in coming. scripts/market-day --check-client has both.

import { main } from '../lib/main.js';
import { begin } from './check/client.js';
import { connect } from './market.js';

main(['url'], ['url'], async ({ url }) => {
  const { done } = await begin(await connect(url), url);

  await done;
});
