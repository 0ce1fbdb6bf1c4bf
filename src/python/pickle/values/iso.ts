/**
 * ISO 8601 as Python's `isoformat` writes it.
 *
 * @module
 */
import type { PyTimeDelta } from './py-time-delta.js';

/** `2026-11-22` */
export function isoDate(year: number, month: number, day: number): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

/** `09:30:00`, with six digits of a second unless there are none. */
export function isoClock(
  hour: number,
  minute: number,
  second: number,
  microsecond: number,
): string {
  const clock = `${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}`;
  return microsecond === 0 ? clock : `${clock}.${digits(microsecond, 6)}`;
}

/** `+02:00`, with seconds and their fraction where an offset has them. */
export function isoOffset(offset: PyTimeDelta): string {
  const negative = offset.days < 0;
  const total = negative ? negated(offset) : offset;
  const { seconds, microseconds } = total;
  let text = `${negative ? '-' : '+'}${digits(Math.floor(seconds / 3600), 2)}:`;
  text += digits(Math.floor((seconds % 3600) / 60), 2);
  if (seconds % 60 !== 0 || microseconds !== 0) text += `:${digits(seconds % 60, 2)}`;
  return microsecondsOf(text, microseconds);
}

function microsecondsOf(text: string, microseconds: number): string {
  return microseconds === 0 ? text : `${text}.${digits(microseconds, 6)}`;
}

/** The absolute of an offset that is less than a day below zero. */
function negated(offset: PyTimeDelta): { seconds: number; microseconds: number } {
  const total = 86_400 * 1_000_000 - (offset.seconds * 1_000_000 + offset.microseconds);
  return { seconds: Math.floor(total / 1_000_000), microseconds: total % 1_000_000 };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
