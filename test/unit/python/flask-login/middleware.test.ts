import express from 'express';
import { describe, expect, test, vi } from 'vitest';

import { ConfigError, LoginRequiredError, SessionUseError } from '../../../../src/errors.js';
import {
  currentUserId,
  flaskLogin,
  freshLoginRequired,
  isFresh,
  loginRequired,
  loginUser,
  logoutUser,
  type LoginRequiredOptions,
  type SessionRequest,
} from '../../../../src/python/flask-login/index.js';
import { flaskCookieSession, type FlaskConfig } from '../../../../src/python/flask/index.js';
import { fakeResponse } from '../../../support/fake-response.js';
import { ask, serve } from '../../../support/http.js';

const SECRET_KEY = 'a key of the tests';

/** A browser at an app with Flask's own session: it keeps cookies, and can lose one. */
async function visit(config: FlaskConfig = {}) {
  const settings = { SECRET_KEY, ...config };
  const app = express();
  app.use(flaskCookieSession(settings), flaskLogin(settings));
  const session = (req: express.Request): object => req.session;
  app.get('/login', (req, res) => {
    loginUser(session(req), '7', req, { remember: req.query['remember'] === '1' });
    res.send('in');
  });
  app.get('/logout', (req, res) => {
    logoutUser(session(req));
    res.send('out');
  });
  app.get('/me', (req, res) => {
    res.json({ userId: currentUserId(session(req)), fresh: isFresh(session(req)) });
  });
  const port = await serve(app as never);
  const cookies = new Map<string, string>();
  return {
    cookies,
    async get(path: string, headers: Record<string, string> = {}): Promise<string> {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const reply = await ask(port, path, { headers: { ...(cookie && { cookie }), ...headers } });
      for (const line of reply.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (line.includes('Max-Age=0')) cookies.delete(name);
        else cookies.set(name, value);
      }
      return reply.body;
    },
  };
}

describe('flaskLogin', () => {
  test('remembers a user whose session is gone, and forgets them with the logout', async () => {
    const browser = await visit();
    await browser.get('/login?remember=1');
    expect(await browser.get('/me')).toBe('{"userId":"7","fresh":true}');
    browser.cookies.delete('session');
    expect(await browser.get('/me')).toBe('{"userId":"7","fresh":false}');
    await browser.get('/logout');
    expect([...browser.cookies.keys()]).toEqual([]);
    expect(await browser.get('/me')).toBe('{"fresh":false}');
  });

  test('keeps no trace of the cookie’s making in the session', async () => {
    const browser = await visit();
    await browser.get('/login?remember=1');
    const session = Buffer.from(browser.cookies.get('session')?.split('.')[0] ?? '', 'base64url');
    expect(session.toString()).not.toContain('_remember');
  });

  test('ends a login that comes from another browser, where protection is strong', async () => {
    const browser = await visit({ SESSION_PROTECTION: 'strong' });
    await browser.get('/login?remember=1', { 'user-agent': 'a' });
    expect(await browser.get('/me', { 'user-agent': 'b' })).toBe('{"fresh":false}');
    expect([...browser.cookies.keys()]).toEqual([]);
  });

  test('needs a session, and a key', () => {
    const next = vi.fn();
    flaskLogin({ SECRET_KEY })({ headers: {} }, fakeResponse().response, next);
    expect(next).toHaveBeenCalledWith(expect.any(SessionUseError));
    expect(() => flaskLogin({})).toThrow(ConfigError);
  });
});

describe('loginRequired', () => {
  function pass(
    session: object | undefined,
    options: LoginRequiredOptions = {},
    { config = {}, method = 'GET', required = loginRequired } = {},
  ) {
    const { response, headers } = fakeResponse();
    const request: SessionRequest = {
      headers: { host: 'shop.example' },
      url: '/a?b=1',
      method,
      session,
    };
    const next = vi.fn();
    required(config, options)(request, response, next);
    return { next, location: headers.get('location'), status: response.statusCode, session };
  }

  test('lets a login pass', () => {
    expect(pass({ _user_id: '7' }).next).toHaveBeenCalledWith();
  });

  test('gives an error with status 401 where there is no login page', () => {
    const { next } = pass({});
    expect(next).toHaveBeenCalledWith(expect.any(LoginRequiredError));
    expect(next).toHaveBeenCalledWith(expect.objectContaining({ status: 401 }));
  });

  test('redirects to the login page with a message and the way back', () => {
    const { location, status, session, next } = pass({}, { loginView: '/login' });
    expect([status, location]).toEqual([302, '/login?next=%2Fa%3Fb%3D1']);
    expect(session).toEqual({ _flashes: [['message', 'Please log in to access this page.']] });
    expect(next).not.toHaveBeenCalled();
  });

  test('flashes what it is told to, or nothing', () => {
    const own = { loginView: '/l', loginMessage: 'Who are you?', loginMessageCategory: 'info' };
    expect(pass({}, own).session).toEqual({ _flashes: [['info', 'Who are you?']] });
    expect(pass({}, { loginView: '/l', loginMessage: null }).session).toEqual({});
  });

  test('leaves the answer to a handler', () => {
    const unauthorized = vi.fn();
    const { next } = pass({}, { unauthorized, loginView: '/login' });
    expect(unauthorized).toHaveBeenCalledTimes(1);
    expect(next).not.toHaveBeenCalled();
  });

  test('lets OPTIONS pass, and everything where logins are disabled', () => {
    expect(pass({}, {}, { method: 'OPTIONS' }).next).toHaveBeenCalledWith();
    expect(pass({}, {}, { config: { LOGIN_DISABLED: true } }).next).toHaveBeenCalledWith();
  });

  test('needs a session', () => {
    expect(pass(undefined).next).toHaveBeenCalledWith(expect.any(SessionUseError));
  });

  test('asks again for a login that is not fresh', () => {
    const fresh = { required: freshLoginRequired };
    expect(pass({ _user_id: '7', _fresh: true }, {}, fresh).next).toHaveBeenCalledWith();
    const stale = pass({ _user_id: '7', _fresh: false }, { loginView: '/again' }, fresh);
    expect(stale.location).toBe('/again?next=%2Fa%3Fb%3D1');
    expect(pass({ _fresh: true }, {}, fresh).next).toHaveBeenCalledWith(
      expect.any(LoginRequiredError),
    );
  });
});
