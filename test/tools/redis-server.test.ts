/** tools/redis-server.ts: real servers, and nothing left of them. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRedis, type RedisServer } from '../../tools/redis-server.js';
import { ROOT } from '../../tools/setup.mjs';

const clients: Redis[] = [];
let redisUrl: string | undefined;

beforeEach(() => {
  redisUrl = process.env.REDIS_URL;
});

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
  if (redisUrl === undefined) delete process.env.REDIS_URL;
  else process.env.REDIS_URL = redisUrl;
});

describe('a dedicated server', () => {
  test('answers, and is gone with its folder when it is stopped', async () => {
    const server = await startRedis({ dedicated: true });
    const { pid, folder } = await look(server);
    expect(isRunning(pid)).toBe(true);
    await server.stop();
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test('asks for the password that its URL has', async () => {
    const server = await startRedis({ password: 'p@ss word/' });
    try {
      expect(await connect(server.url).ping()).toBe('PONG');
      const stranger = connect(`redis://${server.host}:${server.port}`);
      await expect(stranger.get('key')).rejects.toThrow('NOAUTH');
    } finally {
      await server.stop();
    }
  });

  test('takes further arguments', async () => {
    const server = await startRedis({ args: ['--maxmemory', '2mb'] });
    try {
      const [, maxmemory] = (await connect(server.url).config('GET', 'maxmemory')) as string[];
      expect(maxmemory).toBe(String(2 * 1024 * 1024));
    } finally {
      await server.stop();
    }
  });

  test('comes back after a crash on the same port, in the same folder', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    try {
      const before = await look(server);
      await connect(server.url).set('key', 'kept');
      await server.kill('SIGKILL');
      expect(isRunning(before.pid)).toBe(false);
      await server.restart();
      const after = await look(server);
      expect(after.folder).toBe(before.folder);
      expect(after.pid).not.toBe(before.pid);
      expect(await connect(server.url).get('key')).toBe('kept');
    } finally {
      await server.stop();
    }
  });

  test('runs beside others', async () => {
    const [one, other] = await Promise.all([
      startRedis({ dedicated: true }),
      startRedis({ dedicated: true }),
    ]);
    try {
      expect(one.port).not.toBe(other.port);
      await connect(one.url).set('key', 'one');
      expect(await connect(other.url).get('key')).toBeNull();
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'does not outlive a program that ends by %s',
    async (signal) => {
      const program = `
        import { startRedis } from ${JSON.stringify(`${ROOT}/tools/redis-server.ts`)};
        console.log((await startRedis({ dedicated: true })).url);`;
      const parent = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', program],
        { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [url] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
      const { pid, folder } = await look({ url: url.trim() });
      parent.kill(signal);
      await once(parent, 'exit');
      await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
      await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
    },
  );
});

describe('a server that REDIS_URL names', () => {
  let named: RedisServer;

  beforeEach(async () => {
    named = await startRedis({ dedicated: true });
    process.env.REDIS_URL = named.url;
  });

  afterEach(() => named.stop());

  test('is used, and left running', async () => {
    const server = await startRedis();
    expect(server).toMatchObject({ url: named.url, port: named.port, dedicated: false });
    await server.stop();
    expect(await connect(named.url).ping()).toBe('PONG');
    await expect(server.kill()).rejects.toThrow();
  });

  test('gives each caller a key prefix of its own', async () => {
    const [one, other] = [await startRedis(), await startRedis()];
    expect(one.keyPrefix).not.toBe(other.keyPrefix);
  });

  test('is not used by a caller with arguments or a password', async () => {
    const server = await startRedis({ password: 'x' });
    expect(server.port).not.toBe(named.port);
    await server.stop();
  });
});

/** Connects without trying again, and is disconnected after the test. */
function connect(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** The process and the folder of a server, as it says itself. */
async function look({ url }: { url: string }): Promise<{ pid: number; folder: string }> {
  const client = connect(url);
  const [, folder = ''] = (await client.config('GET', 'dir')) as string[];
  const pid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1]);
  client.disconnect();
  return { pid, folder };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
