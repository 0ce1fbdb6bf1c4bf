/**
 * A process of its own that writes to sessions as apps would, while servers die or slots move;
 * started by tests with its jobs as JSON in JOBS. It says `ready` when it is connected, begins at a
 * line on standard input, ends at the next one or when it is done, and prints a report on each job,
 * as JSON.
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { SessionInterface } from '../../src/index.js';
import { connectionOf } from '../../src/stores/redis-client.js';
import { connectBySentinel, connectToCluster } from './redis-clients.js';
import type {
  Address,
  ClusterClientName,
  SentinelAddress,
  SentinelClientName,
} from './redis-clients.js';

export type FailoverJob = {
  /** Begins the names of all keys that are set. */
  readonly writer: string;
  readonly sids: readonly string[];
  readonly keyPrefix: string;
  /** After how many requests it ends by itself. */
  readonly requests?: number;
} & (
  | { readonly client: ClusterClientName; readonly cluster: readonly Address[] }
  | { readonly client: SentinelClientName; readonly sentinel: SentinelAddress }
);

/** A request that wrote to a session and was told that it is saved. */
export interface Acknowledged {
  readonly sid: string;
  readonly key: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Whether the master's replica had it, too, by what WAIT says. */
  readonly isReplicated: boolean;
}

/** A request that could not read or save its session. */
export interface Failed {
  readonly at: number;
  readonly message: string;
}

export interface WriterReport {
  readonly acknowledged: readonly Acknowledged[];
  readonly failed: readonly Failed[];
}

/** Requests under way at once. */
const CONCURRENCY = 3;
const PAUSE_MS = 10;
/**
 * Whoever answers WAIT later than this is not certain to be the server that the write went to: it
 * may have been promoted meanwhile, which takes longer than this.
 */
const SAME_SERVER_MS = 500;

async function main(jobs: readonly FailoverJob[]): Promise<void> {
  const signal = { isOver: false };
  const starts = await Promise.all(jobs.map((job) => prepare(job, signal)));
  console.log('ready');
  await once(process.stdin, 'data');
  process.stdin.once('data', () => (signal.isOver = true));
  const reports = await Promise.all(starts.map((start) => start()));
  process.stdout.write(`${JSON.stringify(reports)}\n`, () => process.exit());
}

/** Connects; what it gives does the job. */
async function prepare(
  job: FailoverJob,
  signal: { isOver: boolean },
): Promise<() => Promise<WriterReport>> {
  const { client } = await connect(job);
  const sessions = new SessionInterface({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: client,
    SESSION_KEY_PREFIX: job.keyPrefix,
  });
  const isReplicated = await confirmBy(client, job);
  const acknowledged: Acknowledged[] = [];
  const failed: Failed[] = [];
  let count = 0;
  return async () => {
    await Promise.all(Array.from({ length: CONCURRENCY }, writeOn));
    return { acknowledged, failed };
  };

  async function writeOn(): Promise<void> {
    while (!signal.isOver && count < (job.requests ?? Infinity)) {
      const number = (count += 1);
      const sid = job.sids[number % job.sids.length] ?? '';
      const key = `${job.writer}${number}`;
      try {
        const session = await sessions.openSession(`session=${sid}`);
        session[key] = 1;
        await sessions.saveSession(session);
        const at = Date.now();
        acknowledged.push({ sid, key, at, isReplicated: await isReplicated(sid) });
      } catch (error) {
        failed.push({ at: Date.now(), message: (error as Error).message });
      }
      await sleep(PAUSE_MS);
    }
  }
}

function connect(job: FailoverJob) {
  return 'cluster' in job
    ? connectToCluster(job.client, job.cluster)
    : connectBySentinel(job.client, job.sentinel);
}

/** Asks the server that a session was just written to, on the connection that wrote it. */
async function confirmBy(
  client: object,
  job: FailoverJob,
): Promise<(sid: string) => Promise<boolean>> {
  const connection = connectionOf(client);
  const slots = new Map<string, number>();
  for (const sid of 'cluster' in job ? job.sids : []) {
    const key = job.keyPrefix + sid;
    const [node] = connection.nodes();
    slots.set(sid, Number(await node?.send(['CLUSTER', 'KEYSLOT', key])));
  }
  return async (sid) => {
    const before = Date.now();
    const slot = slots.get(sid);
    const address = slot === undefined ? '' : addressOf(client, slot);
    const node = connection.nodes().find((one) => slot === undefined || one.address === address);
    const waiting = node?.send(['WAIT', '1', '100']).catch(() => 0);
    const replicas = await Promise.race([waiting, sleep(SAME_SERVER_MS, 0)]);
    return Number(replicas) >= 1 && Date.now() - before < SAME_SERVER_MS;
  };
}

/** Where a Cluster client believes a slot to be. */
function addressOf(client: object, slot: number): string | undefined {
  const { slots } = client as { slots: ([string] | { master: { address: string } })[] };
  const found = slots[slot];
  return Array.isArray(found) ? found[0] : found?.master.address;
}

await main(JSON.parse(process.env['JOBS'] ?? '') as FailoverJob[]);
