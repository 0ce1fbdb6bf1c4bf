/**
 * The options that only the Node side knows, beside the Flask app's own configuration.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import { nearestName } from '../python/flask/nearest.js';
import type { ClassRegistry, PickleLimits } from '../python/pickle/index.js';
import type { ConflictRule } from './merge.js';
import type { SessionSerializer } from './serializers.js';
import { looksLikeSid } from './sid.js';
import type { SessionStore } from './store.js';

/** Options of {@link SessionInterface} and of the middleware. Each has a default. */
export interface SessionOptions {
  /**
   * Pickle protocol of sessions that Node writes; 4 is read by every Python since 3.4.
   * @defaultValue `4`
   */
  pickleProtocol?: 0 | 1 | 2 | 3 | 4 | 5;
  /**
   * Whose value a key gets that this request and somebody else changed at the same time.
   * @defaultValue `'mine'`
   */
  onConflict?: ConflictRule;
  /**
   * What a request gets when the store does not answer: an error with status 503, or an anonymous
   * session that is never written.
   * @defaultValue `'error'`
   */
  onStoreError?: 'error' | 'anonymous';
  /**
   * What a request gets whose session cannot be decoded: an error with status 503, or a new session
   * under a new id. The stored bytes stay as they are in both cases.
   * @defaultValue `'error'`
   */
  onUndecodable?: 'error' | 'anonymous';
  /**
   * Which cookies count: those that SESSION_USE_SIGNER asks for, or both kinds, for the time in
   * which the signer is turned on or off. The cookie that is sent is always the configured kind.
   * @defaultValue `'configured'`
   */
  acceptCookies?: 'configured' | 'both';
  /**
   * The first step of a roll-out: sessions are read, but nothing is written, renewed or sent.
   * @defaultValue `false`
   */
  readOnly?: boolean;
  /**
   * Longest wait for one operation of the store, in milliseconds.
   * @defaultValue `2000`
   */
  storeTimeoutMs?: number;
  /** Bounds on what is decoded: bytes, depth, elements. */
  limits?: Partial<PickleLimits>;
  /**
   * Refuses ids before the store is asked for them.
   * @defaultValue ids of 8 to 256 characters out of A-Z, a-z, 0-9, `_` and `-`
   */
  validateSid?: (sid: string) => boolean;
  /** A codec of your own, in place of pickle, MessagePack and JSON. */
  serializer?: SessionSerializer;
  /** Python classes that pickled sessions hold, and the JavaScript classes they become. */
  classes?: ClassRegistry;
  /** A store of your own, in place of the one that SESSION_TYPE names. */
  store?: SessionStore;
}

/** {@link SessionOptions} with every default filled in. */
export type ResolvedOptions = Required<
  Omit<SessionOptions, 'limits' | 'serializer' | 'classes' | 'store'>
> &
  Pick<SessionOptions, 'limits' | 'serializer' | 'classes'>;

/**
 * Checks options and fills in the defaults.
 *
 * @throws {@link ConfigError} for an option that is unknown or has a wrong value
 */
export function resolveOptions(options: SessionOptions): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(RULES, name)) {
      throw new ConfigError(name, 'is no option', nearestName(name, Object.keys(RULES)));
    }
  }
  for (const [name, rule] of Object.entries(RULES)) {
    const value = options[name as keyof SessionOptions];
    if (value !== undefined && !rule.holds(value)) {
      throw new ConfigError(name, `must be ${rule.wanted}`);
    }
  }
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(set) };
}

const DEFAULTS = {
  pickleProtocol: 4,
  onConflict: 'mine',
  onStoreError: 'error',
  onUndecodable: 'error',
  acceptCookies: 'configured',
  readOnly: false,
  storeTimeoutMs: 2000,
  validateSid: looksLikeSid,
} as const;

interface Rule {
  readonly wanted: string;
  readonly holds: (value: unknown) => boolean;
}

const RULES: Readonly<Record<keyof SessionOptions, Rule>> = {
  pickleProtocol: {
    wanted: 'a protocol from 0 to 5',
    holds: (v) => [0, 1, 2, 3, 4, 5].includes(v as number),
  },
  onConflict: {
    wanted: "'mine', 'theirs' or a function",
    holds: (v) => typeof v === 'function' || isOneOf(v, 'mine', 'theirs'),
  },
  onStoreError: {
    wanted: "'error' or 'anonymous'",
    holds: (v) => isOneOf(v, 'error', 'anonymous'),
  },
  onUndecodable: {
    wanted: "'error' or 'anonymous'",
    holds: (v) => isOneOf(v, 'error', 'anonymous'),
  },
  acceptCookies: {
    wanted: "'configured' or 'both'",
    holds: (v) => isOneOf(v, 'configured', 'both'),
  },
  readOnly: { wanted: 'true or false', holds: (v) => typeof v === 'boolean' },
  storeTimeoutMs: {
    wanted: 'a number of milliseconds above 0',
    holds: (v) => typeof v === 'number' && v > 0 && v < 2 ** 31,
  },
  limits: { wanted: 'an object', holds: (v) => typeof v === 'object' },
  validateSid: { wanted: 'a function', holds: (v) => typeof v === 'function' },
  serializer: { wanted: 'an object with loads and dumps', holds: hasMethods('loads', 'dumps') },
  classes: { wanted: 'an object', holds: (v) => typeof v === 'object' },
  store: { wanted: 'a SessionStore', holds: hasMethods('get', 'set', 'touch', 'delete', 'scan') },
};

function isOneOf(value: unknown, ...choices: string[]): boolean {
  return choices.includes(value as string);
}

function hasMethods(...names: string[]): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
