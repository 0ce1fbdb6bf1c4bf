/** A Cluster whose slots move from master to master while every client writes. */

import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import type { RedisCluster } from '../../tools/redis-cluster.js';
import { ClusterSessions } from '../support/cluster-sessions.js';
import { describeReports, findLost } from '../support/failover-writers.js';
import { CLUSTER_CLIENT_NAMES } from '../support/redis-clients.js';

const WRITES = 1_000;
/** Few enough for every write to meet others. */
const SESSIONS = 7;

test('1,000 writes to sessions whose slot moves from master to master: none is lost', async () => {
  const sessions = await ClusterSessions.start(SESSIONS, {
    // What is in braces names the slot.
    keyPrefix: 'session:{one slot}:',
    // Nothing fails over here, however slow the machine is.
    nodeTimeoutMs: 15_000,
  });
  const { cluster, keyPrefix } = sessions;
  const masters = cluster.nodes.slice(0, 3);
  const writers = await sessions.startWriters(Math.ceil(WRITES / CLUSTER_CLIENT_NAMES.length));
  writers.begin();
  const done = writers.done();
  let moves = 0;
  while ((await Promise.race([done, sleep(50)])) === undefined) {
    const to = masters[(moves += 1) % masters.length];
    if (to) await cluster.moveSlotOf(keyPrefix, to);
  }
  const reports = await done;

  const lost = await findLost(reports, (sid) => sessions.read(sid));
  const [asked, moved] = [await countErrors(cluster, 'ASK'), await countErrors(cluster, 'MOVED')];
  console.log(
    `a slot moved ${moves} times, clients met ${asked} ASK and ${moved} MOVED:\n` +
      describeReports(reports, lost),
  );
  expect(lost).toEqual([]);
  // Else nothing moved while somebody wrote.
  expect(asked).toBeGreaterThan(0);
  expect(moved).toBeGreaterThan(0);
}, 90_000);

/** How often the nodes have answered with an error. */
async function countErrors(cluster: RedisCluster, name: string): Promise<number> {
  const infos = await Promise.all(cluster.nodes.map(({ direct }) => direct.info('errorstats')));
  return infos.reduce(
    (sum, info) => sum + Number(new RegExp(`errorstat_${name}:count=(\\d+)`).exec(info)?.[1] ?? 0),
    0,
  );
}
