/**
 * The old app and the new app, each a server of its own, with the same settings on the same Redis.
 *
 * @module
 */

import type { RedisServer } from '../../tools/redis-server.js';
import { createNewApp } from './new-app.js';
import { startOldApp } from './old-app.js';
import { connectToRedis } from './redis.js';
import { addressOf, closeServer } from './servers.js';
import { nameOf, releaseFor, settingsFor } from './variants.js';
import type { Variant } from './variants.js';

export interface AppPair {
  /** Address of the Flask app. */
  readonly oldApp: string;
  /** Address of the Express app. */
  readonly newApp: string;
  close(): Promise<void>;
}

/** Starts a pair for each variant that is asked for, once. */
export class AppPairs {
  readonly #redis: RedisServer;
  readonly #pairs = new Map<string, Promise<AppPair>>();

  constructor(redis: RedisServer) {
    this.#redis = redis;
  }

  get(variant: Variant): Promise<AppPair> {
    const name = nameOf(variant);
    let pair = this.#pairs.get(name);
    if (!pair) {
      pair = startAppPair(variant, this.#redis);
      this.#pairs.set(name, pair);
    }
    return pair;
  }

  /** Ends every pair that was started. */
  async close(): Promise<void> {
    const started = await Promise.allSettled(this.#pairs.values());
    for (const pair of started) if (pair.status === 'fulfilled') await pair.value.close();
  }
}

async function startAppPair(variant: Variant, redis: RedisServer): Promise<AppPair> {
  const settings = settingsFor(variant, redis);
  const oldApp = await startOldApp(releaseFor(variant), settings, redis.url);
  const client = connectToRedis(redis.url, 'express');
  const server = createNewApp({ ...settings, SESSION_REDIS: client }).listen(0, '127.0.0.1');
  return {
    oldApp: oldApp.url,
    newApp: await addressOf(server),
    close: async () => {
      await Promise.all([oldApp.stop(), closeServer(server)]);
      client.disconnect();
    },
  };
}
