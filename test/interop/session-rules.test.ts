/**
 * When a session is stored, renewed, ended, and spoken of: the same request on a live Flask-Session
 * 0.8 and on Express, in every setting that has a say in it, has the same consequences.
 */

import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { msgpack } from '../../src/python/msgspec/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { startExpressApp } from '../support/reference-express-app.js';
import type { ExpressApp } from '../support/serve-express.js';
import type { Typed } from '../support/typed-json.js';

const LIFETIME = 3600;
/** Time to live of a stored session before a request, so that a renewal is seen. */
const TTL_BEFORE = 100;

const SETTINGS = [true, false].flatMap((SESSION_REFRESH_EACH_REQUEST) =>
  [true, false].map((SESSION_PERMANENT) => ({ SESSION_REFRESH_EACH_REQUEST, SESSION_PERMANENT })),
);
type Setting = (typeof SETTINGS)[number];

/** What a request finds: a stored session, an id that leads nowhere, or no cookie at all. */
const BEFORE = {
  'no cookie': undefined,
  'an unknown id': null,
  'a permanent session': { _permanent: true, username: 'ada', cart: [1] },
  'a session': { username: 'ada', cart: [1] },
  'a session made not permanent': { _permanent: false, username: 'ada', cart: [1] },
  'a session with one key': { username: 'ada' },
  'a permanent session with one key': { _permanent: true, username: 'ada' },
  '_permanent alone': { _permanent: true },
  '_permanent alone, and false': { _permanent: false },
  'an empty dict': {},
} as const;
type Before = keyof typeof BEFORE;

/** What a request does to the session. */
const REQUESTS: Readonly<Record<string, readonly [method: string, path: string, body?: Typed]>> = {
  'leaves it alone': ['GET', '/untouched'],
  'reads a key': ['GET', '/me'],
  'sets a key': ['PUT', '/session/color', { str: 'green' }],
  'sets a key to what it was': ['PUT', '/session/username', { str: 'ada' }],
  'changes a value inside': ['POST', '/append/cart?modified', { int: '2' }],
  'deletes a key': ['DELETE', '/session/username'],
  'deletes a key that is not there': ['DELETE', '/session/nothing'],
  'makes it permanent': ['PUT', '/permanent', { bool: true }],
  'makes it not permanent': ['PUT', '/permanent', { bool: false }],
  'clears it': ['POST', '/logout'],
  'gives it a new id': ['POST', '/regenerate'],
};

/** Those that write nothing to a session without keys; there is no value inside it to change. */
const READING = ['leaves it alone', 'reads a key', 'changes a value inside'];

/** What a request leaves behind, with ids and times by name. */
interface Consequences {
  readonly status: number;
  readonly setCookie: readonly string[];
  readonly varyCookie: boolean;
  /** Every session of the store: its time to live, and its bytes in hex. */
  readonly stored: Readonly<Record<string, readonly [ttl: string, hex: string]>>;
}

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

describe.each(SETTINGS)('%o', (setting) => {
  let flask: FlaskApp;
  let express: ExpressApp;
  const prefixOf = (side: string): string => `${server.keyPrefix}${side}:`;

  beforeAll(async () => {
    const [release] = FLASK_SESSION_RELEASES.slice(-1);
    if (release?.version !== '0.8.0') throw new Error('0.8.0 is meant');
    const config = {
      ...setting,
      SECRET_KEY: 'shared by Flask and Express',
      SESSION_SERIALIZATION_FORMAT: 'msgpack',
      PERMANENT_SESSION_LIFETIME: LIFETIME,
    } as const;
    flask = await startFlaskApp({
      release,
      redisUrl: server.url,
      config: { ...config, SESSION_KEY_PREFIX: prefixOf('flask') },
    });
    express = await startExpressApp({
      ...config,
      SESSION_KEY_PREFIX: prefixOf('express'),
      SESSION_TYPE: 'redis',
      SESSION_REDIS: redis,
      SESSION_ID_LENGTH: 32,
    });
  });

  afterAll(async () => {
    await express.stop();
    await flask.stop();
  });

  describe.each(Object.keys(BEFORE) as Before[])('%s', (before) => {
    test.each(Object.keys(REQUESTS))('%s', async (act) => {
      const theirs = await consequencesOf(flask.url, prefixOf('flask'), before, act);
      const ours = await consequencesOf(express.url, prefixOf('express'), before, act);
      expect(ours).toEqual({ ...theirs, ...deviation(setting, before, act, theirs) });
    });
  });
});

