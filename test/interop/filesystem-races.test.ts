/** Many processes that write to the same files at once: nothing lost, nothing resurrected. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, onTestFinished, test } from 'vitest';

import { FileSystemCache, FileSystemStore, SessionInterface, sessionOf } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';
import { COUNT_KEY, fileNameOf, readCount, readHeader } from '../../src/python/cachelib/index.js';
import { dumps } from '../../src/python/pickle/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import { Browser } from '../support/browser.js';
import { startWriters, total } from '../support/writers.js';

const PROCESSES = 3;
const WRITES = 1_000;
const LOGOUTS = 1_000;
const ROUNDS = 50;

const root = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('1,000 writes to different keys of one session by several processes: none is lost', async () => {
  const config = newDirectory();
  const sid = randomUUID();
  await put(config, sid);
  const writes = Array.from({ length: WRITES }, (_, index) => ({ sid, key: `key${index}` }));
  const shares = Array.from({ length: PROCESSES }, (_, n) =>
    writes.filter((_write, index) => index % PROCESSES === n),
  );
  const start = await startWriters(shares, { config, untilGone: false });
  const outcomes = await start();

  const data = await new SessionInterface(config).openSession(`session=${sid}`);
  const lost = writes.filter(({ key }) => data[key] !== key).length;
  const merged = total(outcomes, 'merged');
  console.log(`files: ${lost} of ${WRITES} concurrent writes lost, ${merged} merged`);
  expect(lost).toBe(0);
  // Else nothing was concurrent.
  expect(merged).toBeGreaterThan(0);
}, 300_000);

test('1,000 logouts that race writes: no session comes back, and no other file stays', async () => {
  const config = newDirectory();
  const sids = Array.from({ length: LOGOUTS }, () => randomUUID());
  for (const sid of sids) await put(config, sid);
  const shares = Array.from({ length: PROCESSES }, (_, n) =>
    sids.map((sid) => ({ sid, key: `key${n}` })),
  );
  const start = await startWriters(shares, { config, untilGone: true });
  const writing = start();
  const sessions = new SessionInterface(config, { storeTimeoutMs: 30_000 });
  for (const sid of sids) {
    const session = await sessions.openSession(`session=${sid}`);
    sessionOf(session).clear();
    await sessions.saveSession(session);
  }
  const outcomes = await writing;

  const resurrected = readdirSync(config.SESSION_FILE_DIR).length;
  const gone = total(outcomes, 'gone');
  console.log(`files: ${resurrected} of ${LOGOUTS} logouts undone, ${gone} writes came too late`);
  expect(resurrected).toBe(0);
  // Else no write was under way when its session ended.
  expect(gone).toBeGreaterThan(0);
}, 300_000);

test('several stores on one directory count every session that they make', async () => {
  const config = { ...newDirectory(), SESSION_FILE_THRESHOLD: 100_000 };
  const stores = Array.from({ length: 4 }, () => new SessionInterface(config));
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const sessions = stores[n % stores.length] ?? new SessionInterface(config);
      const session = await sessions.openSession();
      session.n = n;
      await sessions.saveSession(session);
    }),
  );
  const path = join(config.SESSION_FILE_DIR, fileNameOf(COUNT_KEY, 'md5'));
  const bytes = readFileSync(path);
  const header = readHeader(bytes);
  expect(header && readCount(header, bytes.subarray(header.length))?.value).toBe(200);
});

describe.each(['flask-session-0.8.0', 'flask-session-0.8.0-cachelib-0.17.0'])(
  'while a live Flask of %s without SESSION_REFRESH_EACH_REQUEST writes',
  (environment) => {
    async function startFlask() {
      const config = {
        ...newDirectory(),
        SESSION_FILE_THRESHOLD: 500,
        SECRET_KEY: 'shared',
        SESSION_REFRESH_EACH_REQUEST: false,
      };
      const [release] = FLASK_SESSION_RELEASES.slice(-1);
      if (release?.version !== '0.8.0') throw new Error('0.8.0 is meant');
      const flask = await startFlaskApp({ release: { ...release, environment }, config });
      onTestFinished(() => flask.stop());
      const browser = new Browser();
      const form = new URLSearchParams({ username: 'ada', password: 'secret' });
      await browser.send('POST', `${flask.url}/login`, form);
      return { flask, browser, sessions: new SessionInterface(config) };
    }

    test('Node overwrites nothing of what it wrote', async () => {
      const { flask, browser, sessions } = await startFlask();
      const cookie = browser.cookie ?? '';
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

    test('a logout on Flask is not undone by Node, nor by its reads', async () => {
      const { flask, browser, sessions } = await startFlask();
      const cookie = browser.cookie;
      const session = await sessions.openSession(cookie);
      session['late'] = true;
      await browser.send('POST', `${flask.url}/logout`);
      expect(sessionOf(await sessions.openSession(cookie)).isNew).toBe(true);
      const { outcome, setCookie } = await sessions.saveSession(session);
      expect([outcome, setCookie]).toEqual(['gone', undefined]);
      expect(sessionOf(await sessions.openSession(cookie)).isNew).toBe(true);
    });
  },
);

function newDirectory() {
  const SESSION_FILE_DIR = mkdtempSync(join(root, 'sessions-'));
  return { SESSION_TYPE: 'filesystem', SESSION_FILE_DIR, SESSION_FILE_THRESHOLD: 0 } as const;
}

async function put({ SESSION_FILE_DIR }: FlaskConfig, sid: string): Promise<void> {
  const store = new FileSystemStore(new FileSystemCache(SESSION_FILE_DIR ?? '', { threshold: 0 }));
  await store.set(`session:${sid}`, dumps({ username: 'ada' }), 600, null);
}
