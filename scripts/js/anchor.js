// Names each chain to the other, with the sudo key of the development chains.

import { anchorBoth, open } from './lib/scenario.js';
import { main } from './lib/main.js';

const OPTIONS = ['electricity', 'carbon', 'electricity-identity', 'carbon-identity'];

main(OPTIONS, OPTIONS, async (options) => {
  const chains = await open(options.electricity, options.carbon);

  await anchorBoth(chains, options['electricity-identity'], options['carbon-identity']);
});
