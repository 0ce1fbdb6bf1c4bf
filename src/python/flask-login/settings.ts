/**
 * The settings of Flask-Login, under their Python names. `null` stands for Python's None.
 * Python: `flask_login.config`, 0.6.3.
 *
 * @module
 */
import {
  isBoolean,
  isCookieName,
  isOneOf,
  isSameSite,
  isString,
  orNull,
  type Checks,
} from '../flask/config-checks.js';
import { isDuration, type TimeDelta } from '../flask/lifetime.js';
import type { SameSite } from '../flask/settings.js';

export interface FlaskLoginSettings {
  /**
   * What happens to a login that comes from another address or browser: `basic` makes it no longer
   * fresh, `strong` ends it (a permanent session only loses its freshness, as in Flask-Login).
   * @defaultValue 'basic'
   */
  SESSION_PROTECTION: 'basic' | 'strong' | null;
  /** @defaultValue 'remember_token' */
  REMEMBER_COOKIE_NAME: string;
  /**
   * How long the remember-me cookie lives: seconds, or what `timedelta` takes.
   * @defaultValue 365 days
   */
  REMEMBER_COOKIE_DURATION: number | TimeDelta;
  /** @defaultValue none */
  REMEMBER_COOKIE_DOMAIN: string | null;
  /** @defaultValue '/' */
  REMEMBER_COOKIE_PATH: string | null;
  /** @defaultValue false */
  REMEMBER_COOKIE_SECURE: boolean;
  /** @defaultValue true */
  REMEMBER_COOKIE_HTTPONLY: boolean;
  /** @defaultValue none */
  REMEMBER_COOKIE_SAMESITE: SameSite | Lowercase<SameSite> | null;
  /**
   * Whether each request renews the remember-me cookie.
   * @defaultValue false
   */
  REMEMBER_COOKIE_REFRESH_EACH_REQUEST: boolean;
  /**
   * Lets everyone pass `loginRequired`, for tests.
   * @defaultValue false
   */
  LOGIN_DISABLED: boolean;
  /**
   * Keeps the page that asked for a login in the session instead of the login URL's query.
   * @defaultValue false
   */
  USE_SESSION_FOR_NEXT: boolean;
  /** Host that redirects to the login page go to. @defaultValue that of the login URL */
  FORCE_HOST_FOR_REDIRECTS: string | null;
  /** Header of Flask-Login's request loaders; not used here. @defaultValue 'Authorization' */
  AUTH_HEADER_NAME: string;
}

export const FLASK_LOGIN_CHECKS: Checks<FlaskLoginSettings> = {
  SESSION_PROTECTION: orNull(isOneOf(['basic', 'strong'])),
  REMEMBER_COOKIE_NAME: isCookieName,
  REMEMBER_COOKIE_DURATION: isDuration,
  REMEMBER_COOKIE_DOMAIN: orNull(isString),
  REMEMBER_COOKIE_PATH: orNull(isString),
  REMEMBER_COOKIE_SECURE: isBoolean,
  REMEMBER_COOKIE_HTTPONLY: isBoolean,
  REMEMBER_COOKIE_SAMESITE: orNull(isSameSite),
  REMEMBER_COOKIE_REFRESH_EACH_REQUEST: isBoolean,
  LOGIN_DISABLED: isBoolean,
  USE_SESSION_FOR_NEXT: isBoolean,
  FORCE_HOST_FOR_REDIRECTS: orNull(isString),
  AUTH_HEADER_NAME: isString,
};
