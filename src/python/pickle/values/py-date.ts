import { inspectAs } from './inspect.js';
import { isoDate } from './iso.js';

/** A Python `datetime.date`. */
export class PyDate {
  /** 1 to 9999 */
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly day: number;

  /** @throws RangeError for a date that does not exist. */
  constructor(year: number, month: number, day: number) {
    checkDate(year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** Midnight UTC of the day. */
  toDate(): Date {
    return utcDate(this.year, this.month, this.day);
  }

  /** Python: `date.isoformat()`, such as `2026-11-22`. */
  toString(): string {
    return isoDate(this.year, this.month, this.day);
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyDate, (value) => `PyDate ${value.toString()}`);

/** Midnight UTC, for years below 100 too, which `Date.UTC` takes for the 20th century. */
export function utcDate(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

/** @throws RangeError for a date that does not exist. */
export function checkDate(year: number, month: number, day: number): void {
  checkRange('year', year, 1, 9999);
  checkRange('month', month, 1, 12);
  checkRange('day', day, 1, daysIn(month, year));
}

/** @throws RangeError when `value` is no integer from `least` to `most`. */
export function checkRange(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${what} must be an integer from ${least} to ${most}`);
  }
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] as number);
}
