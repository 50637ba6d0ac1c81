// Waiting with a bound.

/** The promise's value, or an error that says `what` after `ms` milliseconds. */
export function withTimeout(promise, ms, what) {
  let timer;
  const bound = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} (waited ${ms / 1000} s)`)), ms);
  });

  return Promise.race([promise, bound]).finally(() => clearTimeout(timer));
}

/** Asks every second until `ask` answers something other than null, undefined or false, and returns that. */
export async function waitFor(what, ms, ask) {
  const end = Date.now() + ms;

  for (;;) {
    const answer = await ask();

    if (answer !== null && answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`still waiting for ${what} after ${ms / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
