/** A master behind Sentinel that dies: which requests fail, that the rest is kept, who comes back. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { SessionInterface } from '../../src/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { startRedisSentinel } from '../../tools/redis-sentinel.js';
import type { SentinelGroup } from '../../tools/redis-sentinel.js';
import {
  allAcknowledged,
  describeReports,
  findLost,
  startFailoverWriters,
} from '../support/failover-writers.js';
import { connectBySentinel, SENTINEL_CLIENT_NAMES } from '../support/redis-clients.js';
import type { SentinelAddress } from '../support/redis-clients.js';

const UNAVAILABLE = { code: 'ERR_SESSION_STORE', status: 503 };
const KEY_PREFIX = 'session:';
/** From the death of the master on, in which a replica is promoted and every client finds it. */
const AFTERMATH_MS = 7000;

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

test.each(['ioredis 5', 'node-redis 5'] as const)(
  '%s: 503 without a quorum for a new master, until the old one is back',
  async (name) => {
    // What was acknowledged is there after a restart.
    const args = ['--appendonly', 'yes', '--appendfsync', 'always'];
    const group = await startRedisSentinel({ args });
    onTestFinished(() => group.stop());
    const { client, close } = await connectBySentinel(name, addressOf(group));
    onTestFinished(close);
    const sessions = new SessionInterface({ SESSION_TYPE: 'redis', SESSION_REDIS: client });
    const session = await sessions.openSession();
    session['count'] = 1;
    const { setCookie = '' } = await sessions.saveSession(session);
    const open = () => sessions.openSession(setCookie.split(';')[0]);
    expect(await open()).toMatchObject({ count: 1 });

    const [, ...others] = group.sentinels;
    await Promise.all(others.map((sentinel) => sentinel.kill()));
    const [master] = group.servers;
    await master?.kill();
    session['count'] = 2;
    await expect(sessions.saveSession(session)).rejects.toMatchObject(UNAVAILABLE);
    await expect(open()).rejects.toMatchObject(UNAVAILABLE);

    await master?.restart();
    await expect
      .poll(() => open().catch(() => undefined), { timeout: 20_000, interval: 200 })
      // The write that failed may have waited in the client, and nobody else wrote meanwhile.
      .toSatisfy((found?: { count?: unknown }) => found?.count === 1 || found?.count === 2);
  },
  60_000,
);

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
