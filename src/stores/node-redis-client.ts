/**
 * One client of node-redis 4 to 6, on one server.
 *
 * @module
 */

import type { OwnConnection, RedisCommand } from './redis-client.js';
import type { RedisReply } from './redis-replies.js';
import { ignore, toWord } from './redis-words.js';

/** What is used of a client for one server; a pool sends in the same way. */
export interface NodeRedisClient {
  sendCommand(words: readonly (string | Buffer)[], options?: object): Promise<unknown>;
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

/** node-redis 4 reads the first of these, 5 and later the second: RESP's type `$`, bulk string. */
export const REPLIES_AS_BYTES: object = { returnBuffers: true, typeMapping: { 36: Buffer } };

export function senderTo(client: NodeRedisClient) {
  return (command: RedisCommand): Promise<RedisReply> =>
    client.sendCommand(command.map(toWord), REPLIES_AS_BYTES) as Promise<RedisReply>;
}

/** Opens a connection with a client's settings; of a pool, with those of any one in it. */
export async function openOwn(client: NodeRedisClient): Promise<OwnConnection | undefined> {
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
