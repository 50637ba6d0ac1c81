// Runs the JavaScript of a document, so that what is written there is what works.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BLOCK = /^```js\n(.*?)^```$/gms;
const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;
const AsyncFunction = (async () => {}).constructor;

/** A document's blocks of JavaScript, one after the other: one program. `path` is from the checkout's root. */
export async function snippetsOf(path) {
  const text = await readFile(resolve(ROOT, path), 'utf8');

  return [...text.matchAll(BLOCK)].map(([, code]) => code).join('\n');
}

/** What a program imports: `[name, path from the checkout's root]`. */
export function importsOf(code) {
  return [...code.matchAll(IMPORT)].flatMap(([, names, path]) => {
    const all = names.split(',').map((name) => name.trim());

    return all.filter((name) => name !== '').map((name) => [name, path]);
  });
}

/** Imports a module by its path from the checkout's root. */
export function load(path) {
  return import(pathToFileURL(resolve(ROOT, path)).href);
}

/**
 * A program as a function of `{ name: value }`, the names that it takes for granted; the function returns the values of
 * the variables `wanted`. Fails if the program has an error of syntax.
 */
export function compile(code, names, wanted) {
  const body = code.replaceAll(IMPORT, "const {$1} = await load('$2');");
  const compiled = new AsyncFunction('load', ...names, `'use strict';\n${body}\nreturn { ${wanted.join(', ')} };`);

  return (values) => compiled(load, ...names.map((name) => values[name]));
}
