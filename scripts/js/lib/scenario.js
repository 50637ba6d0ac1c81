// What the scripts have in common: both chains anchored to each other, and coins sent from one to the other.

import { readFile } from 'node:fs/promises';

import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady, encodeAddress } from '@polkadot/util-crypto';

import { connect } from './connect.js';
import { eventsOf, submit } from './submit.js';
import { waitFor } from './wait.js';

/** One coin in its smallest unit. */
export const COIN = 10n ** 12n;

/** The escrow's account id, `modl` and the pallet's id `gp/escro`: nobody has its key, and neither chain pays it. */
export const ESCROW = new Uint8Array(32);
ESCROW.set(new TextEncoder().encode('modlgp/escro'));

const CONFIRM_MS = 300_000;

/** Connects to both chains and makes the development accounts' keys: `key('//Name')`. */
export async function open(electricityUrl, carbonUrl) {
  await cryptoWaitReady();

  const [electricity, carbon] = await Promise.all([connect(electricityUrl), connect(carbonUrl)]);
  const keyring = new Keyring({ type: 'sr25519' });

  return { carbon, electricity, key: (uri) => keyring.addFromUri(uri) };
}

/** The ways that coins go, with the names of what happens to them. */
export function directions({ carbon, electricity }) {
  return {
    toCarbon: {
      destination: 'carbon',
      from: electricity,
      paid: 'Minted',
      sent: 'Locked',
      source: 'electricity',
      to: carbon
    },
    toElectricity: {
      destination: 'electricity',
      from: carbon,
      paid: 'Released',
      sent: 'Burned',
      source: 'carbon',
      to: electricity
    }
  };
}

/** The account's address as this chain writes it. */
export function addressOn(api, pair) {
  return encodeAddress(pair.publicKey, api.registry.chainSS58);
}

/** The account's free balance, now or at a block. */
export async function freeBalance(api, account, block) {
  const at = block ? await api.at(block) : api;

  return (await at.query.system.account(account.publicKey ?? account)).data.free.toBigInt();
}

/** Names each chain to the other where its genesis did not. The files are what `chain-identity` prints. */
export async function anchorBoth({ carbon, electricity, key }, electricityIdentity, carbonIdentity) {
  await anchorIfNeeded(electricity, 'electricity', carbon, 'carbon', carbonIdentity, key('//Alice'));
  await anchorIfNeeded(carbon, 'carbon', electricity, 'electricity', electricityIdentity, key('//Alice'));
}

/** Irrevocable; does nothing if it is done. */
async function anchorIfNeeded(api, name, counterpart, counterpartName, identityFile, sudo) {
  const identity = JSON.parse(await readFile(identityFile, 'utf8'));
  const running = counterpart.genesisHash.toHex();

  if (running !== identity.genesisHash) {
    throw new Error(`the ${counterpartName} node runs ${running}, ${identityFile} names ${identity.genesisHash}`);
  }

  const anchored = await api.call.lightClientApi.anchor();

  if (anchored.isSome) {
    const genesis = anchored.unwrap().genesis.toHex();

    if (genesis !== identity.genesisHash) {
      throw new Error(`the ${name} chain is anchored to ${genesis}, not to this ${counterpartName} chain`);
    }
    console.log(`anchor: the ${name} chain knows the ${counterpartName} chain`);

    return;
  }

  const call = api.tx.lightClient.anchor(identity.genesisHash, identity.parameters);
  const { inBlock } = await submit(api, api.tx.sudo.sudo(call), sudo);

  console.log(`anchor: the ${name} chain knows the ${counterpartName} chain since block ${inBlock.number}`);
}

/**
 * Sends coins to the other chain, all transfers in one block, so that the outbox has as many leaves at least.
 *
 * `transfers` is a list of `[recipient's account id, amount]`. Returns the block and the messages' nonces.
 */
export async function send({ from, sent }, signer, transfers) {
  const calls = transfers.map(([recipient, amount]) => from.tx.peg.transfer(recipient, amount));
  const outcome = await submit(from, from.tx.utility.batchAll(calls), signer);
  const nonces = eventsOf(from, outcome, 'peg', sent).map((data) => data.nonce.toBigInt());

  return { block: outcome.inBlock, nonces };
}

/** What a chain's light client knows of a header of the other chain, now or at a block. */
export async function knownHeader(api, hash, at) {
  const state = at ? await api.at(at) : api;
  const known = (await state.call.lightClientApi.header(hash)).unwrapOr(null);

  return known && {
    above: known.get('workAbove').unwrapOr(null)?.toBigInt(),
    needed: known.get('workNeeded').toBigInt(),
    number: known.get('tip').get('number').toNumber()
  };
}

/** Waits until the destination's light client calls a header of the source at or above `number` confirmed. */
export function waitForConfirmed({ destination, source, to }, number) {
  return waitFor(`${source} block ${number} to be confirmed on the ${destination} chain`, CONFIRM_MS, async () => {
    const confirmed = (await to.call.lightClientApi.confirmed()).unwrapOr(null);

    // polkadot-js calls a field `hash_` where its codecs have a property `hash` of their own.
    return confirmed && confirmed.get('number').toNumber() >= number && confirmed.get('hash_').toHex();
  });
}

/** The data of the event `peg.{name}` of the message with this nonce in a block; undefined if there is none. */
export async function pegEvent(api, block, name, nonce) {
  const records = await (await api.at(block)).query.system.events();
  const found = records.find(({ event }) => api.events.peg[name].is(event) && event.data.nonce.toBigInt() === nonce);

  return found?.event.data;
}
