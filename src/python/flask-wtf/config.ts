/**
 * The settings of Flask-WTF's CSRF protection with their defaults.
 * Python: `CSRFProtect.init_app`, 1.3.0. Differences: ./PORT.md
 *
 * @module
 */
import { ConfigError } from '../../errors.js';
import { checkConfig, type FlaskConfig } from '../flask/config.js';
import type { Secret } from '../flask/settings.js';

/** What {@link resolveCsrfConfig} makes of the app's settings. */
export interface CsrfConfig {
  /** Signs tokens. Flask-WTF knows no fallback keys. */
  readonly secretKey: Secret;
  readonly enabled: boolean;
  /** Whether the middleware checks every request, or only those that ask for it. */
  readonly checkDefault: boolean;
  /** HTTP methods that need a token. */
  readonly methods: ReadonlySet<string>;
  /** Name of the form field and of the session's key. */
  readonly fieldName: string;
  /** Names of the headers that may carry a token, in lower case. */
  readonly headers: readonly string[];
  readonly metaName: string;
  /** How long a token is good; null: as long as its session. */
  readonly timeLimitSeconds: number | null;
  /** Whether the Referer is checked under TLS. */
  readonly sslStrict: boolean;
}

/**
 * Checks the app's settings and picks Flask-WTF's.
 *
 * @throws {@link ConfigError} as `resolveConfig` of Flask does, and without a key that signs.
 */
export function resolveCsrfConfig(config: FlaskConfig): CsrfConfig {
  checkConfig(config);
  const secretKey = config.WTF_CSRF_SECRET_KEY ?? config.SECRET_KEY;
  if (!secretKey?.length) {
    throw new ConfigError(
      'SECRET_KEY',
      'must be set, or WTF_CSRF_SECRET_KEY: it signs CSRF tokens',
    );
  }
  const headers = config.WTF_CSRF_HEADERS ?? ['X-CSRFToken', 'X-CSRF-Token'];
  return {
    secretKey,
    enabled: config.WTF_CSRF_ENABLED ?? true,
    checkDefault: config.WTF_CSRF_CHECK_DEFAULT ?? true,
    methods: new Set(config.WTF_CSRF_METHODS ?? ['POST', 'PUT', 'PATCH', 'DELETE']),
    fieldName: config.WTF_CSRF_FIELD_NAME ?? 'csrf_token',
    headers: headers.map((name) => name.toLowerCase()),
    metaName: config.WTF_CSRF_META_NAME ?? 'csrf-token',
    timeLimitSeconds: config.WTF_CSRF_TIME_LIMIT === undefined ? 3600 : config.WTF_CSRF_TIME_LIMIT,
    sslStrict: config.WTF_CSRF_SSL_STRICT ?? true,
  };
}
