/**
 * Writing a key only if it still holds what was read, by the best means that the server has.
 *
 * @module
 */

import type { SetOutcome } from '../session/store.js';
import type { RedisConnection } from './redis-client.js';
import { isRefusedCommand } from './redis-replies.js';
import { setByScript } from './set-by-script.js';
import { lacksIfEqual, setIfEqual } from './set-if-equal.js';
import { WatchedSetter } from './set-watched.js';

/** A conditional write: `bytes` for `ttlSeconds`, if `key` holds exactly `expected`. */
export interface ConditionalWrite {
  readonly key: string;
  readonly expected: Uint8Array;
  readonly bytes: Uint8Array;
  readonly ttlSeconds: number;
}

interface Means {
  set(write: ConditionalWrite): Promise<SetOutcome>;
  /** Whether the server's answer says that it has no such means, now or ever. */
  isMissing(error: unknown): boolean;
}

/** Learns from the first answers which means the server has. */
export class CompareAndSet {
  /** Best first; the last one works everywhere. */
  readonly #means: readonly Means[];
  #chosen = 0;

  constructor(connection: RedisConnection) {
    const watched = new WatchedSetter(connection);
    this.#means = [
      { set: (write) => setIfEqual(connection, write), isMissing: lacksIfEqual },
      { set: (write) => setByScript(connection, write), isMissing: isRefusedCommand },
      { set: (write) => watched.set(write), isMissing: () => false },
    ];
  }

  /** Check and write are one atomic step; a key that holds something else is left alone. */
  async set(write: ConditionalWrite): Promise<SetOutcome> {
    const chosen = this.#chosen;
    const means = this.#means[chosen] as Means;
    try {
      return await means.set(write);
    } catch (error) {
      if (!means.isMissing(error)) throw error;
    }
    this.#chosen = Math.max(this.#chosen, chosen + 1);
    return this.set(write);
  }
}
