import express from 'express';
import { expect, test } from 'vitest';

import { flaskSession } from '../../../../src/index.js';
import {
  currentUserId,
  flaskLogin,
  isFresh,
  loginUser,
  logoutUser,
} from '../../../../src/python/flask-login/index.js';
import { loads } from '../../../../src/python/pickle/index.js';
import { ask, serve } from '../../../support/http.js';
import { MemoryStore } from '../../../support/memory-store.js';

const config = { SECRET_KEY: 'a key of the tests' };

async function start(store: MemoryStore, readOnly = false): Promise<number> {
  const app = express();
  app.use(flaskSession(config, { store, readOnly }), flaskLogin(config));
  app.get('/login', async (req, res) => {
    await req.session.regenerate();
    loginUser(req.session, '7', req, { remember: true });
    res.send('in');
  });
  app.get('/logout', (req, res) => {
    logoutUser(req.session);
    res.redirect('/');
  });
  app.get('/', (req, res) => {
    res.json([currentUserId(req.session), isFresh(req.session)]);
  });
  return serve(app as never);
}

function cookiesOf(lines: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries((lines ?? []).map((line) => line.split(/=|;/, 2) as [string, string]));
}

function stored(store: MemoryStore): unknown[] {
  return [...store.entries.values()].map(({ bytes }) => loads(bytes));
}

test('a session that was regenerated keeps the login and no trace of the cookie’s making', async () => {
  const store = new MemoryStore();
  const port = await start(store);
  const cookies = cookiesOf((await ask(port, '/login')).headers['set-cookie']);
  expect(Object.keys(cookies).sort()).toEqual(['remember_token', 'session']);
  expect(stored(store)).toEqual([expect.objectContaining({ _user_id: '7', _fresh: true })]);
  expect(stored(store)[0]).not.toHaveProperty('_remember');
});

test('the remember-me cookie alone opens a session, and the logout ends both', async () => {
  const store = new MemoryStore();
  const port = await start(store);
  const { remember_token: token = '' } = cookiesOf(
    (await ask(port, '/login')).headers['set-cookie'],
  );
  store.entries.clear();
  const known = await ask(port, '/', { headers: { cookie: `remember_token=${token}` } });
  expect(known.body).toBe('["7",false]');
  const { session = '' } = cookiesOf(known.headers['set-cookie']);
  const cookie = `session=${session}; remember_token=${token}`;
  const { headers } = await ask(port, '/logout', { headers: { cookie } });
  expect(headers['set-cookie']?.every((line) => line.includes('Max-Age=0'))).toBe(true);
  expect(headers['set-cookie']).toHaveLength(2);
  expect(stored(store)).toEqual([]);
});

test('with read-only sessions a remembered user is known, and nothing is written', async () => {
  const store = new MemoryStore();
  const { headers } = await ask(await start(store), '/login');
  const { remember_token: token = '' } = cookiesOf(headers['set-cookie']);
  store.entries.clear();
  const port = await start(store, true);
  const reply = await ask(port, '/', { headers: { cookie: `remember_token=${token}` } });
  expect([reply.body, reply.headers['set-cookie']]).toEqual(['["7",false]', undefined]);
  expect(stored(store)).toEqual([]);
});
