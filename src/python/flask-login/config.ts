/**
 * Flask-Login's settings with their defaults.
 * Python: `flask_login.config`, 0.6.3. Differences: ./PORT.md
 *
 * @module
 */
import { ConfigError } from '../../errors.js';
import { checkConfig, toSameSite, type FlaskConfig } from '../flask/config.js';
import { toSeconds } from '../flask/lifetime.js';
import type { SameSite, Secret } from '../flask/settings.js';

/** What {@link resolveLoginConfig} makes of the app's settings. */
export interface LoginConfig {
  /** SECRET_KEY as bytes: Flask-Login encodes it as Latin-1, unlike all others. */
  readonly secretKey: Uint8Array | undefined;
  readonly sessionProtection: 'basic' | 'strong' | null;
  readonly rememberCookie: RememberCookie;
  /** Whether each request renews the remember-me cookie. */
  readonly refreshEachRequest: boolean;
  readonly loginDisabled: boolean;
  readonly useSessionForNext: boolean;
  readonly forceHostForRedirects: string | null;
}

/** The remember-me cookie; `null` leaves an attribute out. */
export interface RememberCookie {
  readonly name: string;
  readonly durationSeconds: number;
  readonly domain: string | null;
  readonly path: string | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite | null;
}

/**
 * Checks the app's settings and picks Flask-Login's.
 *
 * @throws {@link ConfigError} as `resolveConfig` of Flask does, and for a SECRET_KEY that has
 * characters outside of Latin-1, with which Flask-Login fails.
 */
export function resolveLoginConfig(config: FlaskConfig): LoginConfig {
  checkConfig(config);
  return {
    secretKey: config.SECRET_KEY?.length ? latin1(config.SECRET_KEY) : undefined,
    sessionProtection:
      config.SESSION_PROTECTION === undefined ? 'basic' : config.SESSION_PROTECTION,
    rememberCookie: {
      name: config.REMEMBER_COOKIE_NAME ?? 'remember_token',
      durationSeconds: toSeconds(config.REMEMBER_COOKIE_DURATION ?? { days: 365 }),
      domain: config.REMEMBER_COOKIE_DOMAIN ?? null,
      path: config.REMEMBER_COOKIE_PATH === undefined ? '/' : config.REMEMBER_COOKIE_PATH,
      secure: config.REMEMBER_COOKIE_SECURE ?? false,
      httpOnly: config.REMEMBER_COOKIE_HTTPONLY ?? true,
      sameSite: toSameSite(config.REMEMBER_COOKIE_SAMESITE),
    },
    refreshEachRequest: config.REMEMBER_COOKIE_REFRESH_EACH_REQUEST ?? false,
    loginDisabled: config.LOGIN_DISABLED ?? false,
    useSessionForNext: config.USE_SESSION_FOR_NEXT ?? false,
    forceHostForRedirects: config.FORCE_HOST_FOR_REDIRECTS ?? null,
  };
}

/** The key that signs remember-me cookies. */
export function requireSecretKey(config: LoginConfig): Uint8Array {
  if (!config.secretKey) {
    throw new ConfigError('SECRET_KEY', 'must be set: it signs the remember-me cookie');
  }
  return config.secretKey;
}

function latin1(secret: Secret): Uint8Array {
  if (typeof secret !== 'string') return secret;
  if (/[^\0-\xff]/.test(secret)) {
    throw new ConfigError(
      'SECRET_KEY',
      'must be Latin-1 for the remember-me cookie of Flask-Login',
    );
  }
  return Buffer.from(secret, 'latin1');
}
