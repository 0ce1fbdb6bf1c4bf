/** One login on live Flask and live Express over one directory, for every release and each cachelib. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { FileSystemCache } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';
import {
  fileNameOf,
  isManagement,
  readHeader,
  renewHeader,
} from '../../src/python/cachelib/index.js';
import type { HashMethod } from '../../src/python/cachelib/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { Browser } from '../support/browser.js';
import { startExpressApp } from '../support/reference-express-app.js';
import type { ExpressApp } from '../support/serve-express.js';
import type { Typed } from '../support/typed-json.js';

type Release = (typeof FLASK_SESSION_RELEASES)[number];

interface Setup {
  readonly title: string;
  readonly release: Release;
  readonly useSigner: boolean;
  readonly type: 'filesystem' | 'cachelib';
}

const SETUPS: readonly Setup[] = [
  ...FLASK_SESSION_RELEASES.flatMap((release) =>
    [false, true].map((useSigner) => ({
      title: `files of Flask-Session ${release.version}, filesystem, signer ${useSigner ? 'on' : 'off'}`,
      release,
      useSigner,
      type: 'filesystem' as const,
    })),
  ),
  ...FLASK_SESSION_RELEASES.slice(-1).flatMap((release) => [
    {
      title: `files of Flask-Session ${release.version}, cachelib`,
      release,
      useSigner: false,
      type: 'cachelib' as const,
    },
    ...(['filesystem', 'cachelib'] as const).map((type) => ({
      title: `files of Flask-Session ${release.version} with cachelib 0.17.0, ${type}`,
      release: { ...release, environment: 'flask-session-0.8.0-cachelib-0.17.0' },
      useSigner: false,
      type,
    })),
  ]),
];

const root = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe.each(SETUPS.map((setup) => [setup.title, setup] as const))('%s', (_title, setup) => {
  const THRESHOLD = 40;
  const LIFETIME = 3600;
  const directory = mkdtempSync(join(root, 'sessions-'));
  const common = {
    SECRET_KEY: 'shared by Flask and Express',
    SESSION_TYPE: setup.type,
    SESSION_USE_SIGNER: setup.useSigner,
    PERMANENT_SESSION_LIFETIME: LIFETIME,
  } as const;
  let flask: FlaskApp;
  let express: ExpressApp;
  let browser: Browser;

  beforeAll(async () => {
    flask = await startFlaskApp({
      release: setup.release,
      config:
        setup.type === 'cachelib'
          ? { ...common, SESSION_CACHELIB: { cache_dir: directory, threshold: THRESHOLD } }
          : { ...common, SESSION_FILE_DIR: directory, SESSION_FILE_THRESHOLD: THRESHOLD },
    });
    const config: FlaskConfig =
      setup.type === 'cachelib'
        ? {
            ...common,
            SESSION_CACHELIB: new FileSystemCache(directory, { threshold: THRESHOLD }),
          }
        : { ...common, SESSION_FILE_DIR: directory, SESSION_FILE_THRESHOLD: THRESHOLD };
    express = await startExpressApp({
      ...config,
      ...(setup.release.sid === 'token_urlsafe' && { SESSION_ID_LENGTH: 32 }),
    });
  });

  afterAll(async () => {
    await express.stop();
    await flask.stop();
  });

  beforeEach(() => {
    browser = new Browser();
  });

  type Side = 'Flask' | 'Express';
  const urlOf = (side: Side): string => (side === 'Flask' ? flask.url : express.url);
  const directions = [
    { here: 'Flask', there: 'Express' },
    { here: 'Express', there: 'Flask' },
  ] as const;

  async function logIn(side: Side, by = browser, username = 'ada'): Promise<void> {
    const form = new URLSearchParams({ username, password: 'secret' });
    expect((await by.send('POST', `${urlOf(side)}/login`, form)).status).toBe(302);
  }
  const me = (side: Side, by = browser) => by.json('GET', `${urlOf(side)}/me`);
  const session = async (side: Side) =>
    (await browser.json('GET', `${urlOf(side)}/session`)) as { sid: string; data: Typed };

  const filesThere = (): string[] =>
    readdirSync(directory).filter((name) => !isManagement(name, hashMethod()));
  /** Of this setup's cachelib, by the length of the names that it gives. */
  const hashMethod = (): HashMethod =>
    readdirSync(directory).some((name) => name.length === 64) ? 'sha256' : 'md5';

  const fileOf = (sid: string): string =>
    join(directory, fileNameOf(`session:${sid}`, hashMethod()));

  describe.each(directions)('logged in on $here', ({ here, there }) => {
    test('is logged in on the other side, under the same id', async () => {
      await logIn(here);
      expect(await me(there)).toEqual({ username: 'ada' });
      expect((await session(there)).sid).toBe((await session(here)).sid);
    });

    test('is changed there, inside a value too, and seen here', async () => {
      await logIn(here);
      await browser.json('PUT', `${urlOf(here)}/session/cart`, { list: [{ int: '1' }] });
      await browser.json('POST', `${urlOf(there)}/append/cart?modified`, { float: '2.0' });
      await browser.json('DELETE', `${urlOf(there)}/session/username`);
      expect((await session(here)).data).toEqual({
        dict: [
          [{ str: '_permanent' }, { bool: true }],
          [{ str: 'cart' }, { list: [{ int: '1' }, { float: '2.0' }] }],
        ],
      });
    });

    test('is out on both sides once it logs out on the other', async () => {
      await logIn(here);
      const { sid } = await session(here);
      const path = fileOf(sid);
      const old = browser.cookie;
      await browser.send('POST', `${urlOf(there)}/logout`);
      expect(() => readFileSync(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
      for (const side of [there, here]) {
        browser.cookie = old;
        expect(await me(side)).toEqual({ username: null });
      }
    });

    test('is out on both sides once its time is over', async () => {
      await logIn(here, browser, `${here} in time`);
      const path = fileOf((await session(here)).sid);
      end(path);
      const old = browser.cookie;
      for (const side of [there, here]) {
        browser.cookie = old;
        expect(await me(side)).toEqual({ username: null });
      }
    });

    test('lives longer with each request there', async () => {
      await logIn(here, browser, `${here} for long`);
      const path = fileOf((await session(here)).sid);
      shorten(path, 100);
      await me(there);
      const left = (readHeader(readFileSync(path))?.expires ?? 0) - Date.now() / 1000;
      expect(left).toBeGreaterThan(LIFETIME - 60);
    });

    test('gets the same Set-Cookie from both, byte for byte', async () => {
      await logIn(here);
      const lines = [];
      for (const side of [here, there]) {
        await browser.json('PUT', `${urlOf(side)}/session/color`, { str: side });
        lines.push(browser.setCookie?.replace(/Expires=[^;]*/, 'Expires='));
      }
      expect(lines[0]).toMatch(/^session=.+; Expires=; .*Path=\//);
      expect(lines[1]).toBe(lines[0]);
    });
  });

  test('what Express stores is what cachelib would have stored, but for the pickle protocol', async () => {
    await logIn('Flask', browser, 'the same');
    await browser.json('PUT', `${flask.url}/session/cart`, { list: [{ int: '1' }] });
    const path = fileOf((await session('Flask')).sid);
    const byFlask = readFileSync(path);
    await browser.json('PUT', `${express.url}/session/cart`, { list: [{ int: '2' }] });
    await browser.json('PUT', `${express.url}/session/cart`, { list: [{ int: '1' }] });
    const byExpress = readFileSync(path);
    const [before, after] = [readHeader(byFlask), readHeader(byExpress)];
    expect([after?.form, after?.length]).toEqual([before?.form, before?.length]);
    const [payload, again] = [byFlask, byExpress].map((all) => all.subarray(before?.length));
    expect(again).toEqual(dumps(loads(payload ?? Buffer.alloc(0)), { protocol: 4 }));
  });

  test('while both log users in and remove sessions, the newest are known on both sides', async () => {
    for (let round = 0; round < 8; round++) {
      await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          logIn(n % 2 ? 'Flask' : 'Express', new Browser(), `user ${round}-${n}`),
        ),
      );
    }
    for (const { here, there } of directions) {
      await logIn(here, browser, `the last on ${here}`);
      expect(await me(there)).toEqual({ username: `the last on ${here}` });
    }
    // 82 logged in; both count without a common lock, so a few more than the threshold may be left.
    expect(filesThere().length).toBeLessThan(THRESHOLD + 20);
    expect(readdirSync(directory).filter((name) => name.endsWith('.__wz_cache'))).toEqual([]);
  });
});

function end(path: string): void {
  shorten(path, -1);
}

function shorten(path: string, seconds: number): void {
  const bytes = readFileSync(path);
  const header = readHeader(bytes);
  const change = header && renewHeader(header, Math.floor(Date.now() / 1000) + seconds);
  change?.bytes.copy(bytes, change.position);
  writeFileSync(path, bytes);
}
