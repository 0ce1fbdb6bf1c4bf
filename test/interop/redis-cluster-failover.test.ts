/** A Cluster whose master dies: which requests fail, that the rest is kept, and who comes back. */

import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { ClusterSessions } from '../support/cluster-sessions.js';
import { allAcknowledged, describeReports, findLost } from '../support/failover-writers.js';
import { CLUSTER_CLIENT_NAMES } from '../support/redis-clients.js';

/** From the death of the master on, in which its replica is promoted and every client finds it. */
const AFTERMATH_MS = 7000;

test('what a replica had is kept when its master dies, and every client finds the new one', async () => {
  const sessions = await ClusterSessions.start(12);
  const victim = await sessions.masterOf(sessions.sids[0] ?? '');
  const homes = await Promise.all(sessions.sids.map((sid) => sessions.masterOf(sid)));
  const onVictim = new Set(sessions.sids.filter((_sid, index) => homes[index] === victim));

  const writers = await sessions.startWriters();
  writers.begin();
  await sleep(2000);
  await victim.server.kill();
  const diedAt = Date.now();
  await sleep(AFTERMATH_MS);
  const reports = await writers.end();

  const lost = await findLost(reports, (sid) => sessions.read(sid));
  console.log(`a master of a Cluster died:\n${describeReports(reports, lost)}`);
  expect(lost.filter(({ isReplicated }) => isReplicated)).toEqual([]);
  // The engine may lose what a master acknowledged and took with it: nothing before, nothing else.
  expect(lost.filter(({ sid, at }) => !onVictim.has(sid) || at > diedAt)).toEqual([]);
  // Else the check above checks nothing.
  expect(allAcknowledged(reports).some(({ isReplicated }) => isReplicated)).toBe(true);
  const cameBack = [...reports].filter(([, { acknowledged }]) =>
    acknowledged.some(({ sid, at }) => onVictim.has(sid) && at > diedAt + 1000),
  );
  expect(cameBack.map(([name]) => name)).toEqual(expect.arrayContaining(CLUSTER_CLIENT_NAMES));
}, 90_000);
