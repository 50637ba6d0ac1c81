// Sites, meters and their readings. `api`, `from` and errors are as in market.js; energy is in Wh, power in W.

import { bnToU8a, stringToU8a, u8aConcat } from '@polkadot/util';

import { eventsOf } from '../lib/submit.js';
import { fieldsOf } from '../lib/plain.js';
import { send } from '../lib/sender.js';
import { view } from '../lib/view.js';

/** What a meter signs begins with this. */
const READING_TAG = stringToU8a('gridpeg-reading');
/** How a meter came by a reading: measured, computed in part, measured while something was wrong. */
export const QUALITIES = ['Measured', 'Estimated', 'Disturbed'];
/** Most readings in a call. */
export const MAX_BATCH = 256;

/**
 * The 73 bytes that a meter signs: the tag, the chain's genesis hash, meter u32, slot u32, energy u64, counter u64,
 * quality u8, revision u8, integers little-endian. So a reading counts on one chain, for one meter and slot.
 *
 * @param {Uint8Array} genesisHash 32 bytes
 * @param reading as for [`signReading`]
 */
export function signedBytes(genesisHash, { counter, energy, meter, quality = 'Measured', revision = 0, slot }) {
  const integer = (value, bitLength) => bnToU8a(BigInt(value), { bitLength, isLe: true });

  return u8aConcat(
    READING_TAG,
    genesisHash,
    integer(meter, 32),
    integer(slot, 32),
    integer(energy, 64),
    integer(counter, 64),
    integer(QUALITIES.indexOf(quality), 8),
    integer(revision, 8)
  );
}

/**
 * Signs a reading with the meter's key: what the device does. Whoever gets it can hand it in.
 *
 * @param api the chain that it is for, or anything with its `genesisHash`
 * @param key the meter's sr25519 key pair
 * @param {object} reading
 * @param {number} reading.meter the meter's number
 * @param {number} reading.slot the slot, which is over
 * @param {bigint | number} reading.energy Wh in the slot
 * @param {bigint | number} reading.counter Wh that the counter shows at the slot's end; it never goes back
 * @param {string} [reading.quality] one of `QUALITIES`; `Measured` if left out
 * @param {number} [reading.revision] 0, and higher for each correction, up to 255
 * @returns the reading with its signature, for [`submitReadings`]
 * @throws {Error} if the quality has no such name
 */
export function signReading({ genesisHash }, key, reading) {
  const { counter, energy, meter, quality = 'Measured', revision = 0, slot } = reading;

  if (!QUALITIES.includes(quality)) {
    throw new Error(`a reading's quality is one of ${QUALITIES.join(', ')}, not ${quality}`);
  }

  const signature = key.sign(signedBytes(genesisHash.toU8a?.() ?? genesisHash, reading));

  return { meter, reading: { counter, energy, quality, revision }, signature, slot };
}

/**
 * Hands in signed readings, 256 at most. Anybody may; it is free if all are taken and one of them is not a correction.
 * Each stands alone: one that is refused is no error, and is in `refused`.
 *
 * @returns {Promise<{ taken: number, corrected: number, refused: Array, block: object }>} how many slots have a reading
 *   now that had none, how many were corrected; and `{ index, meter, slot, refusal }` for each that was refused:
 *   `UnknownMeter`, `BeforeService`, `MeterRetired`, `SlotNotOver`, `SlotFrozen`, `StaleRevision`, `AboveCapacity`,
 *   `BadSignature`, `CounterBackwards`, `EnergyAboveCounter`, `CounterAboveCapacity`
 */
export async function submitReadings(api, from, readings) {
  const outcome = await send(api, api.tx.metering.submitReadings(readings), from);
  const { ReadingRefused, ReadingsTaken } = api.events.metering;
  const of = (kind) => outcome.events.filter(({ event }) => kind.is(event)).map(({ event }) => fieldsOf(event));
  const [{ corrected, new: taken }] = of(ReadingsTaken);

  return { block: outcome.inBlock, corrected, refused: of(ReadingRefused), taken };
}

