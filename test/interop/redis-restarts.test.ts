/**
 * A Redis that dies in the middle of a request, and that has to load its data when it is back: the
 * app's error handler answers, nothing is half written, and nobody has to restart Node.
 */

import type { EventEmitter } from 'node:events';

import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';

import { flaskSession } from '../../src/index.js';
import type { FlaskConfig, SessionOptions } from '../../src/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';
import { connectClient } from '../support/redis-clients.js';
import { newApp } from '../support/responses.js';
import { KEY, SID } from '../support/sessions.js';

const CLIENTS = ['ioredis 5', 'node-redis 5, RESP 3'] as const;
/** What the server has acknowledged is there after its death. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
/** Slow in loading, and answering in between. */
const LOADS_SLOWLY = [
  '--key-load-delay',
  '10000',
  '--loading-process-events-interval-bytes',
  '1024',
];
const OTHER_KEYS = 1000;

interface Started {
  readonly server: RedisServer;
  /** For the test itself; it does not wait until the server is ready. */
  readonly direct: Redis;
}

async function start(args: readonly string[]): Promise<Started> {
  const server = await startRedis({ args });
  onTestFinished(() => server.stop());
  const direct = ioredis(server.url, { enableReadyCheck: false, retryStrategy: () => 20 });
  await direct.set(KEY, Buffer.from(dumps({ a: 0 })));
  return { server, direct };
}

/** An app with one page, whose errors are answered as apps do; gives what asks for the page. */
async function serveApp(
  client: object,
  page: RequestHandler,
  config: FlaskConfig = {},
  options: SessionOptions = {},
): Promise<(cookie?: string) => Promise<Reply>> {
  const app = newApp();
  app.use(flaskSession({ SESSION_REDIS: client, ...config }, { storeTimeoutMs: 400, ...options }));
  app.get('/', page);
  app.use(((error: Error & { status?: number }, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(error.status ?? 500).send(error.name);
  }) satisfies ErrorRequestHandler);
  const port = await serve(app);
  return (cookie = `session=${SID}`) => ask(port, '/', { headers: { Cookie: cookie } });
}

async function connect(name: (typeof CLIENTS)[number], url: string): Promise<object> {
  const { client, close } = await connectClient(name, url);
  (client as EventEmitter).on('error', () => undefined);
  onTestFinished(close);
  return client;
}

async function stored(direct: Redis): Promise<unknown> {
  const bytes = await direct.getBuffer(KEY);
  return bytes && loads(bytes);
}

describe.each(CLIENTS)('killed while a request is handled, by %s', (name) => {
  test('a change is an error to the app, whole or not made, and works afterwards', async () => {
    const { server, direct } = await start(DURABLE);
    let dies = true;
    const get = await serveApp(await connect(name, server.url), async (req, res) => {
      req.session['a'] = Number(req.session['a']) + 1;
      req.session['b'] = 'too';
      if (dies) await server.kill();
      res.send('saved');
    });
    const reply = await get();
    expect(reply).toMatchObject({ status: 503, body: 'SessionStoreError' });
    expect(reply.headers['set-cookie']).toBeUndefined();

    dies = false;
    await server.restart();
    await expect.poll(async () => (await get()).body, { timeout: 10_000 }).toBe('saved');
    // A client may send later what it had queued, which then counts in full or not at all.
    expect([
      { a: 1, b: 'too' },
      { a: 2, b: 'too' },
    ]).toContainEqual(await stored(direct));
  });

  test('a login is an error to the app, and sends no cookie', async () => {
    const { server } = await start(DURABLE);
    const get = await serveApp(await connect(name, server.url), async (req, res) => {
      req.session['user'] = 'ada';
      await server.kill();
      res.redirect('/');
    });
    const reply = await get('');
    expect(reply).toMatchObject({ status: 503, body: 'SessionStoreError' });
    expect(reply.headers).not.toHaveProperty('location');
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  test('a logout is an error to the app, which can tell its user', async () => {
    const { server } = await start(DURABLE);
    const get = await serveApp(await connect(name, server.url), async (req, res) => {
      req.session.clear();
      await server.kill();
      res.redirect('/');
    });
    const reply = await get();
    expect(reply).toMatchObject({ status: 503, body: 'SessionStoreError' });
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  test('a write that the server had taken up is an error to the app', async () => {
    const { server, direct } = await start(DURABLE);
    const config = { SESSION_REFRESH_EACH_REQUEST: false };
    const get = await serveApp(
      await connect(name, server.url),
      (req, res) => {
        req.session['a'] = 1;
        res.send('saved');
      },
      config,
    );
    await direct.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const reply = get();
    await expect.poll(() => direct.info('clients')).toContain('blocked_clients:1');
    await server.kill();
    expect(await reply).toMatchObject({ status: 503, body: 'SessionStoreError' });
    await server.restart();
    await expect.poll(async () => (await get()).body, { timeout: 10_000 }).toBe('saved');
    expect(await stored(direct)).toEqual({ a: 1 });
  });
});

describe('loading its data', () => {
  /** Clients that pass the server's refusal on, and one that waits by itself until it is ready. */
  const LOADING_CLIENTS: [string, number, (url: string) => object | Promise<object>][] = [
    ['ioredis', 400, (url) => ioredis(url, { maxLoadingRetryTime: 200 })],
    ['ioredis without its ready check', 60_000, (url) => ioredis(url, { enableReadyCheck: false })],
    ['node-redis 5, RESP 3', 60_000, (url) => connect('node-redis 5, RESP 3', url)],
  ];

  test.each(LOADING_CLIENTS)('503 by %s, until it has loaded', async (_name, ms, open) => {
    const { server, direct } = await start(LOADS_SLOWLY);
    const page: RequestHandler = (req, res) => res.json(req.session);
    const get = await serveApp(await open(server.url), page, {}, { storeTimeoutMs: ms });
    const others = Array.from({ length: OTHER_KEYS }, (_, n) => [`key${n}`, 'x'.repeat(99)]);
    await direct.mset(others.flat());
    await direct.save();
    await server.kill();
    const restarted = server.restart();
    const isLoading = (): Promise<boolean> =>
      direct.ping().then(
        () => false,
        (error: unknown) => String(error).includes('LOADING'),
      );

    await expect.poll(isLoading).toBe(true);
    // A client may notice only now that its connection was cut.
    await get();
    expect(await get()).toMatchObject({ status: 503, body: 'SessionStoreError' });
    expect(await isLoading()).toBe(true);
    await direct.config('SET', 'key-load-delay', '0');
    await restarted;
    await expect.poll(async () => (await get()).body, { timeout: 15_000 }).toBe('{"a":0}');
  });
});

function ioredis(url: string, options: RedisOptions): Redis {
  const redis = new Redis(url, options);
  redis.on('error', () => undefined);
  onTestFinished(() => {
    redis.disconnect();
  });
  return redis;
}
