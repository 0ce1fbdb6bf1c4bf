/**
 * Every session of the fixtures, changed and stored by Node, is read by the very release that it is
 * from: real packages, a real Redis.
 */

import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SessionInterface, sessionOf } from '../../src/index.js';
import type { SerializationFormat } from '../../src/index.js';
import { Signer } from '../../src/python/itsdangerous/index.js';
import { recogniseFormat } from '../../src/session/serializers.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import {
  RELEASES,
  bytesOf,
  cookieFixture,
  payloadFixture,
  validCases,
} from '../support/flask-session-fixtures.js';
import type { Release } from '../support/flask-session-fixtures.js';
import { readByRelease } from '../support/release-reader.js';
import { withEntry } from '../support/typed-json.js';
import type { Typed } from '../support/typed-json.js';
import { OTHER_VALUE, OTHER_VERDICT_TO_0_6 } from '../vectors/known-gaps.js';

const FORMATS = ['pickle', 'msgpack', 'json'] as const;
const SECRET_KEY = cookieFixture('0.8.0').secretKey;
/** The entry that Node adds. */
const KEY = { str: 'from_node' };
const VALUE = { str: 'Zoë 🦊 was here' };

/** A stored session, and what the release reads from it. */
interface Stored {
  readonly id: string;
  readonly format: SerializationFormat;
  readonly bytes: Uint8Array;
  readonly value: Typed;
}

let redis: RedisServer;
let client: Redis;
let pythons: ReadonlyMap<string, string>;
let sessionsRead = 0;
const releasesRead = new Set<Release>();

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
  pythons = await ensureEnvironments(RELEASES.map(environmentOf));
}, 600_000);

afterAll(async () => {
  console.log(`written back: ${sessionsRead} sessions, read by ${releasesRead.size} releases`);
  await client.quit();
  await redis.stop();
});

describe.each(combinations())('$title', ({ release, useSigner, stored }) => {
  test(`reads all ${stored.length} sessions that Node changed, type for type`, async () => {
    const cookies = await Promise.all(stored.map((session) => changeInNode(session, useSigner)));
    const readings = await readByRelease(pythons.get(environmentOf(release)) ?? '', cookies, {
      redisUrl: redis.url,
      keyPrefix: redis.keyPrefix,
      useSigner,
    });

    expect(stored.map(({ id }, index) => ({ id, ...readings[index] }))).toEqual(
      stored.map(({ id, value }) => ({ id, value: withEntry(value, KEY, VALUE) })),
    );
    sessionsRead += readings.length;
    releasesRead.add(release);
  }, 120_000);
});

/** Puts a session into Redis, lets Node add a key to it, and gives the Cookie header for it. */
async function changeInNode({ bytes, format }: Stored, useSigner: boolean): Promise<string> {
  const sid = randomUUID();
  const key = redis.keyPrefix + sid;
  const cookie = `session=${useSigner ? signed(sid) : sid}`;
  await client.set(key, Buffer.from(bytes), 'EX', 600);

  const config = {
    SECRET_KEY,
    SESSION_TYPE: 'redis',
    SESSION_REDIS: client,
    SESSION_KEY_PREFIX: redis.keyPrefix,
    SESSION_USE_SIGNER: useSigner,
  } as const;
  // Hundreds of sessions at once: the machine's pace is not what is under test.
  const sessions = new SessionInterface(config, { storeTimeoutMs: 60_000 });
  const session = await sessions.openSession(cookie);
  expect(sessionOf(session).sid).toBe(sid);
  session[KEY.str] = VALUE.str;
  expect((await sessions.saveSession(session)).outcome).toBe('stored');

  const written = await client.getBuffer(key);
  expect(written && recogniseFormat(written)).toBe(format);
  return cookie;
}

function combinations() {
  return RELEASES.flatMap((release) =>
    FORMATS.flatMap((format) => {
      const stored = storedBy(release).filter((session) => session.format === format);
      if (stored.length === 0) return [];
      return [false, true].map((useSigner) => ({
        title: `Flask-Session ${release}, signer ${useSigner ? 'on' : 'off'}, ${format}`,
        release,
        useSigner,
        stored,
      }));
    }),
  );
}

/** What a release wrote, and what it read of others, in the formats that it writes or reads. */
function storedBy(release: Release): Stored[] {
  const written = validCases(release).filter(({ id }) => !(id in OTHER_VALUE));
  const read = payloadFixture(release).reads.flatMap((found) =>
    found.expect === 'valid' && !(found.id in OTHER_VERDICT_TO_0_6) ? [found] : [],
  );
  return [
    ...written.map((session) => ({ ...session, bytes: bytesOf(session) })),
    ...read.map(({ id, hex, value }) => {
      const [, format] = id.split('/') as [string, SerializationFormat];
      return { id, format, bytes: Buffer.from(hex, 'hex'), value };
    }),
  ];
}

function environmentOf(release: Release): string {
  return `flask-session-${release}`;
}

function signed(sid: string): string {
  return new Signer(SECRET_KEY, { salt: 'flask-session', keyDerivation: 'hmac' }).sign(sid);
}
