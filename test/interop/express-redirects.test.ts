/** A browser that follows a redirect finds what was saved before it, however slow Redis is. */

import express from 'express';
import type { Express } from 'express';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { flaskSession } from '../../src/index.js';
import { startDelayingProxy } from '../support/delaying-proxy.js';
import { ask, serve } from '../support/http.js';
import { useRedisSessions } from '../support/redis-sessions.js';

const sessions = useRedisSessions();

const LOGINS = 1000;
const AT_A_TIME = 50;
const ADDED_LATENCY_MS = 20;

test('of 1,000 redirects with 20 ms of added Redis latency, none is seen before its save', async () => {
  const { redis, keyPrefix } = sessions();
  const proxy = await startDelayingProxy(redis.options.port ?? 0, ADDED_LATENCY_MS);
  const slowRedis = new Redis({ ...redis.options, port: proxy.port });
  onTestFinished(async () => {
    slowRedis.disconnect();
    await proxy.stop();
  });
  let unsavedAtRedirect = 0;
  const loginApp = appWith(slowRedis, keyPrefix);
  loginApp.get('/login/:user', async (req, res) => {
    req.session['user'] = req.params.user;
    res.redirect('/me');
    if ((await redis.exists(keyPrefix + req.sessionID)) === 0) unsavedAtRedirect++;
  });
  // The page that is redirected to is on another server, with a Redis that is near.
  const pages = appWith(redis, keyPrefix);
  pages.get('/me', (req, res) => {
    res.send(req.session['user']);
  });
  const [loginPort, pagesPort] = await Promise.all([serve(loginApp), serve(pages)]);

  let seenBeforeSave = 0;
  const users = Array.from({ length: LOGINS }, (_, n) => `user${n}`).values();
  const browse = async (): Promise<void> => {
    for (const user of users) {
      const { headers } = await ask(loginPort, `/login/${user}`);
      const Cookie = headers['set-cookie']?.[0]?.replace(/;.*/s, '') ?? '';
      const page = await ask(pagesPort, headers.location, { headers: { Cookie } });
      if (page.body !== user) seenBeforeSave++;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, browse));

  expect(seenBeforeSave).toBe(0);
  // Or else little would have been put to the test.
  expect(unsavedAtRedirect).toBeGreaterThan(LOGINS / 2);
});

function appWith(redis: Redis, keyPrefix: string): Express {
  const app = express();
  app.use(flaskSession({ SESSION_REDIS: redis, SESSION_KEY_PREFIX: keyPrefix }));
  return app;
}
