/**
 * One way to send a command to whichever Redis client the application has, with replies as bytes
 * whatever the client's own settings are.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import { connectIoredis, isIoredis } from './ioredis.js';
import { connectNodeRedis, isNodeRedis } from './node-redis.js';
import type { RedisReply } from './redis-replies.js';

/** A command's words; bytes are sent as they are. */
export type RedisCommand = readonly [name: string, ...words: (string | Uint8Array)[]];

/** What the store needs of a client. */
export interface RedisConnection {
  /** Sends a command about one key to the node that has it. */
  send(key: string, command: RedisCommand): Promise<RedisReply>;
  /** The nodes that hold keys: one, or the masters of a Cluster. */
  nodes(): readonly RedisNode[];
}

export interface RedisNode {
  /** Tells the nodes of a Cluster apart. */
  readonly address: string;
  send(command: RedisCommand): Promise<RedisReply>;
  /** Opens a connection that nobody else uses; `undefined` where the client cannot. */
  openOwn(): OwnConnection | undefined | Promise<OwnConnection | undefined>;
}

/** A connection that ends when it breaks: one that came back would have forgotten what it watched. */
export interface OwnConnection {
  send(command: RedisCommand): Promise<RedisReply>;
  close(): void;
}

/**
 * Wraps a client.
 *
 * @throws {@link ConfigError} when it is none that we know, or has settings that sessions cannot
 *   live with: a key prefix, reads from replicas, legacy mode
 */
export function connectionOf(client: unknown): RedisConnection {
  if (isIoredis(client)) return connectIoredis(client);
  if (isNodeRedis(client)) return connectNodeRedis(client);
  throw new ConfigError(
    'SESSION_REDIS',
    'must be a client of ioredis, iovalkey or redis, such as new Redis({ host, port, db })',
  );
}
