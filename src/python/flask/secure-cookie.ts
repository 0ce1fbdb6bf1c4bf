/**
 * Flask's own session: all of it in a signed cookie, nothing on the server.
 * Python: `flask.sessions.SecureCookieSessionInterface`, Flask 3.1.3. Differences: ./PORT.md
 *
 * @module
 */
import { BadPayload, BadSignature, ConfigError, SessionEncodeError } from '../../errors.js';
import { URLSafeTimedSerializer } from '../itsdangerous/index.js';
import { deleteCookie, dumpCookie, parseCookie } from '../werkzeug/index.js';
import { resolveConfig, type FlaskConfig, type ResolvedConfig } from './config.js';
import { TaggedJSONSerializer } from './tagged-json.js';

/** A session that lives in its cookie. */
export interface SecureCookieSession {
  /** The session's keys. May be replaced, and null stands for none. */
  data: Record<string, unknown> | null;
  /** Whether the response depends on the cookie; set it when the session was used. */
  accessed: boolean;
}

/** What the response must carry. */
export interface SecureCookieResult {
  /** A whole value for a Set-Cookie header. */
  readonly setCookie?: string;
  /** Whether `Vary: Cookie` must be sent. */
  readonly varyCookie: boolean;
}

/**
 * What signs and reads the cookie's value; `loads` gives the session's data.
 * Python: `SecureCookieSessionInterface.get_signing_serializer`.
 *
 * @throws {@link ConfigError} for wrong settings, and without SECRET_KEY.
 */
export function getSigningSerializer(config: FlaskConfig): URLSafeTimedSerializer {
  return serializerFor(resolveConfig(config));
}

/** Opens and saves sessions that live in their cookie, on any server. */
export class SecureCookieSessionInterface {
  readonly #config: ResolvedConfig;
  readonly #serializer: URLSafeTimedSerializer;
  /** What each session's data was when it was opened, as text. */
  readonly #opened = new WeakMap<SecureCookieSession, string>();

  /** @throws {@link ConfigError} for wrong settings, and without SECRET_KEY. */
  constructor(config: FlaskConfig) {
    this.#config = resolveConfig(config);
    this.#serializer = serializerFor(this.#config);
  }

  /**
   * The session of a Cookie header; an empty one when there is no cookie, or it is tampered with,
   * expired, or signed by another key. Python: `open_session`.
   *
   * @throws {@link BadPayload} for a rightly signed cookie that holds no session.
   */
  openSession(cookieHeader?: string): SecureCookieSession {
    const session = { data: this.#read(cookieHeader), accessed: false };
    this.#opened.set(session, taggedJson.dumps(session.data));
    return session;
  }

  /**
   * What the response needs, so that the browser has the session as it is now. Python: `save_session`.
   *
   * @throws {@link SessionEncodeError} for a value that tagged JSON cannot hold, and a cookie that
   * is longer than MAX_COOKIE_SIZE, which browsers would drop.
   */
  saveSession(session: SecureCookieSession): SecureCookieResult {
    const data = session.data ?? {};
    const modified = taggedJson.dumps(data) !== (this.#opened.get(session) ?? EMPTY);
    if (Object.keys(data).length === 0) {
      if (!modified) return { varyCookie: session.accessed };
      return { setCookie: this.#clearCookie(), varyCookie: true };
    }
    const permanent = Boolean(data._permanent);
    if (!modified && !(permanent && this.#config.SESSION_REFRESH_EACH_REQUEST)) {
      return { varyCookie: session.accessed };
    }
    return { setCookie: this.#setCookie(data, permanent), varyCookie: true };
  }

  #read(cookieHeader: string | undefined): Record<string, unknown> {
    const { cookie, lifetimeSeconds } = this.#config;
    const [, value] = parseCookie(cookieHeader).find(([name]) => name === cookie.name) ?? [];
    if (!value) return {};
    let data: unknown;
    try {
      data = this.#serializer.loads(value, { maxAge: lifetimeSeconds });
    } catch (error) {
      if (error instanceof BadSignature) return {};
      throw error;
    }
    if (data === null) return {};
    if (typeof data !== 'object' || Object.getPrototypeOf(data) !== DICT) {
      throw new BadPayload('payload: expected a dict');
    }
    return data as Record<string, unknown>;
  }

  #setCookie(data: Record<string, unknown>, permanent: boolean): string {
    const { cookie, lifetimeSeconds, MAX_COOKIE_SIZE: most } = this.#config;
    const { name, ...attributes } = cookie;
    const expires = permanent ? Date.now() / 1000 + lifetimeSeconds : undefined;
    const line = dumpCookie(name, this.#serializer.dumps(data), { ...attributes, expires });
    if (most > 0 && line.length > most) {
      throw new SessionEncodeError(
        `its cookie has ${line.length} bytes, and browsers drop more than ${most}; keep less in it`,
      );
    }
    return line;
  }

  #clearCookie(): string {
    const { name, ...attributes } = this.#config.cookie;
    return deleteCookie(name, attributes);
  }
}

const taggedJson = new TaggedJSONSerializer();
const EMPTY = taggedJson.dumps({});
const DICT: unknown = Object.prototype;

/** A cookie of 4 kB that a browser takes holds no more than this, however well it is compressed. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

function serializerFor({ secretKeys }: ResolvedConfig): URLSafeTimedSerializer {
  if (secretKeys.length === 0) {
    throw new ConfigError('SECRET_KEY', 'must be set: it signs the session');
  }
  return new URLSafeTimedSerializer([...secretKeys], {
    salt: 'cookie-session',
    serializer: taggedJson,
    signerOptions: { keyDerivation: 'hmac', digestMethod: 'sha1' },
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
  });
}
