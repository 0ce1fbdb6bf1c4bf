/** RedisStore on a real Cluster: by every client, and by every means that its servers may lack. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RedisStore } from '../../src/index.js';
import { startRedisCluster } from '../../tools/redis-cluster.js';
import type { RedisCluster } from '../../tools/redis-cluster.js';
import { describeStore } from '../contract/store.js';
import type { OpenStore } from '../contract/store.js';
import { CLUSTER_CLIENT_NAMES, connectToCluster, without } from '../support/redis-clients.js';
import type { ClusterClientName } from '../support/redis-clients.js';

const closings: (() => Promise<void>)[] = [];
let cluster: RedisCluster;

beforeAll(async () => {
  // Nothing fails over here, however slow the machine is.
  cluster = await startRedisCluster({ nodeTimeoutMs: 15_000 });
});

afterAll(async () => {
  for (const close of closings) await close();
  await cluster.stop();
});

for (const name of CLUSTER_CLIENT_NAMES) {
  describeStore(`a Cluster by ${name}`, () => openStore(name));
}
// What each client does without them is tested below; the whole suite by one of each kind.
for (const name of ['ioredis 5', 'node-redis 5'] as const) {
  describeStore(`a Cluster without SET IFEQ by ${name}`, () => openStore(name, 'IFEQ'));
  describeStore(`a Cluster without SET IFEQ and scripts by ${name}`, () =>
    openStore(name, 'IFEQ', 'EVALSHA'),
  );
}

describe.each(CLUSTER_CLIENT_NAMES)('%s, on keys of every master', (name) => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];

  async function openWithKeys(...lacking: ('IFEQ' | 'EVALSHA')[]) {
    const opened = await openStore(name, ...lacking);
    const keys = Array.from({ length: 30 }, (_, index) => opened.key(`key-${index}`));
    const masters = new Set(await Promise.all(keys.map((key) => cluster.masterOf(key))));
    expect(masters.size).toBe(3);
    await Promise.all(keys.map((key) => opened.store.set(key, a, 60, null)));
    return { store: opened.store, keys };
  }

  test('gives each node the script that it lacks', async () => {
    const { store, keys } = await openWithKeys('IFEQ');
    await Promise.all(cluster.nodes.map(({ direct }) => direct.script('FLUSH')));
    for (const key of keys) expect(await store.set(key, b, 60, a)).toEqual({ stored: true });
  });

  test('watches each key on the node that has it, where scripts are forbidden', async () => {
    const { store, keys } = await openWithKeys('IFEQ', 'EVALSHA');
    for (const key of keys) {
      expect(await store.set(key, b, 60, b)).toEqual({ stored: false, current: a });
      expect(await store.set(key, b, 60, a)).toEqual({ stored: true });
    }
  });
});

/** A store for the whole file, whose sessions are no other store's. */
async function openStore(
  name: ClusterClientName,
  ...lacking: ('IFEQ' | 'EVALSHA')[]
): Promise<OpenStore> {
  const { client, close } = await connectToCluster(name, cluster.nodes);
  closings.push(close);
  without(client, ...lacking);
  const keyPrefix = `${closings.length}:`;
  return {
    store: new RedisStore(client, { keyPrefix }),
    key: (suffix) => keyPrefix + suffix,
    secondsLeft: async (key) => {
      const { direct } = await cluster.masterOf(key);
      const left = await direct.ttl(key);
      return left === -2 ? null : left;
    },
  };
}
