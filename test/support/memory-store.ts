/** A SessionStore in memory, for tests of what needs no Redis; it passes the store contract suite. */

import type { SessionStore, SetOutcome } from '../../src/index.js';

interface Entry {
  bytes: Uint8Array;
  expiresAt: number;
}

export class MemoryStore implements SessionStore {
  readonly entries = new Map<string, Entry>();
  /** Names of the operations that were asked for, in order. */
  readonly log: string[] = [];

  async get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    this.log.push('get');
    const entry = this.#live(key);
    if (entry && refreshTtl !== undefined) entry.expiresAt = Date.now() + refreshTtl * 1000;
    return Promise.resolve(entry ? entry.bytes : null);
  }

  async set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    this.log.push('set');
    const current = this.#live(key)?.bytes ?? null;
    const same =
      current && expected ? Buffer.compare(current, expected) === 0 : current === expected;
    if (!same) return Promise.resolve({ stored: false, current });
    this.entries.set(key, { bytes, expiresAt: Date.now() + ttlSeconds * 1000 });
    return Promise.resolve({ stored: true });
  }

  async touch(key: string, ttlSeconds: number): Promise<boolean> {
    this.log.push('touch');
    const entry = this.#live(key);
    if (entry) entry.expiresAt = Date.now() + ttlSeconds * 1000;
    return Promise.resolve(entry !== undefined);
  }

  async delete(key: string): Promise<boolean> {
    this.log.push('delete');
    return Promise.resolve(this.entries.delete(key));
  }

  async *scan(): AsyncIterable<string> {
    await Promise.resolve();
    yield* this.entries.keys();
  }

  #live(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry && entry.expiresAt <= Date.now()) this.entries.delete(key);
    return this.entries.get(key);
  }
}
