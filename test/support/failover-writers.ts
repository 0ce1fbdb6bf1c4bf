/** Writers by all clients at once, and what became of their writes. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import type { Acknowledged, FailoverJob, WriterReport } from './failover-writer.js';

const PROCESSES = 3;
const WRITER = fileURLToPath(new URL('failover-writer.ts', import.meta.url));

/** By client. */
export type Reports = ReadonlyMap<string, WriterReport>;

export interface Writers {
  begin(): void;
  /** Waits until all have ended by themselves. */
  done(): Promise<Reports>;
  /** Ends the writing. */
  end(): Promise<Reports>;
}

/** Starts processes that share the jobs; all of them end with the test. */
export async function startFailoverWriters(jobs: readonly FailoverJob[]): Promise<Writers> {
  const shares = Array.from({ length: PROCESSES }, (_, n) =>
    jobs.filter((_job, index) => index % PROCESSES === n),
  );
  const writers = await Promise.all(shares.map(startWriter));
  const tellAll = (line: string): void => {
    for (const { process } of writers) process.stdin.write(`${line}\n`);
  };
  return {
    begin: () => {
      tellAll('begin');
    },
    done,
    end: () => {
      tellAll('end');
      return done();
    },
  };

  async function done(): Promise<Reports> {
    const reports = await Promise.all(
      writers.map(async ({ share, nextLine }) => {
        const lines = JSON.parse(await nextLine()) as WriterReport[];
        return share.map(({ client }, index) => [client, lines[index]] as const);
      }),
    );
    return new Map(reports.flat() as [string, WriterReport][]);
  }
}

/** How each client fared, and how many of the acknowledged writes are not there. */
export function describeReports(reports: Reports, lost: readonly Acknowledged[]): string {
  const lines = [...reports].map(([name, { acknowledged, failed }]) => {
    const times = failed.map(({ at }) => at);
    const lasted = failed.length > 0 ? Math.max(...times) - Math.min(...times) : 0;
    const requests = acknowledged.length + failed.length;
    return `  ${name}: ${failed.length} of ${requests} requests failed, within ${lasted} ms`;
  });
  const all = allAcknowledged(reports);
  const replicated = all.filter(({ isReplicated }) => isReplicated);
  const lostReplicated = lost.filter(({ isReplicated }) => isReplicated);
  return [
    ...lines,
    `  ${lost.length} of ${all.length} acknowledged writes lost, ` +
      `${lostReplicated.length} of the ${replicated.length} that a replica had`,
  ].join('\n');
}

export function allAcknowledged(reports: Reports): Acknowledged[] {
  return [...reports.values()].flatMap(({ acknowledged }) => acknowledged);
}

/** The acknowledged writes that are not in the store. */
export async function findLost(
  reports: Reports,
  read: (sid: string) => Promise<object>,
): Promise<Acknowledged[]> {
  const stored = new Map<string, Promise<object>>();
  const lost: Acknowledged[] = [];
  for (const write of allAcknowledged(reports)) {
    const data = stored.get(write.sid) ?? read(write.sid);
    stored.set(write.sid, data);
    if (!(write.key in (await data))) lost.push(write);
  }
  return lost;
}

async function startWriter(share: readonly FailoverJob[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER], {
    env: { ...process.env, JOBS: JSON.stringify(share) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value } = (await lines.next()) as { value: unknown };
    if (typeof value !== 'string') throw new Error('a writer failed');
    return value;
  };
  if ((await nextLine()) !== 'ready') throw new Error('a writer is not ready');
  return { share, process: child, nextLine };
}
