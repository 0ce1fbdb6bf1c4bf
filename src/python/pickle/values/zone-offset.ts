/**
 * Offsets of IANA time zones, from the time zone data that Node carries.
 *
 * @module
 */

const DAY_MS = 86_400_000;

/**
 * Offset from UTC, in seconds, of a zone at a wall-clock time. `fold` picks one of two readings
 * where clocks go back, or shifts the gap where they go forward. Python: PEP 495, `zoneinfo`.
 * `undefined` when this Node does not know the zone.
 *
 * @param key IANA name, such as `Europe/Berlin`.
 * @param wallMs The wall-clock time, in milliseconds, counted as if it were UTC.
 */
export function zoneOffsetSeconds(key: string, wallMs: number, fold: 0 | 1): number | undefined {
  const clock = zoneClock(key);
  if (!clock) return undefined;
  const before = offsetAt(clock, wallMs - DAY_MS);
  const after = offsetAt(clock, wallMs + DAY_MS);
  if (before === after) return before;
  const fitsBefore = offsetAt(clock, wallMs - before * 1000) === before;
  const fitsAfter = offsetAt(clock, wallMs - after * 1000) === after;
  if (fitsBefore !== fitsAfter) return fitsBefore ? before : after;
  return fold === 0 ? before : after;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function zoneClock(key: string): Intl.DateTimeFormat | undefined {
  const known = clocks.get(key);
  if (known) return known;
  try {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone: key,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(key, clock);
    return clock;
  } catch {
    return undefined;
  }
}

function offsetAt(clock: Intl.DateTimeFormat, utcMs: number): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clock.formatToParts(utcMs)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const wall = new Date(0);
  wall.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  wall.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return Math.round((wall.getTime() - Math.floor(utcMs / 1000) * 1000) / 1000);
}
