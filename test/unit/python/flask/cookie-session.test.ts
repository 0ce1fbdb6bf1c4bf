import express from 'express';
import { describe, expect, test } from 'vitest';

import { BadPayload, ConfigError, SessionEncodeError } from '../../../../src/errors.js';
import {
  flaskCookieSession,
  getSigningSerializer,
  SecureCookieSessionInterface,
  type FlaskConfig,
} from '../../../../src/python/flask/index.js';
import { ask, serve, type Reply } from '../../../support/http.js';

const SECRET_KEY = 'a key of the tests';

type Data = Record<string, unknown>;

/** An app that does something to the session of each request. */
async function app(use: (req: { session: Data | null }) => void, config: FlaskConfig = {}) {
  const errors: unknown[] = [];
  const server = express();
  server.use(flaskCookieSession({ SECRET_KEY, ...config }));
  server.get('/', (req, res) => {
    use(req);
    res.json({ ok: true });
  });
  server.use(
    (error: unknown, _req: express.Request, res: express.Response, next: express.NextFunction) => {
      errors.push(error);
      if (res.headersSent) next(error);
      else res.status(500).json({ ok: false });
    },
  );
  const port = await serve(server as never);
  return {
    errors,
    get: (cookie?: string) => ask(port, '/', { headers: cookie ? { cookie } : {} }),
  };
}

function cookieOf({ headers }: Reply): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function dataOf(reply: Reply): unknown {
  return getSigningSerializer({ SECRET_KEY }).loads(cookieOf(reply).slice('session='.length));
}

describe('flaskCookieSession', () => {
  test('writes what was set, and reads it back', async () => {
    const seen: unknown[] = [];
    const { get } = await app((req) => {
      seen.push(req.session?.['n']);
      if (req.session) req.session['n'] = 1;
    });
    const first = await get();
    expect(dataOf(first)).toEqual({ n: 1 });
    expect(first.headers.vary).toBe('Cookie');
    const second = await get(cookieOf(first));
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(seen).toEqual([undefined, 1]);
  });

  test('notices a change inside a value', async () => {
    const list = await app((req) => {
      const session = req.session ?? {};
      session['list'] ??= [];
      (session['list'] as number[]).push(1);
    });
    const first = await list.get();
    expect(dataOf(await list.get(cookieOf(first)))).toEqual({ list: [1, 1] });
  });

  test('says nothing for a request that does not look at the session', async () => {
    const { get } = await app(() => undefined);
    const { headers } = await get();
    expect([headers['set-cookie'], headers.vary]).toEqual([undefined, undefined]);
  });

  test('varies by the cookie when the session is only looked at', async () => {
    const { get } = await app((req) => req.session?.['user']);
    const { headers } = await get();
    expect([headers['set-cookie'], headers.vary]).toEqual([undefined, 'Cookie']);
  });

  test.each([null, {}])('ends the session that is set to %j', async (end) => {
    const { get } = await app((req) => {
      req.session = end;
    });
    const cookie = `session=${getSigningSerializer({ SECRET_KEY }).dumps({ user: 1 })}`;
    const { headers } = await get(cookie);
    expect(headers['set-cookie']).toEqual([
      'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/',
    ]);
  });

  test('renews a permanent session with each request', async () => {
    const { get } = await app(() => undefined);
    const permanent = getSigningSerializer({ SECRET_KEY }).dumps({ _permanent: true });
    expect((await get(`session=${permanent}`)).headers['set-cookie']?.[0]).toContain('Expires=');
  });

  test('has an error for a cookie that browsers would drop, and sends nothing else', async () => {
    const text = Array.from({ length: 1000 }, (_, index) => String(index * 7919)).join();
    const { errors, get } = await app((req) => {
      if (req.session) req.session['text'] = text;
    });
    const { status, headers, body } = await get();
    expect([status, body]).toEqual([500, '{"ok":false}']);
    expect(headers['set-cookie']).toBeUndefined();
    expect(errors).toEqual([expect.any(SessionEncodeError)]);
    expect(String(errors[0])).not.toContain(text.slice(0, 40));
  });

  test.each([0, 50_000])('lets a MAX_COOKIE_SIZE of %i pass what is long', async (most) => {
    const { get } = await app(
      (req) => {
        if (req.session) req.session['text'] = Array.from(Array(1500).keys()).join();
      },
      { MAX_COOKIE_SIZE: most },
    );
    expect((await get()).status).toBe(200);
  });

  test('has an error for a value that tagged JSON cannot hold', async () => {
    const { errors, get } = await app((req) => {
      if (req.session) req.session['set'] = new Set([1]);
    });
    expect((await get()).status).toBe(500);
    expect(errors).toEqual([expect.any(SessionEncodeError)]);
  });

  test('has an error for a rightly signed cookie that holds no session', async () => {
    const { errors, get } = await app(() => undefined);
    const cookie = `session=${getSigningSerializer({ SECRET_KEY }).dumps([1])}`;
    expect((await get(cookie)).status).toBe(500);
    expect(errors).toEqual([expect.any(BadPayload)]);
  });

  test.each([undefined, '', null])('refuses to start with the key %j', (key) => {
    expect(() => flaskCookieSession({ SECRET_KEY: key })).toThrow(ConfigError);
  });
});

describe('SecureCookieSessionInterface', () => {
  const sessions = new SecureCookieSessionInterface({ SECRET_KEY });

  test('stops unpacking a cookie that grows beyond all measure', () => {
    const bomb = getSigningSerializer({ SECRET_KEY }).dumps({ x: 'a'.repeat(5_000_000) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => sessions.openSession(`session=${bomb}`)).toThrow(BadPayload);
  });

  test('saves a session that it did not open as a new one', () => {
    const { setCookie } = sessions.saveSession({ data: { user: 1 }, accessed: true });
    expect(setCookie).toMatch(/^session=eyJ1c2VyIjoxfQ\./);
  });
});
