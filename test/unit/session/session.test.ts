import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import { Sessions } from '../../support/sessions.js';

async function openWith(data: Record<string, unknown>) {
  const sessions = new Sessions();
  sessions.put(data);
  return sessions.open();
}

describe('the session object', () => {
  test('has the keys of the session as its own properties, and nothing else', async () => {
    const session = await openWith({ _permanent: true, username: 2222 });
    expect(session.username).toBe(2222);
    expect('username' in session).toBe(true);
    expect(Object.keys(session)).toEqual(['_permanent', 'username']);
    expect({ ...session }).toEqual({ _permanent: true, username: 2222 });
    expect(JSON.stringify(session)).toBe('{"_permanent":true,"username":2222}');
    expect(Object.getOwnPropertyNames(session)).toEqual(['_permanent', 'username']);
  });

  test('shows a key that Flask named like a method, and keeps the method on the handle', async () => {
    const session = await openWith({ save: 'the whales', sid: 7, update: null });
    expect(Reflect.get(session, 'save')).toBe('the whales');
    expect(session.sid).toBe(7);
    expect(Reflect.get(sessionOf(session), 'save')).toBeTypeOf('function');
    expect(sessionOf(session).sid).toBeTypeOf('string');
  });

  test('keeps __proto__ and constructor as ordinary keys', async () => {
    const session = await openWith(JSON.parse('{"a":1}') as Record<string, unknown>);
    session.__proto__ = { polluted: true };
    Object.assign(session, { constructor: 'mine' });
    expect(Object.keys(session)).toEqual(['a', '__proto__', 'constructor']);
    expect(session.polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('lists keys in the order that Python has them, numbers included', async () => {
    const sessions = new Sessions();
    // {'10': 1, '9': 2}, as CPython writes it at protocol 4
    sessions.putBytes(
      Buffer.from('80049512000000000000007d94288c023130944b018c0139944b02752e', 'hex'),
    );
    const session = await sessions.open();
    expect(Object.keys(session)).toEqual(['10', '9']);
  });

  test('prints as its data', async () => {
    const session = await openWith({ username: 2222 });
    expect(inspect(session)).toBe('Session { username: 2222 }');
  });

  test('can be told from any other object', () => {
    expect(() => sessionOf({})).toThrow(expect.objectContaining({ code: 'ERR_SESSION_USE' }));
  });
});

describe('accessed', () => {
  const accesses: [string, (session: Record<string, unknown>) => unknown][] = [
    ['reading a key', (session) => session.username],
    ['reading a key that is not there', (session) => session.absent],
    ['asking with in', (session) => 'username' in session],
    ['listing the keys', (session) => Object.keys(session)],
    ['turning it into JSON', (session) => JSON.stringify(session)],
    ['setting a key', (session) => (session.username = 1)],
    ['deleting a key', (session) => delete session.username],
  ];
  test.each(accesses)('is set by %s', async (_what, access) => {
    const session = await openWith({ username: 2222 });
    expect(sessionOf(session).accessed).toBe(false);
    access(session);
    expect(sessionOf(session).accessed).toBe(true);
  });

  test('is not set by awaiting the session or by looking up a method', async () => {
    const session = await openWith({ username: 2222 });
    expect(Reflect.get(await Promise.resolve(session), 'save')).toBeTypeOf('function');
    expect(sessionOf(session).accessed).toBe(false);
  });
});

describe('modified', () => {
  test('is set by a change inside a value', async () => {
    const session = await openWith({ cart: { items: [1] } });
    (session.cart as { items: number[] }).items.push(2);
    expect(sessionOf(session).modified).toBe(true);
  });

  test('is not set by reading', async () => {
    const session = await openWith({ cart: { items: [1] } });
    expect(session.cart).toEqual({ items: [1] });
    expect(sessionOf(session).modified).toBe(false);
  });

  test('is set by making the session permanent or not', async () => {
    const session = await openWith({ _permanent: true, username: 1 });
    const handle = sessionOf(session);
    expect(handle.permanent).toBe(true);
    handle.permanent = false;
    expect([handle.permanent, session._permanent, handle.modified]).toEqual([false, false, true]);
  });
});
