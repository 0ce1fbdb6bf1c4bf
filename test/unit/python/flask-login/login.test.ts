import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { ConfigError } from '../../../../src/errors.js';
import {
  confirmLogin,
  createIdentifier,
  currentUserId,
  decodeCookie,
  encodeCookie,
  isFresh,
  loginFromRememberCookie,
  loginRemembered,
  loginUser,
  logoutUser,
  resolveLoginConfig,
  updateRememberCookie,
  type SessionRequest,
} from '../../../../src/python/flask-login/index.js';
import { PyFloat } from '../../../../src/python/pickle/index.js';

const request: SessionRequest = {
  headers: { 'user-agent': 'curl/8' },
  socket: { remoteAddress: '192.0.2.7' },
};
const config = resolveLoginConfig({ SECRET_KEY: 'a key of the tests' });

describe('loginUser', () => {
  test.each([7, 7n, '7'])('keeps the id %s as text', (userId) => {
    const session = {};
    loginUser(session, userId, request);
    expect(session).toEqual({
      _user_id: '7',
      _fresh: true,
      _id: createIdentifier(request),
    });
  });

  test('keeps a duration as a float, as Python does', () => {
    const session: Record<string, unknown> = {};
    loginUser(session, '7', request, { remember: true, durationSeconds: 60 });
    expect(session['_remember_seconds']).toEqual(new PyFloat(60));
  });
});

describe('currentUserId', () => {
  test('reads the key of Flask-Login <= 0.4', () => {
    expect(currentUserId({ user_id: '7', _fresh: true, _id: 'x' })).toBe('7');
  });

  test('does not take an app’s own user_id for a login', () => {
    expect(currentUserId({ user_id: '7' })).toBeUndefined();
    expect(currentUserId({ user_id: '7', _fresh: false })).toBeUndefined();
  });

  test.each([[{}], [{ _user_id: null }], [{ _user_id: ['7'] }], [{ _user_id: true }]])(
    'finds nobody in %j',
    (session) => {
      expect(currentUserId(session)).toBeUndefined();
    },
  );

  test('reads an id that an app kept as a number', () => {
    expect(currentUserId({ _user_id: 7 })).toBe('7');
  });

  test('looks at keys alone, not at the prototype', () => {
    expect(currentUserId(Object.create({ _user_id: '7' }) as object)).toBeUndefined();
  });
});

describe('logoutUser', () => {
  test('removes the login and asks for the remember-me cookie to be cleared', () => {
    const session = { cart: [1] };
    loginUser(session, '7', request, { remember: true, durationSeconds: 60 });
    logoutUser(session);
    expect(session).toEqual({ cart: [1], _remember: 'clear' });
  });

  test('ends a login of Flask-Login <= 0.4, but leaves an app’s own user_id', () => {
    const legacy = { user_id: '7', _fresh: true, _id: 'x' };
    logoutUser(legacy);
    expect(legacy).toEqual({ _remember: 'clear' });
    const own = { user_id: '7' };
    logoutUser(own);
    expect(own).toEqual({ user_id: '7', _remember: 'clear' });
  });
});

test('confirmLogin makes the login fresh and binds it to this client', () => {
  const session = { _user_id: '7', _fresh: false, _id: 'elsewhere' };
  expect(isFresh(session)).toBe(false);
  confirmLogin(session, request);
  expect(isFresh(session)).toBe(true);
  expect(session._id).toBe(createIdentifier(request));
});

describe('createIdentifier', () => {
  const sha512 = (text: string) => createHash('sha512').update(text).digest('hex');

  test('of release 0.7 hashes the text, and never looks at X-Forwarded-For', () => {
    const forwarded = { ...request, headers: { ...request.headers, 'x-forwarded-for': '1.1.1.1' } };
    expect(createIdentifier(forwarded, { release: '0.7' })).toBe(sha512('192.0.2.7|curl/8'));
    expect(createIdentifier({ headers: {} }, { release: '0.7' })).toBe(sha512('None|'));
  });

  test('takes an IPv4 address out of the IPv6 form that Node has for it', () => {
    const mapped = { ...request, socket: { remoteAddress: '::ffff:192.0.2.7' } };
    expect(createIdentifier(mapped)).toBe(createIdentifier(request));
  });

  test('asks for the address where Flask stands behind ProxyFix', () => {
    const options = {
      remoteAddress: (asked: SessionRequest) => String(asked.headers['x-real-ip']),
    };
    const proxied = { headers: { 'user-agent': 'curl/8', 'x-real-ip': '192.0.2.7' } };
    expect(createIdentifier(proxied, options)).toBe(createIdentifier(request));
  });

  test('joins a header that came twice, as WSGI servers do', () => {
    const twice = { headers: { 'x-forwarded-for': ['1.1.1.1', '2.2.2.2'] } };
    const once = { headers: { 'x-forwarded-for': '1.1.1.1' } };
    expect(createIdentifier(twice)).toBe(createIdentifier(once));
  });
});

describe('the remember-me cookie', () => {
  const cookie = `remember_token=${encodeCookie('7', config)}`;
  const remembered: SessionRequest = { ...request, headers: { ...request.headers, cookie } };

  test('logs in, but not freshly', () => {
    const session = {};
    expect(loginFromRememberCookie(session, remembered, config)).toBe('7');
    expect(session).toEqual({ _user_id: '7', _fresh: false });
  });

  test('does not replace a login, and counts for nothing once it is to be cleared', () => {
    const session = { _user_id: '8' };
    expect(loginFromRememberCookie(session, remembered, config)).toBeUndefined();
    expect(loginFromRememberCookie({ _remember: 'clear' }, remembered, config)).toBeUndefined();
    expect(loginRemembered({}, remembered, config)).toBe(true);
    expect(loginRemembered({ _remember: 'clear' }, remembered, config)).toBe(false);
    expect(loginRemembered({}, request, config)).toBe(false);
  });

  test('is renewed with each request if so set; by 0.7 only for those who have it', () => {
    const each = resolveLoginConfig({
      SECRET_KEY: 'a key of the tests',
      REMEMBER_COOKIE_REFRESH_EACH_REQUEST: true,
    });
    const session = { _user_id: '7' };
    expect(updateRememberCookie(session, request, each)).toContain('remember_token=7|');
    const newer = { release: '0.7' } as const;
    expect(updateRememberCookie(session, request, each, newer)).toBeUndefined();
    expect(updateRememberCookie(session, remembered, each, newer)).toContain('remember_token=7|');
    expect(updateRememberCookie({}, remembered, each)).toBeUndefined();
  });

  test('lives as long as the settings say when the session’s own duration is no number', () => {
    const session = { _user_id: '7', _remember: 'set', _remember_seconds: 'long' };
    const usual = updateRememberCookie({ _user_id: '7', _remember: 'set' }, request, config);
    expect(updateRememberCookie(session, request, config)).toBe(usual);
  });

  test('needs a key', () => {
    const keyless = resolveLoginConfig({});
    expect(() => encodeCookie('7', keyless)).toThrow(ConfigError);
    expect(() => decodeCookie('7|x', keyless)).toThrow(ConfigError);
  });
});

test('a SECRET_KEY beyond Latin-1 is refused, as Flask-Login fails with it', () => {
  expect(() => resolveLoginConfig({ SECRET_KEY: 'ключ' })).toThrow(ConfigError);
  expect(() => resolveLoginConfig({ SECRET_KEY: 'Schlüssel' })).not.toThrow();
});
