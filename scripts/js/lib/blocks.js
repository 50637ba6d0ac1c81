// A chain's best blocks, one after the other.

const PAUSE_MS = 250;
const STALLED_MS = 180_000;

/**
 * The blocks after the one with this hash, as they come: `{ hash, number, time, events }`, the time in Unix ms. Fails
 * if a block that was given is not on the best chain any more, or if none comes for three minutes.
 */
export async function* blocksAfter(api, hash) {
  let last = await api.rpc.chain.getHeader(hash);
  let since = Date.now();

  for (;;) {
    const best = await api.rpc.chain.getHeader();

    if (best.number.toNumber() <= last.number.toNumber()) {
      if (Date.now() - since > STALLED_MS) {
        throw new Error(`no block after ${last.number} for ${STALLED_MS / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    for (const header of await between(api, last, best)) {
      yield await contents(api, header);
      last = header;
      since = Date.now();
    }
  }
}

/** The headers after `last` up to `best`. */
async function between(api, last, best) {
  const headers = [best];

  while (headers[0].number.toNumber() > last.number.toNumber() + 1) {
    headers.unshift(await api.rpc.chain.getHeader(headers[0].parentHash));
  }
  if (!headers[0].parentHash.eq(last.hash)) {
    throw new Error(`block ${last.number} is not on the best chain any more`);
  }

  return headers;
}

async function contents(api, header) {
  const { query } = await api.at(header.hash);
  const [now, events] = await Promise.all([query.timestamp.now(), query.system.events()]);

  return { events, hash: header.hash.toHex(), number: header.number.toNumber(), time: now.toNumber() };
}
