/**
 * What Flask-Login does around every request.
 * Python: `LoginManager._load_user` and `_update_remember_cookie`, 0.6.3. Differences: ./PORT.md
 *
 * @module
 */
import { SessionUseError } from '../../errors.js';
import { afterRequest, appendSetCookie } from '../flask/after-request.js';
import type { FlaskConfig } from '../flask/config.js';
import type { Middleware } from '../flask/middleware.js';
import type { SessionRequest } from '../flask/request.js';
import { requireSecretKey, resolveLoginConfig } from './config.js';
import { createIdentifier, type IdentifierOptions } from './identifier.js';
import { sessionProtectionFailed } from './protection.js';
import { loginFromRememberCookie, updateRememberCookie } from './remember.js';

/**
 * Middleware that protects the session's login, logs in users whom a remember-me cookie names, and
 * sets and clears that cookie. It stands behind the session's middleware, which saves after it.
 * Python: what `LoginManager.init_app` registers.
 *
 * @throws {@link ConfigError} for wrong settings, and without SECRET_KEY.
 */
export function flaskLogin<Request extends SessionRequest>(
  config: FlaskConfig,
  options: IdentifierOptions<Request> = {},
): Middleware<Request> {
  const login = resolveLoginConfig(config);
  requireSecretKey(login);
  return (request, response, next) => {
    const { session } = request;
    if (!session) {
      next(new SessionUseError('none on the request; put its middleware first'));
      return;
    }
    if (!sessionProtectionFailed(session, createIdentifier(request, options), login)) {
      loginFromRememberCookie(session, request, login);
    }
    afterRequest(
      response,
      () => {
        // Not the session of before: regenerate may have put another in its place.
        const line = updateRememberCookie(request.session ?? {}, request, login, options);
        if (line !== undefined) appendSetCookie(response, line);
      },
      next,
    );
    next();
  };
}
