/** A Redis that is not there, at the start or later: an error per request, no hang, and recovery. */

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { startRedis } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { startExpressApp } from '../support/reference-express-app.js';
import { SID } from '../support/sessions.js';

async function start(options: { onStoreError?: 'anonymous' } = {}) {
  const server = await startRedis({ dedicated: true });
  const redis = new Redis(server.url, { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  const app = await startExpressApp(
    { SESSION_TYPE: 'redis', SESSION_REDIS: redis },
    { storeTimeoutMs: 300, ...options },
  );
  onTestFinished(async () => {
    await app.stop();
    redis.disconnect();
    await server.stop();
  });
  return { server, app };
}

async function statusOfMe(url: string, cookie = `session=${SID}`): Promise<number> {
  const browser = new Browser();
  browser.cookie = cookie;
  return (await browser.send('GET', `${url}/me`)).status;
}

test('a Redis that dies gives 503 within the deadline, and its return gives the session', async () => {
  const { server, app } = await start();
  const browser = new Browser();
  await browser.send('POST', `${app.url}/login`, new URLSearchParams({ username: 'ada' }));
  await server.kill();
  const before = Date.now();
  expect(await statusOfMe(app.url)).toBe(503);
  expect(Date.now() - before).toBeLessThan(5_000);
  const login = await new Browser().send(
    'POST',
    `${app.url}/login`,
    new URLSearchParams('username=ada'),
  );
  expect([login.status, login.headers.get('set-cookie')]).toEqual([503, null]);
  await server.restart();
  await expect.poll(() => statusOfMe(app.url), { timeout: 10_000 }).toBe(200);
});

test('a Redis that is absent at the start gives 503, and works once it is there', async () => {
  const { server, app } = await start();
  await server.kill();
  expect(await statusOfMe(app.url)).toBe(503);
  await server.restart();
  await expect.poll(() => statusOfMe(app.url), { timeout: 10_000 }).toBe(200);
});

test('requests without a session need no Redis', async () => {
  const { server, app } = await start();
  await server.kill();
  expect(await statusOfMe(app.url, '')).toBe(200);
  expect(await statusOfMe(app.url, 'session=abc')).toBe(200);
});

test('onStoreError anonymous serves requests without a session, and writes nothing', async () => {
  const { server, app } = await start({ onStoreError: 'anonymous' });
  await server.kill();
  const browser = new Browser();
  browser.cookie = `session=${SID}`;
  expect(await browser.json('GET', `${app.url}/me`)).toEqual({ username: null });
  expect(browser.setCookie).toBeUndefined();
});
