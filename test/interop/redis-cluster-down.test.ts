/** A Cluster that lost most of its masters, so that nobody may promote a replica. */

import { expect, onTestFinished, test } from 'vitest';

import { BridgeError, SessionInterface } from '../../src/index.js';
import { ClusterSessions } from '../support/cluster-sessions.js';
import { connectToCluster } from '../support/redis-clients.js';
import type { ClusterClientName } from '../support/redis-clients.js';

const SLOWLY = { timeout: 30_000, interval: 200 };
const UNAVAILABLE = { code: 'ERR_SESSION_STORE', status: 503 };

test.each(['ioredis 5', 'node-redis 4', 'node-redis 5', 'node-redis 6'] as const)(
  '%s: 503, nothing is overwritten, and it recovers by itself',
  async (name) => {
    const { sessions, store } = await open(name);
    const [sid = ''] = sessions.sids;
    const cookie = `session=${sid}`;
    const home = await sessions.masterOf(sid);
    const others = sessions.cluster.nodes.slice(0, 3).filter((node) => node !== home);
    const before = await store.openSession(cookie);
    before['count'] = 1;
    expect(await store.saveSession(before)).toMatchObject({ outcome: 'stored' });

    await Promise.all(others.map(({ server }) => server.kill()));
    await expect.poll(() => codeOf(store.openSession(cookie)), SLOWLY).toEqual(UNAVAILABLE);
    before['count'] = 2;
    expect(await codeOf(store.saveSession(before))).toEqual(UNAVAILABLE);

    await Promise.all(others.map(({ server }) => server.restart()));
    await expect.poll(() => codeOf(store.openSession(cookie)), SLOWLY).toBeUndefined();
    expect(await store.openSession(cookie)).toMatchObject({ username: 'ada', count: 1 });
    before['count'] = 3;
    await store.saveSession(before);
    expect(await sessions.read(sid)).toMatchObject({ count: 3 });
  },
  60_000,
);

/** A Cluster with a session, and an interface to it by a client. */
async function open(name: ClusterClientName) {
  // What was acknowledged is there after a restart.
  const args = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const sessions = await ClusterSessions.start(1, { args });
  const { client, close } = await connectToCluster(name, sessions.cluster.nodes);
  onTestFinished(close);
  const config = { SESSION_TYPE: 'redis', SESSION_REDIS: client } as const;
  return { sessions, store: new SessionInterface(config) };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof BridgeError
    ? { code: error.code, status: (error as { status?: number }).status }
    : error;
}
