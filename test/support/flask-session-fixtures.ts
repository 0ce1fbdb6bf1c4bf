/** The fixtures that python-harness/gen_flask_session.py wrote. */

import { readFileSync } from 'node:fs';

import type { SerializationFormat } from '../../src/index.js';
import type { Typed } from './typed-json.js';

/** Every release of Flask-Session that is under test, oldest first. */
export const RELEASES = ['0.3.2', '0.4.1', '0.5.0', '0.6.0', '0.7.0', '0.8.0'] as const;

export type Release = (typeof RELEASES)[number];

/** A session that a release wrote, or refused to write. */
export type WrittenCase = {
  readonly id: string;
  readonly note: string;
  readonly format: SerializationFormat;
  /** Pickle protocol that was asked for; the default, 4, where none was. */
  readonly protocol?: 0 | 1 | 2 | 3 | 4 | 5;
} & (
  | {
      readonly expect: 'valid';
      readonly key: string;
      readonly ttlSeconds: number;
      readonly hex: string;
      /** What the release itself reads from the bytes. */
      readonly value: Typed;
      /** What it was given to write, where that is something else. */
      readonly offered?: Typed;
    }
  | { readonly expect: 'reject'; readonly error: string; readonly offered: Typed }
);

/** Bytes that a release was given to read. */
export type ReadCase = {
  readonly id: string;
  readonly note: string;
  readonly hex: string;
} & (
  | {
      readonly expect: 'valid';
      readonly value: Typed;
      /** Python's error at the end of the request, when the session is to be stored again. */
      readonly storeError?: string;
    }
  | { readonly expect: 'reject'; readonly error: string }
  | { readonly expect: 'reject'; readonly emptySession: 'same id' | 'new id' }
);

export interface SignatureCase {
  readonly id: string;
  readonly secretKey: { readonly str: string } | { readonly bytes: string };
  readonly sid: string;
  readonly cookie: string;
  readonly expect: 'valid' | 'reject';
}

/** What a request does to a session; each object is one operation, named by its key. */
export interface Operation {
  readonly get?: string;
  readonly has?: string;
  readonly keys?: true;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: string;
  readonly append?: unknown;
  readonly modified?: true;
  readonly permanent?: boolean;
  readonly clear?: true;
  readonly regenerate?: true;
}

export interface Request {
  /** Cookie header. */
  readonly cookie: string | null;
  readonly operations: readonly Operation[];
}

/** One request of a walk, and what came of it. */
export interface Step extends Request {
  /** Id of the session when the request was over. */
  readonly sid: string;
  readonly setCookie: readonly string[];
  readonly vary: string | null;
  /** Lifetime that was asked of Redis, or null where nothing was stored. */
  readonly ttlSeconds: number | null;
  /** All that Redis held after the request: payloads in hex by key. */
  readonly stored: Readonly<Record<string, string>>;
}

export type Walk = {
  readonly id: string;
  readonly note: string;
  readonly config: Readonly<Record<string, string | number | boolean>>;
} & (
  | { readonly expect: 'valid'; readonly steps: readonly Step[] }
  /** The last request raised; only such walks of one request are recorded. */
  | { readonly expect: 'reject'; readonly steps: readonly [Request & { readonly error: string }] }
);

export type ValidWalk = Extract<Walk, { expect: 'valid' }>;
export type RefusedWalk = Extract<Walk, { expect: 'reject' }>;

export interface PayloadFixture {
  readonly source: Readonly<Record<string, string>>;
  readonly cases: readonly WrittenCase[];
  readonly reads: readonly ReadCase[];
}

export interface CookieFixture {
  /** What every clock showed, in ISO 8601. */
  readonly now: string;
  readonly secretKey: string;
  readonly sessionIds: readonly {
    readonly id: string;
    readonly config: { readonly SESSION_ID_LENGTH?: number };
    readonly sids: readonly string[];
  }[];
  readonly signatures: readonly SignatureCase[];
  readonly walks: readonly Walk[];
}

export function payloadFixture(release: Release): PayloadFixture {
  return read(`${release}.json`) as PayloadFixture;
}

export function cookieFixture(release: Release): CookieFixture {
  return read(`${release}-cookies.json`) as CookieFixture;
}

/** The sessions of a release that it wrote. */
export function validCases(release: Release): Extract<WrittenCase, { expect: 'valid' }>[] {
  return payloadFixture(release).cases.filter((written) => written.expect === 'valid');
}

export function bytesOf({ hex }: { readonly hex: string }): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function read(name: string): unknown {
  const url = new URL(`../../compat-fixtures/flask-session/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
