/** Many processes that write to the same sessions at once: nothing lost, nothing resurrected. */

import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { SessionInterface, sessionOf } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';
import { dumps } from '../../src/python/pickle/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { startWriters, total } from '../support/writers.js';

const PROCESSES = 3;
const WRITES = 1_000;
const LOGOUTS = 1_000;
const ROUNDS = 50;

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

test('1,000 writes to different keys of one session by several processes: none is lost', async () => {
  const sid = randomUUID();
  await put(sid);
  const writes = Array.from({ length: WRITES }, (_, index) => ({ sid, key: `key${index}` }));
  const shares = Array.from({ length: PROCESSES }, (_, n) =>
    writes.filter((_write, index) => index % PROCESSES === n),
  );
  const start = await startWriters(shares, { ...common(), untilGone: false });
  const outcomes = await start();

  const data = await interfaceOn(redis).openSession(`session=${sid}`);
  const lost = writes.filter(({ key }) => data[key] !== key).length;
  const merged = total(outcomes, 'merged');
  console.log(`${lost} of ${WRITES} concurrent writes lost, ${merged} merged`);
  expect(lost).toBe(0);
  // Else nothing was concurrent.
  expect(merged).toBeGreaterThan(0);
}, 120_000);

test('1,000 logouts that race writes: no session comes back', async () => {
  const sids = Array.from({ length: LOGOUTS }, () => randomUUID());
  await Promise.all(sids.map((sid) => put(sid)));
  const shares = Array.from({ length: PROCESSES }, (_, n) =>
    sids.map((sid) => ({ sid, key: `key${n}` })),
  );
  const start = await startWriters(shares, { ...common(), untilGone: true });
  const writing = start();
  const sessions = interfaceOn(redis);
  for (const sid of sids) {
    const session = await sessions.openSession(`session=${sid}`);
    sessionOf(session).clear();
    await sessions.saveSession(session);
  }
  const outcomes = await writing;

  const resurrected = await redis.exists(...sids.map(keyOf));
  const gone = total(outcomes, 'gone');
  console.log(`${resurrected} of ${LOGOUTS} logouts undone, ${gone} writes came too late`);
  expect(resurrected).toBe(0);
  // Else no write was under way when its session ended.
  expect(gone).toBeGreaterThan(0);
}, 120_000);

describe('while a live Flask 0.8 without SESSION_REFRESH_EACH_REQUEST writes', () => {
  const config = { SECRET_KEY: 'shared', SESSION_REFRESH_EACH_REQUEST: false } as const;

  async function startFlask(): Promise<FlaskApp> {
    const [release] = FLASK_SESSION_RELEASES.slice(-1);
    if (release?.version !== '0.8.0') throw new Error('0.8.0 is meant');
    const settings = { ...config, SESSION_KEY_PREFIX: `${server.keyPrefix}session:` };
    const flask = await startFlaskApp({ release, redisUrl: server.url, config: settings });
    onTestFinished(() => flask.stop());
    return flask;
  }

  test('Node overwrites nothing of what it wrote', async () => {
    const flask = await startFlask();
    const browser = new Browser();
    const form = new URLSearchParams({ username: 'ada', password: 'secret' });
    await browser.send('POST', `${flask.url}/login`, form);
    const cookie = browser.cookie ?? '';
    const sessions = interfaceOn(redis, config);

    for (let n = 0; n < ROUNDS; n++) {
      // Read by Node before, and saved after, Flask's write.
      const mine = await sessions.openSession(cookie);
      mine[`node${n}`] = n;
      await browser.json('PUT', `${flask.url}/session/flask${n}`, { int: String(n) });
      expect((await sessions.saveSession(mine)).outcome).toBe('merged');
    }

    const keys = Object.keys(await sessions.openSession(cookie));
    const wanted = Array.from({ length: ROUNDS }, (_, n) => [`node${n}`, `flask${n}`]).flat();
    expect(keys).toEqual(expect.arrayContaining([...wanted, 'username']));
  });

  test('a logout on Flask is not undone by Node', async () => {
    const flask = await startFlask();
    const browser = new Browser();
    const form = new URLSearchParams({ username: 'ada', password: 'secret' });
    await browser.send('POST', `${flask.url}/login`, form);
    const session = await interfaceOn(redis, config).openSession(browser.cookie);
    session['late'] = true;
    await browser.send('POST', `${flask.url}/logout`);
    const { outcome, setCookie } = await interfaceOn(redis, config).saveSession(session);
    expect([outcome, setCookie]).toEqual(['gone', undefined]);
    expect(await redis.exists(keyOf(sessionOf(session).sid))).toBe(0);
  });
});

/** What the writers' jobs have in common. */
function common() {
  const config = {
    SESSION_TYPE: 'redis',
    SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
  } as const;
  return { redisUrl: server.url, config };
}

function interfaceOn(client: Redis, config: FlaskConfig = {}): SessionInterface {
  return new SessionInterface({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: client,
    SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
    ...config,
  });
}

async function put(sid: string): Promise<void> {
  await redis.set(keyOf(sid), Buffer.from(dumps({ username: 'ada' })), 'EX', 600);
}

function keyOf(sid: string): string {
  return `${server.keyPrefix}session:${sid}`;
}
