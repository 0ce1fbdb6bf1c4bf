/**
 * Lets only requests pass that have a login.
 * Python: `flask_login.login_required`, `fresh_login_required`, `LoginManager.unauthorized`, 0.6.3.
 * Differences: ./PORT.md
 *
 * @module
 */
import { LoginRequiredError, SessionUseError } from '../../errors.js';
import type { FlaskConfig } from '../flask/config.js';
import { flash } from '../flask/flash.js';
import type { Middleware, ResponseLike } from '../flask/middleware.js';
import { requestUrl, type SessionRequest } from '../flask/request.js';
import { setItem, type SessionLike } from '../flask/session-like.js';
import { resolveLoginConfig, type LoginConfig } from './config.js';
import { createIdentifier, type IdentifierOptions } from './identifier.js';
import { currentUserId, isFresh } from './login.js';
import { loginUrl, makeNextParam } from './login-url.js';

export interface LoginRequiredOptions<
  Request extends SessionRequest = SessionRequest,
> extends IdentifierOptions<Request> {
  /**
   * URL of the login page, to which a request without a login is redirected.
   * @defaultValue none: such a request ends with {@link LoginRequiredError}, status 401
   */
  readonly loginView?: string | undefined;
  /** Text to flash before the redirect; null for none. @defaultValue Flask-Login's */
  readonly loginMessage?: string | null;
  /** @defaultValue 'message' */
  readonly loginMessageCategory?: string;
  /** Answers a request without a login, in place of all that. */
  readonly unauthorized?: Middleware<Request>;
}

/**
 * Middleware that lets only requests with a login pass; OPTIONS pass always, as in Flask-Login.
 * Python: `flask_login.login_required`.
 *
 * @throws {@link ConfigError} for wrong settings.
 */
export function loginRequired<Request extends SessionRequest>(
  config: FlaskConfig,
  options: LoginRequiredOptions<Request> = {},
): Middleware<Request> {
  const isLoggedIn = (session: SessionLike): boolean => currentUserId(session) !== undefined;
  const loginMessage = 'Please log in to access this page.';
  return guard(isLoggedIn, resolveLoginConfig(config), { loginMessage, ...options });
}

/**
 * Middleware that lets only requests with a fresh login pass: not one of a remember-me cookie, nor
 * one that session protection has doubts about. It stands behind `loginRequired`; its `loginView` is
 * where users prove once more who they are. Python: `flask_login.fresh_login_required`.
 *
 * @throws {@link ConfigError} for wrong settings.
 */
export function freshLoginRequired<Request extends SessionRequest>(
  config: FlaskConfig,
  options: LoginRequiredOptions<Request> = {},
): Middleware<Request> {
  const isFreshlyLoggedIn = (session: SessionLike): boolean =>
    currentUserId(session) !== undefined && isFresh(session);
  const loginMessage = 'Please reauthenticate to access this page.';
  return guard(isFreshlyLoggedIn, resolveLoginConfig(config), { loginMessage, ...options });
}

function guard<Request extends SessionRequest>(
  mayPass: (session: SessionLike) => boolean,
  config: LoginConfig,
  options: LoginRequiredOptions<Request>,
): Middleware<Request> {
  return (request, response, next) => {
    const { session } = request;
    if (request.method === 'OPTIONS' || config.loginDisabled) next();
    else if (!session) next(new SessionUseError('none on the request; put its middleware first'));
    else if (mayPass(session)) next();
    else if (options.unauthorized) options.unauthorized(request, response, next);
    else if (options.loginView === undefined) next(new LoginRequiredError());
    else redirectToLogin(session, options.loginView, request, response, config, options);
  };
}

function redirectToLogin<Request extends SessionRequest>(
  session: SessionLike,
  loginView: string,
  request: Request,
  response: ResponseLike,
  config: LoginConfig,
  options: LoginRequiredOptions<Request>,
): void {
  if (options.loginMessage) flash(session, options.loginMessage, options.loginMessageCategory);
  let nextUrl: string | undefined = requestUrl(request);
  if (config.useSessionForNext) {
    setItem(session, '_id', createIdentifier(request, options));
    setItem(session, 'next', makeNextParam(loginView, nextUrl));
    nextUrl = undefined;
  }
  response.statusCode = 302;
  response.setHeader('Location', loginUrl(loginView, nextUrl, config.forceHostForRedirects));
  response.end();
}
