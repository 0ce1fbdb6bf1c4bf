/**
 * The settings of Flask-WTF's CSRF protection, under their Python names. `null` stands for Python's
 * None. Python: `flask_wtf.csrf`, 1.3.0.
 *
 * @module
 */
import {
  anything,
  isBoolean,
  isInteger,
  isSecret,
  isString,
  isStringList,
  orNull,
  type Checks,
} from '../flask/config-checks.js';
import type { Secret } from '../flask/settings.js';

export interface FlaskWtfSettings {
  /** @defaultValue true */
  WTF_CSRF_ENABLED: boolean;
  /**
   * Whether `csrfProtect` checks every request, or only those that ask for it.
   * @defaultValue true
   */
  WTF_CSRF_CHECK_DEFAULT: boolean;
  /** HTTP methods that need a token. @defaultValue POST, PUT, PATCH, DELETE */
  WTF_CSRF_METHODS: readonly string[] | ReadonlySet<string>;
  /** Name of the form field, and of the session's key. @defaultValue 'csrf_token' */
  WTF_CSRF_FIELD_NAME: string;
  /** Headers that may carry the token. @defaultValue X-CSRFToken, X-CSRF-Token */
  WTF_CSRF_HEADERS: readonly string[];
  /** Name of the HTML meta tag that carries the token. @defaultValue 'csrf-token' */
  WTF_CSRF_META_NAME: string;
  /**
   * How long a token is good, in seconds; null: as long as the session.
   * @defaultValue 3600
   */
  WTF_CSRF_TIME_LIMIT: number | null;
  /** Under TLS, whether the Referer must be of the same origin. @defaultValue true */
  WTF_CSRF_SSL_STRICT: boolean;
  /** Signs tokens. @defaultValue SECRET_KEY */
  WTF_CSRF_SECRET_KEY: Secret | null;
  /** Translations of Flask-WTF's messages; not used here. @defaultValue true */
  WTF_I18N_ENABLED: unknown;
}

export const FLASK_WTF_CHECKS: Checks<FlaskWtfSettings> = {
  WTF_CSRF_ENABLED: isBoolean,
  WTF_CSRF_CHECK_DEFAULT: isBoolean,
  WTF_CSRF_METHODS: isStringList,
  WTF_CSRF_FIELD_NAME: isString,
  WTF_CSRF_HEADERS: isStringList,
  WTF_CSRF_META_NAME: isString,
  WTF_CSRF_TIME_LIMIT: orNull(isInteger(0)),
  WTF_CSRF_SSL_STRICT: isBoolean,
  WTF_CSRF_SECRET_KEY: orNull(isSecret),
  WTF_I18N_ENABLED: anything,
};
