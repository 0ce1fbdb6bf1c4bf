/**
 * What Redis answers: bytes, and refusals by the words that every release has for them.
 *
 * @module
 */

/** A reply with every bulk string as a Buffer. */
export type RedisReply = Buffer | string | number | null | RedisReply[];

/**
 * Bytes of a reply that is a bulk string or nil.
 *
 * @throws TypeError for a string, which would have lost bytes on its way
 */
export function toBytes(reply: RedisReply): Uint8Array | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw new TypeError('the Redis client gives text where bytes are needed');
}

/** Whether a reply is the integer 1, which ioredis gives as text with `stringNumbers`. */
export function isOne(reply: RedisReply): boolean {
  return reply === 1 || reply === '1';
}

/** Whether the server has no such command, had it taken away, or keeps it from this user. */
export function isRefusedCommand(error: unknown): boolean {
  return /unknown command|^NOPERM .* command/i.test(messageOf(error));
}

/** A refusal's words. They quote what was sent, so they must not get into an error of ours. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
