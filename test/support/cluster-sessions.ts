/** Sessions on a real Cluster, and writers to them by every client. */

import { randomUUID } from 'node:crypto';

import { onTestFinished } from 'vitest';

import { dumps, loads } from '../../src/python/pickle/index.js';
import { startRedisCluster } from '../../tools/redis-cluster.js';
import type { ClusterNode, ClusterOptions, RedisCluster } from '../../tools/redis-cluster.js';
import { startFailoverWriters } from './failover-writers.js';
import type { Writers } from './failover-writers.js';
import { CLUSTER_CLIENT_NAMES } from './redis-clients.js';

export class ClusterSessions {
  readonly cluster: RedisCluster;
  readonly keyPrefix: string;
  readonly sids: readonly string[];

  private constructor(cluster: RedisCluster, count: number, keyPrefix: string) {
    this.cluster = cluster;
    this.keyPrefix = keyPrefix;
    this.sids = Array.from({ length: count }, () => randomUUID());
  }

  /** Starts a Cluster for one test, with some sessions in it. */
  static async start(
    count: number,
    { keyPrefix = 'session:', ...options }: ClusterOptions & { keyPrefix?: string } = {},
  ): Promise<ClusterSessions> {
    const cluster = await startRedisCluster(options);
    onTestFinished(() => cluster.stop());
    const sessions = new ClusterSessions(cluster, count, keyPrefix);
    for (const sid of sessions.sids) {
      const { direct } = await sessions.masterOf(sid);
      await direct.set(keyPrefix + sid, Buffer.from(dumps({ username: 'ada' })));
    }
    return sessions;
  }

  masterOf(sid: string): Promise<ClusterNode> {
    return this.cluster.masterOf(this.keyPrefix + sid);
  }

  async read(sid: string): Promise<object> {
    const { direct } = await this.masterOf(sid);
    const bytes = await direct.getBuffer(this.keyPrefix + sid);
    return bytes ? (loads(bytes) as object) : {};
  }

  /** A process for each client. */
  startWriters(requests?: number): Promise<Writers> {
    return startFailoverWriters(
      CLUSTER_CLIENT_NAMES.map((client, index) => ({
        client,
        writer: `writer${index}-`,
        sids: this.sids,
        keyPrefix: this.keyPrefix,
        cluster: this.cluster.nodes.map(({ host, port }) => ({ host, port })),
        ...(requests !== undefined && { requests }),
      })),
    );
  }
}
