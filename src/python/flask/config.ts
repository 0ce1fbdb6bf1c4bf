/**
 * An app's settings, as Flask, Flask-Session, Flask-Login and Flask-WTF spell them, checked once and
 * with every default filled in.
 * Python: `flask.Flask.default_config`, 3.1.3, and `flask_session.defaults`, 0.8.0.
 * Differences: ./PORT.md
 *
 * @module
 */
import path from 'node:path';

import { ConfigError } from '../../errors.js';
import { FLASK_LOGIN_CHECKS, type FlaskLoginSettings } from '../flask-login/settings.js';
import { FLASK_WTF_CHECKS, type FlaskWtfSettings } from '../flask-wtf/settings.js';
import type { Check } from './config-checks.js';
import { IGNORED_CHECKS, type IgnoredSettings } from './ignored-settings.js';
import { toSeconds } from './lifetime.js';
import { nearestName } from './nearest.js';
import {
  FLASK_CHECKS,
  FLASK_SESSION_CHECKS,
  type FlaskSessionSettings,
  type FlaskSettings,
  type SameSite,
  type Secret,
  type SerializationFormat,
  type SessionType,
} from './settings.js';

/** Settings as a team copies them; what is left out, or undefined, has Flask's default. */
type Unset<Settings> = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

/** The Flask app's own settings, spelled and meant as in Python. */
export interface FlaskConfig
  extends
    Unset<FlaskSettings>,
    Unset<FlaskSessionSettings>,
    Unset<FlaskLoginSettings>,
    Unset<FlaskWtfSettings>,
    Unset<IgnoredSettings> {}

/** The settings of Flask and Flask-Session with their defaults; `undefined` is Python's None. */
export interface ResolvedConfig {
  readonly SECRET_KEY: Secret | undefined;
  readonly SECRET_KEY_FALLBACKS: readonly Secret[];
  readonly SESSION_REFRESH_EACH_REQUEST: boolean;
  readonly SESSION_TYPE: SessionType | undefined;
  readonly SESSION_REDIS: object | undefined;
  readonly SESSION_CACHELIB: object | undefined;
  readonly SESSION_KEY_PREFIX: string;
  readonly SESSION_USE_SIGNER: boolean;
  readonly SESSION_PERMANENT: boolean;
  readonly SESSION_ID_LENGTH: number | undefined;
  readonly SESSION_SERIALIZATION_FORMAT: SerializationFormat;
  readonly SESSION_FILE_DIR: string;
  readonly SESSION_FILE_THRESHOLD: number;
  readonly SESSION_FILE_MODE: number;
  readonly MAX_COOKIE_SIZE: number;
  /** PERMANENT_SESSION_LIFETIME in seconds. */
  readonly lifetimeSeconds: number;
  /** SECRET_KEY_FALLBACKS, then SECRET_KEY: the last one signs, all of them verify. */
  readonly secretKeys: readonly Secret[];
  readonly cookie: SessionCookie;
}

/** The session cookie. Flask: `SessionInterface.get_cookie_name`, `get_cookie_domain` and so on. */
export interface SessionCookie {
  readonly name: string;
  /** `null` leaves the attribute out, here as in the next two. */
  readonly domain: string | null;
  readonly path: string | null;
  readonly sameSite: SameSite | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly partitioned: boolean;
}

/**
 * Checks the settings and fills in the defaults.
 *
 * @throws {@link ConfigError} for a key that none of the four packages has, a value of the wrong
 * type or range, and SESSION_USE_SIGNER without SECRET_KEY.
 */
