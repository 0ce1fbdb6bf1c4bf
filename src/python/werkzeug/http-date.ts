/**
 * Dates as HTTP headers write them.
 * Python: `werkzeug.http.http_date`, 3.1.9. Differences: ./PORT.md
 *
 * @module
 */

import { ArgumentError } from '../../errors.js';

/**
 * `Sun, 22 Nov 2026 17:00:00 GMT`. Fractions of a second are cut off.
 * Python: `werkzeug.http.http_date`.
 *
 * @param date - A Date, or Unix time in seconds.
 * @throws ArgumentError when the date is invalid or outside the years 1 to 9999.
 */
export function httpDate(date: Date | number): string {
  const seconds = typeof date === 'number' ? wholeSeconds(date) : Math.floor(date.getTime() / 1000);
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) {
    throw new ArgumentError('date', 'expected a time in the years 1 to 9999');
  }
  return new Date(seconds * 1000).toUTCString();
}

/** Python rounds a fraction to microseconds before it cuts it off. */
function wholeSeconds(seconds: number): number {
  const whole = Math.floor(seconds);
  return Math.round((seconds - whole) * 1e6) === 1e6 ? whole + 1 : whole;
}

const FIRST_SECOND = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;
