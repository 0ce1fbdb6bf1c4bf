/**
 * Sessions in Redis or Valkey, under the very keys that Flask-Session uses.
 * Python: `flask_session.redis.RedisSessionInterface`, 0.8.0, and the releases before it.
 *
 * @module
 */

import type { SessionStore, SetOutcome } from '../session/store.js';
import { CompareAndSet } from './compare-and-set.js';
import { connectionOf } from './redis-client.js';
import type { RedisCommand, RedisConnection } from './redis-client.js';
import { isOne, isRefusedCommand, toBytes } from './redis-replies.js';
import type { RedisReply } from './redis-replies.js';

/** Options of {@link RedisStore}. */
export interface RedisStoreOptions {
  /** What the keys of sessions begin with; only `scan` needs it. @defaultValue `'session:'` */
  keyPrefix?: string;
}

/** Keeps sessions on a single Redis or Valkey server, behind Sentinel, or on a Cluster. */
export class RedisStore implements SessionStore {
  readonly #connection: RedisConnection;
  readonly #compareAndSet: CompareAndSet;
  readonly #keyPrefix: string;
  /** Learnt from the first refusal: Redis before 6.2, or access rules that name commands. */
  #hasGetEx = true;

  /**
   * @param client - Of ioredis or iovalkey: a Redis, also by Sentinel, or a Cluster. Of node-redis:
   *   a client, a pool, a Sentinel or a Cluster
   * @throws {@link ConfigError} for anything else, and for a client with a key prefix of its own,
   *   with reads from replicas, or in legacy mode
   */
  constructor(client: object, options: RedisStoreOptions = {}) {
    this.#connection = connectionOf(client);
    this.#compareAndSet = new CompareAndSet(this.#connection);
    this.#keyPrefix = options.keyPrefix ?? 'session:';
  }

  get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    if (refreshTtl === undefined) return this.#send(key, ['GET', key]).then(toBytes);
    const ttl = String(refreshTtl);
    if (!this.#hasGetEx) return this.#getAndExpire(key, ttl);
    return this.#send(key, ['GETEX', key, 'EX', ttl]).then(toBytes, (error: unknown) => {
      if (!isRefusedCommand(error)) throw error;
      this.#hasGetEx = false;
      return this.#getAndExpire(key, ttl);
    });
  }

  /** Both leave in one trip; between them the key may change hands, which harms neither. */
  async #getAndExpire(key: string, ttl: string): Promise<Uint8Array | null> {
    const [bytes] = await Promise.all([
      this.#send(key, ['GET', key]),
      this.#send(key, ['EXPIRE', key, ttl]),
    ]);
    return toBytes(bytes);
  }

  set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    if (expected === null) return this.#setNew(key, bytes, ttlSeconds);
    return this.#compareAndSet.set({ key, expected, bytes, ttlSeconds });
  }

  async #setNew(key: string, bytes: Uint8Array, ttlSeconds: number): Promise<SetOutcome> {
    const reply = await this.#send(key, ['SET', key, bytes, 'EX', String(ttlSeconds), 'NX']);
    return reply === null ? { stored: false, current: await this.get(key) } : { stored: true };
  }

  async touch(key: string, ttlSeconds: number): Promise<boolean> {
    return isOne(await this.#send(key, ['EXPIRE', key, String(ttlSeconds)]));
  }

  async delete(key: string): Promise<boolean> {
    return isOne(await this.#send(key, ['DEL', key]));
  }

  async *scan(): AsyncIterable<string> {
    const match = `${this.#keyPrefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
    for (const node of this.#connection.nodes()) {
      let cursor = '0';
      do {
        const reply = await node.send(['SCAN', cursor, 'MATCH', match, 'COUNT', '1000']);
        const [next, keys] = reply as [Buffer, Buffer[]];
        yield* keys.map(String);
        cursor = String(next);
      } while (cursor !== '0');
    }
  }

  #send(key: string, command: RedisCommand): Promise<RedisReply> {
    return this.#connection.send(key, command);
  }
}
