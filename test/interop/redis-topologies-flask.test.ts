/** Real Flask-Session 0.8 and Node on one Cluster, and behind one Sentinel. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { SessionInterface } from '../../src/index.js';
import { startRedisCluster } from '../../tools/redis-cluster.js';
import { startRedisSentinel } from '../../tools/redis-sentinel.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import { connectBySentinel, connectToCluster } from '../support/redis-clients.js';

const APP = fileURLToPath(new URL('../../python-harness/topology_app.py', import.meta.url));
const RELEASE = 'flask-session-0.8.0';

interface Answer {
  readonly client: string;
  readonly found: Record<string, unknown>;
  readonly cookie: string;
}

test('on a Cluster both share a session, once Flask-Session is handed the client', async () => {
  const cluster = await startRedisCluster({ nodeTimeoutMs: 15_000 });
  onTestFinished(() => cluster.stop());
  const { client, close } = await connectToCluster('ioredis 5', cluster.nodes);
  onTestFinished(close);
  const port = cluster.nodes[0]?.port ?? 0;
  expect(await askFlask('cluster', port)).toMatchObject({ client: 'RedisCluster' });
  await expectShared(client, (cookie) => askFlask('cluster', port, cookie));
  // As SESSION_REDIS it is replaced by a client of localhost, with no more than a warning.
  expect(await askFlask('cluster-by-setting', port)).toEqual({ client: 'Redis' });
});

test('behind Sentinel both share a session', async () => {
  const group = await startRedisSentinel({ downAfterMs: 30_000 });
  onTestFinished(() => group.stop());
  const { name, sentinels } = group;
  const { client, close } = await connectBySentinel('ioredis 5', {
    name,
    sentinels: sentinels.map(({ host, port }) => ({ host, port })),
  });
  onTestFinished(close);
  await expectShared(client, (cookie) => askFlask('sentinel', sentinels[0]?.port ?? 0, cookie));
});

/** Begun by Flask, changed by Node, read and changed by Flask, read by Node. */
async function expectShared(client: object, ask: (cookie?: string) => Promise<Answer>) {
  const node = new SessionInterface({
    SECRET_KEY: 'shared',
    SESSION_TYPE: 'redis',
    SESSION_REDIS: client,
    SESSION_ID_LENGTH: 32,
  });
  const { cookie } = await ask();
  const session = await node.openSession(cookie);
  expect(session).toMatchObject({ flask: 1 });
  session['node'] = 'was here';
  await node.saveSession(session);
  expect((await ask(cookie)).found).toMatchObject({ flask: 1, node: 'was here' });
  expect(await node.openSession(cookie)).toMatchObject({ flask: 2, node: 'was here' });
}

async function askFlask(topology: string, port: number, cookie?: string): Promise<Answer> {
  const python = (await ensureEnvironments([RELEASE])).get(RELEASE) ?? '';
  const args = [APP, topology, String(port), ...(cookie === undefined ? [] : [cookie])];
  const { stdout } = await promisify(execFile)(python, args);
  return JSON.parse(stdout) as Answer;
}
