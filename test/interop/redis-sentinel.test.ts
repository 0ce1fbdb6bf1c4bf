/** RedisStore behind Sentinel, by every client. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { RedisStore } from '../../src/index.js';
import { startRedisSentinel } from '../../tools/redis-sentinel.js';
import type { SentinelGroup } from '../../tools/redis-sentinel.js';
import { describeStore } from '../contract/store.js';
import type { OpenStore } from '../contract/store.js';
import { connectBySentinel, SENTINEL_CLIENT_NAMES, without } from '../support/redis-clients.js';
import type { SentinelAddress, SentinelClientName } from '../support/redis-clients.js';

const closings: (() => Promise<void>)[] = [];
let group: SentinelGroup;
let redis: Redis;

beforeAll(async () => {
  // Nothing fails over here, however slow the machine is.
  group = await startRedisSentinel({ downAfterMs: 30_000 });
  redis = new Redis((await group.master()).url);
});

afterAll(async () => {
  for (const close of closings) await close();
  redis.disconnect();
  await group.stop();
});

for (const name of SENTINEL_CLIENT_NAMES) {
  describeStore(`Sentinel by ${name}`, () => openStore(name));
}

test.each(SENTINEL_CLIENT_NAMES)('%s: watches keys where scripts are forbidden', async (name) => {
  const opened = await openStore(name, 'IFEQ', 'EVALSHA');
  const { store } = opened;
  const [k, a, b] = [opened.key('k'), Buffer.from('a'), Buffer.from('b')];
  await store.set(k, a, 60, null);
  expect(await store.set(k, b, 60, b)).toEqual({ stored: false, current: a });
  expect(await store.set(k, b, 60, a)).toEqual({ stored: true });
});

async function openStore(
  name: SentinelClientName,
  ...lacking: ('IFEQ' | 'EVALSHA')[]
): Promise<OpenStore> {
  const { client, close } = await connectBySentinel(name, addressOf(group));
  closings.push(close);
  without(client, ...lacking);
  const keyPrefix = `${closings.length}:`;
  return {
    store: new RedisStore(client, { keyPrefix }),
    key: (suffix) => keyPrefix + suffix,
    secondsLeft: async (key) => {
      const left = await redis.ttl(key);
      return left === -2 ? null : left;
    },
  };
}

function addressOf({ name, sentinels }: SentinelGroup): SentinelAddress {
  return { name, sentinels: sentinels.map(({ host, port }) => ({ host, port })) };
}
