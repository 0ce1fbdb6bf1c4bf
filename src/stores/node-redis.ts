/**
 * node-redis 4 to 6: a client, a pool of them, Sentinel, or a Cluster.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import { openOwn, REPLIES_AS_BYTES, senderTo } from './node-redis-client.js';
import type { NodeRedisClient } from './node-redis-client.js';
import { connectCluster } from './node-redis-cluster.js';
import type { NodeRedisCluster } from './node-redis-cluster.js';
import type { OwnConnection, RedisConnection, RedisNode } from './redis-client.js';
import type { RedisReply } from './redis-replies.js';
import { refuseKeyPrefix, toWord } from './redis-words.js';

/** What is used of Sentinel. */
interface NodeRedisSentinel {
  sendCommand(
    isReadonly: boolean,
    words: readonly (string | Buffer)[],
    options: object,
  ): Promise<unknown>;
  _execute(isReadonly: boolean, work: typeof openOwn): Promise<OwnConnection | undefined>;
}

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