export function resolveConfig(config: FlaskConfig): ResolvedConfig {
  checkConfig(config);
  const SECRET_KEY = config.SECRET_KEY?.length ? config.SECRET_KEY : undefined;
  const SECRET_KEY_FALLBACKS = [...(config.SECRET_KEY_FALLBACKS ?? [])];
  if (config.SESSION_USE_SIGNER && SECRET_KEY === undefined) {
    throw new ConfigError('SECRET_KEY', 'must be set when SESSION_USE_SIGNER is');
  }
  const sessionType = config.SESSION_TYPE?.toLowerCase() as SessionType | 'null' | undefined;
  return {
    SECRET_KEY,
    SECRET_KEY_FALLBACKS,
    SESSION_REFRESH_EACH_REQUEST: config.SESSION_REFRESH_EACH_REQUEST ?? true,
    SESSION_TYPE: sessionType === 'null' ? undefined : sessionType,
    SESSION_REDIS: config.SESSION_REDIS ?? undefined,
    SESSION_CACHELIB: config.SESSION_CACHELIB ?? undefined,
    SESSION_KEY_PREFIX: config.SESSION_KEY_PREFIX ?? 'session:',
    SESSION_USE_SIGNER: config.SESSION_USE_SIGNER ?? false,
    SESSION_PERMANENT: config.SESSION_PERMANENT ?? true,
    SESSION_ID_LENGTH: config.SESSION_ID_LENGTH ?? undefined,
    SESSION_SERIALIZATION_FORMAT: config.SESSION_SERIALIZATION_FORMAT ?? 'pickle',
    SESSION_FILE_DIR: config.SESSION_FILE_DIR ?? path.join(process.cwd(), 'flask_session'),
    SESSION_FILE_THRESHOLD: config.SESSION_FILE_THRESHOLD ?? 500,
    SESSION_FILE_MODE: config.SESSION_FILE_MODE ?? 0o600,
    MAX_COOKIE_SIZE: config.MAX_COOKIE_SIZE ?? 4093,
    lifetimeSeconds: toSeconds(config.PERMANENT_SESSION_LIFETIME ?? { days: 31 }),
    secretKeys: SECRET_KEY === undefined ? [] : [...SECRET_KEY_FALLBACKS, SECRET_KEY],
    cookie: resolveCookie(config),
  };
}

/**
 * Checks that each key is one that we know and that its value is of the right type.
 *
 * @throws {@link ConfigError} naming the key, and the nearest right one for a key that is unknown.
 */
export function checkConfig(config: FlaskConfig): void {
  if (typeof config !== 'object' || (config as unknown) === null) {
    throw new ConfigError('config', 'must be an object with the settings of the Flask app');
  }
  for (const [name, value] of Object.entries(config)) {
    const check = CHECKS.get(name);
    if (!check) {
      throw new ConfigError(name, 'is no setting we know', nearestName(name, CHECKS.keys()));
    }
    const reason = value === undefined ? undefined : check(value);
    if (reason !== undefined) throw new ConfigError(name, reason);
  }
}

const CHECKS: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    ...FLASK_CHECKS,
    ...FLASK_SESSION_CHECKS,
    ...FLASK_LOGIN_CHECKS,
    ...FLASK_WTF_CHECKS,
    ...IGNORED_CHECKS,
  }),
);

function resolveCookie(config: FlaskConfig): SessionCookie {
  const { SESSION_COOKIE_DOMAIN: domain, APPLICATION_ROOT: root } = config;
  return {
    name: config.SESSION_COOKIE_NAME ?? 'session',
    domain: domain === false ? null : (domain ?? null),
    // An empty path counts as none; only an APPLICATION_ROOT of None leaves the attribute out.
    path: config.SESSION_COOKIE_PATH || (root === undefined ? '/' : root),
    httpOnly: config.SESSION_COOKIE_HTTPONLY ?? true,
    secure: config.SESSION_COOKIE_SECURE ?? false,
    sameSite: toSameSite(config.SESSION_COOKIE_SAMESITE),
    partitioned: config.SESSION_COOKIE_PARTITIONED ?? false,
  };
}

/** Werkzeug writes SameSite with a capital, however it was set. */
export function toSameSite(setting: string | null | undefined): SameSite | null {
  if (setting == null) return null;
  return (setting.charAt(0).toUpperCase() + setting.slice(1).toLowerCase()) as SameSite;
}
