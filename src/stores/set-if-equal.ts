/**
 * The conditional SET of Valkey 8.1 and Redis 8.4: half of a script's work for the server.
 *
 * @module
 */

import type { SetOutcome } from '../session/store.js';
import type { ConditionalWrite } from './compare-and-set.js';
import type { RedisConnection } from './redis-client.js';
import { messageOf, toBytes } from './redis-replies.js';

/** Writes in one trip; a second one, after a refusal, reads what the key holds instead. */
export async function setIfEqual(
  connection: RedisConnection,
  { key, expected, bytes, ttlSeconds }: ConditionalWrite,
): Promise<SetOutcome> {
  const ttl = String(ttlSeconds);
  const reply = await connection.send(key, ['SET', key, bytes, 'IFEQ', expected, 'EX', ttl]);
  if (reply !== null) return { stored: true };
  return { stored: false, current: toBytes(await connection.send(key, ['GET', key])) };
}

/** Older servers take IFEQ for a slip of the pen. */
export function lacksIfEqual(error: unknown): boolean {
  return messageOf(error).includes('syntax error');
}
