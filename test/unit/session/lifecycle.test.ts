import { afterEach, describe, expect, test, vi } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import { KEY, SID, Sessions } from '../../support/sessions.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('opening a session', () => {
  test('gives the one that the cookie names', async () => {
    const sessions = new Sessions();
    sessions.put({ _permanent: true, username: 2222 });
    const session = await sessions.open();
    expect(session.username).toBe(2222);
    expect(sessionOf(session)).toMatchObject({ sid: SID, isNew: false, permanent: true });
  });

  test('never adopts an id that the store does not know', async () => {
    const sessions = new Sessions();
    const session = await sessions.open();
    expect(sessionOf(session).isNew).toBe(true);
    expect(sessionOf(session).sid).not.toBe(SID);
  });

  test.each([
    ['no cookie', ''],
    ['another cookie', 'other=1'],
    ['too short an id', 'session=abc'],
    ['an id with a character that none has', 'session=0b8a7c4e/2f5d'],
    ['an over-long value', `session=${'a'.repeat(10_000)}`],
    ["a cookie of Flask's own sessions", 'session=eyJhIjoxfQ.ZxYw.c2lnbmF0dXJl'],
  ])('does not ask the store for %s', async (_what, header) => {
    const sessions = new Sessions();
    expect(sessionOf(await sessions.open(header)).isNew).toBe(true);
    expect(sessions.store.log).toEqual([]);
  });

  test('tries other cookies of the name when the first leads nowhere', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open(`session=${'x'.repeat(36)}; session=${SID}`);
    expect(session.username).toBe(2222);
  });

  test('counts empty bytes as no session', async () => {
    const sessions = new Sessions();
    sessions.putBytes(new Uint8Array());
    expect(sessionOf(await sessions.open()).isNew).toBe(true);
  });

  test('refuses ids that validateSid refuses, without asking the store', async () => {
    const sessions = new Sessions({}, { validateSid: () => false });
    sessions.put({ username: 2222 });
    expect(sessionOf(await sessions.open()).isNew).toBe(true);
    expect(sessions.store.log).toEqual([]);
  });

  test.each([
    ['no pickle', 'ff00'],
    ['a pickled list', '80045d942e'],
    ['a JSON list', '5b5d'],
    ['a pickle cut short', '80047d94'],
  ])('fails for %s, and leaves the bytes as they are', async (_what, hex) => {
    const sessions = new Sessions();
    sessions.putBytes(Buffer.from(hex, 'hex'));
    await expect(sessions.open()).rejects.toMatchObject({
      code: 'ERR_SESSION_DECODE',
      status: 503,
    });
    expect(sessions.storedBytes()).toEqual(Buffer.from(hex, 'hex'));
  });

  test('gives a new session for what it cannot read, when asked to, under a new id', async () => {
    const sessions = new Sessions({}, { onUndecodable: 'anonymous' });
    const bytes = Buffer.from('ff00', 'hex');
    sessions.putBytes(bytes);
    const session = await sessions.open();
    session.username = 1;
    const { outcome } = await sessions.interface.saveSession(session);
    expect(outcome).toBe('stored');
    expect(sessionOf(session).sid).not.toBe(SID);
    expect(sessions.storedBytes()).toBe(bytes);
  });
});

describe('saving a session', () => {
  test('stores a new one once it has a key, with the cookie that Flask sends', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00.700Z'), toFake: ['Date'] });
    const sessions = new Sessions();
    const session = await sessions.open('');
    session.username = 2222;
    const { sid } = sessionOf(session);
    expect(await sessions.interface.saveSession(session)).toEqual({
      outcome: 'stored',
      setCookie: `session=${sid}; Expires=Wed, 23 Dec 2026 12:00:00 GMT; HttpOnly; Path=/`,
      varyCookie: true,
    });
    expect(sessions.stored(`session:${sid}`)).toEqual({ _permanent: true, username: 2222 });
  });

  test('stores nothing and says nothing of a new session that was only read', async () => {
    const sessions = new Sessions();
    const session = await sessions.open('');
    expect(session.username).toBeUndefined();
    const result = await sessions.interface.saveSession(session);
    expect(result).toEqual({ outcome: 'untouched', varyCookie: true });
    expect(sessions.store.log).toEqual([]);
  });

  test('renews an unmodified one in the trip that reads it, and never writes it', async () => {
    const sessions = new Sessions();
    sessions.put({ _permanent: true, username: 2222 });
    const before = sessions.storedBytes();
    const result = await sessions.interface.saveSession(await sessions.open());
    expect(result).toMatchObject({ outcome: 'refreshed', varyCookie: true });
    expect(result.setCookie).toContain(`session=${SID};`);
    expect(sessions.store.log).toEqual(['get']);
    expect(sessions.storedBytes()).toBe(before);
    expect(sessions.store.entries.get(KEY)?.expiresAt).toBeGreaterThan(Date.now() + 2_600_000_000);
  });

  test('leaves an unmodified one alone without SESSION_REFRESH_EACH_REQUEST', async () => {
    const sessions = new Sessions({ SESSION_REFRESH_EACH_REQUEST: false });
    sessions.put({ _permanent: true, username: 2222 });
    const result = await sessions.interface.saveSession(await sessions.open());
    expect(result).toEqual({ outcome: 'untouched', varyCookie: false });
    expect(sessions.store.entries.get(KEY)?.expiresAt).toBeLessThan(Date.now() + 100_000);
  });

  test('sends no cookie for an unmodified session that is not permanent', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const result = await sessions.interface.saveSession(await sessions.open());
    expect(result).toEqual({ outcome: 'refreshed', varyCookie: false });
  });

  test('renews one that was set to what it was, without writing it', async () => {
    const sessions = new Sessions({ SESSION_REFRESH_EACH_REQUEST: false });
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    session.username = 2222;
    const result = await sessions.interface.saveSession(session);
    expect(result).toMatchObject({ outcome: 'refreshed', setCookie: expect.any(String) as string });
    expect(sessions.store.log).toEqual(['get', 'touch']);
  });

  test('deletes one that was emptied, and its cookie', async () => {
    const sessions = new Sessions();
    sessions.put({ _permanent: true, username: 2222 });
    const session = await sessions.open();
    session.clear();
    expect({ ...session }).toEqual({ _permanent: true });
    expect(await sessions.interface.saveSession(session)).toEqual({
      outcome: 'deleted',
      setCookie: 'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/',
      varyCookie: true,
    });
    expect(sessions.stored()).toBeUndefined();
  });

  test('twice in one request stores the second change on top of the first', async () => {
    const sessions = new Sessions();
    const session = await sessions.open('');
    session.a = 1;
    const first = session.save();
    session.b = 2;
    await Promise.all([first, session.save()]);
    const result = await sessions.interface.saveSession(session);
    expect(sessions.stored(`session:${sessionOf(session).sid}`)).toEqual({
      _permanent: true,
      a: 1,
      b: 2,
    });
    expect(result.setCookie).toContain('session=');
  });

  test('refuses what pickle cannot hold, with the place, and writes nothing', async () => {
    const sessions = new Sessions();
    sessions.put({ cart: [] });
    const session = await sessions.open();
    (session.cart as unknown[]).push({ when: () => 1 });
    const saved = sessions.interface.saveSession(session);
    await expect(saved).rejects.toMatchObject({ code: 'ERR_SESSION_ENCODE' });
    await expect(saved).rejects.toThrow('session.cart[0].when');
    expect(sessions.stored()).toEqual({ cart: [] });
  });
});

