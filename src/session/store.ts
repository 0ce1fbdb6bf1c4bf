/**
 * What the session layer asks of a place that keeps sessions. Keys and bytes are exactly those that
 * Flask-Session uses; every write says what it expects to find, so that no write is lost.
 *
 * @module
 */

/** What became of a conditional write. */
export type SetOutcome =
  | { readonly stored: true }
  /** Not written: the key holds `current` instead, or nothing (`null`). */
  | { readonly stored: false; readonly current: Uint8Array | null };

/** A place that keeps sessions. Methods reject when the store does not answer or refuses. */
export interface SessionStore {
  /**
   * Reads a key; `null` when there is none.
   *
   * @param refreshTtl - Seconds from now at which the key shall end, set in the same trip
   */
  get(key: string, refreshTtl?: number): Promise<Uint8Array | null>;

  /**
   * Writes a key for `ttlSeconds` if it still holds exactly the `expected` bytes; with `null`, if
   * it does not exist. Check and write are one atomic step.
   */
  set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome>;

  /** Renews a key's time to live; `false` when there is no such key. */
  touch(key: string, ttlSeconds: number): Promise<boolean>;

  /** Removes a key; `false` when there was none. */
  delete(key: string): Promise<boolean>;

  /**
   * Every session key in the store, in no order; keys written meanwhile may be missing. A store that
   * does not keep keys gives, in place of each, a name that the other methods take for it.
   */
  scan(): AsyncIterable<string>;
}
