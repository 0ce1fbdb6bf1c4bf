/** What an application does with a session while a save of it is under way. */

import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import type { SaveResult, Session } from '../../../src/index.js';
import { PausedStore } from '../../support/paused-store.js';
import { Sessions } from '../../support/sessions.js';

let sessions: Sessions;
let store: PausedStore;

beforeEach(() => {
  const { store: memory } = new Sessions();
  store = new PausedStore(memory);
  sessions = new Sessions({}, { store });
  Object.assign(sessions, { store: memory });
  store.before.set = () => sleep(5);
  store.before.delete = () => sleep(5);
});

/** Begins the save at the end of a request, as the middleware does. */
function beginSave(session: Session): Promise<SaveResult> {
  return Promise.resolve(sessions.interface.commit(session));
}

describe('a session that was stored', () => {
  beforeEach(() => {
    sessions.put({ a: 0 });
  });

  test('keeps a key that is set, for the next save', async () => {
    const session = await sessions.open();
    session['a'] = 1;
    const saved = beginSave(session);
    session['b'] = 2;
    expect(await saved).toMatchObject({ outcome: 'stored' });
    expect(sessions.stored()).toEqual({ a: 1 });
    await session.save();
    expect(sessions.stored()).toEqual({ a: 1, b: 2 });
  });

  test('ends with the next save when it is cleared', async () => {
    const session = await sessions.open();
    session['a'] = 1;
    const saved = beginSave(session);
    session.clear();
    await saved;
    expect(await sessions.interface.saveSession(session)).toMatchObject({ outcome: 'deleted' });
    expect(sessions.stored()).toBeUndefined();
  });

  test('keeps a key that is set while it is merged with what others stored', async () => {
    const session = await sessions.open();
    session['mine'] = 1;
    sessions.put({ a: 0, theirs: 1 });
    const saved = beginSave(session);
    await sleep(7);
    session['late'] = 1;
    expect(await saved).toMatchObject({ outcome: 'merged' });
    expect(sessions.stored()).toEqual({ a: 0, theirs: 1, mine: 1 });
    expect({ ...session }).toEqual({ a: 0, theirs: 1, mine: 1, late: 1 });
    await session.save();
    expect(sessions.stored()).toEqual({ a: 0, theirs: 1, mine: 1, late: 1 });
  });

  test('keeps a key that is set while an update is stored', async () => {
    const session = await sessions.open();
    const updated = session.update((data) => {
      data['count'] = 1;
    });
    await sleep(2);
    session['late'] = 1;
    await updated;
    await session.save();
    expect(sessions.stored()).toEqual({ a: 0, count: 1, late: 1 });
  });

  test('is saved again, one save after the other', async () => {
    const session = await sessions.open();
    session['a'] = 1;
    const saved = beginSave(session);
    session['a'] = 2;
    const savedAgain = session.save();
    expect(await saved).toMatchObject({ outcome: 'stored' });
    await savedAgain;
    expect(sessions.stored()).toEqual({ a: 2 });
  });

  test('is still to be saved when its save failed', async () => {
    const session = await sessions.open();
    session['a'] = 1;
    store.before.set = () => Promise.reject(new Error('full'));
    await expect(beginSave(session)).rejects.toMatchObject({ code: 'ERR_SESSION_STORE' });
    expect(sessionOf(session).modified).toBe(true);
    delete store.before.set;
    await session.save();
    expect(sessions.stored()).toEqual({ a: 1 });
  });

  test('is still to end when its end failed', async () => {
    const session = await sessions.open();
    session.clear();
    store.before.delete = () => Promise.reject(new Error('read-only'));
    await expect(beginSave(session)).rejects.toMatchObject({ code: 'ERR_SESSION_STORE' });
    delete store.before.delete;
    expect(await sessions.interface.saveSession(session)).toMatchObject({ outcome: 'deleted' });
    expect(sessions.stored()).toBeUndefined();
  });
});

describe('a new session', () => {
  test('is stored once, and then as changed since', async () => {
    const session = await sessions.open('');
    session['a'] = 1;
    const saved = beginSave(session);
    session['a'] = 2;
    await session.save();
    expect(await saved).toMatchObject({ outcome: 'stored' });
    expect([...sessions.store.entries.keys()]).toHaveLength(1);
    expect(sessions.stored([...sessions.store.entries.keys()][0])).toMatchObject({ a: 2 });
  });

  /** A request whose response begins now, while what was asked before is still under way. */
  function attachTo(session: Session, onCarry: (session: Session) => void = () => undefined) {
    const request = { session, headersSent: false };
    sessions.interface.attach(session, {
      carry: (carried) => {
        request.session = carried;
        onCarry(carried);
      },
      canSetCookie: () => !request.headersSent,
    });
    return request;
  }

  test('has its cookie in the response that begins while it is rotated', async () => {
    const session = await sessions.open('');
    const request = attachTo(session);
    session['a'] = 1;
    void session.save();
    void session.rotate();
    const saved = beginSave(session);
    request.headersSent = true;
    const { setCookie } = await saved;
    expect(setCookie).toContain(`session=${sessionOf(session).sid};`);
    expect(sessions.store.entries.has(`session:${sessionOf(session).sid}`)).toBe(true);
  });

  test('has its cookie in the response that begins while it is regenerated', async () => {
    const session = await sessions.open('');
    const request = attachTo(session, (fresh) => {
      fresh['b'] = 2;
    });
    session['a'] = 1;
    void session.save();
    void session.regenerate();
    const saved = beginSave(session);
    request.headersSent = true;
    const { setCookie } = await saved;
    const { sid } = sessionOf(request.session);
    expect(request.session).not.toBe(session);
    expect(setCookie).toContain(`session=${sid};`);
    expect([...sessions.store.entries.keys()]).toEqual([`session:${sid}`]);
  });

  test('cannot be rotated or regenerated once the response has begun', async () => {
    const session = await sessions.open('');
    const request = attachTo(session);
    request.headersSent = true;
    await expect(session.rotate()).rejects.toMatchObject({ code: 'ERR_SESSION_HEADERS_SENT' });
    await expect(session.regenerate()).rejects.toMatchObject({ code: 'ERR_SESSION_HEADERS_SENT' });
  });

  test('cannot be saved once the response has begun, and nothing is stored', async () => {
    const session = await sessions.open('');
    const request = attachTo(session);
    request.headersSent = true;
    session['a'] = 1;
    await expect(session.save()).rejects.toMatchObject({ code: 'ERR_SESSION_HEADERS_SENT' });
    expect(sessions.store.entries.size).toBe(0);
  });
});
