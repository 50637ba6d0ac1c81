// What every script of this folder does around its work.

import { parseArgs } from 'node:util';

/**
 * Runs `work` with the command line's options (all of them take a value; those in `required` must be there), and ends
 * the process: 0 when it is done, 1 with a message when it fails.
 */
export function main(options, required, work) {
  run(options, required, work).then(
    () => process.exit(0),
    (error) => {
      console.error(`error: ${error.message}`);
      process.exit(1);
    }
  );
}

async function run(options, required, work) {
  const { values } = parseArgs({
    options: Object.fromEntries(options.map((name) => [name, { type: 'string' }]))
  });
  const missing = required.filter((name) => values[name] === undefined);

  if (missing.length > 0) {
    throw new Error(`missing ${missing.map((name) => `--${name} VALUE`).join(' ')}`);
  }

  await work(values);
}