/**
 * Registers a site. For the feeder's operator.
 *
 * @param {object} site
 * @param site.owner who places its orders and gets its bills: a key pair, an address or a public key
 * @param {number} site.feeder the feeder's number
 * @param {number} site.bus its bus there, from 1
 * @param {number} [site.level] its voltage level, 0 to 7
 * @param {'SelfUse' | 'AllToGrid' | 'Market'} [site.mode] the mode that it begins in
 * @returns {Promise<{ site: number, block: object }>}
 * @throws {DispatchFailed} `UnknownFeeder`, `NotOperator`, `UnknownBus`, `UnknownLevel`, `NumbersUsedUp`
 */
export async function registerSite(api, from, site) {
  const outcome = await send(api, siteCall(api, site), from);
  const [data] = eventsOf(api, outcome, 'metering', 'SiteRegistered');

  return { block: outcome.inBlock, site: data.site.toNumber() };
}

/** The call of [`registerSite`], for a batch. */
export function siteCall(api, { bus, feeder, level = 0, mode = 'Market', owner }) {
  return api.tx.metering.registerSite(owner.publicKey ?? owner, feeder, bus, level, mode);
}

/**
 * Registers a meter, in service from the present slot on. For the feeder's operator.
 *
 * @param {object} meter
 * @param {number} meter.site where it is
 * @param {'Generation' | 'Import' | 'Export'} meter.direction which way it counts
 * @param {bigint | number} meter.capacity the most power that it can see, in W; with some margin
 * @param meter.key the device's sr25519 key: a key pair or a public key
 * @param {bigint | number} [meter.start] what its counter shows, in Wh
 * @returns {Promise<{ meter: number, since: number, block: object }>} its number, and its first slot in service
 * @throws {DispatchFailed} `UnknownSite`, `NotOperator`, `CalendarNotRunning`, `BadCapacity`, `WeakKey`,
 *   `TooManyMeters`, `NumbersUsedUp`
 */
export async function registerMeter(api, from, meter) {
  const outcome = await send(api, meterCall(api, meter), from);
  const [data] = eventsOf(api, outcome, 'metering', 'MeterRegistered');

  return { block: outcome.inBlock, meter: data.meter.toNumber(), since: data.since.toNumber() };
}

/** The call of [`registerMeter`], for a batch. */
export function meterCall(api, { capacity, direction, key, site, start = 0 }) {
  return api.tx.metering.registerMeter(site, direction, { capacity, key: key.publicKey ?? key, start });
}

/** A site: `{ owner, feeder, bus, level, mode, next }`, or null. */
export function site(api, id, at) {
  return view(api, 'metering', 'site', [id], at);
}

/** The numbers of a site's meters, but for those that ended in slots that are settled. */
export function metersOf(api, id, at) {
  return view(api, 'metering', 'metersOf', [id], at);
}

/** A meter: `{ site, direction, capacity, key, since, start, end, replaces }`, or null. */
export function meter(api, id, at) {
  return view(api, 'metering', 'meter', [id], at);
}

/** What a meter said of a slot: `{ energy, counter, quality, revision }`, or null. Gone when the slot is settled. */
export function reading(api, id, slot, at) {
  return view(api, 'metering', 'reading', [id, slot], at);
}

/** What a meter has counted in a month: the sum of its readings, and what its counter has gone on beyond them, Wh. */
export function meterMonth(api, id, month, at) {
  return view(api, 'metering', 'month', [id, month], at);
}

/** How many feeders, sites and meters there are: they are numbered from 0. */
export async function counts(api, at) {
  const { query } = at ? await api.at(at) : api;
  const { feeder, meter: meters, site: sites } = await query.metering.next();

  return { feeders: feeder.toNumber(), meters: meters.toNumber(), sites: sites.toNumber() };
}
