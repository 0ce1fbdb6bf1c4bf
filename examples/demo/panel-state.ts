/**
 * What stands in Redis for a browser's session, and who put it there. It is found by a session
 * interface that is `readOnly`, and so neither writes nor renews anything.
 *
 * @module
 */

import { SessionInterface, sessionOf } from 'flask-session-bridge';
import type { SerializationFormat } from 'flask-session-bridge';
import { parseCookie } from 'flask-session-bridge/werkzeug';
import type { Redis } from 'ioredis';

// The panel shows what the package keeps to itself, so it reads with the package's insides.
import { readPayload } from '../../src/session/serializers.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { dumpSession } from './dump.js';
import type { DumpLine } from './dump-line.js';
import { describeSession } from './python-values.js';
import type { PythonValue } from './python-values.js';
import { connectToRedis } from './redis.js';
import type { Activity, RedisWatch } from './redis-watch.js';
import { nameOf, releaseFor, settingsFor, VARIANTS } from './variants.js';
import type { Variant } from './variants.js';

/** All that the panel shows. */
export interface PanelState {
  readonly variant: Variant;
  /** Of Flask-Session. */
  readonly release: string;
  /** The value of the session cookie, as the browser sends it. */
  readonly cookie: string | null;
  /** `null` when the browser has none. */
  readonly session: StoredSession | null;
}

/** A session as it is stored. */
export interface StoredSession {
  readonly key: string;
  readonly ttlSeconds: number;
  readonly format: string;
  /** Bytes of the payload. */
  readonly size: number;
  readonly values: readonly PythonValue[];
  readonly dump: readonly DumpLine[];
  /** The latest commands for the key, newest first. */
  readonly activities: readonly Activity[];
  /** The last that wrote, be it the same bytes again: some apps write on every request. */
  readonly lastWrite: Activity | null;
  /** The one that brought what is stored now. */
  readonly lastChange: Activity | null;
}

/** Opens the sessions of one variant. */
interface Reader {
  readonly sessions: SessionInterface;
  readonly keyPrefix: string;
}

export class PanelStates {
  readonly #redis: Redis;
  readonly #watch: RedisWatch;
  readonly #readers: ReadonlyMap<string, Reader>;

  constructor(redis: RedisServer, watch: RedisWatch) {
    this.#redis = connectToRedis(redis.url);
    this.#watch = watch;
    this.#readers = new Map(
      VARIANTS.map((variant) => {
        const settings = { ...settingsFor(variant, redis), SESSION_REDIS: this.#redis };
        const sessions = new SessionInterface(settings, { readOnly: true });
        return [nameOf(variant), { sessions, keyPrefix: settings.SESSION_KEY_PREFIX }];
      }),
    );
  }

  /** The state for a browser, by the Cookie header that it sends. */
  async read(variant: Variant, cookieHeader: string | undefined): Promise<PanelState> {
    const key = await this.keyFor(variant, cookieHeader);
    const session = key === undefined ? null : await this.#stored(key);
    const cookie = parseCookie(cookieHeader).find(([name]) => name === 'session')?.[1];
    return { variant, release: releaseFor(variant), cookie: cookie ?? null, session };
  }

  /** The key of a browser's session; `undefined` when it has none. */
  async keyFor(variant: Variant, cookieHeader: string | undefined): Promise<string | undefined> {
    const reader = this.#readers.get(nameOf(variant));
    if (!reader) return undefined;
    const { sid, isNew } = sessionOf(await reader.sessions.openSession(cookieHeader));
    return isNew ? undefined : reader.keyPrefix + sid;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #stored(key: string): Promise<StoredSession | null> {
    const [bytes, ttlSeconds] = await Promise.all([
      this.#redis.getBuffer(key),
      this.#redis.ttl(key),
      this.#watch.settled(),
    ]);
    if (!bytes) return null;
    const { format, data } = readPayload(bytes);
    const activities = this.#watch.activities(key);
    return {
      key,
      ttlSeconds,
      format,
      size: bytes.length,
      values: describeSession(data),
      // Without a serializer of our own it is one of the three.
      dump: dumpSession(bytes, format as SerializationFormat),
      activities: activities.slice(0, SHOWN_ACTIVITIES),
      lastWrite: activities.find(({ effect }) => WRITES.has(effect)) ?? null,
      lastChange: activities.find(({ effect }) => effect === 'changed') ?? null,
    };
  }
}

const SHOWN_ACTIVITIES = 8;
const WRITES: ReadonlySet<Activity['effect']> = new Set(['changed', 'rewritten']);
