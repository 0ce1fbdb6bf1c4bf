/**
 * One way to send a command to whichever Redis client the application has, with replies as bytes
 * whatever the client's own settings are.
 *
 * @module
 */

import { ConfigError } from '../errors.js';

/** A command's words; bytes are sent as they are. */
export type RedisCommand = readonly [name: string, ...words: (string | Uint8Array)[]];

/** A reply with every bulk string as a Buffer. */
export type RedisReply = Buffer | string | number | null | RedisReply[];

/** What the store needs of a client, on one node or on whichever node has the key. */
export interface RedisConnection {
  /** Sends a command about one key. */
  send(key: string, command: RedisCommand): Promise<RedisReply>;
  /** Senders to every node that holds keys. */
  nodes(): readonly ((command: RedisCommand) => Promise<RedisReply>)[];
}

/** What is used of ioredis 5 and 6 and of iovalkey, single or Cluster. */
export interface IoredisClient {
  callBuffer(command: string, ...words: (string | Buffer)[]): Promise<unknown>;
  options?: { keyPrefix?: string | undefined };
  nodes?(role: 'master'): readonly IoredisClient[];
}

/** What is used of node-redis 4 and later. */
export interface NodeRedisClient {
  sendCommand(words: readonly (string | Buffer)[], options?: object): Promise<unknown>;
}

/**
 * Wraps a client.
 *
 * @throws {@link ConfigError} when it is none that we know, or adds a key prefix of its own
 */
export function connectionOf(client: unknown): RedisConnection {
  if (isIoredis(client)) return ioredisConnection(client);
  if (isNodeRedis(client)) return nodeRedisConnection(client);
  throw new ConfigError(
    'SESSION_REDIS',
    'must be a client of ioredis, iovalkey or redis, such as new Redis({ host, port, db })',
  );
}

function ioredisConnection(client: IoredisClient): RedisConnection {
  if (client.options?.keyPrefix) {
    throw new ConfigError(
      'SESSION_REDIS',
      "the client's keyPrefix would be put before every session key; set SESSION_KEY_PREFIX instead",
    );
  }
  const senderTo =
    (node: IoredisClient) =>
    ([name, ...words]: RedisCommand) =>
      node.callBuffer(name, ...words.map(toWord)) as Promise<RedisReply>;
  const send = senderTo(client);
  return {
    send: (_key, command) => send(command),
    nodes: () => (client.nodes?.('master') ?? [client]).map(senderTo),
  };
}

function nodeRedisConnection(client: NodeRedisClient): RedisConnection {
  const send = (command: RedisCommand): Promise<RedisReply> =>
    client.sendCommand(command.map(toWord), REPLIES_AS_BYTES) as Promise<RedisReply>;
  return { send: (_key, command) => send(command), nodes: () => [send] };
}

/** node-redis 4 reads the first of these, 5 and later the second: RESP's type `$`, bulk string. */
const REPLIES_AS_BYTES = { returnBuffers: true, typeMapping: { 36: Buffer } };

/** Clients take Buffers, and some take a plain Uint8Array for an object to be printed. */
function toWord(word: string | Uint8Array): string | Buffer {
  if (typeof word === 'string' || Buffer.isBuffer(word)) return word;
  return Buffer.from(word.buffer, word.byteOffset, word.byteLength);
}

function isIoredis(client: unknown): client is IoredisClient {
  return typeof (client as IoredisClient | null | undefined)?.callBuffer === 'function';
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  return typeof (client as NodeRedisClient | null | undefined)?.sendCommand === 'function';
}
