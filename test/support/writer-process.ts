/**
 * A process of its own that writes to sessions as an app would; started by tests with the job as JSON
 * in JOB. It says `ready` when it is connected, begins at a line on standard input, and prints how
 * often it saved a session with which outcome, as JSON.
 */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

import { Redis } from 'ioredis';

import { SessionInterface, sessionOf } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';

export interface WriterJob {
  /** The configuration, but for SESSION_REDIS, as far as JSON can say it. */
  readonly config: FlaskConfig;
  /** What SESSION_REDIS is made from. */
  readonly redisUrl?: string;
  /** Sessions to write to, and the key to set in each, in this order. */
  readonly writes: readonly { readonly sid: string; readonly key: string }[];
  /** Writes to a session again and again until somebody ends it; else once. */
  readonly untilGone: boolean;
}

/** Requests under way at once. */
const CONCURRENCY = 2;

async function main({ config, redisUrl, writes, untilGone }: WriterJob): Promise<void> {
  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
  const sessions = new SessionInterface(
    { ...config, ...(redis && { SESSION_REDIS: redis }) },
    { storeTimeoutMs: 30_000 }, // the machine's pace is not what is under test
  );
  await redis?.ping();
  console.log('ready');
  await once(process.stdin, 'data');
  process.stdin.unref();

  const outcomes: Record<string, number> = {};
  const queue = writes.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const { sid, key } of queue) {
        let outcome: string;
        do {
          outcome = await write(sid, key);
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        } while (untilGone && outcome !== 'gone' && outcome !== 'not found');
      }
    }),
  );
  console.log(JSON.stringify(outcomes));
  redis?.disconnect();

  async function write(sid: string, key: string): Promise<string> {
    const session = await sessions.openSession(`session=${sid}`);
    if (sessionOf(session).isNew) return 'not found';
    session[key] = untilGone ? randomUUID() : key;
    return (await sessions.saveSession(session)).outcome;
  }
}

await main(JSON.parse(process.env.JOB ?? '') as WriterJob);
