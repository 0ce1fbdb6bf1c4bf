import { inspectAs } from './inspect.js';
import { isoOffset } from './iso.js';
import { PyTimeDelta } from './py-time-delta.js';
import { zoneOffsetSeconds } from './zone-offset.js';

/**
 * A Python `datetime.timezone` (a fixed offset) or `zoneinfo.ZoneInfo` (a place, with `key`).
 * Time zones of other packages, such as pytz, are a `PyObject`.
 */
export class PyTimeZone {
  /** Python: `datetime.timezone.utc` */
  static readonly utc: PyTimeZone = new PyTimeZone(new PyTimeDelta());

  /** Offset from UTC of a `datetime.timezone`; `undefined` for a place. */
  readonly offset: PyTimeDelta | undefined;
  /** Name that a `datetime.timezone` was given. */
  readonly label: string | undefined;
  /** IANA name of a `zoneinfo.ZoneInfo`, such as `Europe/Berlin`. */
  readonly key: string | undefined;

  /**
   * Makes a fixed offset. Python: `datetime.timezone(offset, name)`.
   * @throws RangeError when the offset is not strictly between -24 and 24 hours.
   */
  constructor(offset: PyTimeDelta, label?: string);
  /** @internal A place; see `PyTimeZone.zone`. */
  constructor(key: string);
  constructor(offsetOrKey: PyTimeDelta | string, label?: string) {
    if (typeof offsetOrKey === 'string') {
      this.key = offsetOrKey;
    } else {
      if (Math.abs(offsetOrKey.totalSeconds()) >= 86_400) {
        throw new RangeError('timezone: an offset must be less than a day');
      }
      this.offset = offsetOrKey;
      this.label = label;
    }
  }

  /** A place, with its summer time. Python: `zoneinfo.ZoneInfo(key)`. */
  static zone(key: string): PyTimeZone {
    return new PyTimeZone(key);
  }

  /**
   * Offset from UTC at a wall-clock time. Python: `tzinfo.utcoffset(dt)`.
   *
   * @param wallMs The wall-clock time, in milliseconds, counted as if it were UTC; a place needs it.
   * @param fold Which of two readings, where clocks go back.
   * @returns `undefined` for a place without a time, or one that this Node does not know.
   */
  utcOffset(wallMs?: number, fold: 0 | 1 = 0): PyTimeDelta | undefined {
    if (this.key === undefined) return this.offset;
    if (wallMs === undefined) return undefined;
    const seconds = zoneOffsetSeconds(this.key, wallMs, fold);
    return seconds === undefined ? undefined : new PyTimeDelta(0, seconds);
  }

  /** Python: `str(tzinfo)`, such as `UTC`, `UTC+02:00` or `Europe/Berlin`. */
  toString(): string {
    if (this.key !== undefined) return this.key;
    if (this.label !== undefined) return this.label;
    if (!this.offset || this.offset.totalSeconds() === 0) return 'UTC';
    return `UTC${isoOffset(this.offset)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyTimeZone, (value) => `PyTimeZone ${value.toString()}`);