/** Where 0.8 is not followed: what is left behind instead. Each is in src/session/PORT.md. */
function deviation(
  setting: Setting,
  before: Before,
  act: string,
  theirs: Consequences,
): Partial<Consequences> {
  const session = BEFORE[before];
  const looksForKey = act.startsWith('deletes') && !(act === 'deletes a key' && hasUser(session));
  const isEmpty = session && !hasUser(session);
  if (isEmpty && act === 'gives it a new id') {
    // Or else a login that follows would be under an id that somebody may know.
    const expires = '_permanent' in session && session._permanent ? '; Expires=a lifetime' : '';
    return {
      setCookie: [`session=new id${expires}; HttpOnly; Path=/`],
      varyCookie: true,
      stored: { 'new id': ['a lifetime', theirs.stored['old id']?.[1] ?? ''] },
    };
  }
  const readsOnly = looksForKey || READING.includes(act);
  return {
    // Whether there is such a key depends on the cookie.
    ...(looksForKey && { varyCookie: true }),
    // Renewed in the trip that reads it, when nobody knows yet that it is empty.
    ...(isEmpty &&
      readsOnly &&
      setting.SESSION_REFRESH_EACH_REQUEST && {
        stored: { 'old id': ['a lifetime', theirs.stored['old id']?.[1] ?? ''] },
      }),
  };
}

function hasUser(session: object | null | undefined): boolean {
  return 'username' in (session ?? {});
}

/** Puts the session there, sends the request, and looks around. */
async function consequencesOf(
  url: string,
  keyPrefix: string,
  before: Before,
  act: string,
): Promise<Consequences> {
  const oldSid = randomBytes(32).toString('base64url');
  const session = BEFORE[before];
  if (session) {
    await redis.set(keyPrefix + oldSid, msgpack.encode(session), 'EX', TTL_BEFORE);
  }
  const [method = '', path = '', body] = REQUESTS[act] ?? [];
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: session === undefined ? {} : { cookie: `session=${oldSid}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.text();

  const named = (text: string): string =>
    text.replace(oldSid, 'old id').replace(/[\w-]{43}/, 'new id');
  const now = Date.parse(response.headers.get('date') ?? '');
  const keys = await redis.keys(`${keyPrefix}*`);
  const stored = await Promise.all(
    keys.map(async (key) => {
      const bytes = await redis.getBuffer(key);
      const ttl = timeOf(await redis.ttl(key));
      return [named(key.slice(keyPrefix.length)), [ttl, bytes?.toString('hex')]] as const;
    }),
  );
  if (keys.length > 0) await redis.del(keys);
  return {
    status: response.status,
    setCookie: response.headers
      .getSetCookie()
      .map((line) =>
        named(line).replace(
          /Expires=([^;]*)/,
          (_, date: string) => `Expires=${timeOf((Date.parse(date) - now) / 1000)}`,
        ),
      ),
    varyCookie: /\bCookie\b/i.test(response.headers.get('vary') ?? ''),
    stored: Object.fromEntries(stored) as Consequences['stored'],
  };
}

/** A time from now by name: the machine takes its time as well. */
function timeOf(seconds: number): string {
  if (seconds < -LIFETIME) return 'long ago';
  if (seconds > LIFETIME - 60 && seconds <= LIFETIME + 1) return 'a lifetime';
  return seconds > 0 && seconds <= TTL_BEFORE ? 'as before' : `${seconds} s`;
}
