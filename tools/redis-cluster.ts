/**
 * A real Redis Cluster of three masters with a replica each, for tests and measurements.
 * @module
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import type { RedisBinary } from './redis-binaries.js';
import { startRedis, type RedisServer } from './redis-server.js';

export interface ClusterNode {
  readonly server: RedisServer;
  readonly host: string;
  readonly port: number;
  /** Goes to this node alone, whichever keys it has; connects anew when the node is back. */
  readonly direct: Redis;
}

export interface RedisCluster {
  /** The masters that the Cluster began with, and after them a replica of each in their order. */
  readonly nodes: readonly ClusterNode[];
  /** The node that has a key, by what the first node that answers says. */
  masterOf(key: string): Promise<ClusterNode>;
  /** Waits until every node that runs agrees that all slots are served. */
  whenOk(): Promise<void>;
  /**
   * Moves a key's slot to another master as an operator does: key by key, with the slot marked on
   * both sides meanwhile, so that clients meet ASK and then MOVED.
   */
  moveSlotOf(key: string, to: ClusterNode): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** The program; a server found on this machine when it is left out. */
  binary?: RedisBinary | undefined;
  /** Further arguments of each server. */
  args?: readonly string[];
  /** After which silence a node counts as failed. @defaultValue `1500` */
  nodeTimeoutMs?: number;
}

const MASTERS = 3;
const SLOTS = 16_384;
/** How far above its port a node's Cluster bus listens. */
const BUS_OFFSET = 10_000;

/** Starts six servers on free ports of the loopback interface, and makes them a Cluster. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { binary, args = [], nodeTimeoutMs = 1500 } = options;
  const clusterArgs = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(nodeTimeoutMs)];
  // Else a replica's first copy waits five seconds for others that might want one too.
  clusterArgs.push('--repl-diskless-sync-delay', '0');
  const started = await Promise.allSettled(
    Array.from({ length: 2 * MASTERS }, async () =>
      startRedis({
        binary,
        dedicated: true,
        port: await freePort(),
        args: [...clusterArgs, ...args],
      }),
    ),
  );
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const nodes = servers.map(nodeOf);
  try {
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    await join(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, masterOf, whenOk: () => whenOk(nodes), moveSlotOf, stop };

  async function masterOf(key: string): Promise<ClusterNode> {
    const direct = await anyRunning(nodes);
    const slot = await direct.cluster('KEYSLOT', key);
    const ranges = await direct.cluster('SLOTS');
    const port = ranges.find(([first, last]) => first <= slot && slot <= last)?.[2]?.[1];
    const master = nodes.find((node) => node.port === port);
    if (!master) throw new Error('no node serves this slot');
    return master;
  }

  async function moveSlotOf(key: string, to: ClusterNode): Promise<void> {
    const from = await masterOf(key);
    if (from === to) return;
    const slot = await from.direct.cluster('KEYSLOT', key);
    const [fromId, toId] = [await from.direct.cluster('MYID'), await to.direct.cluster('MYID')];
    await to.direct.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.direct.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    for (;;) {
      const keys = await from.direct.cluster('GETKEYSINSLOT', slot, 10);
      if (keys.length === 0) break;
      await from.direct.call('MIGRATE', to.host, to.port, '', 0, 5000, 'KEYS', ...keys);
    }
    // The new owner first: it must not hear from the old one that the slot is its own again.
    for (const node of [to, from, ...nodes]) {
      if (await isReplica(node)) continue;
      await node.direct.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    }
  }

  async function stop(): Promise<void> {
    for (const { direct } of nodes) direct.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function nodeOf(server: RedisServer): ClusterNode {
  const { host, port } = server;
  const direct = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: 0 });
  direct.on('error', () => undefined);
  return { server, host, port, direct };
}

/** Introduces the nodes to each other, and gives each its part. */
async function join(nodes: readonly ClusterNode[]): Promise<void> {
  const masters = nodes.slice(0, MASTERS);
  const replicas = nodes.slice(MASTERS);
  const [first, ...others] = nodes;
  // Else two nodes may claim the same epoch, and settle it only later.
  await Promise.all(
    nodes.map(({ direct }, index) => direct.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)),
  );
  await Promise.all(
    others.map(({ direct }) => direct.call('CLUSTER', 'MEET', first?.host ?? '', first?.port ?? 0)),
  );
  await Promise.all(
    masters.map(({ direct }, index) => {
      const [from, to] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
      return direct.call('CLUSTER', 'ADDSLOTS', ...numbersBetween(from ?? 0, to ?? SLOTS));
    }),
  );
  await Promise.all(
    replicas.map(async ({ direct }, index) => {
      const master = String(await masters[index]?.direct.cluster('MYID'));
      await until(async () => String(await direct.cluster('NODES')).includes(master));
      await direct.call('CLUSTER', 'REPLICATE', master);
      await until(async () => (await direct.info('replication')).includes('master_link_status:up'));
    }),
  );
  await whenOk(nodes);
}

async function whenOk(nodes: readonly ClusterNode[]): Promise<void> {
  await Promise.all(
    nodes.map(({ direct }) =>
      until(async () => {
        const info = await direct.call('CLUSTER', 'INFO').catch(() => 'cluster_state:unreachable');
        if (direct.status !== 'ready') return true;
        return String(info).includes('cluster_state:ok') && knowsAll(String(info), nodes.length);
      }),
    ),
  );
}

function knowsAll(info: string, count: number): boolean {
  return info.includes(`cluster_known_nodes:${String(count)}`);
}

async function anyRunning(nodes: readonly ClusterNode[]): Promise<Redis> {
  for (const { direct } of nodes) {
    if (await direct.ping().catch(() => undefined)) return direct;
  }
  throw new Error('no node answers');
}

async function isReplica({ direct }: ClusterNode): Promise<boolean> {
  const role = await direct.role().catch(() => ['slave']);
  return role[0] === 'slave';
}

function numbersBetween(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** A port that is free together with the one that the Cluster bus takes above it. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const free = await Promise.all([isFree(port), isFree(port + BUS_OFFSET)]);
    if (free.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () =>
      probe.close(() => {
        resolve(true);
      }),
    );
  });
}

async function until(isSo: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the Cluster did not come up');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
