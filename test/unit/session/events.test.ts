/** What is published on node:diagnostics_channel. */

import { expect, test } from 'vitest';

import type { DropEvent, SaveEvent, Session, SessionOptions } from '../../../src/index.js';
import { collect } from '../../support/events.js';
import { SID, Sessions } from '../../support/sessions.js';

/** What `sha256sum` gives for the id, cut to eight digits. */
const HASH = '9b11caa5';

test.each<[string, string, string, SessionOptions]>([
  ['no cookie', '', 'new', {}],
  ['a cookie of another name', 'theme=dark', 'new', {}],
  ['a session that is stored', `session=${SID}`, 'found', {}],
  ['an id that nobody stored', `session=${SID.toUpperCase()}`, 'unknown', {}],
  ['an id of the wrong shape', 'session=../../etc', 'refused', {}],
  ['an id that the app refuses', `session=${SID}`, 'refused', { validateSid: () => false }],
])('an open event tells of %s', async (_what, cookie, result, options) => {
  const events = collect('open');
  const sessions = new Sessions({}, options);
  sessions.put({ a: 0 });
  await sessions.open(cookie);
  expect(events).toEqual([{ session: expect.stringMatching(/^[0-9a-f]{8}$/) as string, result }]);
});

test('an open event tells of a session that cannot be decoded', async () => {
  const events = collect('open');
  const sessions = new Sessions();
  sessions.putBytes(Buffer.from('nonsense'));
  await expect(sessions.open()).rejects.toMatchObject({ code: 'ERR_SESSION_DECODE' });
  expect(events).toEqual([{ session: HASH, result: 'undecodable' }]);
});

test('an open event tells of a store that fails', async () => {
  const events = collect('open');
  const sessions = new Sessions();
  sessions.store.get = () => Promise.reject(new Error('down'));
  await expect(sessions.open()).rejects.toMatchObject({ code: 'ERR_SESSION_STORE' });
  expect(events).toEqual([{ session: HASH, result: 'store-error' }]);
});

test.each<[SaveEvent['outcome'], (sessions: Sessions, session: Session) => unknown]>([
  ['refreshed', () => undefined],
  ['stored', (_sessions, session) => (session['b'] = 1)],
  [
    'merged',
    (sessions, session) => {
      session['b'] = 1;
      sessions.put({ a: 0, c: 1 });
    },
  ],
  [
    'deleted',
    (_sessions, session) => {
      session.clear();
    },
  ],
  [
    'gone',
    (sessions, session) => {
      session['b'] = 1;
      sessions.store.entries.clear();
    },
  ],
])('a save event tells that a session was %s', async (outcome, act) => {
  const sessions = new Sessions();
  sessions.put({ a: 0 });
  const session = await sessions.open();
  act(sessions, session);
  const events = collect('save');
  await sessions.interface.saveSession(session);
  expect(events).toEqual([{ session: HASH, outcome }]);
});

test('a save event tells that a new session was left alone', async () => {
  const sessions = new Sessions();
  const session = await sessions.open('');
  const events = collect('save');
  await sessions.interface.saveSession(session);
  expect(events).toMatchObject([{ outcome: 'untouched' }]);
});

test.each<[DropEvent['reason'], SessionOptions, (sessions: Sessions) => unknown]>([
  ['read-only', { readOnly: true }, () => undefined],
  [
    'anonymous',
    { onStoreError: 'anonymous' },
    (sessions) => (sessions.store.get = () => Promise.reject(new Error('down'))),
  ],
])('a drop event tells of changes that are not written: %s', async (reason, options, prepare) => {
  const events = collect('drop');
  const sessions = new Sessions({}, options);
  sessions.put({ a: 0 });
  prepare(sessions);
  const session = await sessions.open();
  await sessions.interface.saveSession(session);
  expect(events).toEqual([]);
  session['b'] = 1;
  await sessions.interface.saveSession(session);
  await sessions.interface.saveSession(session);
  expect(events).toMatchObject([{ reason }]);
});

test('a drop event tells of changes to a session that was gone when it was rotated', async () => {
  const events = collect('drop');
  const sessions = new Sessions();
  sessions.put({ a: 0 });
  const session = await sessions.open();
  session['b'] = 1;
  sessions.store.entries.clear();
  await session.rotate();
  session['c'] = 1;
  await sessions.interface.saveSession(session);
  expect(events).toEqual([{ session: HASH, reason: 'gone' }]);
});
