/**
 * node-redis's Cluster client. Before version 6 it learns of a new master only when the old one tells
 * it, which a dead one never does (node-redis issue 2806), so commands that nobody answers make it
 * ask the other nodes here.
 *
 * @module
 */

import { openOwn, REPLIES_AS_BYTES, senderTo } from './node-redis-client.js';
import type { NodeRedisClient } from './node-redis-client.js';
import type { RedisConnection } from './redis-client.js';
import { messageOf } from './redis-replies.js';
import type { RedisReply } from './redis-replies.js';
import { ignore, toWord } from './redis-words.js';

/** What is used of a Cluster. */
export interface NodeRedisCluster {
  sendCommand(
    /** Names the node; any one when it is `undefined`. */
    key: string | undefined,
    isReadonly: boolean,
    words: readonly (string | Buffer)[],
    options: object,
  ): Promise<unknown>;
  readonly masters: readonly { readonly address: string }[];
  nodeClient(node: object): NodeRedisClient | Promise<NodeRedisClient>;
}

/** After so long without an answer, and at most so often, other nodes are asked. */
const PATIENCE_MS = 500;

export function connectCluster(cluster: NodeRedisCluster): RedisConnection {
  let refreshedAt = 0;
  return {
    send: (key, command) => {
      const reply = send(key, command.map(toWord));
      const timer = setTimeout(refresh, PATIENCE_MS, key).unref();
      return reply.then(
        (value) => {
          clearTimeout(timer);
          return value;
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (!isAnswer(error)) refresh(key);
          throw error;
        },
      );
    },
    nodes: () =>
      cluster.masters.map((master) => ({
        address: master.address,
        send: async (command) => senderTo(await cluster.nodeClient(master))(command),
        openOwn: async () => openOwn(await cluster.nodeClient(master)),
      })),
  };

  /** A node that does not have the key says who has, on which the client asks for all slots. */
  function refresh(key: string): void {
    const now = Date.now();
    if (now < refreshedAt + PATIENCE_MS) return;
    refreshedAt = now;
    send(undefined, ['TTL', key]).catch(ignore);
  }

  function send(key: string | undefined, words: readonly (string | Buffer)[]): Promise<RedisReply> {
    // Reads, too, go to a master: a replica may show a session as it was.
    const reply = cluster.sendCommand(key, false, words, REPLIES_AS_BYTES);
    return reply as Promise<RedisReply>;
  }
}

/** Whether it is a server that refuses, such as `ERR syntax error`, or nobody answers. */
function isAnswer(error: unknown): boolean {
  return /^[A-Z]+ /.test(messageOf(error));
}
