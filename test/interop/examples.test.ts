/** The programs in examples/, beside a real Flask app. */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import express from 'express';
import { flaskSession } from 'flask-session-bridge';
import { PyDateTime, PyTuple } from 'flask-session-bridge/pickle';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { languageOf, seatOf } from '../../examples/typed-session.js';
import { startChild, waitUntil } from '../../tools/child-process.js';
import type { Child } from '../../tools/child-process.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { ask, serve } from '../support/http.js';
import { MemoryStore } from '../support/memory-store.js';

const SECRET_KEY = 'shared by Flask and the example';

let redis: RedisServer;
let flask: FlaskApp;
let example: Child;
let address: string;

beforeAll(async () => {
  // The example has the default key prefix, so the server must be ours.
  redis = await startRedis({ dedicated: true });
  const release = FLASK_SESSION_RELEASES.find(({ version }) => version === '0.5.0');
  if (!release) throw new Error('Flask-Session 0.5.0 is not under test');
  const config = { SECRET_KEY, SESSION_USE_SIGNER: true };
  flask = await startFlaskApp({ release, redisUrl: redis.url, config });
  const script = fileURLToPath(new URL('../../examples/express.ts', import.meta.url));
  example = await startChild(process.execPath, ['--import', 'tsx', script], {
    folder: await mkdtemp(join(tmpdir(), 'examples-test-')),
    env: { ...process.env, REDIS_URL: redis.url, SECRET_KEY, PORT: '0' },
  });
  address = await waitUntil(
    example,
    () => /^listening at (\S+)$/m.exec(example.output())?.[1],
    'examples/express.ts',
  );
});

afterAll(async () => {
  await example.stop();
  await flask.stop();
  await redis.stop();
});

test('express.ts: who logged in on Flask sees the profile and is counted, and logs out of both', async () => {
  const browser = new Browser();
  const form = new URLSearchParams({ username: 'ada', password: 'x' });
  await browser.send('POST', `${flask.url}/login`, form);

  expect(await browser.json('GET', `${address}/next/profile`)).toEqual({ username: 'ada' });
  await browser.send('POST', `${address}/next/visits`);
  expect(await browser.json('POST', `${address}/next/visits`)).toEqual({ visits: 2 });
  expect(await browser.json('GET', `${flask.url}/session/visits`)).toEqual({ int: '2' });

  await browser.send('POST', `${address}/next/logout`);
  expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: null });
});

test('express.ts: who is not logged in is sent to the login form of the Flask app', async () => {
  const response = await fetch(`${address}/next/profile`, { redirect: 'manual' });
  expect([response.status, response.headers.get('Location')]).toEqual([302, '/login']);
});

test('typed-session.ts: reads what has types, and does without what is not there', async () => {
  const app = express();
  app.use(flaskSession({ SESSION_TYPE: 'redis' }, { store: new MemoryStore() }));
  app.get('/', (req, res) => {
    const before = [languageOf(req), seatOf(req) ?? 'none'];
    req.session.preferredLanguage = 'de';
    req.session['seat'] = PyTuple.of(7, 12);
    req.session['bookedAt'] = PyDateTime.fromDate(new Date('2026-11-22T12:00:00Z'));
    res.json([...before, languageOf(req), seatOf(req)]);
  });
  const { body } = await ask(await serve(app));
  expect(JSON.parse(body)).toEqual(['en', 'none', 'de', 'row 7, seat 12, booked on 2026-11-22']);
});
