// Slots, months and years: when electricity is delivered. The chain's clock is the time of its best block.

import { view } from '../lib/view.js';
import { waitFor } from '../lib/wait.js';

const MONTHS_PER_YEAR = 12;

/** A chain's calendar: three numbers of its genesis. Times are Unix ms, slots, months and years are numbers from 0. */
export class Calendar {
  constructor({ slotLength, slotsPerMonth, start }) {
    /** When slot 0 begins. */
    this.start = Number(start);
    /** How long a slot lasts. */
    this.slotLength = Number(slotLength);
    /** How many slots a month has; a year has twelve months. */
    this.slotsPerMonth = Number(slotsPerMonth);
  }

  /** The slot that a time is in; below 0 before the calendar begins. */
  slotAt(time) {
    return Math.floor((Number(time) - this.start) / this.slotLength);
  }

  /** When a slot begins. */
  begin(slot) {
    return this.start + slot * this.slotLength;
  }

  /** When a slot is over: the first millisecond after it. */
  end(slot) {
    return this.begin(slot + 1);
  }

  /** The month that a slot is in. */
  monthOf(slot) {
    return Math.floor(slot / this.slotsPerMonth);
  }

  /** The year that a slot is in. */
  yearOf(slot) {
    return Math.floor(this.monthOf(slot) / MONTHS_PER_YEAR);
  }

  /** A month's first and last slot. */
  slotsOfMonth(month) {
    const first = month * this.slotsPerMonth;

    return [first, first + this.slotsPerMonth - 1];
  }
}

/** The chain's [`Calendar`]. */
export async function calendarOf(api) {
  return new Calendar(await view(api, 'metering', 'calendar'));
}

/** The chain's clock: the time of its best block, or of the block `at`, in Unix ms. */
export async function chainTime(api, at) {
  const { query } = at ? await api.at(at) : api;

  return (await query.timestamp.now()).toNumber();
}

/**
 * The present slot by the chain's clock. Orders are for later ones, readings for earlier ones.
 *
 * Fails before the calendar begins, and when it has no more slots.
 */
export async function slotNow(api) {
  const slot = await view(api, 'metering', 'slotNow');

  if (slot === null) {
    throw new Error('the calendar does not run: it has not begun, or has no more slots');
  }

  return slot;
}

/** Waits until the chain's clock shows this time (Unix ms), `ms` milliseconds at most. */
export function waitForTime(api, time, ms) {
  return waitFor(`the chain's clock to show ${new Date(time).toISOString()}`, ms, async () =>
    (await chainTime(api)) >= time
  );
}

/** Waits until a slot is over: from then on its readings can be handed in. */
export async function waitUntilOver(api, slot, ms = 3_600_000) {
  await waitForTime(api, (await calendarOf(api)).end(slot), ms);
}

/** Waits until a slot's books are cleared: from then on there are prices and trades. */
export function waitUntilCleared(api, slot, ms = 3_600_000) {
  return waitFor(`slot ${slot} to be cleared`, ms, async () => (await progress(api)).clear > slot);
}

/** Waits until a slot is settled: from then on there are bills, and nothing is held for it any more. */
export function waitUntilSettled(api, slot, ms = 3_600_000) {
  return waitFor(`slot ${slot} to be settled`, ms, async () => (await progress(api)).settle > slot);
}

/**
 * How far the market is: `clear`, `settle` and `prune` are the slots that are cleared, settled and forgotten next, all
 * earlier ones are.
 */
export async function progress(api, at) {
  const { next } = await view(api, 'pvMarket', 'progress', [], at);

  return next ?? { clear: 0, prune: 0, settle: 0 };
}
