/** Sessions for tests: one store, and whatever configuration a test wants to look at it with. */

import { SessionInterface } from '../../src/index.js';
import type { FlaskConfig, Session, SessionOptions } from '../../src/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { MemoryStore } from './memory-store.js';

export const SID = '0b8a7c4e-2f5d-4d1b-9c3a-6e7f8a9b0c1d';
export const KEY = `session:${SID}`;

export class Sessions {
  readonly store: MemoryStore = new MemoryStore();
  readonly interface: SessionInterface;

  constructor(config: FlaskConfig = {}, options: SessionOptions = {}) {
    this.interface = new SessionInterface(config, { store: this.store, ...options });
  }

  /** Stores a pickled session, as Flask would have. */
  put(data: unknown, key: string = KEY): void {
    this.putBytes(dumps(data), key);
  }

  putBytes(bytes: Uint8Array, key: string = KEY): void {
    this.store.entries.set(key, { bytes, expiresAt: Date.now() + 60_000 });
  }

  /** What the store holds, decoded; `undefined` when there is nothing. */
  stored(key: string = KEY): unknown {
    const entry = this.store.entries.get(key);
    return entry && loads(entry.bytes);
  }

  storedBytes(key: string = KEY): Uint8Array | undefined {
    return this.store.entries.get(key)?.bytes;
  }

  open(cookieHeader = `session=${SID}`): Promise<Session> {
    return this.interface.openSession(cookieHeader);
  }
}
