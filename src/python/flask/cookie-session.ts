/**
 * Flask's client-side session as Express and Connect middleware.
 *
 * @module
 */
import { afterRequest, appendSetCookie, varyOnCookie } from './after-request.js';
import type { FlaskConfig } from './config.js';
import type { Middleware } from './middleware.js';
import { headerOf, type RequestLike } from './request.js';
import { SecureCookieSessionInterface } from './secure-cookie.js';

/**
 * Middleware that reads `req.session` from Flask's signed cookie and writes it back when it has
 * changed, nested values included. `req.session` is a plain object; setting it to null ends it.
 *
 * A session that cannot be written, or whose cookie would be too long, becomes an error for the
 * app's error handler, and nothing of the response is sent.
 *
 * @throws {@link ConfigError} for wrong settings, and without SECRET_KEY.
 */
export function flaskCookieSession(config: FlaskConfig): Middleware<RequestLike> {
  const sessions = new SecureCookieSessionInterface(config);
  return (request, response, next) => {
    let session;
    try {
      session = sessions.openSession(headerOf(request, 'cookie'));
    } catch (error) {
      next(error);
      return;
    }
    Object.defineProperty(request, 'session', {
      configurable: true,
      enumerable: true,
      get() {
        session.accessed = true;
        return session.data;
      },
      set(data: Record<string, unknown> | null) {
        session.accessed = true;
        session.data = data;
      },
    });
    afterRequest(
      response,
      () => {
        const { setCookie, varyCookie } = sessions.saveSession(session);
        if (setCookie !== undefined) appendSetCookie(response, setCookie);
        if (varyCookie) varyOnCookie(response);
      },
      next,
    );
    next();
  };
}
