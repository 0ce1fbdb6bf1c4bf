import { inspectAs } from './inspect.js';

const SECONDS_PER_DAY = 86_400;
const MICROSECONDS_PER_SECOND = 1_000_000;
const MAX_DAYS = 999_999_999;

/** A Python `datetime.timedelta`, to the microsecond. */
export class PyTimeDelta {
  /** Whole days, negative for a negative duration. */
  readonly days: number;
  /** 0 to 86,399, also in a negative duration. */
  readonly seconds: number;
  /** 0 to 999,999, also in a negative duration. */
  readonly microseconds: number;

  /**
   * Adds the three up and normalizes them as Python does.
   * @throws RangeError when a part is no integer or the sum is beyond 999,999,999 days.
   */
  constructor(days = 0, seconds = 0, microseconds = 0) {
    const areIntegers =
      Number.isSafeInteger(days) &&
      Number.isSafeInteger(seconds) &&
      Number.isSafeInteger(microseconds);
    if (!areIntegers) throw new RangeError('timedelta: a part is no integer');
    const carriedSeconds = Math.floor(microseconds / MICROSECONDS_PER_SECOND) + seconds;
    const carriedDays = Math.floor(carriedSeconds / SECONDS_PER_DAY) + days;
    if (Math.abs(carriedDays) > MAX_DAYS) throw new RangeError('timedelta: too many days');
    this.days = carriedDays;
    this.seconds = carriedSeconds - Math.floor(carriedSeconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
    this.microseconds =
      microseconds - Math.floor(microseconds / MICROSECONDS_PER_SECOND) * MICROSECONDS_PER_SECOND;
  }

  /** The length in seconds, microseconds after the point. Python: `total_seconds()`. */
  totalSeconds(): number {
    return this.days * SECONDS_PER_DAY + this.seconds + this.microseconds / MICROSECONDS_PER_SECOND;
  }

  /** Python: `str(timedelta)`, such as `1 day, 2:03:04.000005`. */
  toString(): string {
    const hours = Math.floor(this.seconds / 3600);
    const minutes = Math.floor((this.seconds % 3600) / 60);
    const clock = `${hours}:${twoDigits(minutes)}:${twoDigits(this.seconds % 60)}`;
    const fraction = this.microseconds === 0 ? '' : `.${sixDigits(this.microseconds)}`;
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `;
    return `${days}${clock}${fraction}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyTimeDelta, (value) => `PyTimeDelta ${value.toString()}`);

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function sixDigits(value: number): string {
  return String(value).padStart(6, '0');
}
