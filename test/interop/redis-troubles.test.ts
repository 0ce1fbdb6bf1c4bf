/** A Redis that is there but refuses or stalls: 503 without a leak, and recovery without restart. */

import { connect, createServer } from 'node:net';
import { inspect } from 'node:util';

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { BridgeError, SessionInterface } from '../../src/index.js';
import type { SessionOptions } from '../../src/index.js';
import { dumps } from '../../src/python/pickle/index.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { listen } from '../support/http.js';
import { KEY, SID } from '../support/sessions.js';

const COOKIE = `session=${SID}`;
const SECRET_VALUE = 'value that no message may show';

interface Opened {
  readonly server: RedisServer;
  /** Goes to the server itself, whatever stands before it for the sessions. */
  readonly direct: Redis;
  readonly sessions: SessionInterface;
}

/** A server with one session in it. */
async function start(args: readonly string[] = []): Promise<Opened> {
  const server = await startRedis({ dedicated: true, args });
  onTestFinished(() => server.stop());
  const direct = clientOf(server.url);
  await direct.set(KEY, Buffer.from(dumps({ username: 'ada' })));
  const sessions = interfaceOn(server.url);
  await write(sessions);
  return { server, direct, sessions };
}

test('a full Redis refuses the write, and takes it once there is room', async () => {
  const { direct, sessions } = await start(['--maxmemory-policy', 'noeviction']);
  await direct.config('SET', 'maxmemory', '1');
  await expectRefusal(() => write(sessions));
  expect(await read(sessions)).toBe('ada');
  await direct.config('SET', 'maxmemory', '0');
  expect(await write(sessions)).toBe('stored');
});

test('a replica that is read-only refuses until it is promoted', async () => {
  const { direct, sessions } = await start();
  await direct.call('REPLICAOF', '127.0.0.1', '1');
  await expectRefusal(() => write(sessions));
  await direct.call('REPLICAOF', 'NO', 'ONE');
  expect(await write(sessions)).toBe('stored');
});

test('a Redis that answers too late is not waited for', async () => {
  const { server } = await start();
  const proxy = await startProxy(server.port);
  const sessions = interfaceOn(`redis://127.0.0.1:${proxy.port}/0`, { storeTimeoutMs: 150 });
  await expect.poll(() => read(sessions).catch(() => undefined)).toBe('ada');
  proxy.delayMs = 1_000;
  await expectRefusal(() => read(sessions));
  proxy.delayMs = 0;
  await expect.poll(() => read(sessions).catch(() => undefined), { timeout: 5_000 }).toBe('ada');
});

test('a Redis that forgets its scripts serves on', async () => {
  const { direct, sessions } = await start();
  await direct.script('FLUSH');
  expect(await write(sessions)).toBe('stored');
});

function clientOf(url: string): Redis {
  const client = new Redis(url);
  client.on('error', () => undefined);
  onTestFinished(() => {
    client.disconnect();
  });
  return client;
}

function interfaceOn(url: string, options: SessionOptions = {}): SessionInterface {
  return new SessionInterface({ SESSION_TYPE: 'redis', SESSION_REDIS: clientOf(url) }, options);
}

async function read(sessions: SessionInterface): Promise<unknown> {
  return (await sessions.openSession(COOKIE))['username'];
}

let writes = 0;

async function write(sessions: SessionInterface): Promise<string> {
  const session = await sessions.openSession(COOKIE);
  session['note'] = SECRET_VALUE + String((writes += 1));
  return (await sessions.saveSession(session)).outcome;
}

/** An error with status 503 that shows neither the session's id nor what it holds. */
async function expectRefusal(work: () => Promise<unknown>): Promise<void> {
  const error: unknown = await work().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BridgeError);
  expect(error).toMatchObject({ code: 'ERR_SESSION_STORE', status: 503 });
  const shown = inspect(error, { depth: Infinity, showHidden: true });
  expect(shown).not.toContain(SID);
  expect(shown).not.toContain(SECRET_VALUE);
}

interface Proxy {
  readonly port: number;
  /** How much later the server's answers arrive. */
  delayMs: number;
}

async function startProxy(serverPort: number): Promise<Proxy> {
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      setTimeout(() => client.write(chunk), proxy.delayMs);
    });
    client.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
  });
  const proxy = { port: await listen(server), delayMs: 0 };
  return proxy;
}
