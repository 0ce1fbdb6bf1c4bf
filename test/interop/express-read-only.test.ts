/**
 * The option readOnly, with which a roll-out begins: Express reads the sessions of a live Flask, and
 * leaves no trace on them, whatever its handlers do.
 */

import express from 'express';
import type { RequestHandler } from 'express';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { flaskSession } from '../../src/index.js';
import type { FlaskSessionMiddleware } from '../../src/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { collect } from '../support/events.js';
import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';

const TTL_BEFORE = 100;

let server: RedisServer;
let flask: FlaskApp;
/** What Express has: a user of Redis who may do nothing but read. */
let redis: Redis;
let watcher: Redis;
let session: FlaskSessionMiddleware;
let browser: Browser;
let key: string;

beforeAll(async () => {
  server = await startRedis({ dedicated: true });
  watcher = new Redis(server.url);
  await watcher.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+get', '+info', '+select');
  redis = new Redis(`redis://reader:secret@${server.host}:${server.port}/0`);
  const [release] = FLASK_SESSION_RELEASES.slice(-1);
  if (!release) throw new Error('there is no release');
  const config = { SECRET_KEY: 'shared', SESSION_USE_SIGNER: true };
  flask = await startFlaskApp({ release, redisUrl: server.url, config });
  session = flaskSession({ ...config, SESSION_REDIS: redis }, { readOnly: true });
});

afterAll(async () => {
  await flask.stop();
  redis.disconnect();
  watcher.disconnect();
  await server.stop();
});

beforeEach(async () => {
  await watcher.flushall();
  browser = new Browser();
  const form = new URLSearchParams({ username: 'ada', password: 'secret' });
  await browser.send('POST', `${flask.url}/login`, form);
  [key = ''] = await watcher.keys('*');
  await watcher.expire(key, TTL_BEFORE);
});

async function askFor(handler: RequestHandler, cookie = browser.cookie): Promise<Reply> {
  const app = express();
  app.set('env', 'test');
  app.use(session);
  app.get('/', handler);
  return ask(await serve(app), '/', { headers: cookie === undefined ? {} : { Cookie: cookie } });
}

test.each<[string, RequestHandler]>([
  ['reads', (req, res) => res.json(req.session)],
  [
    'changes it',
    (req, res) => {
      req.session['username'] = 'eve';
      res.json(req.session);
    },
  ],
  [
    'saves it',
    async (req, res) => {
      req.session['cart'] = [1];
      await req.session.save();
      res.json(req.session);
    },
  ],
  [
    'clears it',
    (req, res) => {
      req.session.clear();
      res.json(req.session);
    },
  ],
  [
    'says that it is changed',
    (req, res) => {
      req.session.touch();
      res.json(req.session);
    },
  ],
])('a handler that %s', async (_what, handler) => {
  const before = await watcher.getBuffer(key);
  const reply = await askFor(handler);
  expect(reply.status).toBe(200);
  expect(reply.headers['set-cookie']).toBeUndefined();
  expect(reply.headers['vary']).toContain('Cookie');
  expect(await watcher.keys('*')).toEqual([key]);
  expect(await watcher.getBuffer(key)).toEqual(before);
  expect(await watcher.ttl(key)).toBeLessThanOrEqual(TTL_BEFORE);
  expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: 'ada' });
});

test.each<[string, RequestHandler]>([
  ['destroy()', (req) => req.session.destroy()],
  ['rotate()', (req) => req.session.rotate()],
  ['regenerate()', (req) => req.session.regenerate()],
  ['update()', (req) => req.session.update(() => undefined)],
  ['update() by id', (req) => session.interface.update(req.sessionID, () => undefined)],
  ['delete() by id', (req) => session.interface.delete(req.sessionID)],
])('%s is an error, for nobody would notice that it did nothing', async (_what, handler) => {
  let code: unknown;
  await askFor(async (req, res, next) => {
    try {
      await handler(req, res, next);
    } catch (error) {
      ({ code } = error as NodeJS.ErrnoException);
    }
    res.send('ok');
  });
  expect(code).toBe('ERR_SESSION_USE');
  expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: 'ada' });
});

test('a visitor gets no session, and what would have been stored is told', async () => {
  const drops = collect('drop');
  const reply = await askFor((req, res) => {
    req.session['username'] = 'eve';
    res.send('ok');
  }, 'theme=dark');
  expect(reply.headers['set-cookie']).toBeUndefined();
  expect(await watcher.keys('*')).toEqual([key]);
  expect(drops).toMatchObject([{ reason: 'read-only' }]);
});
