/** Every Redis client that the library takes, by one interface for tests. */

import { Redis } from 'ioredis';
import { Valkey } from 'iovalkey';
import { createClient } from 'redis';

export interface ConnectedClient {
  readonly client: object;
  readonly close: () => void;
}

export const CLIENT_NAMES = [
  'ioredis',
  'ioredis, auto-pipelined',
  'iovalkey',
  'node-redis, RESP 2',
  'node-redis, RESP 3',
] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];

export function connectClient(name: ClientName, url: string): Promise<ConnectedClient> {
  switch (name) {
    case 'ioredis':
      return Promise.resolve(disconnectable(new Redis(url)));
    case 'ioredis, auto-pipelined':
      return Promise.resolve(disconnectable(new Redis(url, { enableAutoPipelining: true })));
    case 'iovalkey':
      return Promise.resolve(disconnectable(new Valkey(url)));
    case 'node-redis, RESP 2':
      return connectNodeRedis(url, 2);
    case 'node-redis, RESP 3':
      return connectNodeRedis(url, 3);
  }
}

function disconnectable(client: Redis | Valkey): ConnectedClient {
  return {
    client,
    close: () => {
      client.disconnect();
    },
  };
}

async function connectNodeRedis(url: string, RESP: 2 | 3): Promise<ConnectedClient> {
  const client = createClient({ url, RESP });
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    close: () => {
      client.destroy();
    },
  };
}

/** Makes a client's server look like one from before SET had IFEQ. */
export function withoutIfEqual(client: object): void {
  for (const name of ['callBuffer', 'setBuffer', 'sendCommand']) {
    const original: unknown = Reflect.get(client, name);
    if (typeof original !== 'function') continue;
    Object.defineProperty(client, name, {
      value: (...words: unknown[]): unknown =>
        words.flat().includes('IFEQ')
          ? Promise.reject(new Error('ERR syntax error'))
          : original.apply(client, words),
    });
  }
}
