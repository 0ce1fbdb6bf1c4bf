/**
 * What the demo can be run with: a format of stored sessions, and cookies signed or not. The format
 * decides which release of Flask-Session the old app runs on.
 *
 * @module
 */

import { randomBytes } from 'node:crypto';

import type { FlaskConfig, SerializationFormat } from 'flask-session-bridge';

import type { RedisServer } from '../../tools/redis-server.js';

export interface Variant {
  readonly format: SerializationFormat;
  readonly signer: boolean;
}

export const FORMATS: readonly SerializationFormat[] = ['pickle', 'msgpack', 'json'];

/** Settings that both apps share. */
export type Settings = FlaskConfig & { readonly SESSION_KEY_PREFIX: string };

/** Every combination of format and signer. */
export const VARIANTS: readonly Variant[] = FORMATS.flatMap((format) => [
  { format, signer: false },
  { format, signer: true },
]);

/** A variant's name, for a cookie and for keys in Redis. */
export function nameOf({ format, signer }: Variant): string {
  return `${format}-${signer ? 'signed' : 'unsigned'}`;
}

/** The release of Flask-Session that the old app runs on. */
export function releaseFor({ format }: Variant): string {
  return format === 'pickle' ? '0.5.0' : '0.8.0';
}

/**
 * The settings that both apps have, spelled as in Flask; the Redis client is each app's own. Each
 * variant has keys of its own, because one release's sessions may mean nothing to another.
 */
export function settingsFor(variant: Variant, redis: RedisServer): Settings {
  const prefix = redis.dedicated ? '' : redis.keyPrefix;
  return {
    SECRET_KEY,
    SESSION_TYPE: 'redis',
    SESSION_KEY_PREFIX: `${prefix}session:${nameOf(variant)}:`,
    SESSION_USE_SIGNER: variant.signer,
    SESSION_COOKIE_SAMESITE: 'Lax',
    // The release that writes pickle knows neither setting: its ids are UUIDs.
    ...(variant.format !== 'pickle' && {
      SESSION_SERIALIZATION_FORMAT: variant.format,
      SESSION_ID_LENGTH: 32,
    }),
  };
}

const SECRET_KEY = randomBytes(32).toString('base64url');
