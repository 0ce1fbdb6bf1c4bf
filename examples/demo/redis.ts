/**
 * Connections to Redis.
 *
 * @module
 */

import { Redis } from 'ioredis';

/**
 * A client that is silent about a lost connection: whoever asks it something is told.
 *
 * @param connectionName - What the connection is called in Redis, where the panel tells the apps by it
 */
export function connectToRedis(url: string, connectionName?: string): Redis {
  const client = new Redis(url, connectionName === undefined ? {} : { connectionName });
  return client.on('error', () => undefined);
}
