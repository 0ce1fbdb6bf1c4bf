import { describe, expect, test } from 'vitest';

import type { ConflictRule } from '../../../src/index.js';
import { dumps } from '../../../src/python/pickle/index.js';
import { KEY, Sessions } from '../../support/sessions.js';

/** Two requests read `base`; one stores `theirs` before the other saves what `mine` does. */
async function race(
  base: Record<string, unknown>,
  theirs: Record<string, unknown>,
  mine: (session: Record<string, unknown>) => void,
  onConflict: ConflictRule = 'mine',
) {
  const sessions = new Sessions({}, { onConflict });
  sessions.put(base);
  const session = await sessions.open();
  mine(session);
  sessions.put(theirs);
  const { outcome } = await sessions.interface.saveSession(session);
  return { outcome, stored: sessions.stored(), session };
}

describe('saving a session that somebody else changed meanwhile', () => {
  test('keeps the keys that either side added', async () => {
    const result = await race({ a: 1 }, { a: 1, theirs: 2 }, (session) => (session.mine = 3));
    expect(result).toMatchObject({ outcome: 'merged', stored: { a: 1, theirs: 2, mine: 3 } });
  });

  test('keeps what either side deleted deleted', async () => {
    const result = await race({ a: 1, b: 2, c: 3 }, { b: 2, c: 3 }, (session) => delete session.b);
    expect(result.stored).toEqual({ c: 3 });
  });

  test('never merges inside a value', async () => {
    const result = await race({ cart: { x: 1 } }, { cart: { x: 1, y: 2 } }, (session) => {
      session.cart = { x: 1, z: 3 };
    });
    expect(result.stored).toEqual({ cart: { x: 1, z: 3 } });
  });

  test('gives a key that both changed the value that onConflict says', async () => {
    const sides = [
      { n: 1 },
      { n: 2 },
      (session: Record<string, unknown>) => (session.n = 3),
    ] as const;
    expect((await race(...sides, 'mine')).stored).toEqual({ n: 3 });
    expect((await race(...sides, 'theirs')).stored).toEqual({ n: 2 });
    const sum: ConflictRule = ({ key, base, mine, theirs }) => [key, base, mine, theirs];
    expect((await race(...sides, sum)).stored).toEqual({ n: ['n', 1, 3, 2] });
  });

  test('does not ask onConflict about a key that only one side changed', async () => {
    const refuse: ConflictRule = () => {
      throw new Error('asked');
    };
    const result = await race({ a: 1, b: 1 }, { a: 2, b: 1 }, (session) => (session.b = 2), refuse);
    expect(result.stored).toEqual({ a: 2, b: 2 });
  });

  test('shows the request what the others stored, after its save', async () => {
    const { session } = await race({ a: 1 }, { a: 1, theirs: 2 }, (session) => (session.mine = 3));
    expect(session.theirs).toBe(2);
  });

  test('keeps the format that the other side converted the session to', async () => {
    const sessions = new Sessions();
    sessions.put({ a: 1 });
    const session = await sessions.open();
    session.mine = 3;
    sessions.putBytes(Buffer.from('{"a":1,"theirs":2}'));
    await sessions.interface.saveSession(session);
    expect(String(sessions.storedBytes(KEY))).toBe('{"a":1,"theirs":2,"mine":3}');
  });

  test('keeps a float that was not touched a float', async () => {
    const sessions = new Sessions();
    const base = Buffer.from('80047d94288c01709447', 'hex');
    const one = Buffer.from('3ff0000000000000', 'hex');
    sessions.putBytes(Buffer.concat([base, one, Buffer.from('752e', 'hex')]));
    const session = await sessions.open();
    session.mine = 3;
    await sessions.interface.saveSession(session);
    expect(Buffer.from(sessions.storedBytes() ?? []).includes(one)).toBe(true);
  });

  test('does not bring back a session that was deleted', async () => {
    const sessions = new Sessions();
    sessions.put({ a: 1 });
    const session = await sessions.open();
    session.mine = 3;
    sessions.store.entries.clear();
    const result = await sessions.interface.saveSession(session);
    expect(result).toEqual({ outcome: 'gone', varyCookie: true });
    expect(sessions.stored()).toBeUndefined();
  });

  test('leaves alone what it cannot read', async () => {
    const sessions = new Sessions();
    sessions.put({ a: 1 });
    const session = await sessions.open();
    session.mine = 3;
    const unreadable = Buffer.concat([dumps({ a: 1 }).subarray(0, -1), Buffer.from([0xff])]);
    sessions.putBytes(unreadable);
    await expect(sessions.interface.saveSession(session)).rejects.toMatchObject({
      code: 'ERR_SESSION_DECODE',
    });
    expect(sessions.storedBytes()).toBe(unreadable);
  });

  test('loses none of many writes to different keys', async () => {
    const sessions = new Sessions();
    sessions.put({ a: 1 });
    const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);
    await Promise.all(
      keys.map(async (key) => {
        const session = await sessions.open();
        session[key] = true;
        await sessions.interface.saveSession(session);
      }),
    );
    expect(Object.keys(sessions.stored() as object).sort()).toEqual(['a', ...keys].sort());
  });
});

describe('update', () => {
  test('counts every one of many concurrent increments', async () => {
    const sessions = new Sessions();
    sessions.put({ n: 0 });
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const session = await sessions.open();
        await session.update((data) => {
          data.n = Number(data.n) + 1;
        });
      }),
    );
    expect(sessions.stored()).toEqual({ n: 50 });
  });

  test('keeps what the request changed itself for the save at its end', async () => {
    const sessions = new Sessions();
    sessions.put({ n: 0 });
    const session = await sessions.open();
    session.mine = 1;
    await session.update((data) => {
      data.n = 1;
    });
    expect(sessions.stored()).toEqual({ n: 1 });
    expect({ ...session }).toEqual({ n: 1, mine: 1 });
    await sessions.interface.saveSession(session);
    expect(sessions.stored()).toEqual({ n: 1, mine: 1 });
  });

  test('by id changes a session that no request carries, and makes none', async () => {
    const sessions = new Sessions();
    sessions.put({ n: 0 });
    const [sid] = KEY.split(':').slice(1);
    const result = await sessions.interface.update(sid ?? '', (data) => {
      data.n = 1;
    });
    expect(result.outcome).toBe('stored');
    expect(sessions.stored()).toEqual({ n: 1 });
    const absent = await sessions.interface.update('0b8a7c4e-0000-0000-0000-000000000000', () => {
      throw new Error('called');
    });
    expect(absent.outcome).toBe('gone');
  });
});
