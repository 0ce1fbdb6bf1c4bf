/** How often a request goes to Redis, by the server's own counters. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { startExpressApp } from '../support/reference-express-app.js';
import type { ExpressApp } from '../support/serve-express.js';

let server: RedisServer;
let watcher: Redis;
let client: Redis;
let renewing: ExpressApp;
let keeping: ExpressApp;

beforeAll(async () => {
  server = await startRedis({ dedicated: true });
  watcher = new Redis(server.url);
  client = new Redis(server.url);
  const config = { SESSION_TYPE: 'redis', SESSION_REDIS: client } as const;
  renewing = await startExpressApp(config);
  keeping = await startExpressApp({ ...config, SESSION_REFRESH_EACH_REQUEST: false });
  // What the server can do is learnt once, by the first write.
  const browser = await loggedIn();
  await browser.send('PUT', `${renewing.url}/session/first`, { int: '1' });
  await browser.send('PUT', `${keeping.url}/session/second`, { int: '1' });
});

afterAll(async () => {
  await renewing.stop();
  await keeping.stop();
  client.disconnect();
  watcher.disconnect();
  await server.stop();
});

test('a request that reads goes once, which also renews', async () => {
  const browser = await loggedIn();
  expect(await commandsOf(() => browser.json('GET', `${renewing.url}/me`))).toEqual(['getex']);
});

test('a request that has a session and does not touch it goes once', async () => {
  const browser = await loggedIn();
  const commands = await commandsOf(() => browser.send('GET', `${renewing.url}/untouched`));
  expect(commands).toEqual(['getex']);
});

test('a request that reads without renewal goes once', async () => {
  const browser = await loggedIn();
  expect(await commandsOf(() => browser.json('GET', `${keeping.url}/me`))).toEqual(['get']);
});

test('a request that writes goes twice', async () => {
  const browser = await loggedIn();

  expect(await trips(() => browser.send('PUT', `${renewing.url}/session/n`, { int: '1' }))).toBe(2);
  expect(await trips(() => browser.send('PUT', `${keeping.url}/session/m`, { int: '2' }))).toBe(2);
});

test('a request that writes what was there goes once', async () => {
  const browser = await loggedIn();
  const again = () => browser.send('PUT', `${renewing.url}/session/n`, { int: '1' });
  await again();
  expect(await commandsOf(again)).toEqual(['getex']);
});

test('a login goes once, and a logout twice', async () => {
  const browser = new Browser();
  expect(await commandsOf(() => logIn(browser))).toEqual(['set']);
  const logOut = () => browser.send('POST', `${renewing.url}/logout`);
  expect(await commandsOf(logOut)).toEqual(['del', 'getex']);
});

test('a request without a session cookie that leaves the session alone never goes', async () => {
  const browser = new Browser();
  expect(await trips(() => browser.send('GET', `${renewing.url}/untouched`))).toBe(0);
  expect(await trips(() => browser.send('GET', `${renewing.url}/me`))).toBe(0);
});

test('a cookie that is no session id never goes', async () => {
  const browser = new Browser();
  browser.cookie = 'session=../../etc/passwd';
  expect(await trips(() => browser.send('GET', `${renewing.url}/me`))).toBe(0);
});

async function loggedIn(): Promise<Browser> {
  const browser = new Browser();
  await logIn(browser);
  return browser;
}

function logIn(browser: Browser): Promise<Response> {
  return browser.send('POST', `${renewing.url}/login`, new URLSearchParams({ username: 'ada' }));
}

async function trips(request: () => Promise<unknown>): Promise<number> {
  return (await commandsOf(request)).length;
}

/** Names of the commands that one request caused. */
async function commandsOf(request: () => Promise<unknown>): Promise<string[]> {
  await watcher.config('RESETSTAT');
  await request();
  const stats = await watcher.info('commandstats');
  const calls = new Map(
    [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, n]) => [name, Number(n)]),
  );
  // Servers without a conditional SET run a script, whose one GET and one SET are their own.
  const scripts = (calls.get('eval') ?? 0) + (calls.get('evalsha') ?? 0);
  for (const name of ['get', 'set']) calls.set(name, (calls.get(name) ?? 0) - scripts);
  return [...calls]
    .filter(([name = '']) => !/^(info|config)\b/.test(name)) // of looking at the counters
    .flatMap(([name = '', n]) => Array.from({ length: n }, () => name))
    .sort();
}
