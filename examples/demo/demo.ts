/**
 * What the demo runs: Redis, and one address in front of both apps. The apps themselves start when
 * they are first asked for.
 *
 * @module
 */

import { RedisStore } from 'flask-session-bridge';

import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { AppPairs } from './app-pair.js';
import { startFront } from './front.js';
import type { Front, FrontOptions } from './front.js';
import { PanelStates } from './panel-state.js';
import { connectToRedis } from './redis.js';
import { RedisWatch } from './redis-watch.js';
import { SessionMover } from './session-mover.js';
import type { Variant } from './variants.js';

export interface DemoOptions {
  /** Where to listen; without it 8000, or any free port when that is taken. */
  readonly port: number | undefined;
  /** For browsers that have not chosen. */
  readonly variant: Variant;
}

/**
 * Starts the demo and gives its address.
 *
 * @param atEnd - Takes what must be called at the end, the last first, also when this rejects
 * @throws SetupError when Redis or Python is missing
 */
export async function startDemo(
  { port, variant }: DemoOptions,
  atEnd: (close: () => void | Promise<void>) => void,
): Promise<string> {
  const redis = await startRedis();
  atEnd(() => redis.stop());
  const watch = await RedisWatch.start(redis.url);
  atEnd(() => {
    watch.close();
  });
  if (!redis.dedicated) atEnd(() => forgetSessions(redis));
  const states = new PanelStates(redis, watch);
  atEnd(() => {
    states.close();
  });
  const mover = new SessionMover(redis);
  atEnd(() => {
    mover.close();
  });
  const pairs = new AppPairs(redis);
  atEnd(() => pairs.close());
  const front = await startAtPort(port, { pairs, states, mover, watch, variant });
  atEnd(() => front.close());
  return front.url;
}

async function startAtPort(
  port: number | undefined,
  options: Omit<FrontOptions, 'port'>,
): Promise<Front> {
  if (port !== undefined) return startFront({ ...options, port });
  try {
    return await startFront({ ...options, port: 8000 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startFront({ ...options, port: 0 });
  }
}

/** Removes what the demo left on a server that is not its own. */
async function forgetSessions(redis: RedisServer): Promise<void> {
  const client = connectToRedis(redis.url);
  const store = new RedisStore(client, { keyPrefix: redis.keyPrefix });
  for await (const key of store.scan()) await store.delete(key);
  client.disconnect();
}
