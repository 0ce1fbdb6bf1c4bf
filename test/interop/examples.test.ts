/** The programs in examples/, beside a real Flask app. */

import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import express from 'express';
import { flaskSession } from 'flask-session-bridge';
import { PyDateTime, PyTuple } from 'flask-session-bridge/pickle';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

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
/** Addresses of the running examples. */
const at = { express: '', websocket: '', passport: '' };
const children: Child[] = [];

beforeAll(async () => {
  // The example has the default key prefix, so the server must be ours.
  redis = await startRedis({ dedicated: true });
  const release = FLASK_SESSION_RELEASES.find(({ version }) => version === '0.5.0');
  if (!release) throw new Error('Flask-Session 0.5.0 is not under test');
  const config = { SECRET_KEY, SESSION_USE_SIGNER: true };
  flask = await startFlaskApp({ release, redisUrl: redis.url, config });
  await Promise.all(
    (['express', 'websocket', 'passport'] as const).map(async (name) => {
      at[name] = await startExample(`${name}.ts`);
    }),
  );
});

afterAll(async () => {
  for (const child of children) await child.stop();
  await flask.stop();
  await redis.stop();
});

test('express.ts: who logged in on Flask sees the profile and is counted, and logs out of both', async () => {
  const browser = await loggedInOnFlask();
  expect(await browser.json('GET', `${at.express}/next/profile`)).toEqual({ username: 'ada' });
  await browser.send('POST', `${at.express}/next/visits`);
  expect(await browser.json('POST', `${at.express}/next/visits`)).toEqual({ visits: 2 });
  expect(await browser.json('GET', `${flask.url}/session/visits`)).toEqual({ int: '2' });

  await browser.send('POST', `${at.express}/next/logout`);
  expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: null });
});

test('express.ts: who is not logged in is sent to the login form of the Flask app', async () => {
  const response = await fetch(`${at.express}/next/profile`, { redirect: 'manual' });
  expect([response.status, response.headers.get('Location')]).toEqual([302, '/login']);
});

describe('websocket.ts', () => {
  test('counts the messages of who logged in on Flask, in the session that Flask has', async () => {
    const browser = await loggedInOnFlask();
    const socket = await connect({ cookie: browser.cookie });
    expect(await sendAndHear(socket)).toEqual({ username: 'ada', messages: 1 });
    expect(await sendAndHear(socket)).toEqual({ username: 'ada', messages: 2 });
    expect(await browser.json('GET', `${flask.url}/session/messages`)).toEqual({ int: '2' });
  });

  test('loses no message when two connections send at once', async () => {
    const browser = await loggedInOnFlask();
    const sockets = [
      await connect({ cookie: browser.cookie }),
      await connect({ cookie: browser.cookie }),
    ];
    await Promise.all(sockets.map(sendAndHear));
    await Promise.all(sockets.map(sendAndHear));
    expect(await browser.json('GET', `${flask.url}/session/messages`)).toEqual({ int: '4' });
  });

  test('closes when the user has logged out on Flask', async () => {
    const browser = await loggedInOnFlask();
    const socket = await connect({ cookie: browser.cookie });
    await sendAndHear(socket);
    await browser.send('POST', `${flask.url}/logout`);
    socket.send('still here?');
    expect(await once(socket, 'close')).toEqual([4401, Buffer.from('logged out')]);
  });

  test('refuses who is not logged in, and whose cookie was tampered with', async () => {
    const { cookie = '' } = await loggedInOnFlask();
    await expect(connect({})).rejects.toThrow('401');
    await expect(connect({ cookie: `${cookie.slice(0, -1)}!` })).rejects.toThrow('401');
  });

  test.each(['https://elsewhere.example', 'null'])('refuses pages of %s', async (origin) => {
    const { cookie } = await loggedInOnFlask();
    await expect(connect({ cookie, origin })).rejects.toThrow('403');
    const { host } = new URL(at.websocket);
    expect((await connect({ cookie, origin: `http://${host}` })).readyState).toBe(WebSocket.OPEN);
  });
});

describe('passport.ts', () => {
  const RIGHT = new URLSearchParams({ username: 'ada', password: 'lovelace' });

  test('knows who logged in on Flask', async () => {
    const browser = await loggedInOnFlask();
    expect(await browser.json('GET', `${at.passport}/next/me`)).toEqual({
      user: { username: 'ada' },
      loggedIn: true,
    });
  });

  test('logs in by a hash of Werkzeug, under a new id, and Flask knows it', async () => {
    const browser = new Browser();
    await browser.json('PUT', `${flask.url}/session/theme`, { str: 'dark' });
    const before = browser.cookie;
    await browser.send('POST', `${at.passport}/next/login`, RIGHT);
    expect(browser.cookie).not.toBe(before);
    expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: 'ada' });
    expect(await browser.json('GET', `${at.passport}/next/me`)).toMatchObject({ loggedIn: true });
  });

  test('logs out of both', async () => {
    const browser = new Browser();
    await browser.send('POST', `${at.passport}/next/login`, RIGHT);
    await browser.send('POST', `${at.passport}/next/logout`);
    expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: null });
    expect(await browser.json('GET', `${at.passport}/next/me`)).toEqual({
      user: null,
      loggedIn: false,
    });
  });

  test('a logout on Flask is one here', async () => {
    const browser = await loggedInOnFlask();
    await browser.send('POST', `${flask.url}/logout`);
    expect(await browser.json('GET', `${at.passport}/next/me`)).toMatchObject({ loggedIn: false });
  });

  test.each([
    ['a wrong password', 'username=ada&password=babbage'],
    ['an unknown name', 'username=eve&password=lovelace'],
    ['a password that came twice', 'username=ada&password=lovelace&password=lovelace'],
    ['nothing', ''],
  ])('refuses %s, and starts no session', async (_, form) => {
    const browser = new Browser();
    const response = await browser.send(
      'POST',
      `${at.passport}/next/login`,
      new URLSearchParams(form),
    );
    expect([response.status, browser.cookie]).toEqual([401, undefined]);
  });
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

/** Runs an example beside Flask, with Flask's settings, and gives its address. */
async function startExample(name: string): Promise<string> {
  const script = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const child = await startChild(process.execPath, ['--import', 'tsx', script], {
    folder: await mkdtemp(join(tmpdir(), 'examples-test-')),
    env: { ...process.env, REDIS_URL: redis.url, SECRET_KEY, PORT: '0' },
  });
  children.push(child);
  return waitUntil(child, () => /^listening at (\S+)$/m.exec(child.output())?.[1], name);
}

async function loggedInOnFlask(): Promise<Browser> {
  const browser = new Browser();
  const form = new URLSearchParams({ username: 'ada', password: 'x' });
  await browser.send('POST', `${flask.url}/login`, form);
  return browser;
}

/** Opens a WebSocket as a browser would; rejects with the status when it is refused. */
async function connect(headers: { cookie?: string | undefined; origin?: string }) {
  const { cookie, origin } = headers;
  const socket = new WebSocket(at.websocket.replace('http:', 'ws:'), {
    headers: { ...(cookie !== undefined && { cookie }), ...(origin !== undefined && { origin }) },
  });
  onTestFinished(() => {
    socket.terminate();
  });
  await once(socket, 'open');
  return socket;
}

async function sendAndHear(socket: WebSocket): Promise<unknown> {
  const heard = once(socket, 'message') as Promise<[Buffer]>;
  socket.send('hello');
  const [answer] = await heard;
  return JSON.parse(answer.toString());
}
