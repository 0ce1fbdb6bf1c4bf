/**
 * Sessions in Redis or Valkey, under the very keys that Flask-Session uses.
 * Python: `flask_session.redis.RedisSessionInterface`, 0.8.0, and the releases before it.
 *
 * @module
 */

import { createHash } from 'node:crypto';

import type { SessionStore, SetOutcome } from '../session/store.js';
import { connectionOf } from './redis-client.js';
import type { RedisCommand, RedisConnection, RedisReply } from './redis-client.js';

/** Options of {@link RedisStore}. */
export interface RedisStoreOptions {
  /** What the keys of sessions begin with; only `scan` needs it. @defaultValue `'session:'` */
  keyPrefix?: string;
}

/** Keeps sessions on a single Redis or Valkey server, behind Sentinel, or on a Cluster. */
export class RedisStore implements SessionStore {
  readonly #connection: RedisConnection;
  readonly #keyPrefix: string;
  /** Learnt from the first server that does not know GETEX: Redis before 6.2. */
  #hasGetEx = true;

  /**
   * @param client - An ioredis or iovalkey client or Cluster, or a node-redis client
   * @throws {@link ConfigError} for anything else, and for a client with a key prefix of its own
   */
  constructor(client: object, options: RedisStoreOptions = {}) {
    this.#connection = connectionOf(client);
    this.#keyPrefix = options.keyPrefix ?? 'session:';
  }

  async get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    if (refreshTtl === undefined) return toBytes(await this.#send(key, ['GET', key]));
    const ttl = String(refreshTtl);
    if (this.#hasGetEx) {
      try {
        return toBytes(await this.#send(key, ['GETEX', key, 'EX', ttl]));
      } catch (error) {
        if (!isUnknownCommand(error)) throw error;
        this.#hasGetEx = false;
      }
    }
    return toBytes(await this.#eval(GET_AND_EXPIRE, key, [ttl]));
  }

  async set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    const ttl = String(ttlSeconds);
    if (expected === null) {
      const reply = await this.#send(key, ['SET', key, bytes, 'EX', ttl, 'NX']);
      if (reply !== null) return { stored: true };
      return { stored: false, current: await this.get(key) };
    }
    const found = await this.#eval(COMPARE_AND_SET, key, [expected, bytes, ttl]);
    if (found === 1) return { stored: true };
    return { stored: false, current: toBytes(found) };
  }

  async touch(key: string, ttlSeconds: number): Promise<boolean> {
    return (await this.#send(key, ['EXPIRE', key, String(ttlSeconds)])) === 1;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#send(key, ['DEL', key])) === 1;
  }

  async *scan(): AsyncIterable<string> {
    const match = `${this.#keyPrefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
    for (const send of this.#connection.nodes()) {
      let cursor = '0';
      do {
        const reply = await send(['SCAN', cursor, 'MATCH', match, 'COUNT', '1000']);
        const [next, keys] = reply as [Buffer, Buffer[]];
        yield* keys.map(String);
        cursor = String(next);
      } while (cursor !== '0');
    }
  }

  #send(key: string, command: RedisCommand): Promise<RedisReply> {
    return this.#connection.send(key, command);
  }

  /** Runs a script by its digest, and by its text where the server does not have it (yet, or anymore). */
  async #eval(
    script: Script,
    key: string,
    words: readonly (string | Uint8Array)[],
  ): Promise<RedisReply> {
    try {
      return await this.#send(key, ['EVALSHA', script.sha1, '1', key, ...words]);
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return this.#send(key, ['EVAL', script.text, '1', key, ...words]);
    }
  }
}

interface Script {
  readonly text: string;
  readonly sha1: string;
}

function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** KEYS[1]; expected bytes, new bytes, seconds. Gives 1, or what the key holds instead. */
const COMPARE_AND_SET = script(`
local current = redis.call('GET', KEYS[1])
if current ~= ARGV[1] then return current end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`);

/** KEYS[1]; seconds. What GETEX does, for servers before 6.2. */
const GET_AND_EXPIRE = script(`
local current = redis.call('GET', KEYS[1])
if current then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return current
`);

/** Bytes of a reply that is a bulk string or nil. A string would have lost bytes on its way. */
function toBytes(reply: RedisReply): Uint8Array | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw new TypeError('the Redis client gives text where bytes are needed');
}

function isUnknownCommand(error: unknown): boolean {
  return /unknown command/i.test(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
