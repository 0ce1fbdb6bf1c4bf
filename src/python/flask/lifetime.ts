/**
 * Lengths of time in settings: Flask takes a number of seconds or a `timedelta`.
 *
 * @module
 */
import type { Check } from './config-checks.js';

/** Python's `timedelta(weeks=…, days=…, …)`: the parts add up, and may be fractions. */
export interface TimeDelta {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** A length of time of a second at least. */
export const isDuration: Check = (value) => {
  if (typeof value !== 'number' && (typeof value !== 'object' || value === null)) {
    return 'must be a number of seconds, or an object such as { days: 31 }';
  }
  const unknownUnit = Object.keys(value).find((unit) => !SECONDS_PER.has(unit));
  if (unknownUnit !== undefined)
    return `has no unit other than ${[...SECONDS_PER.keys()].join(', ')}`;
  const seconds = toSeconds(value);
  if (!(seconds >= 1)) return 'must be a second at least';
  if (seconds > MOST_SECONDS) return 'must end before the year 9999, as Python dates do';
  return undefined;
};

/** What a length of time comes to, in whole seconds: stores take no fractions of one. */
export function toSeconds(duration: number | TimeDelta): number {
  if (typeof duration === 'number') return Math.trunc(duration);
  let seconds = 0;
  for (const [unit, count] of Object.entries(duration)) {
    // A unit that is given as undefined is left out; text would be joined instead of added.
    if (count === undefined) continue;
    seconds += typeof count === 'number' ? count * (SECONDS_PER.get(unit) ?? NaN) : NaN;
  }
  // timedelta keeps microseconds: 0.1 hours are 360 seconds there, whatever binary fractions say.
  return Math.trunc(Math.round(seconds * 1e6) / 1e6);
}

const SECONDS_PER: ReadonlyMap<string, number> = new Map([
  ['weeks', 604_800],
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
]);

/** Seven millennia: from any later on, a cookie would expire where Python's dates have ended. */
const MOST_SECONDS = 7_000 * 365 * 86_400;
