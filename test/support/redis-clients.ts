/** Every Redis client that the library takes, by one interface for tests. */

import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis';
import { Cluster as Cluster6, Redis as Redis6 } from 'ioredis-6';
import { Cluster as ValkeyCluster, Valkey } from 'iovalkey';
import * as nodeRedis5 from 'redis';
import * as nodeRedis4 from 'redis-4';
import * as nodeRedis6 from 'redis-6';

export interface ConnectedClient {
  readonly client: object;
  readonly close: () => Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What Sentinel clients are told instead of an address. */
export interface SentinelAddress {
  readonly sentinels: readonly Address[];
  /** Under which the sentinels know the master. */
  readonly name: string;
}

/** RESP's types by their first bytes; node-redis gives each as it is told. */
const EVERYTHING_AS_TEXT = { 36: String, 43: String, 58: String } as const;

const CLIENTS = {
  'ioredis 5': (url: string) => disconnectable(new Redis5(url)),
  'ioredis 5, auto-pipelined': (url: string) =>
    disconnectable(new Redis5(url, { enableAutoPipelining: true })),
  'ioredis 5, numbers as text': (url: string) =>
    disconnectable(new Redis5(url, { stringNumbers: true })),
  'ioredis 6': (url: string) => disconnectable(new Redis6(url)),
  'ioredis 6, RESP 2': (url: string) => disconnectable(new Redis6(url, { protocol: 2 })),
  'ioredis 6, numbers as text': (url: string) =>
    disconnectable(new Redis6(url, { stringNumbers: true })),
  iovalkey: (url: string) => disconnectable(new Valkey(url)),
  'node-redis 4': (url: string) => connected(nodeRedis4.createClient({ url })),
  'node-redis 5, RESP 2': (url: string) => connected(nodeRedis5.createClient({ url, RESP: 2 })),
  'node-redis 5, RESP 3': (url: string) => connected(nodeRedis5.createClient({ url, RESP: 3 })),
  'node-redis 5, everything as text': (url: string) =>
    connected(
      nodeRedis5.createClient({ url, commandOptions: { typeMapping: EVERYTHING_AS_TEXT } }),
    ),
  'node-redis 5, pool': (url: string) => connected(nodeRedis5.createClientPool({ url })),
  'node-redis 6, RESP 2': (url: string) => connected(nodeRedis6.createClient({ url, RESP: 2 })),
  'node-redis 6, RESP 3': (url: string) => connected(nodeRedis6.createClient({ url, RESP: 3 })),
  'node-redis 6, pool': (url: string) => connected(nodeRedis6.createClientPool({ url })),
};

export type ClientName = keyof typeof CLIENTS;

export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[];

/** @param url - Of a single server */
export async function connectClient(name: ClientName, url: string): Promise<ConnectedClient> {
  return CLIENTS[name](url);
}

const CLUSTER_CLIENTS = {
  'ioredis 5': (nodes: Address[]) => disconnectable(new Cluster5(nodes)),
  'ioredis 5, auto-pipelined': (nodes: Address[]) =>
    disconnectable(new Cluster5(nodes, { enableAutoPipelining: true })),
  'ioredis 6': (nodes: Address[]) => disconnectable(new Cluster6(nodes)),
  iovalkey: (nodes: Address[]) => disconnectable(new ValkeyCluster(nodes)),
  'node-redis 4': (nodes: Address[]) =>
    connected(nodeRedis4.createCluster({ rootNodes: nodes.map(asRootNode) })),
  'node-redis 5': (nodes: Address[]) =>
    connected(nodeRedis5.createCluster({ rootNodes: nodes.map(asRootNode) })),
  'node-redis 6': (nodes: Address[]) =>
    connected(nodeRedis6.createCluster({ rootNodes: nodes.map(asRootNode) })),
};

export type ClusterClientName = keyof typeof CLUSTER_CLIENTS;

export const CLUSTER_CLIENT_NAMES = Object.keys(CLUSTER_CLIENTS) as ClusterClientName[];

/** @param nodes - Where to begin */
export async function connectToCluster(
  name: ClusterClientName,
  nodes: readonly Address[],
): Promise<ConnectedClient> {
  return CLUSTER_CLIENTS[name]([...nodes]);
}

const SENTINEL_CLIENTS = {
  'ioredis 5': (at: SentinelAddress) => disconnectable(new Redis5(sentinelOptions(at))),
  'ioredis 6': (at: SentinelAddress) => disconnectable(new Redis6(sentinelOptions(at))),
  iovalkey: (at: SentinelAddress) => disconnectable(new Valkey(sentinelOptions(at))),
  'node-redis 5': ({ name, sentinels }: SentinelAddress) =>
    connected(nodeRedis5.createSentinel({ name, sentinelRootNodes: [...sentinels] })),
  'node-redis 6': ({ name, sentinels }: SentinelAddress) =>
    connected(nodeRedis6.createSentinel({ name, sentinelRootNodes: [...sentinels] })),
};

/** node-redis 4 cannot ask Sentinel. */
export type SentinelClientName = keyof typeof SENTINEL_CLIENTS;

export const SENTINEL_CLIENT_NAMES = Object.keys(SENTINEL_CLIENTS) as SentinelClientName[];

export async function connectBySentinel(
  name: SentinelClientName,
  address: SentinelAddress,
): Promise<ConnectedClient> {
  return SENTINEL_CLIENTS[name](address);
}

/** What servers say to a word that they do not take. */
const REFUSALS = {
  IFEQ: 'ERR syntax error',
  EVALSHA: "NOPERM this user has no permissions to run the 'evalsha' command",
} as const;

/** Makes a client's server look like one from before SET had IFEQ, or one that forbids scripts. */
export function without(client: object, ...words: (keyof typeof REFUSALS)[]): void {
  for (const name of ['callBuffer', 'setBuffer', 'evalshaBuffer', 'sendCommand']) {
    const original: unknown = Reflect.get(client, name);
    if (typeof original !== 'function') continue;
    Object.defineProperty(client, name, {
      value: (...sent: unknown[]): unknown => {
        const all = name === 'evalshaBuffer' ? ['EVALSHA'] : sent.flat();
        const refused = words.find((word) => all.includes(word));
        return refused
          ? Promise.reject(new Error(REFUSALS[refused]))
          : (original.apply(client, sent) as unknown);
      },
    });
  }
}

interface Disconnectable {
  on(event: 'error', listener: () => void): unknown;
  disconnect(): void;
}

function disconnectable(client: Disconnectable): ConnectedClient {
  client.on('error', () => undefined);
  return {
    client,
    close: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

interface Connectable {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy?(): unknown;
  disconnect?(): unknown;
}

async function connected(client: Connectable): Promise<ConnectedClient> {
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    close: async () => {
      await (client.destroy ? client.destroy() : client.disconnect?.());
    },
  };
}

function asRootNode(socket: Address): { socket: Address } {
  return { socket };
}

function sentinelOptions({ sentinels, name }: SentinelAddress) {
  return { sentinels: [...sentinels], name };
}
