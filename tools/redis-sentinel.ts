/**
 * A real master with replicas, and sentinels that watch it, for tests and measurements.
 * @module
 */
import { Redis } from 'ioredis';
import type { RedisBinary } from './redis-binaries.js';
import { startRedis, type RedisOptions, type RedisServer } from './redis-server.js';

export interface SentinelGroup {
  /** Under which the sentinels know the master. */
  readonly name: string;
  readonly sentinels: readonly RedisServer[];
  /** The master that the group began with, and after it its replicas. */
  readonly servers: readonly RedisServer[];
  /** The server that the sentinels name as the master now. */
  master(): Promise<RedisServer>;
  stop(): Promise<void>;
}

export interface SentinelOptions {
  /** The program; a server found on this machine when it is left out. */
  binary?: RedisBinary | undefined;
  /** Further arguments of the master and its replicas. */
  args?: readonly string[];
  /** After which silence the master counts as failed. @defaultValue `1000` */
  downAfterMs?: number;
}

const NAME = 'main';
const REPLICAS = 2;
const SENTINELS = 3;
const QUORUM = 2;
/** Else a replica's first copy waits five seconds for others that might want one too. */
const AT_ONCE = ['--repl-diskless-sync-delay', '0'];

/** Starts a master, two replicas and three sentinels on free ports of the loopback interface. */
export async function startRedisSentinel(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { binary, downAfterMs = 1000 } = options;
  const args = [...AT_ONCE, ...(options.args ?? [])];
  const started: RedisServer[] = [];
  const start = async (how: RedisOptions): Promise<RedisServer> => {
    const server = await startRedis({ binary, dedicated: true, ...how });
    started.push(server);
    return server;
  };
  try {
    const master = await start({ args });
    const replicaArgs = [...args, '--replicaof', master.host, String(master.port)];
    const replicas = await all(REPLICAS, () => start({ args: replicaArgs }));
    const sentinels = await all(SENTINELS, () => start({ sentinel: true }));
    for (const sentinel of sentinels) await watch(sentinel, master, downAfterMs);
    await Promise.all(sentinels.map((sentinel) => until(() => knowsAll(sentinel))));
    const servers = [master, ...replicas];
    return { name: NAME, sentinels, servers, master: () => askForMaster(sentinels, servers), stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    await Promise.all(started.map((server) => server.stop()));
  }
}

/** Waits for all, so that none starts up after a failure of another. */
async function all<T>(count: number, start: () => Promise<T>): Promise<T[]> {
  const results = await Promise.allSettled(Array.from({ length: count }, start));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function watch(sentinel: RedisServer, master: RedisServer, downAfterMs: number) {
  await withClient(sentinel, async (client) => {
    await client.call('SENTINEL', 'MONITOR', NAME, master.host, master.port, QUORUM);
    const settings = { 'down-after-milliseconds': downAfterMs, 'failover-timeout': 10_000 };
    for (const [name, value] of Object.entries(settings)) {
      await client.call('SENTINEL', 'SET', NAME, name, value);
    }
  });
}

async function knowsAll(sentinel: RedisServer): Promise<boolean> {
  return withClient(sentinel, async (client) => {
    const [info = []] = (await client.call('SENTINEL', 'MASTERS')) as string[][];
    const valueOf = (name: string): number => Number(info[info.indexOf(name) + 1]);
    return valueOf('num-slaves') === REPLICAS && valueOf('num-other-sentinels') === SENTINELS - 1;
  });
}

async function askForMaster(
  sentinels: readonly RedisServer[],
  servers: readonly RedisServer[],
): Promise<RedisServer> {
  for (const sentinel of sentinels) {
    const address = await withClient(sentinel, (client) =>
      client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME),
    ).catch(() => undefined);
    const port = Number((address as string[] | undefined)?.[1]);
    const master = servers.find((server) => server.port === port);
    if (master) return master;
  }
  throw new Error('no sentinel answers');
}

async function withClient<T>(server: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url, { retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function until(isSo: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the sentinels did not come up');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
