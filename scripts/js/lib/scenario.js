// What the demo and the tamper check have in common: both chains anchored, and coins locked on the electricity chain.

import { readFile } from 'node:fs/promises';

import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady, encodeAddress } from '@polkadot/util-crypto';

import { connect } from './connect.js';
import { eventsOf, submit } from './submit.js';
import { waitFor } from './wait.js';

/** One coin in its smallest unit. */
export const COIN = 10n ** 12n;

const CONFIRM_MS = 240_000;

/** Connects to both chains and makes the development accounts' keys. `name` gives the key of `//Name`. */
export async function open(electricityUrl, carbonUrl) {
  await cryptoWaitReady();

  const [electricity, carbon] = await Promise.all([connect(electricityUrl), connect(carbonUrl)]);
  const keyring = new Keyring({ type: 'sr25519' });

  return { carbon, electricity, key: (uri) => keyring.addFromUri(uri) };
}

/** The account's address as this chain writes it. */
export function addressOn(api, pair) {
  return encodeAddress(pair.publicKey, api.registry.chainSS58);
}

/** The account's free balance, now or at a block. */
export async function freeBalance(api, pair, block) {
  const at = block ? await api.at(block) : api;

  return (await at.query.system.account(pair.publicKey)).data.free.toBigInt();
}

/**
 * Names the carbon chain to the electricity chain, which cannot know it from its genesis. Irrevocable; does nothing if
 * it is done. The file is what `carbon-node chain-identity` prints.
 */
export async function anchorIfNeeded({ carbon, electricity, key }, identityFile) {
  const identity = JSON.parse(await readFile(identityFile, 'utf8'));

  const running = carbon.genesisHash.toHex();

  if (running !== identity.genesisHash) {
    throw new Error(`the carbon node runs ${running}, ${identityFile} names ${identity.genesisHash}`);
  }

  const anchored = await electricity.call.lightClientApi.anchor();

  if (anchored.isSome) {
    const genesis = anchored.unwrap().genesis.toHex();

    if (genesis !== identity.genesisHash) {
      throw new Error(`the electricity chain is anchored to ${genesis}, not to this carbon chain`);
    }
    console.log('anchor: the electricity chain knows the carbon chain');

    return;
  }

  const call = electricity.tx.lightClient.anchor(identity.genesisHash, identity.parameters);
  const { inBlock } = await submit(electricity, electricity.tx.sudo.sudo(call), key('//Alice'));

  console.log(`anchor: the electricity chain knows the carbon chain since block ${inBlock.number}`);
}

/**
 * Locks coins on the electricity chain, all transfers in one block, so that the outbox has as many leaves at least.
 *
 * `transfers` is a list of `[recipient's public key, amount]`. Returns the block and the messages' nonces.
 */
export async function lock({ electricity, key }, transfers) {
  const calls = transfers.map(([recipient, amount]) => electricity.tx.peg.transfer(recipient, amount));
  const outcome = await submit(electricity, electricity.tx.utility.batchAll(calls), key('//Bob'));
  const nonces = eventsOf(electricity, outcome, 'peg', 'Locked').map((data) => data.nonce.toBigInt());

  return { block: outcome.inBlock, nonces };
}

/** What the carbon chain's light client knows of an electricity block, now or at a carbon block. */
export async function knownHeader(carbon, hash, at) {
  const api = at ? await carbon.at(at) : carbon;
  const known = (await api.call.lightClientApi.header(hash)).unwrapOr(null);

  return known && {
    above: known.get('workAbove').unwrapOr(null)?.toBigInt(),
    needed: known.get('workNeeded').toBigInt(),
    number: known.get('tip').get('number').toNumber()
  };
}

/** Waits until the carbon chain's light client calls an electricity block at or above `number` confirmed. */
export function waitForConfirmed(carbon, number) {
  return waitFor(`electricity block ${number} to be confirmed on the carbon chain`, CONFIRM_MS, async () => {
    const confirmed = (await carbon.call.lightClientApi.confirmed()).unwrapOr(null);

    // polkadot-js calls a field `hash_` where its codecs have a property `hash` of their own.
    return confirmed && confirmed.get('number').toNumber() >= number && confirmed.get('hash_').toHex();
  });
}
