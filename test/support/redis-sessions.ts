/** Sessions in a real Redis, with a store in front of it that a test can slow down or break. */

import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';

import { flaskSession, RedisStore } from '../../src/index.js';
import type { FlaskConfig, FlaskSessionMiddleware, SessionOptions } from '../../src/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { PausedStore } from './paused-store.js';

export const SID = '0b8a7c4e-2f5d-4d1b-9c3a-6e7f8a9b0c1d';
export const COOKIE = `session=${SID}`;

export class RedisSessions {
  readonly redis: Redis;
  readonly keyPrefix: string;
  readonly store: PausedStore;

  constructor(server: RedisServer) {
    this.redis = new Redis(server.url);
    this.keyPrefix = server.keyPrefix;
    this.store = new PausedStore(new RedisStore(this.redis, { keyPrefix: this.keyPrefix }));
  }

  middleware(config: FlaskConfig = {}, options: SessionOptions = {}): FlaskSessionMiddleware {
    return flaskSession(
      { SESSION_KEY_PREFIX: this.keyPrefix, ...config },
      { store: this.store, ...options },
    );
  }

  /** Stores a session as Flask would have. */
  async put(data: unknown, sid: string = SID): Promise<void> {
    await this.redis.set(this.keyPrefix + sid, Buffer.from(dumps(data)), 'EX', 600);
  }

  /** What Redis holds; `undefined` when there is nothing. */
  async stored(sid: string = SID): Promise<unknown> {
    const bytes = await this.redis.getBuffer(this.keyPrefix + sid);
    return bytes ? loads(bytes) : undefined;
  }

  /** Has every write take a while, longer than anything else in a test. */
  slowDown(milliseconds = 20): void {
    this.store.before.set = () => sleep(milliseconds);
    this.store.before.delete = () => sleep(milliseconds);
  }

  /** Has every write fail after a while, as when Redis is full. */
  breakDown(): void {
    this.store.before.set = async () => {
      await sleep(5);
      throw new Error("OOM command not allowed when used memory > 'maxmemory'");
    };
  }

  async reset(): Promise<void> {
    for (const name of Object.keys(this.store.before)) {
      Reflect.deleteProperty(this.store.before, name);
    }
    const keys = await this.redis.keys(`${this.keyPrefix}*`);
    if (keys.length > 0) await this.redis.del(keys);
  }
}

/** Starts a server for the tests of one file, and empties it before each of them. */
export function useRedisSessions(): () => RedisSessions {
  let server: RedisServer | undefined;
  let sessions: RedisSessions | undefined;
  const current = (): RedisSessions => {
    if (!sessions) throw new Error('Redis has not been started');
    return sessions;
  };
  beforeAll(async () => {
    server = await startRedis();
    sessions = new RedisSessions(server);
  });
  beforeEach(() => current().reset());
  afterAll(async () => {
    sessions?.redis.disconnect();
    await server?.stop();
  });
  return current;
}
