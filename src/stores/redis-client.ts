/**
 * One way to send a command to whichever Redis client the application has, with replies as bytes
 * whatever the client's own settings are.
 *
 * @module
 */

import type { Writable } from 'node:stream';

import { ConfigError } from '../errors.js';
import { gatherWrites } from './gather-writes.js';
import type { RedisReply } from './redis-replies.js';

/** A command's words; bytes are sent as they are. */
export type RedisCommand = readonly [name: string, ...words: (string | Uint8Array)[]];

/** What the store needs of a client, on one node or on whichever node has the key. */
export interface RedisConnection {
  /** Sends a command about one key. */
  send(key: string, command: RedisCommand): Promise<RedisReply>;
  /** Senders to every node that holds keys. */
  nodes(): readonly ((command: RedisCommand) => Promise<RedisReply>)[];
  /** Opens a connection that nobody else uses; missing for a Cluster. */
  openOwn?(): OwnConnection | undefined;
}

/** A connection that ends when it breaks: one that came back would have forgotten what it watched. */
export interface OwnConnection {
  send(command: RedisCommand): Promise<RedisReply>;
  close(): void;
}

/** What is used of ioredis 5 and 6 and of iovalkey, single or Cluster. */
export interface IoredisClient {
  callBuffer(command: string, ...words: (string | Buffer)[]): Promise<unknown>;
  options?: { keyPrefix?: string | undefined; enableAutoPipelining?: boolean | undefined };
  stream?: Writable;
  nodes?(role: 'master'): readonly IoredisClient[];
  duplicate?(overrides: object): IoredisClient;
  disconnect?(): void;
  on?(event: 'error', listener: () => void): unknown;
}

/** What is used of node-redis 4 and later. */
export interface NodeRedisClient {
  sendCommand(words: readonly (string | Buffer)[], options?: object): Promise<unknown>;
  options?: { socket?: object | undefined } | undefined;
  duplicate?(overrides: object): NodeRedisClient;
  connect?(): Promise<unknown>;
  isOpen?: boolean;
  /** From version 5; its forerunner is `disconnect`. */
  destroy?(): void;
  disconnect?(): unknown;
  on?(event: 'error', listener: () => void): unknown;
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
    ([name, ...words]: RedisCommand) => {
      const args = words.map(toWord);
      // With auto-pipelining, callBuffer loses the command's name on the way (ioredis 5.11).
      const byName =
        client.options?.enableAutoPipelining && methodOf(node, `${name.toLowerCase()}Buffer`);
      return (byName ? byName(...args) : node.callBuffer(name, ...args)) as Promise<RedisReply>;
    };
  const send = senderTo(client);
  return {
    send: (_key, command) => {
      gatherWrites(client);
      return send(command);
    },
    nodes: () => (client.nodes?.('master') ?? [client]).map(senderTo),
    ...(!client.nodes && { openOwn: () => openOwnIoredis(client) }),
  };

  function openOwnIoredis(original: IoredisClient): OwnConnection | undefined {
    const own = original.duplicate?.({
      retryStrategy: null,
      reconnectOnError: null,
      autoResendUnfulfilledCommands: false,
      enableAutoPipelining: false,
      enableOfflineQueue: true,
    });
    own?.on?.('error', ignore);
    return own && { send: senderTo(own), close: () => own.disconnect?.() };
  }
}

function nodeRedisConnection(client: NodeRedisClient): RedisConnection {
  const senderTo =
    (node: NodeRedisClient) =>
    (command: RedisCommand): Promise<RedisReply> =>
      node.sendCommand(command.map(toWord), REPLIES_AS_BYTES) as Promise<RedisReply>;
  const send = senderTo(client);
  return {
    send: (_key, command) => send(command),
    nodes: () => [send],
    openOwn: () => openOwnNodeRedis(client),
  };

  function openOwnNodeRedis(original: NodeRedisClient): OwnConnection | undefined {
    const own = original.duplicate?.({
      socket: { ...original.options?.socket, reconnectStrategy: false },
      disableOfflineQueue: false,
    });
    if (!own) return undefined;
    own.on?.('error', ignore);
    const connected = Promise.resolve(own.connect?.());
    connected.catch(ignore);
    const sendOwn = senderTo(own);
    return {
      send: (command) => connected.then(() => sendOwn(command)),
      close: () => {
        if (!own.isOpen) return;
        if (own.destroy) own.destroy();
        else own.disconnect?.();
      },
    };
  }
}

/** node-redis 4 reads the first of these, 5 and later the second: RESP's type `$`, bulk string. */
const REPLIES_AS_BYTES = { returnBuffers: true, typeMapping: { 36: Buffer } };

function methodOf(client: object, name: string): ((...words: unknown[]) => unknown) | undefined {
  const method: unknown = Reflect.get(client, name);
  return typeof method === 'function'
    ? (...words) => method.apply(client, words) as unknown
    : undefined;
}

/** The error of a connection of our own also rejects the command that waits for it. */
function ignore(): void {
  // Nothing is left to be done.
}

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
