/**
 * What the walk's steps check.
 *
 * @module
 */

import { inspect, isDeepStrictEqual } from 'node:util';

import type { Answer } from './browser.js';
import type { StoredSession } from './panel-state.js';
import type { AppName } from './redis-watch.js';

/** What a step has to judge by. */
export interface Seen {
  readonly answer: Answer;
  /** What stands in Redis after the answer, for the cookie that the browser has by then. */
  readonly session: StoredSession | null;
}

/** What Flask says of its session, in `/session.json`. */
export interface FlaskView {
  readonly username: string | null;
  readonly cart: Record<string, number> | null;
  readonly permanent: boolean;
  /** Names of Python types, by key. */
  readonly types: Record<string, string>;
  /** What Python's repr() gives, by key. */
  readonly values: Record<string, string>;
}

/** Something is not as it should be; the message says what. */
export class StepFailed extends Error {}

/** @throws {@link StepFailed} when a value is another than expected */
export function equal(what: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new StepFailed(`${what}: expected ${inspect(expected)}, found ${inspect(found)}`);
}

/** @throws {@link StepFailed} when something does not hold */
export function holds(what: string, condition: boolean): void {
  if (!condition) throw new StepFailed(`does not hold: ${what}`);
}

/** The answer is a page with this text, or this HTML. */
export function shows(answer: Answer, text: string): void {
  equal('status', answer.status, 200);
  holds(`the page shows ${JSON.stringify(text)}`, answer.text.includes(text));
}

/** The app wrote the session, sent the cookie, and gave both their full lifetime. */
export function wasWritten(seen: Seen, app: AppName, { permanent }: { permanent: boolean }): void {
  const { answer, session } = seen;
  equal('the app that wrote last', session?.lastWrite?.app, app);
  const ttl = session?.ttlSeconds ?? 0;
  holds('the TTL in Redis is 31 days', ttl <= LIFETIME && ttl > LIFETIME - 60);
  const line = answer.setCookies.find((cookie) => cookie.startsWith('session='));
  const expires = /Expires=([^;]*)/.exec(line ?? '')?.[1];
  holds('the cookie was sent', line !== undefined);
  equal('the cookie outlives the browser', expires !== undefined, permanent);
  equal('_permanent in Redis', valueOf(session, '_permanent'), permanent ? 'True' : 'False');
}

/** The session is out of Redis, and the cookie out of the browser. */
export function hasEnded({ answer, session }: Seen): void {
  equal('the session in Redis', session, null);
  const line = answer.setCookies.find((cookie) => cookie.startsWith('session='));
  holds('the cookie was cleared', /^session=;.*Expires=Thu, 01 Jan 1970/.test(line ?? ''));
}

export function flaskView(answer: Answer): FlaskView {
  equal('status', answer.status, 200);
  return JSON.parse(answer.text) as FlaskView;
}

/** Flask finds its values with the types that the session's format can tell apart. */
export function hasTypes(view: FlaskView, format: string): void {
  const { delivery, credit, since } = view.types;
  equal('Python types', { delivery, credit, since }, TYPES[format]);
}

/** In seconds: Flask's default. */
const LIFETIME = 2_678_400;

const TYPES: Readonly<Record<string, object>> = {
  pickle: { delivery: 'tuple', credit: 'float', since: 'datetime' },
  msgpack: { delivery: 'list', credit: 'float', since: 'datetime' },
  json: { delivery: 'list', credit: 'float', since: 'str' },
};

function valueOf(session: StoredSession | null, key: string): string | undefined {
  return session?.values.find((value) => value.key === key)?.repr;
}
