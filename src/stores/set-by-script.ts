/**
 * The conditional write as a Lua script, for servers without a conditional SET.
 *
 * @module
 */

import { createHash } from 'node:crypto';

import type { SetOutcome } from '../session/store.js';
import type { ConditionalWrite } from './compare-and-set.js';
import type { RedisConnection } from './redis-client.js';
import { isOne, messageOf, toBytes } from './redis-replies.js';
import type { RedisReply } from './redis-replies.js';

/** Writes in one trip, which also brings what the key holds instead. */
export async function setByScript(
  connection: RedisConnection,
  { key, expected, bytes, ttlSeconds }: ConditionalWrite,
): Promise<SetOutcome> {
  const found = await evaluate(connection, key, [expected, bytes, String(ttlSeconds)]);
  return isOne(found) ? { stored: true } : { stored: false, current: toBytes(found) };
}

/** KEYS[1]; expected bytes, new bytes, seconds. Gives 1, or what the key holds instead. */
const SCRIPT = `
local current = redis.call('GET', KEYS[1])
if current ~= ARGV[1] then return current end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

const DIGEST: string = createHash('sha1').update(SCRIPT).digest('hex');

/** By the script's digest, and by its text where the server does not have it (yet, or anymore). */
async function evaluate(
  connection: RedisConnection,
  key: string,
  words: readonly (string | Uint8Array)[],
): Promise<RedisReply> {
  try {
    return await connection.send(key, ['EVALSHA', DIGEST, '1', key, ...words]);
  } catch (error) {
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
    return connection.send(key, ['EVAL', SCRIPT, '1', key, ...words]);
  }
}
