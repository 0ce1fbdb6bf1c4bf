/**
 * The remember-me cookie: the user's id and a signature, without any age.
 * Python: `flask_login.utils.encode_cookie`, `LoginManager._update_remember_cookie`, 0.6.3.
 * Differences: ./PORT.md
 *
 * @module
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import { headerOf, type RequestLike } from '../flask/request.js';
import { getItem, popItem, setItem, type SessionLike } from '../flask/session-like.js';
import { deleteCookie, dumpCookie, parseCookie } from '../werkzeug/index.js';
import { requireSecretKey, type LoginConfig } from './config.js';
import type { IdentifierOptions } from './identifier.js';
import { currentUserId } from './login.js';

/**
 * The cookie's value for a user: `id|hmac`. Python: `flask_login.encode_cookie`.
 *
 * @throws {@link ConfigError} without SECRET_KEY.
 */
export function encodeCookie(payload: string, config: LoginConfig): string {
  return `${payload}|${digestOf(payload, requireSecretKey(config))}`;
}

/**
 * The user's id in a cookie's value, or `undefined` when the signature is not ours.
 * Python: `flask_login.decode_cookie`.
 *
 * @throws {@link ConfigError} without SECRET_KEY.
 */
export function decodeCookie(cookie: string, config: LoginConfig): string | undefined {
  const bar = cookie.lastIndexOf('|');
  if (bar === -1) return undefined;
  const payload = cookie.slice(0, bar);
  const expected = Buffer.from(digestOf(payload, requireSecretKey(config)));
  const given = Buffer.from(cookie.slice(bar + 1));
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine ? payload : undefined;
}

/**
 * Logs in the user of the request's remember-me cookie, when the session has no login; that login
 * is not fresh. Python: `LoginManager._load_user_from_remember_cookie`.
 *
 * @returns The user's id, or `undefined` when there is no good cookie.
 */
export function loginFromRememberCookie(
  session: SessionLike,
  request: RequestLike,
  config: LoginConfig,
): string | undefined {
  if (currentUserId(session) !== undefined || getItem(session, '_remember') === 'clear') {
    return undefined;
  }
  const cookie = rememberCookieOf(request, config);
  const userId = cookie === undefined ? undefined : decodeCookie(cookie, config);
  if (userId !== undefined) {
    setItem(session, '_user_id', userId);
    setItem(session, '_fresh', false);
  }
  return userId;
}

/**
 * Whether the request has a good remember-me cookie. Python: `flask_login.login_remembered`.
 */
export function loginRemembered(
  session: SessionLike,
  request: RequestLike,
  config: LoginConfig,
): boolean {
  const cookie = rememberCookieOf(request, config);
  if (cookie === undefined || getItem(session, '_remember') === 'clear') return false;
  return decodeCookie(cookie, config) !== undefined;
}

/**
 * The Set-Cookie line that the response needs for what was asked of the remember-me cookie, or
 * `undefined`. Call it before the session is saved, for it takes `_remember` out of the session.
 * Python: `LoginManager._update_remember_cookie`.
 */
export function updateRememberCookie(
  session: SessionLike,
  request: RequestLike,
  config: LoginConfig,
  options: Pick<IdentifierOptions, 'release'> = {},
): string | undefined {
  const asked = popItem(session, '_remember');
  if (asked === 'clear') return clearCookie(config);
  // Flask-Login 0.6 makes a cookie here even for users who never asked to be remembered.
  const refresh =
    config.refreshEachRequest &&
    asked === undefined &&
    (options.release !== '0.7' || rememberCookieOf(request, config) !== undefined);
  const userId = currentUserId(session);
  if ((asked !== 'set' && !refresh) || userId === undefined) return undefined;
  return setCookie(session, userId, config);
}

/** The request's remember-me cookie; of several the first, as in Werkzeug. */
function rememberCookieOf(request: RequestLike, config: LoginConfig): string | undefined {
  const { name } = config.rememberCookie;
  return parseCookie(headerOf(request, 'cookie')).find(([candidate]) => candidate === name)?.[1];
}

function setCookie(session: SessionLike, userId: string, config: LoginConfig): string {
  const { name, durationSeconds, ...attributes } = config.rememberCookie;
  const asked = Number(getItem(session, '_remember_seconds') ?? NaN);
  const seconds = Number.isFinite(asked) ? asked : durationSeconds;
  return dumpCookie(name, encodeCookie(userId, config), {
    ...attributes,
    expires: Date.now() / 1000 + seconds,
  });
}

function clearCookie(config: LoginConfig): string {
  const { name, domain, path } = config.rememberCookie;
  return deleteCookie(name, { domain, path });
}

function digestOf(payload: string, key: Uint8Array): string {
  return createHmac('sha512', key).update(payload, 'utf8').digest('hex');
}
