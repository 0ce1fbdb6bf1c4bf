/** tools/flask-app.ts and python-harness/reference_app.py: what is said of a release holds. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recogniseFormat } from '../../src/session/serializers.js';
import {
  COMBINATIONS,
  FLASK_SESSION_RELEASES,
  startFlaskApp,
  type FlaskApp,
} from '../../tools/flask-app.js';
import { startRedis, type RedisServer } from '../../tools/redis-server.js';

const SID = {
  uuid4: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  token_urlsafe: /^[\w-]{43}$/,
};

let redis: RedisServer;
let client: Redis;

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});

afterAll(async () => {
  await client.quit();
  await redis.stop();
});

test('there are 16 combinations of release, signer and format', () => {
  expect(new Set(COMBINATIONS.map(({ title }) => title)).size).toBe(16);
});

describe.each(FLASK_SESSION_RELEASES)('Flask-Session $version', (release) => {
  const prefix = (): string => `${redis.keyPrefix}${release.version}:`;
  let app: FlaskApp;

  beforeAll(async () => {
    const config = { SESSION_KEY_PREFIX: prefix() };
    app = await startFlaskApp({ release, redisUrl: redis.url, config });
  });

  afterAll(() => app.stop());

  test('keeps who logs in by the form, until logout', async () => {
    const login = new URLSearchParams({ username: 'Zoë', password: 'x' });
    const { cookie } = await request('POST', '/login', { body: login });
    expect(await request('GET', '/me', { cookie })).toMatchObject({ json: { username: 'Zoë' } });
    await request('POST', '/logout', { cookie });
    expect(await request('GET', '/me', { cookie })).toMatchObject({ json: { username: null } });
  });

  test('sets, gets, deletes and clears typed values', async () => {
    const value = { dict: [[{ str: 'n' }, { list: [{ int: '1' }, { float: '1.0' }] }]] };
    const { cookie } = await request('PUT', '/session/cart', { body: JSON.stringify(value) });
    expect(await request('GET', '/session/cart', { cookie })).toMatchObject({ json: value });
    await request('DELETE', '/session/cart', { cookie });
    expect((await request('GET', '/session/cart', { cookie })).status).toBe(404);
    await request('PATCH', '/session', {
      cookie,
      body: '{"dict": [[{"str": "a"}, {"int": "1"}]]}',
    });
    await request('DELETE', '/session', { cookie });
    expect((await request('GET', '/session/a', { cookie })).status).toBe(404);
  });

  test('stores a nested change when it is told, and else as the table says', async () => {
    const config = { SESSION_REFRESH_EACH_REQUEST: false, SESSION_KEY_PREFIX: prefix() };
    const lazy = await startFlaskApp({ release, redisUrl: redis.url, config });
    const nested = (n: string): string => `{"dict": [[{"str": "n"}, {"int": "${n}"}]]}`;
    const changeAndRead = async (path: string): Promise<unknown> => {
      const { cookie } = await request('PUT', '/session/outer', { body: nested('0') }, lazy);
      await request('PUT', path, { cookie, body: '{"int": "1"}' }, lazy);
      return (await request('GET', '/session/outer', { cookie }, lazy)).json;
    };
    try {
      expect(await changeAndRead('/session/outer/n?modified')).toEqual(JSON.parse(nested('1')));
      const untold = nested(release.storesUnmodified ? '1' : '0');
      expect(await changeAndRead('/session/outer/n')).toEqual(JSON.parse(untold));
    } finally {
      await lazy.stop();
    }
  });

  test('makes sids as the table says', async () => {
    const { cookie } = await request('PUT', '/session/a', { body: '{"int": "1"}' });
    expect(sidOf(cookie)).toMatch(SID[release.sid]);
  });

  test('adopts an unknown sid or not, as the table says', async () => {
    const body = '{"int": "1"}';
    const { cookie } = await request('PUT', '/session/a', { cookie: 'session=unknown', body });
    expect(sidOf(cookie) === 'unknown').toBe(release.adoptsUnknownSid);
  });

  test('regenerates or not, as the table says', async () => {
    const { cookie } = await request('PUT', '/session/a', { body: '{"int": "1"}' });
    const { status, cookie: newCookie } = await request('POST', '/regenerate', { cookie });
    expect(status).toBe(release.canRegenerate ? 200 : 404);
    if (release.canRegenerate) expect(sidOf(newCookie)).not.toBe(sidOf(cookie));
  });

  test.each(release.writes)('writes %s', async (format) => {
    const config = { SESSION_SERIALIZATION_FORMAT: format, SESSION_KEY_PREFIX: prefix() };
    const writer = await startFlaskApp({ release, redisUrl: redis.url, config });
    try {
      const { cookie } = await request('PUT', '/session/a', { body: '{"int": "1"}' }, writer);
      const bytes = await client.getBuffer(`${prefix()}${sidOf(cookie)}`);
      expect(recogniseFormat(bytes ?? Buffer.alloc(0))).toBe(format);
    } finally {
      await writer.stop();
    }
  });

  async function request(
    method: string,
    path: string,
    { cookie, body }: { cookie?: string; body?: string | URLSearchParams } = {},
    to: FlaskApp = app,
  ): Promise<{ status: number; json: unknown; cookie: string }> {
    const response = await fetch(to.url + path, {
      method,
      redirect: 'manual',
      headers: cookie === undefined ? {} : { cookie },
      ...(body === undefined ? {} : { body }),
    });
    const [setCookie = ''] = response.headers.getSetCookie();
    const isJson = response.headers.get('content-type') === 'application/json';
    const json: unknown = isJson ? await response.json() : undefined;
    return { status: response.status, json, cookie: setCookie.split(';')[0] ?? '' };
  }
});

describe('an app', () => {
  const [release] = FLASK_SESSION_RELEASES.slice(-1) as [(typeof FLASK_SESSION_RELEASES)[number]];

  test('stops serving when it is stopped, and its port is free again', async () => {
    const app = await startFlaskApp({ release, redisUrl: redis.url });
    await app.stop();
    await expect(fetch(`${app.url}/untouched`)).rejects.toThrow();
    const port = Number(new URL(app.url).port);
    const again = await startFlaskApp({ release, redisUrl: redis.url, port });
    expect(again.url).toBe(app.url);
    await again.stop();
  });

  test('that does not come up says why', async () => {
    const config = { SESSION_TYPE: 'no such type' };
    await expect(startFlaskApp({ release, config })).rejects.toThrow(/no such type/);
  });

  test('writes no access log', async () => {
    const app = await startFlaskApp({ release, redisUrl: redis.url });
    await fetch(`${app.url}/untouched`);
    expect(app.logs().trim()).toBe(`listening on ${app.url}`);
    await app.stop();
  });
});

function sidOf(cookie: string): string {
  return cookie.slice('session='.length);
}
