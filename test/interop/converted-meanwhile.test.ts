/**
 * A session that a newer Flask-Session converts to its own format between Node's read and Node's
 * write: Node's change goes in, in the format that is in the store by then.
 */

import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SessionInterface } from '../../src/index.js';
import type { SerializationFormat } from '../../src/index.js';
import { recogniseFormat, writePayload } from '../../src/session/serializers.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { fromTyped } from '../support/from-typed.js';
import type { Typed } from '../support/typed-json.js';

const FORMATS: readonly SerializationFormat[] = ['pickle', 'msgpack', 'json'];

/** Converters: each release that reads other formats than it writes, in each that it writes. */
const CONVERTERS = FLASK_SESSION_RELEASES.filter(({ writes }) => writes.length > 1).flatMap(
  (release) => release.writes.map((writes) => ({ version: release.version, release, writes })),
);

/** What every format holds, and what codecs confuse. */
const SESSION: readonly (readonly [key: Typed, value: Typed])[] = [
  [{ str: '_permanent' }, { bool: true }],
  [{ str: 'username' }, { str: 'ada' }],
  [{ str: 'whole_float' }, { float: '1.0' }],
  [{ str: 'big' }, { int: '9007199254740993' }],
  [{ str: 'cart' }, { list: [{ dict: [[{ str: '7' }, { float: '2.0' }]] }] }],
  [{ str: 'away' }, { none: null }],
];

/** What pickle holds, and msgspec writes as something else. */
const PYTHONIC: readonly (readonly [key: Typed, value: Typed])[] = [
  [{ str: 'pair' }, { tuple: [{ int: '1' }, { float: '1.0' }] }],
  [{ str: 'members' }, { set: [{ int: '3' }] }],
  [{ str: 'blob' }, { bytes: '00ff80' }],
  [{ str: 'day' }, { date: '2026-11-22' }],
  [{ str: 'price' }, { decimal: '1.10' }],
];

let server: RedisServer;
let redis: Redis;
let sessions: SessionInterface;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  sessions = new SessionInterface({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: redis,
    SESSION_KEY_PREFIX: server.keyPrefix,
  });
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

describe.each(CONVERTERS)('by Flask-Session $version to $writes', ({ release, writes }) => {
  let flask: FlaskApp;

  beforeAll(async () => {
    flask = await startFlaskApp({
      release,
      redisUrl: server.url,
      config: { SESSION_KEY_PREFIX: server.keyPrefix, SESSION_SERIALIZATION_FORMAT: writes },
    });
  });

  afterAll(() => flask.stop());

  const others = FORMATS.filter((format) => format !== writes);

  describe.each(others)('from %s', (format) => {
    let sid: string;
    let browser: Browser;

    async function put(): Promise<void> {
      sid = randomUUID();
      browser = new Browser();
      browser.cookie = `session=${sid}`;
      const dict = fromTyped({ dict: SESSION }) as Map<unknown, unknown>;
      await redis.set(server.keyPrefix + sid, Buffer.from(writePayload(dict, format)));
    }

    async function formatNow(): Promise<SerializationFormat | undefined> {
      return recogniseFormat((await redis.getBuffer(server.keyPrefix + sid)) ?? Buffer.of());
    }

    async function seenByFlask(): Promise<Typed> {
      return ((await browser.json('GET', `${flask.url}/session`)) as { data: Typed }).data;
    }

    test('a page that Flask only shows: the change is on top, type for type', async () => {
      await put();
      const session = await sessions.openSession(browser.cookie);
      session['color'] = 'green';
      await browser.json('GET', `${flask.url}/me`);
      expect(await formatNow()).toBe(writes);
      expect((await sessions.saveSession(session)).outcome).toBe('merged');
      expect(await formatNow()).toBe(writes);
      expect(await seenByFlask()).toEqual({
        dict: [...SESSION, [{ str: 'color' }, { str: 'green' }]],
      });
    });

    test('changes on both sides, deletions and insides among them, are merged', async () => {
      await put();
      const session = await sessions.openSession(browser.cookie);
      (session['cart'] as unknown[]).push(8);
      Reflect.deleteProperty(session, 'away');
      await browser.json('PUT', `${flask.url}/session/whole_float`, { float: '3.0' });
      await browser.json('DELETE', `${flask.url}/session/big`);
      expect((await sessions.saveSession(session)).outcome).toBe('merged');
      expect(await formatNow()).toBe(writes);
      expect(await seenByFlask()).toEqual({
        dict: [
          [{ str: '_permanent' }, { bool: true }],
          [{ str: 'username' }, { str: 'ada' }],
          [{ str: 'whole_float' }, { float: '3.0' }],
          [{ str: 'cart' }, { list: [{ dict: [[{ str: '7' }, { float: '2.0' }]] }, { int: '8' }] }],
        ],
      });
    });

    test('a second change by the same request is stored in the new format as well', async () => {
      await put();
      const session = await sessions.openSession(browser.cookie);
      session['one'] = 1;
      await browser.json('GET', `${flask.url}/me`);
      await session.save();
      session['two'] = 2;
      expect((await sessions.saveSession(session)).outcome).toBe('stored');
      expect(await formatNow()).toBe(writes);
      expect(await seenByFlask()).toEqual({
        dict: [...SESSION, [{ str: 'one' }, { int: '1' }], [{ str: 'two' }, { int: '2' }]],
      });
    });

    test('an update in between is made on what is there, in its format', async () => {
      await put();
      const session = await sessions.openSession(browser.cookie);
      await browser.json('GET', `${flask.url}/me`);
      await session.update((data) => {
        data['count'] = 1;
      });
      expect((await sessions.saveSession(session)).outcome).not.toBe('gone');
      expect(await formatNow()).toBe(writes);
      expect(await seenByFlask()).toEqual({
        dict: [...SESSION, [{ str: 'count' }, { int: '1' }]],
      });
    });

    test('a new id for it keeps the new format', async () => {
      await put();
      const session = await sessions.openSession(browser.cookie);
      session['color'] = 'green';
      await browser.json('GET', `${flask.url}/me`);
      await session.rotate();
      const { setCookie = '' } = await sessions.saveSession(session);
      sid = /session=([^;]*)/.exec(setCookie)?.[1] ?? '';
      browser.cookie = `session=${sid}`;
      expect(await formatNow()).toBe(writes);
      expect(await seenByFlask()).toEqual({
        dict: [...SESSION, [{ str: 'color' }, { str: 'green' }]],
      });
    });
  });

  test('values of which the conversion makes others are left as Flask made them', async () => {
    const sid = randomUUID();
    const browser = new Browser();
    browser.cookie = `session=${sid}`;
    const dict = fromTyped({ dict: PYTHONIC }) as Map<unknown, unknown>;
    await redis.set(server.keyPrefix + sid, Buffer.from(writePayload(dict, 'pickle')));
    const session = await sessions.openSession(browser.cookie);
    session['color'] = 'green';
    const read = async () =>
      ((await browser.json('GET', `${flask.url}/session`)) as { data: Typed }).data;
    await read();
    const converted = (await read())['dict'] as unknown[];
    expect(converted).not.toEqual(PYTHONIC);
    expect((await sessions.saveSession(session)).outcome).toBe('merged');
    expect(await read()).toEqual({ dict: [...converted, [{ str: 'color' }, { str: 'green' }]] });
  });
});
