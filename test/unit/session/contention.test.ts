/** A session that others write to all the time. */

import { expect, test } from 'vitest';

import type { SetOutcome } from '../../../src/index.js';
import { SessionInterface } from '../../../src/index.js';
import { dumps, loads } from '../../../src/python/pickle/index.js';
import { MemoryStore } from '../../support/memory-store.js';
import { KEY, SID } from '../../support/sessions.js';

/** Somebody else writes as soon as a write was refused, while its author still thinks about that. */
class BusyStore extends MemoryStore {
  othersWrites = 0;

  override async set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    const outcome = await super.set(key, bytes, ttlSeconds, expected);
    if (!outcome.stored) this.writeAsOther(key);
    return outcome;
  }

  writeAsOther(key: string): void {
    const bytes = dumps({ theirs: (this.othersWrites += 1) });
    this.entries.set(key, { bytes, expiresAt: Date.now() + 60_000 });
  }
}

test('a write that waited goes on from what is there by then', async () => {
  const store = new BusyStore();
  store.writeAsOther(KEY);
  const sessions = new SessionInterface({}, { store });
  const session = await sessions.openSession(`session=${SID}`);
  session['mine'] = true;
  store.writeAsOther(KEY);
  expect((await sessions.saveSession(session)).outcome).toBe('merged');
  const entry = store.entries.get(KEY);
  expect(entry && loads(entry.bytes)).toEqual({ theirs: store.othersWrites, mine: true });
});