describe('readOnly', () => {
  test('never writes, renews or sends anything', async () => {
    const sessions = new Sessions({}, { readOnly: true });
    sessions.put({ _permanent: true, username: 2222 });
    const before = { ...sessions.store.entries.get(KEY) };
    const session = await sessions.open();
    session.username = 1;
    const result = await sessions.interface.saveSession(session);
    expect(result).toEqual({ outcome: 'untouched', varyCookie: true });
    expect(sessions.store.entries.get(KEY)).toEqual(before);
    await expect(session.destroy()).rejects.toMatchObject({ code: 'ERR_SESSION_USE' });
    await expect(sessions.interface.delete(SID)).rejects.toMatchObject({ code: 'ERR_SESSION_USE' });
  });
});

describe('a new id', () => {
  test('from rotate keeps the data, and is stored before the old one is deleted', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    await session.rotate();
    const { sid } = sessionOf(session);
    expect(sid).not.toBe(SID);
    expect(sessions.stored(`session:${sid}`)).toEqual({ username: 2222 });
    expect(sessions.stored()).toBeUndefined();
    expect(sessions.store.log.slice(-2)).toEqual(['set', 'delete']);
    expect((await sessions.interface.saveSession(session)).setCookie).toContain(`session=${sid};`);
  });

  test('from rotate takes along what others stored meanwhile', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222, old: 1 });
    const session = await sessions.open();
    session['mine'] = 1;
    sessions.put({ username: 2222, theirs: 1 });
    await session.rotate();
    const kept = { username: 2222, theirs: 1, mine: 1 };
    expect({ ...session }).toEqual(kept);
    expect(sessions.stored(`session:${sessionOf(session).sid}`)).toEqual(kept);
  });

  test('from rotate does not bring back a session that was deleted', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    sessions.store.entries.clear();
    await session.rotate();
    expect((await sessions.interface.saveSession(session)).outcome).toBe('gone');
    expect(sessions.store.entries.size).toBe(0);
  });

  test('from regenerate is an empty session, and the old one ends once it is saved', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    await session.regenerate();
    expect({ ...session }).toEqual({ _permanent: true });
    session.username = 3333;
    await session.save();
    expect(sessions.stored(`session:${sessionOf(session).sid}`)).toMatchObject({ username: 3333 });
    expect(sessions.stored()).toBeUndefined();
    expect(sessions.store.log.slice(-2)).toEqual(['set', 'delete']);
  });

  test('from regenerate that stays empty ends the session', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    await session.regenerate();
    expect((await sessions.interface.saveSession(session)).outcome).toBe('deleted');
    expect(sessions.store.entries.size).toBe(0);
  });
});

describe('destroy', () => {
  test('removes the session at once, and its cookie with the response', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    await session.destroy();
    expect(sessions.store.entries.size).toBe(0);
    expect(session.username).toBeUndefined();
    const result = await sessions.interface.saveSession(session);
    expect(result).toMatchObject({ outcome: 'deleted', varyCookie: true });
    expect(result.setCookie).toContain('session=; Expires=Thu, 01 Jan 1970');
  });

  test('and a login after it in one request makes a new session', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    await session.destroy();
    session.username = 3333;
    const { outcome, setCookie } = await sessions.interface.saveSession(session);
    expect(outcome).toBe('stored');
    expect(setCookie).toContain(`session=${sessionOf(session).sid};`);
    expect(sessionOf(session).sid).not.toBe(SID);
  });
});

describe('reload', () => {
  test('forgets what the request changed', async () => {
    const sessions = new Sessions();
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    session.username = 1;
    sessions.put({ username: 3333 });
    await session.reload();
    expect(session.username).toBe(3333);
  });

  test('fails when the session is gone', async () => {
    const sessions = new Sessions();
    const session = await sessions.open();
    await expect(session.reload()).rejects.toMatchObject({ code: 'ERR_SESSION_USE' });
  });
});
