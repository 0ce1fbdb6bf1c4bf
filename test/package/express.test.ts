/**
 * The packed package in a project of plain JavaScript, with the peers that package.json allows:
 * Express, and every Redis client, from a real Redis.
 */

import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { startChild, waitUntil } from '../../tools/child-process.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { asTested, PACKAGE, useEmptyProject } from './empty-project.js';

const CLIENTS = ['ioredis', 'iovalkey', 'redis'];

/** The oldest release of each peer that package.json allows. */
const OLDEST = Object.entries(PACKAGE.peerDependencies).map(
  ([name, range]) => `${name}@${/\d+\.\d+\.\d+/.exec(range)?.[0] ?? range}`,
);

/** The newest that our own tests run with. */
const NEWEST = ['express', 'ioredis-6', 'iovalkey', 'redis-6'].map(asTested);

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
});

describe.for([
  ['oldest', OLDEST],
  ['newest', NEWEST],
] as const)('with the %s peers', ([, peers]) => {
  const folder = useEmptyProject(...peers);

  test.for(CLIENTS)('an Express app keeps its sessions in Redis by %s', async (client) => {
    const script = join(folder(), 'app.mjs');
    await copyFile(fileURLToPath(new URL('user-project/app.mjs', import.meta.url)), script);
    const args = [script, client, redis.url, redis.keyPrefix];
    const scratch = await mkdtemp(join(tmpdir(), 'flask-session-bridge-app-'));
    const app = await startChild(process.execPath, args, { folder: scratch });
    onTestFinished(() => app.stop());
    const address = await waitUntil(
      app,
      () => /^listening at (\S+)$/m.exec(app.output())?.[1],
      'app.mjs',
    );

    const first = await fetch(address);
    expect(await first.json()).toEqual({ visits: 1 });
    const cookie = first.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const second = await fetch(address, { headers: { Cookie: cookie } });
    expect(await second.json()).toEqual({ visits: 2 });
  });
});
