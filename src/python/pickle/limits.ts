/**
 * What `loads` and `dumps` accept at most. Python's pickle has no such limits.
 *
 * @module
 */

/** Bounds that are checked before the memory they bound is taken. `Infinity` lifts one. */
export interface PickleLimits {
  /**
   * Length of the input, in bytes.
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly maxBytes: number;
  /**
   * Levels of values inside values. CPython's own pickler gives up at about 500 (3.11) to 5,000
   * (3.13).
   * @defaultValue `5_000`
   */
  readonly maxDepth: number;
  /**
   * Values in a pickle, each reference to a shared one counted.
   * @defaultValue `1_000_000`
   */
  readonly maxElements: number;
  /**
   * Decimal digits of an int.
   * @defaultValue `100_000`
   */
  readonly maxLongDigits: number;
}

export const DEFAULT_LIMITS: PickleLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 5_000,
  maxElements: 1_000_000,
  maxLongDigits: 100_000,
};

/** The defaults with the caller's own limits laid over them. */
export function resolveLimits(limits: Partial<PickleLimits> | undefined): PickleLimits {
  return limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits };
}
