/**
 * The settings of Flask and Flask-Session that mean something here, under their Python names.
 * `null` stands for Python's None.
 *
 * @module
 */
import { isDuration, type TimeDelta } from './lifetime.js';
import {
  isBoolean,
  isCookieName,
  isInteger,
  isObject,
  isOneOf,
  isSameSite,
  isSecret,
  isSecretList,
  isString,
  orNull,
  type Check,
  type Checks,
} from './config-checks.js';

/** A key that signs: text (used as UTF-8) or bytes, as in Python. */
export type Secret = string | Uint8Array;

export type SameSite = 'Strict' | 'Lax' | 'None';

/** Settings of Flask. Flask: `Flask.default_config`. */
export interface FlaskSettings {
  /**
   * Signs cookies and tokens. Not needed for sessions in a store unless SESSION_USE_SIGNER is set.
   * As in Flask, an empty one counts as none.
   * @defaultValue none
   */
  SECRET_KEY: Secret | null;
  /**
   * Older keys that still verify but no longer sign. Flask >= 3.1 uses them for its client-side
   * cookie; Flask-Session's own signer does not know them.
   * @defaultValue none
   */
  SECRET_KEY_FALLBACKS: readonly Secret[] | null;
  /**
   * How long a permanent session lives after its last refresh, and the TTL in the store of any
   * session: seconds, or what `timedelta` takes in Python, such as `{ days: 31 }`.
   * @defaultValue 2678400 (31 days)
   */
  PERMANENT_SESSION_LIFETIME: number | TimeDelta;
  /**
   * Whether each request renews a permanent session's lifetime, not only one that changes it.
   * @defaultValue true
   */
  SESSION_REFRESH_EACH_REQUEST: boolean;
  /** @defaultValue 'session' */
  SESSION_COOKIE_NAME: string;
  /**
   * Domain that the cookie is valid for, subdomains included; without it only the host that set it.
   * `false` is an older spelling of none.
   * @defaultValue none
   */
  SESSION_COOKIE_DOMAIN: string | null | false;
  /**
   * Path that the cookie is valid for.
   * @defaultValue APPLICATION_ROOT
   */
  SESSION_COOKIE_PATH: string | null;
  /**
   * Hides the cookie from scripts.
   * @defaultValue true
   */
  SESSION_COOKIE_HTTPONLY: boolean;
  /**
   * Lets browsers send the cookie over HTTPS only.
   * @defaultValue false
   */
  SESSION_COOKIE_SECURE: boolean;
  /**
   * `Strict`, `Lax` or `None`, in any case; without it no SameSite attribute.
   * @defaultValue none
   */
  SESSION_COOKIE_SAMESITE: SameSite | Lowercase<SameSite> | null;
  /**
   * Keeps a jar per top-level site (CHIPS), and makes the cookie Secure. Flask >= 3.1; Flask-Session
   * up to 0.8 ignores it.
   * @defaultValue false
   */
  SESSION_COOKIE_PARTITIONED: boolean;
  /**
   * Path that the app is mounted under. Here only the cookie's path when SESSION_COOKIE_PATH is none.
   * @defaultValue '/'
   */
  APPLICATION_ROOT: string | null;
  /**
   * Longest Set-Cookie line in bytes; 0 for no limit. Werkzeug warns about a longer one, which
   * browsers drop; the client-side cookie session here refuses to send it.
   * @defaultValue 4093
   */
  MAX_COOKIE_SIZE: number;
}

