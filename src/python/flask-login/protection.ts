/**
 * Session protection: what a login is worth when it comes from another address or browser.
 * Python: `LoginManager._session_protection_failed`, Flask-Login 0.6.3.
 *
 * @module
 */
import { getItem, hasData, popItem, setItem, type SessionLike } from '../flask/session-like.js';
import type { LoginConfig } from './config.js';

/**
 * Compares the session's identifier with the request's. When they differ, the login is no longer
 * fresh; with `strong` it ends, unless the session is permanent.
 *
 * @param identifier - What `createIdentifier` gives for the request.
 * @returns Whether the login has ended.
 */
export function sessionProtectionFailed(
  session: SessionLike,
  identifier: string,
  config: LoginConfig,
): boolean {
  const mode = config.sessionProtection;
  if (mode === null || !hasData(session) || getItem(session, '_id') === identifier) return false;
  if (mode === 'basic' || getItem(session, '_permanent')) {
    if (getItem(session, '_fresh') !== false) setItem(session, '_fresh', false);
    return false;
  }
  for (const key of LOGIN_KEYS) popItem(session, key);
  setItem(session, '_remember', 'clear');
  return true;
}

/** Python: `flask_login.SESSION_KEYS`; the last is that of Flask-Login <= 0.4. */
const LOGIN_KEYS = [
  '_user_id',
  '_remember',
  '_remember_seconds',
  '_id',
  '_fresh',
  'next',
  'user_id',
];
