/**
 * The store by session id: with the key prefix, the lifetime and the deadline of one configuration.
 *
 * @module
 */

import { withDeadline } from './deadline.js';
import type { SessionStore, SetOutcome } from './store.js';

/** All methods reject with {@link SessionStoreError} when the store fails or takes too long. */
export class SidStore {
  readonly #store: SessionStore;
  readonly #keyPrefix: string;
  readonly #lifetimeSeconds: number;
  readonly #timeoutMs: number;

  constructor(store: SessionStore, keyPrefix: string, lifetimeSeconds: number, timeoutMs: number) {
    this.#store = store;
    this.#keyPrefix = keyPrefix;
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#timeoutMs = timeoutMs;
  }

  /** The bytes of a session; `null` or no bytes when there is none, as in Flask-Session. */
  get(sid: string, renew: boolean): Promise<Uint8Array | null> {
    const refreshTtl = renew ? this.#lifetimeSeconds : undefined;
    return withDeadline('get', this.#timeoutMs, () =>
      this.#store.get(this.#keyPrefix + sid, refreshTtl),
    );
  }

  set(sid: string, bytes: Uint8Array, expected: Uint8Array | null): Promise<SetOutcome> {
    return withDeadline('set', this.#timeoutMs, () =>
      this.#store.set(this.#keyPrefix + sid, bytes, this.#lifetimeSeconds, expected),
    );
  }

  touch(sid: string): Promise<boolean> {
    return withDeadline('touch', this.#timeoutMs, () =>
      this.#store.touch(this.#keyPrefix + sid, this.#lifetimeSeconds),
    );
  }

  delete(sid: string): Promise<boolean> {
    return withDeadline('delete', this.#timeoutMs, () => this.#store.delete(this.#keyPrefix + sid));
  }
}
