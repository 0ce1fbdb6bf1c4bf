/**
 * node-redis 4 to 6: a client, a pool of them, Sentinel, or a Cluster.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import type { OwnConnection, RedisCommand, RedisConnection, RedisNode } from './redis-client.js';
import type { RedisReply } from './redis-replies.js';
import { ignore, refuseKeyPrefix, toWord } from './redis-words.js';

type Words = readonly (string | Buffer)[];

/** What is used of a client for one server; a pool sends in the same way. */
export interface NodeRedisClient {
  sendCommand(words: Words, options?: object): Promise<unknown>;
  options?: { socket?: object | undefined; legacyMode?: boolean | undefined } | undefined;
  duplicate?(overrides: object): NodeRedisClient;
  connect?(): Promise<unknown>;
  isOpen?: boolean;
  /** From version 5; its forerunner is `disconnect`. */
  destroy?(): void;
  disconnect?(): unknown;
  on?(event: 'error', listener: () => void): unknown;
  /** A pool's. */
  execute?(work: typeof openOwn): Promise<OwnConnection | undefined>;
}

/** What is used of a Cluster. */
interface NodeRedisCluster {
  sendCommand(key: string, isReadonly: boolean, words: Words, options: object): Promise<unknown>;
  readonly masters: readonly { readonly address: string }[];
  nodeClient(node: object): NodeRedisClient | Promise<NodeRedisClient>;
}

/** What is used of Sentinel. */
interface NodeRedisSentinel {
  sendCommand(isReadonly: boolean, words: Words, options: object): Promise<unknown>;
  _execute(isReadonly: boolean, work: typeof openOwn): Promise<OwnConnection | undefined>;
}

/** node-redis 4 reads the first of these, 5 and later the second: RESP's type `$`, bulk string. */
const REPLIES_AS_BYTES = { returnBuffers: true, typeMapping: { 36: Buffer } };

/** Every command goes to a master, reads too: a replica may show a session as it was. */
const IS_READONLY = false;

export function isNodeRedis(client: unknown): client is NodeRedisClient {
  return typeof (client as NodeRedisClient | null | undefined)?.sendCommand === 'function';
}

/** @throws {@link ConfigError} for a key prefix and for legacy mode */
export function connectNodeRedis(client: NodeRedisClient): RedisConnection {
  refuseKeyPrefix((client as { _keyPrefix?: unknown })._keyPrefix);
  if (isCluster(client)) return connectCluster(client);
  if (isSentinel(client)) return connectSentinel(client);
  // What legacy() gives calls back, as everything did before version 4; it cannot connect either.
  if (client.options?.legacyMode || !client.connect) {
    throw new ConfigError(
      'SESSION_REDIS',
      'a client in legacy mode gives no promises; leave out legacyMode or legacy()',
    );
  }
  return connectionTo({ address: '', send: senderTo(client), openOwn: () => openOwn(client) });
}

function isCluster(client: object): client is NodeRedisCluster {
  return 'nodeClient' in client;
}

function isSentinel(client: object): client is NodeRedisSentinel {
  return 'getMasterNode' in client;
}

function connectionTo(node: RedisNode): RedisConnection {
  return { send: (_key, command) => node.send(command), nodes: () => [node] };
}

function connectCluster(cluster: NodeRedisCluster): RedisConnection {
  return {
    send: (key, command) =>
      cluster.sendCommand(
        key,
        IS_READONLY,
        command.map(toWord),
        REPLIES_AS_BYTES,
      ) as Promise<RedisReply>,
    nodes: () =>
      cluster.masters.map((master) => ({
        address: master.address,
        send: async (command) => senderTo(await cluster.nodeClient(master))(command),
        openOwn: async () => openOwn(await cluster.nodeClient(master)),
      })),
  };
}

function connectSentinel(sentinel: NodeRedisSentinel): RedisConnection {
  return connectionTo({
    address: '',
    send: (command) =>
      sentinel.sendCommand(
        IS_READONLY,
        command.map(toWord),
        REPLIES_AS_BYTES,
      ) as Promise<RedisReply>,
    openOwn: () => sentinel._execute(IS_READONLY, openOwn),
  });
}

function senderTo(client: NodeRedisClient) {
  return (command: RedisCommand): Promise<RedisReply> =>
    client.sendCommand(command.map(toWord), REPLIES_AS_BYTES) as Promise<RedisReply>;
}

async function openOwn(client: NodeRedisClient): Promise<OwnConnection | undefined> {
  if (client.execute) return client.execute(openOwn);
  const own = client.duplicate?.({
    socket: { ...client.options?.socket, reconnectStrategy: false },
    disableOfflineQueue: false,
  });
  if (!own) return undefined;
  own.on?.('error', ignore);
  const connected = Promise.resolve(own.connect?.());
  connected.catch(ignore);
  const send = senderTo(own);
  return {
    send: (command) => connected.then(() => send(command)),
    close: () => {
      if (!own.isOpen) return;
      if (own.destroy) own.destroy();
      else own.disconnect?.();
    },
  };
}
