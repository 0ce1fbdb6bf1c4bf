/**
 * The session's cookie: which id a Cookie header names, and the Set-Cookie line that Flask would send.
 * Python: `flask_session.base.ServerSideSessionInterface`, 0.8.0. Differences: ./PORT.md
 *
 * @module
 */

import type { ResolvedConfig } from '../python/flask/index.js';
import { BadSignature, Signer } from '../python/itsdangerous/index.js';
import { deleteCookie, dumpCookie, parseCookie } from '../python/werkzeug/index.js';

/** An id that a client sent, rightly signed where it must be. */
export interface SidCandidate {
  readonly sid: string;
  /** The cookie is not the one that we would send: signed with an old key, or not as configured. */
  readonly stale: boolean;
}

/** A Set-Cookie line without its value. */
interface LineParts {
  readonly expires: number | undefined;
  readonly beforeValue: string;
  readonly afterValue: string;
}

/** Reads and writes the session's cookie for one configuration. */
export class SessionCookies {
  readonly #config: ResolvedConfig;
  readonly #acceptBoth: boolean;
  readonly #validateSid: (sid: string) => boolean;
  /** Signs with SECRET_KEY alone, as Flask-Session does. */
  readonly #signer: Signer | undefined;
  /** Also verifies what SECRET_KEY_FALLBACKS signed; the same signer where there are none. */
  readonly #verifier: Signer | undefined;
  #latest: LineParts | undefined;

  constructor(
    config: ResolvedConfig,
    acceptCookies: 'configured' | 'both',
    validateSid: (sid: string) => boolean,
  ) {
    this.#config = config;
    this.#acceptBoth = acceptCookies === 'both';
    this.#validateSid = validateSid;
    const [current] = config.secretKeys.slice(-1);
    if (current === undefined || !(config.SESSION_USE_SIGNER || this.#acceptBoth)) return;
    const options = { salt: 'flask-session', keyDerivation: 'hmac' } as const;
    this.#signer = new Signer(current, options);
    this.#verifier =
      config.secretKeys.length === 1 ? this.#signer : new Signer([...config.secretKeys], options);
  }

  /**
   * The ids that a Cookie header names, in its order; `undefined` for a value that is refused. More
   * than one when the browser holds several cookies of the name, as after a change of
   * SESSION_COOKIE_DOMAIN; beyond three they are ignored.
   */
  candidates(cookieHeader: string | undefined): (SidCandidate | undefined)[] {
    const values: string[] = [];
    for (const [name, value] of parseCookie(cookieHeader)) {
      const counts = name === this.#config.cookie.name && value !== '' && !values.includes(value);
      if (counts && values.push(value) === MAX_CANDIDATES) break;
    }
    return values.map((value) => this.#read(value));
  }

  #read(value: string): SidCandidate | undefined {
    if (value.length > MAX_VALUE_LENGTH) return undefined;
    const signed = this.#config.SESSION_USE_SIGNER;
    const candidate =
      (signed || this.#acceptBoth ? this.#readSigned(value, !signed) : undefined) ??
      (!signed || this.#acceptBoth ? { sid: value, stale: signed } : undefined);
    return candidate && this.#validateSid(candidate.sid) ? candidate : undefined;
  }

  #readSigned(value: string, stale: boolean): SidCandidate | undefined {
    if (!this.#signer || !this.#verifier) return undefined;
    try {
      const sid = this.#verifier.unsign(value);
      const isOld = this.#verifier !== this.#signer && !this.#signer.validate(value);
      return { sid, stale: stale || isOld };
    } catch (error) {
      if (error instanceof BadSignature) return undefined;
      throw error;
    }
  }

  /**
   * The Set-Cookie line for a session, byte for byte as Flask-Session sends it.
   *
   * @param permanent - Whether the cookie is to outlive the browser
   */
  setCookie(sid: string, permanent: boolean): string {
    const { lifetimeSeconds, SESSION_USE_SIGNER } = this.#config;
    const value = SESSION_USE_SIGNER && this.#signer ? this.#signer.sign(sid) : sid;
    const expires = permanent ? Math.floor(Date.now() / 1000 + lifetimeSeconds) : undefined;
    if (!NEEDS_NO_QUOTES.test(value)) return this.#dump(value, expires);
    const { beforeValue, afterValue } = this.#partsFor(expires);
    return beforeValue + value + afterValue;
  }

  /** The same for all sessions within one second. */
  #partsFor(expires: number | undefined): LineParts {
    if (this.#latest && this.#latest.expires === expires) return this.#latest;
    const line = this.#dump('', expires);
    const valueAt = line.indexOf('=') + 1;
    this.#latest = {
      expires,
      beforeValue: line.slice(0, valueAt),
      afterValue: line.slice(valueAt),
    };
    return this.#latest;
  }

  /**
   * The Set-Cookie line that makes a browser forget the session. Flask-Session leaves out Secure,
   * SameSite and Partitioned, without which a browser may keep the cookie; those are sent here.
   */
  clearCookie(): string {
    return deleteCookie(this.#config.cookie.name, this.#attributes());
  }

  #dump(value: string, expires: number | undefined): string {
    const { name, httpOnly } = this.#config.cookie;
    return dumpCookie(name, value, { ...this.#attributes(), httpOnly, expires });
  }

  #attributes() {
    const { domain, path, secure, sameSite, partitioned } = this.#config.cookie;
    return { domain, path: path ?? null, secure, sameSite, partitioned };
  }
}

/** Every id of the shape that Flask-Session gives them, signed or not. */
const NEEDS_NO_QUOTES = /^[\w.-]*$/;
const MAX_CANDIDATES = 3;
/** The longest id, a separator and a signature by the longest digest, with room to spare. */
const MAX_VALUE_LENGTH = 512;
