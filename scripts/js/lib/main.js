// What every script of this folder does around its work.

import { parseArgs } from 'node:util';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Runs `work` with the command line's options (all of them take a value; those in `required` must be there), and ends
 * the process: 0 when it is done, 1 with a message when it fails. `args` is the command line, if not all of it is
 * options.
 */
export function main(options, required, work, args = process.argv.slice(2)) {
  run(options, required, work, args).then(
    () => process.exit(0),
    (error) => {
      console.error(`error: ${error.message}`);
      process.exit(1);
    }
  );
}

async function run(options, required, work, args) {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(options.map((name) => [name, { type: 'string' }]))
  });
  const missing = required.filter((name) => values[name] === undefined);

  if (missing.length > 0) {
    throw new Error(`missing ${missing.map((name) => `--${name} VALUE`).join(' ')}`);
  }

  await work(values);
}

/** Whether the module with this `import.meta.url` is the script that was started, and not a part of another. */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}
