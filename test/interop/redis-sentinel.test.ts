/** RedisStore behind Sentinel: the contract by every client, a master that dies, no master at all. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { RedisStore } from '../../src/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { startRedisSentinel } from '../../tools/redis-sentinel.js';
import type { SentinelGroup } from '../../tools/redis-sentinel.js';
import { describeStore } from '../contract/store.js';
import type { OpenStore } from '../contract/store.js';
import {
  allAcknowledged,
  describeReports,
  findLost,
  startFailoverWriters,
} from '../support/failover-writers.js';
import { connectBySentinel, SENTINEL_CLIENT_NAMES, without } from '../support/redis-clients.js';
import type { SentinelAddress, SentinelClientName } from '../support/redis-clients.js';

const KEY_PREFIX = 'session:';
/** From the death of the master on, in which a replica is promoted and every client finds it. */
const AFTERMATH_MS = 7000;

describe('while nothing happens', () => {
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
});

test('what a replica had is kept when the master dies, and every client finds the new one', async () => {
  const group = await startRedisSentinel();
  onTestFinished(() => group.stop());
  const sids = Array.from({ length: 12 }, () => randomUUID());
  const victim = await group.master();
  await withMaster(group, async (master) => {
    for (const sid of sids) {
      await master.set(KEY_PREFIX + sid, Buffer.from(dumps({ username: 'ada' })));
    }
  });
  const writers = await startFailoverWriters(
    SENTINEL_CLIENT_NAMES.map((client, index) => ({
      client,
      writer: `writer${index}-`,
      sids,
      keyPrefix: KEY_PREFIX,
      sentinel: addressOf(group),
    })),
  );
  writers.begin();
  await sleep(2000);
  await victim.kill();
  const diedAt = Date.now();
  await sleep(AFTERMATH_MS);
  const reports = await writers.end();

  const lost = await withMaster(group, (master) =>
    findLost(reports, async (sid) => {
      const bytes = await master.getBuffer(KEY_PREFIX + sid);
      return bytes ? (loads(bytes) as object) : {};
    }),
  );
  console.log(`a master behind Sentinel died:\n${describeReports(reports, lost)}`);
  expect(await group.master()).not.toBe(victim);
  expect(lost.filter(({ isReplicated }) => isReplicated)).toEqual([]);
  // The engine may lose what the master acknowledged and took with it, and nothing later.
  expect(lost.filter(({ at }) => at > diedAt)).toEqual([]);
  // Else the checks above check nothing.
  expect(allAcknowledged(reports).some(({ isReplicated }) => isReplicated)).toBe(true);
  const cameBack = [...reports].filter(([, { acknowledged }]) =>
    acknowledged.some(({ at }) => at > diedAt + 1000),
  );
  expect(cameBack.map(([name]) => name)).toEqual(expect.arrayContaining(SENTINEL_CLIENT_NAMES));
}, 90_000);

function addressOf({ name, sentinels }: SentinelGroup): SentinelAddress {
  return { name, sentinels: sentinels.map(({ host, port }) => ({ host, port })) };
}

async function withMaster<T>(
  group: SentinelGroup,
  work: (master: Redis) => Promise<T>,
): Promise<T> {
  const master = new Redis((await group.master()).url);
  try {
    return await work(master);
  } finally {
    master.disconnect();
  }
}
