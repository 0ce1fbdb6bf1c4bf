/** A store in front of another one that can be made to wait, to fail, or to be slow. */

import type { SessionStore, SetOutcome } from '../../src/index.js';

export class PausedStore implements SessionStore {
  readonly #store: SessionStore;
  /** Is awaited before each operation of that name; what it throws is the operation's error. */
  readonly before: Partial<Record<keyof SessionStore, () => Promise<unknown>>> = {};

  constructor(store: SessionStore) {
    this.#store = store;
  }

  async get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    await this.before.get?.();
    return this.#store.get(key, refreshTtl);
  }

  async set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    await this.before.set?.();
    return this.#store.set(key, bytes, ttlSeconds, expected);
  }

  async touch(key: string, ttlSeconds: number): Promise<boolean> {
    await this.before.touch?.();
    return this.#store.touch(key, ttlSeconds);
  }

  async delete(key: string): Promise<boolean> {
    await this.before.delete?.();
    return this.#store.delete(key);
  }

  scan(): AsyncIterable<string> {
    return this.#store.scan();
  }
}
