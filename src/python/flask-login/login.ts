/**
 * The login that a session holds.
 * Python: `flask_login.utils`, 0.6.3. Differences: ./PORT.md
 *
 * @module
 */
import type { RequestLike } from '../flask/request.js';
import { getItem, popItem, setItem, type SessionLike } from '../flask/session-like.js';
import { PyFloat } from '../pickle/values/py-float.js';
import { createIdentifier, type IdentifierOptions } from './identifier.js';

export interface LoginUserOptions<
  Request extends RequestLike = RequestLike,
> extends IdentifierOptions<Request> {
  /** Whether to set the remember-me cookie. @defaultValue false */
  readonly remember?: boolean;
  /** How long that cookie lives, in seconds. @defaultValue REMEMBER_COOKIE_DURATION */
  readonly durationSeconds?: number | undefined;
  /** Whether the user has just proved who they are. @defaultValue true */
  readonly fresh?: boolean;
}

/**
 * Logs a user in. Give the session a new id first, with `regenerate` or `rotate`, so that nobody
 * who planted the old one is logged in too. Python: `flask_login.login_user`.
 *
 * @param userId - What `get_id()` gives in Python; kept as a string.
 * @param request - Whose address and browser the login is bound to.
 */
export function loginUser<Request extends RequestLike>(
  session: SessionLike,
  userId: string | number | bigint,
  request: Request,
  options: LoginUserOptions<Request> = {},
): void {
  setItem(session, '_user_id', String(userId));
  setItem(session, '_fresh', options.fresh ?? true);
  setItem(session, '_id', createIdentifier(request, options));
  if (!options.remember) return;
  setItem(session, '_remember', 'set');
  if (options.durationSeconds !== undefined) {
    setItem(session, '_remember_seconds', new PyFloat(options.durationSeconds));
  }
}

/**
 * Ends the login, and has the remember-me cookie cleared with the response: one that outlived the
 * login would bring it back. Python: `flask_login.logout_user`.
 */
export function logoutUser(session: SessionLike): void {
  if (legacyUserId(session) !== undefined) popItem(session, 'user_id');
  for (const key of ['_user_id', '_fresh', '_id', '_remember_seconds']) popItem(session, key);
  setItem(session, '_remember', 'clear');
}

/**
 * The id of the user who is logged in, or `undefined`. Python: `current_user.get_id()`, without the
 * user's loader.
 */
export function currentUserId(session: SessionLike): string | undefined {
  const userId = getItem(session, '_user_id') ?? legacyUserId(session);
  if (typeof userId === 'number' || typeof userId === 'bigint') return String(userId);
  return typeof userId === 'string' ? userId : undefined;
}

/**
 * Whether the user proved who they are in this session, rather than by a remember-me cookie.
 * Python: `flask_login.login_fresh`.
 */
export function isFresh(session: SessionLike): boolean {
  return getItem(session, '_fresh') === true;
}

/** Makes the login fresh again, after the user proved who they are. Python: `flask_login.confirm_login`. */
export function confirmLogin<Request extends RequestLike>(
  session: SessionLike,
  request: Request,
  options: IdentifierOptions<Request> = {},
): void {
  setItem(session, '_fresh', true);
  setItem(session, '_id', createIdentifier(request, options));
}

/**
 * The key of Flask-Login <= 0.4. An app's own `user_id` is no login: those releases always write
 * `_fresh` and `_id` beside it.
 */
function legacyUserId(session: SessionLike): unknown {
  const isLogin = ['_fresh', '_id'].every((key) => getItem(session, key) !== undefined);
  return isLogin ? getItem(session, 'user_id') : undefined;
}