/** Settings of Flask-Session. Flask-Session: `flask_session.defaults.Defaults`. */
export interface FlaskSessionSettings {
  /**
   * Where sessions are kept, in any case.
   * @defaultValue none
   */
  SESSION_TYPE: SessionType | Uppercase<SessionType> | 'null' | null;
  /** The Redis client: an ioredis or iovalkey instance, or a node-redis client. */
  SESSION_REDIS: object | null;
  /**
   * For SESSION_TYPE 'cachelib': a {@link FileSystemCache}, as Flask-Session is given one.
   * @defaultValue the directory 'flask_session' in the current directory
   */
  SESSION_CACHELIB: object | null;
  /**
   * What stands before the session id in the store's keys; may be empty.
   * @defaultValue 'session:'
   */
  SESSION_KEY_PREFIX: string;
  /**
   * Signs the session id in the cookie with SECRET_KEY.
   * @defaultValue false
   */
  SESSION_USE_SIGNER: boolean;
  /**
   * Whether new sessions are permanent: their cookie outlives the browser.
   * @defaultValue true
   */
  SESSION_PERMANENT: boolean;
  /**
   * Random bytes in a new session id, written in base64 as Flask-Session >= 0.6 does. Left out, an
   * id is a UUID as of Flask-Session <= 0.5, which every release takes.
   * @defaultValue none
   */
  SESSION_ID_LENGTH: number | null;
  /**
   * How a new session is written; every format is read. Flask-Session <= 0.6 reads pickle only.
   * @defaultValue 'pickle'
   */
  SESSION_SERIALIZATION_FORMAT: SerializationFormat;
  /**
   * Directory of SESSION_TYPE 'filesystem'.
   * @defaultValue 'flask_session' in the current directory
   */
  SESSION_FILE_DIR: string;
  /**
   * How many session files may lie there before the oldest go; 0 for no limit.
   * @defaultValue 500
   */
  SESSION_FILE_THRESHOLD: number;
  /**
   * Permissions of a session file.
   * @defaultValue 0o600
   */
  SESSION_FILE_MODE: number;
}

/** Kinds of store that Flask-Session and this library have in common. */
export type SessionType = 'redis' | 'filesystem' | 'cachelib';

export type SerializationFormat = 'pickle' | 'msgpack' | 'json';

export const FLASK_CHECKS: Checks<FlaskSettings> = {
  SECRET_KEY: orNull(isSecret),
  SECRET_KEY_FALLBACKS: orNull(isSecretList),
  PERMANENT_SESSION_LIFETIME: isDuration,
  SESSION_REFRESH_EACH_REQUEST: isBoolean,
  SESSION_COOKIE_NAME: isCookieName,
  SESSION_COOKIE_DOMAIN: (value) => (value === false ? undefined : orNull(isString)(value)),
  SESSION_COOKIE_PATH: orNull(isString),
  SESSION_COOKIE_HTTPONLY: isBoolean,
  SESSION_COOKIE_SECURE: isBoolean,
  SESSION_COOKIE_SAMESITE: orNull(isSameSite),
  SESSION_COOKIE_PARTITIONED: isBoolean,
  APPLICATION_ROOT: orNull(isString),
  MAX_COOKIE_SIZE: isInteger(0),
};

const OTHER_STORES = ['memcached', 'mongodb', 'sqlalchemy', 'dynamodb'];

const isSessionType: Check = (value) => {
  if (typeof value === 'string' && OTHER_STORES.includes(value.toLowerCase())) {
    return "is a store of Flask-Session that this library does not have; use 'redis'";
  }
  return isOneOf(['redis', 'filesystem', 'cachelib', 'null'], true)(value);
};

export const FLASK_SESSION_CHECKS: Checks<FlaskSessionSettings> = {
  SESSION_TYPE: orNull(isSessionType),
  SESSION_REDIS: orNull(isObject),
  SESSION_CACHELIB: orNull(isObject),
  SESSION_KEY_PREFIX: isString,
  SESSION_USE_SIGNER: isBoolean,
  SESSION_PERMANENT: isBoolean,
  SESSION_ID_LENGTH: orNull(isInteger(1, 1024)),
  SESSION_SERIALIZATION_FORMAT: isOneOf(['pickle', 'msgpack', 'json']),
  SESSION_FILE_DIR: isString,
  SESSION_FILE_THRESHOLD: isInteger(0),
  SESSION_FILE_MODE: isInteger(0, 0o7777),
};
