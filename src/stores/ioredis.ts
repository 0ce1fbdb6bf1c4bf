/**
 * ioredis 5 and 6 and iovalkey: a single server, Sentinel, or a Cluster.
 *
 * @module
 */

import type { Writable } from 'node:stream';

import { ConfigError } from '../errors.js';
import { gatherWrites } from './gather-writes.js';
import type { OwnConnection, RedisCommand, RedisConnection, RedisNode } from './redis-client.js';
import type { RedisReply } from './redis-replies.js';
import { ignore, refuseKeyPrefix, toWord } from './redis-words.js';

/** What is used of a client. */
export interface IoredisClient {
  callBuffer(command: string, ...words: (string | Buffer)[]): Promise<unknown>;
  options?: IoredisOptions;
  stream?: Writable;
  /** Only a Cluster has this. */
  nodes?(role: 'master'): readonly IoredisClient[];
  duplicate?(overrides: object): IoredisClient;
  disconnect?(): void;
  on?(event: 'error', listener: () => void): unknown;
}

interface IoredisOptions {
  host?: string | undefined;
  port?: number | undefined;
  keyPrefix?: string | undefined;
  enableAutoPipelining?: boolean | undefined;
  /** A Cluster's. */
  scaleReads?: unknown;
  /** Of the server that Sentinel is asked for. */
  role?: string | undefined;
}

export function isIoredis(client: unknown): client is IoredisClient {
  return typeof (client as IoredisClient | null | undefined)?.callBuffer === 'function';
}

/** @throws {@link ConfigError} for a key prefix, and for a client that reads from replicas */
export function connectIoredis(client: IoredisClient): RedisConnection {
  const { keyPrefix, scaleReads = 'master', role = 'master' } = client.options ?? {};
  refuseKeyPrefix(keyPrefix);
  refuseReplicas('scaleReads', scaleReads);
  refuseReplicas('role', role);
  const send = senderTo(client, client.options);
  return {
    send: (_key, command) => {
      gatherWrites(client);
      return send(command);
    },
    nodes: () => (client.nodes?.('master') ?? [client]).map((node) => nodeOf(node, client.options)),
  };
}

/** A replica may show a session as it was, even one that has ended since. */
function refuseReplicas(option: string, value: unknown): void {
  if (value === 'master') return;
  throw new ConfigError(
    'SESSION_REDIS',
    `the client's ${option} must be 'master': a replica may show a session as it was`,
  );
}

function nodeOf(node: IoredisClient, options: IoredisOptions | undefined): RedisNode {
  return {
    address: `${node.options?.host ?? ''}:${String(node.options?.port ?? '')}`,
    send: senderTo(node, options),
    openOwn: () => openOwn(node),
  };
}

function openOwn(node: IoredisClient): OwnConnection | undefined {
  const own = node.duplicate?.({
    retryStrategy: null,
    reconnectOnError: null,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    enableOfflineQueue: true,
  });
  own?.on?.('error', ignore);
  return own && { send: senderTo(own, own.options), close: () => own.disconnect?.() };
}

function senderTo(node: IoredisClient, options: IoredisOptions | undefined) {
  return ([name, ...words]: RedisCommand): Promise<RedisReply> => {
    const args = words.map(toWord);
    // With auto-pipelining, callBuffer loses the command's name on the way (ioredis 5.11).
    const byName = options?.enableAutoPipelining && methodOf(node, `${name.toLowerCase()}Buffer`);
    return (byName ? byName(...args) : node.callBuffer(name, ...args)) as Promise<RedisReply>;
  };
}

function methodOf(client: object, name: string): ((...words: unknown[]) => unknown) | undefined {
  const method: unknown = Reflect.get(client, name);
  return typeof method === 'function'
    ? (...words) => method.apply(client, words) as unknown
    : undefined;
}
