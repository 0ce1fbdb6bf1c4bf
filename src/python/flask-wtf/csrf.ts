/**
 * CSRF tokens: made by either side, good on the other.
 * Python: `flask_wtf.csrf`, 1.3.0. Differences: ./PORT.md
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { BadData, CSRFError, SignatureExpired } from '../../errors.js';
import { getItem, setItem, type SessionLike } from '../flask/session-like.js';
import { URLSafeTimedSerializer } from '../itsdangerous/index.js';
import type { CsrfConfig } from './config.js';

/**
 * A token for a form or header of this session; the session gets its own secret when it has none.
 * Python: `flask_wtf.csrf.generate_csrf`, and `csrf_token()` in templates.
 */
export function generateCsrf(session: SessionLike, config: CsrfConfig): string {
  const present = getItem(session, config.fieldName);
  const raw = typeof present === 'string' ? present : newToken();
  if (raw !== present) setItem(session, config.fieldName, raw);
  return serializerOf(config).dumps(raw);
}

/**
 * Checks a token that came with a request. Python: `flask_wtf.csrf.validate_csrf`.
 *
 * @param token - What the form or header held.
 * @throws {@link CSRFError} when it is missing, expired, wrongly signed or of another session.
 */
export function validateCsrf(session: SessionLike, token: unknown, config: CsrfConfig): void {
  if (typeof token !== 'string' || token === '') throw new CSRFError(REASONS.tokenMissing);
  const expected = getItem(session, config.fieldName);
  if (expected === undefined) throw new CSRFError(REASONS.sessionTokenMissing);
  if (!sameText(expected, readToken(token, config))) throw new CSRFError(REASONS.tokensDiffer);
}

/**
 * The token in an HTML `<meta>` tag, for scripts to send in a header.
 * Python: `flask_wtf.csrf.csrf_meta_tag`.
 */
export function csrfMetaTag(session: SessionLike, config: CsrfConfig): string {
  const token = generateCsrf(session, config);
  return `<meta name="${escapeHtml(config.metaName)}" content="${escapeHtml(token)}">`;
}

/** What Flask-WTF says, word for word: apps and their tests know these texts. */
const REASONS = {
  tokenMissing: 'The CSRF token is missing.',
  sessionTokenMissing: 'The CSRF session token is missing.',
  tokenExpired: 'The CSRF token has expired.',
  tokenInvalid: 'The CSRF token is invalid.',
  tokensDiffer: 'The CSRF tokens do not match.',
};

/** A token is some fifty bytes; a longer text is none, and its compressed form may be a bomb. */
const MAX_TOKEN_LENGTH = 4096;

function readToken(token: string, config: CsrfConfig): unknown {
  if (token.length > MAX_TOKEN_LENGTH) throw new CSRFError(REASONS.tokenInvalid);
  try {
    return serializerOf(config).loads(token, { maxAge: config.timeLimitSeconds });
  } catch (error) {
    if (error instanceof SignatureExpired) throw new CSRFError(REASONS.tokenExpired);
    if (error instanceof BadData) throw new CSRFError(REASONS.tokenInvalid);
    throw error;
  }
}

function serializerOf(config: CsrfConfig): URLSafeTimedSerializer {
  return new URLSafeTimedSerializer(config.secretKey, { salt: 'wtf-csrf-token' });
}

function newToken(): string {
  return createHash('sha1').update(randomBytes(64)).digest('hex');
}

function sameText(expected: unknown, given: unknown): boolean {
  if (typeof expected !== 'string' || typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Python: `markupsafe.escape`. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);
