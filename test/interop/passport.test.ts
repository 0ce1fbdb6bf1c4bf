/** Passport 0.7 as it comes: it regenerates the session on login and logout, with callbacks. */

import type { Express, Request, RequestHandler } from 'express';
import passport from 'passport';
import { Strategy } from 'passport';
import { beforeEach, describe, expect, test } from 'vitest';

import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';
import { COOKIE, SID, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

interface User {
  readonly id: number;
}

/** Takes the user's id from a header: what the user shows in place of a password. */
class HeaderStrategy extends Strategy {
  override readonly name = 'header';

  override authenticate(req: Request): void {
    const id = Number(req.get('X-User'));
    if (id) this.success({ id });
    else this.fail('no such user', 401);
  }
}

let port: number;

beforeEach(async () => {
  port = await serve(appWithPassport());
});

function appWithPassport(): Express {
  const authenticator = new passport.Passport();
  authenticator.use(new HeaderStrategy());
  authenticator.serializeUser((user, done) => {
    done(null, (user as User).id);
  });
  authenticator.deserializeUser((id, done) => {
    done(null, { id: id as number });
  });
  const app = newApp();
  app.use(sessions().middleware());
  app.use(authenticator.session());
  for (const keepSessionInfo of [false, true]) {
    const suffix = keepSessionInfo ? '/keep' : '';
    const login = authenticator.authenticate('header', { keepSessionInfo }) as RequestHandler;
    app.get(`/login${suffix}`, login, (_req, res) => {
      res.redirect('/me');
    });
    app.get(`/logout${suffix}`, (req, res, next) => {
      req.logout({ keepSessionInfo }, (error) => {
        if (error) next(error);
        else res.redirect('/');
      });
    });
  }
  app.get('/me', (req, res) => {
    res.json({ user: req.user ?? null, loggedIn: req.isAuthenticated() });
  });
  return app;
}

function sidOf({ headers }: Reply): string {
  return /^session=([^;]*)/.exec(headers['set-cookie']?.[0] ?? '')?.[1] ?? '';
}

function get(path: string, sid: string, user?: string): Promise<Reply> {
  return ask(port, path, {
    headers: { Cookie: `session=${sid}`, ...(user && { 'X-User': user }) },
  });
}

describe('login', () => {
  test('gives the user a session of a new id, and ends the old one', async () => {
    await sessions().put({ cart: ['a'] });
    const login = await get('/login', SID, '7');
    const sid = sidOf(login);
    expect(login.status).toBe(302);
    expect(sid).toMatch(/^[\w-]{36}$/);
    expect(sid).not.toBe(SID);
    expect(await sessions().stored()).toBeUndefined();
    expect(await sessions().stored(sid)).toEqual({ _permanent: true, passport: { user: 7 } });
    expect((await get('/me', sid)).body).toBe('{"user":{"id":7},"loggedIn":true}');
  });

  test('keeps what the session held, where it is told to', async () => {
    await sessions().put({ cart: ['a'] });
    const sid = sidOf(await get('/login/keep', SID, '7'));
    expect(sid).not.toBe(SID);
    expect(await sessions().stored()).toBeUndefined();
    expect(await sessions().stored(sid)).toMatchObject({ cart: ['a'], passport: { user: 7 } });
  });

  test('makes a session for a visitor without one', async () => {
    const sid = sidOf(await ask(port, '/login', { headers: { 'X-User': '7' } }));
    expect(await sessions().stored(sid)).toMatchObject({ passport: { user: 7 } });
  });

  test('that is refused changes nothing', async () => {
    await sessions().put({ cart: ['a'] });
    expect((await get('/login', SID)).status).toBe(401);
    expect(await sessions().stored()).toEqual({ cart: ['a'] });
  });

  test('that cannot be saved is an error, and the old session stays', async () => {
    await sessions().put({ cart: ['a'] });
    sessions().breakDown();
    expect((await get('/login', SID, '7')).status).toBe(503);
    expect(await sessions().stored()).toEqual({ cart: ['a'] });
  });

  test('is saved before the redirect arrives', async () => {
    sessions().slowDown();
    let keys: Promise<string[]> | undefined;
    await ask(port, '/login', {
      headers: { 'X-User': '7' },
      onFirstByte: () => (keys = sessions().redis.keys(`${sessions().keyPrefix}*`)),
    });
    expect(await keys).toHaveLength(1);
  });
});

describe('logout', () => {
  const LOGGED_IN = { cart: ['a'], passport: { user: 7 } };

  test('ends the session and takes its cookie away', async () => {
    await sessions().put(LOGGED_IN);
    const logout = await get('/logout', SID);
    expect(logout.headers['set-cookie']?.[0]).toMatch(/^session=; Expires=Thu, 01 Jan 1970/);
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
    expect((await get('/me', SID)).body).toBe('{"user":null,"loggedIn":false}');
  });

  test('keeps what else the session held, where it is told to', async () => {
    await sessions().put(LOGGED_IN);
    const sid = sidOf(await get('/logout/keep', SID));
    expect(sid).not.toBe(SID);
    expect(await sessions().stored()).toBeUndefined();
    expect(await sessions().stored(sid)).toEqual({ _permanent: true, cart: ['a'], passport: {} });
  });
});

test('a user who logged in elsewhere is known', async () => {
  await sessions().put({ passport: { user: 7 } });
  const reply = await ask(port, '/me', { headers: { Cookie: COOKIE } });
  expect(reply.body).toBe('{"user":{"id":7},"loggedIn":true}');
});
