/**
 * A connection that breaks when Redis has done what it was told, and before it could say so. ioredis
 * then sends the command again on the next connection; node-redis rejects it.
 */

import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { connect, createServer } from 'node:net';

import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';

import { flaskSession, RedisStore, sessionOf } from '../../src/index.js';
import type { FlaskSessionMiddleware, SaveResult } from '../../src/index.js';
import { listen } from '../support/http.js';
import { connectClient, without } from '../support/redis-clients.js';
import { COOKIE, SID, useRedisSessions } from '../support/redis-sessions.js';

const sessions = useRedisSessions();

interface CuttingProxy {
  readonly port: number;
  /** Cuts the connection in place of the next reply. */
  cutAtNextReply: boolean;
}

async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (proxy.cutAtNextReply) client.destroy();
      else client.write(chunk);
      proxy.cutAtNextReply = false;
    });
    client.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  const proxy = { port: await listen(server), cutAtNextReply: false };
  return proxy;
}

describe.each([
  ['ioredis 5', true],
  ['ioredis 5', false],
  ['node-redis 5, RESP 3', true],
  ['node-redis 5, RESP 3', false],
] as const)('%s, SET IFEQ %s', (name, ifEqual) => {
  async function start(): Promise<[FlaskSessionMiddleware['interface'], CuttingProxy]> {
    const proxy = await startCuttingProxy(sessions().redis.options.port ?? 0);
    const { client, close } = await connectClient(name, `redis://127.0.0.1:${proxy.port}/0`);
    (client as EventEmitter).on('error', () => undefined);
    if (name === 'ioredis 5') await once(client as EventEmitter, 'ready');
    onTestFinished(close);
    if (!ifEqual) without(client, 'IFEQ');
    const config = { SESSION_KEY_PREFIX: sessions().keyPrefix };
    const store = new RedisStore(client);
    const { interface: bridge } = flaskSession(config, { store });
    // What the server can do is learnt by the first write.
    await sessions().put({ a: 0 });
    await bridge.update(SID, (data) => {
      data['first'] = true;
    });
    await sessions().put({ a: 0 });
    return [bridge, proxy];
  }

  /** What becomes of a save: whether a client sends again is its own affair. */
  const resends = name === 'ioredis 5';

  test('a change is there once, and the request knows unless it was told of an error', async () => {
    const [bridge, proxy] = await start();
    const session = await bridge.openSession(COOKIE);
    session['b'] = 1;
    proxy.cutAtNextReply = true;
    const saved = await bridge.saveSession(session).catch((error: unknown) => error);
    expect(saved).toMatchObject(resends ? { outcome: 'merged' } : { code: 'ERR_SESSION_STORE' });
    expect(await sessions().stored()).toEqual({ a: 0, b: 1 });
    session['c'] = 1;
    expect(await bridge.saveSession(session)).toHaveProperty('setCookie');
    expect(await sessions().stored()).toEqual({ a: 0, b: 1, c: 1 });
  });

  test('a login that was sent twice is one login', async () => {
    const [bridge, proxy] = await start();
    const session = await bridge.openSession();
    session['user'] = 'ada';
    proxy.cutAtNextReply = true;
    const saved = await bridge.saveSession(session).catch((error: unknown) => error);
    expect(saved).toMatchObject(resends ? { outcome: 'stored' } : { code: 'ERR_SESSION_STORE' });
    // Where the app got an error, it may try once more.
    const { setCookie } = resends ? (saved as SaveResult) : await bridge.saveSession(session);
    expect(setCookie).toContain(`session=${sessionOf(session).sid};`);
    expect(await sessions().stored(sessionOf(session).sid)).toMatchObject({ user: 'ada' });
  });

  test('a logout that was sent twice is a logout', async () => {
    const [bridge, proxy] = await start();
    const session = await bridge.openSession(COOKIE);
    session.clear();
    proxy.cutAtNextReply = true;
    const saved = await bridge.saveSession(session).catch((error: unknown) => error);
    expect(saved).toMatchObject(resends ? { outcome: 'deleted' } : { code: 'ERR_SESSION_STORE' });
    expect((await bridge.saveSession(session)).outcome).toBe('deleted');
    expect(await sessions().stored()).toBeUndefined();
  });
});

test('an update is made once where the client does not send it again', async () => {
  const proxy = await startCuttingProxy(sessions().redis.options.port ?? 0);
  const redis = new Redis({ port: proxy.port, autoResendUnfulfilledCommands: false });
  redis.on('error', () => undefined);
  onTestFinished(() => {
    redis.disconnect();
  });
  const { interface: bridge } = sessions().middleware(
    {},
    { store: new RedisStore(redis), storeTimeoutMs: 200 },
  );
  await sessions().put({ count: 0 });
  const count = () =>
    bridge.update(SID, (data) => {
      data['count'] = Number(data['count']) + 1;
      proxy.cutAtNextReply = data['count'] === 2;
    });
  await count();
  await expect(count()).rejects.toMatchObject({ code: 'ERR_SESSION_STORE' });
  expect(await sessions().stored()).toEqual({ count: 2 });
});
