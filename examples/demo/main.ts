/**
 * The demo: an old app on Flask and a new app on Express, one Redis, one address, one login. Run it by
 * `npm run demo`, which sees to all that it needs.
 *
 * @module
 */

import { RedisStore } from 'flask-session-bridge';

import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { runOrExplain } from '../../tools/setup.mjs';
import { AppPairs } from './app-pair.js';
import { startFront } from './front.js';
import type { Front, FrontOptions } from './front.js';
import { parseOptions, USAGE } from './options.js';
import type { Options } from './options.js';
import { PanelStates } from './panel-state.js';
import { connectToRedis } from './redis.js';
import { RedisWatch } from './redis-watch.js';
import { Transcript } from './transcript.js';
import { walk } from './walk.js';

/** What must be ended, in the order in which it was started. */
type Closers = (() => void | Promise<void>)[];

await runOrExplain(async () => {
  const options = readOptions();
  return typeof options === 'number' ? options : run(options);
});
// Whatever an interrupted start still holds must not keep the program alive.
process.exit();

/** The options, or the status to end with. */
function readOptions(): Options | number {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (!options.help) return options;
    console.log(USAGE);
    return 0;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
}

async function run(options: Options): Promise<number> {
  const closers: Closers = [];
  const interrupted = firstSignal();
  try {
    return await Promise.race([demonstrate(options, closers, interrupted), interrupted]);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function demonstrate(
  { once, port, variants }: Options,
  closers: Closers,
  interrupted: Promise<number>,
): Promise<number> {
  const redis = await startRedis();
  closers.push(() => redis.stop());
  const watch = await RedisWatch.start(redis.url);
  closers.push(() => {
    watch.close();
  });
  if (!redis.dedicated) closers.push(() => forgetSessions(redis));
  const states = new PanelStates(redis, watch);
  closers.push(() => {
    states.close();
  });
  const pairs = new AppPairs(redis);
  closers.push(() => pairs.close());
  const [variant] = variants;
  const front = await startAtPort(port ?? (once ? 0 : undefined), {
    pairs,
    states,
    watch,
    variant,
  });
  closers.push(() => front.close());
  const transcript = new Transcript(process.stdout);
  closers.push(() => {
    transcript.end();
  });

  let held = true;
  for (const walked of once ? variants : [variant]) {
    held = (await walk(front.url, walked, transcript)) && held;
  }
  transcript.line(held ? '\nEvery step held.' : '\nNot every step held.');
  if (once) return held ? 0 : 1;
  transcript.line(`Old app (Flask):    ${front.url}/`);
  transcript.line(`New app (Express):  ${front.url}/next`);
  transcript.line('Ctrl-C ends everything.');
  return interrupted;
}

/** Without a port, 8000 if nobody has it. */
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

/** Resolves with status 0 when somebody wants the program to end. */
function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve(0);
      });
    }
  });
}

/** Removes what the demo left on a server that is not its own. */
async function forgetSessions(redis: RedisServer): Promise<void> {
  const client = connectToRedis(redis.url);
  const store = new RedisStore(client, { keyPrefix: redis.keyPrefix });
  for await (const key of store.scan()) await store.delete(key);
  client.disconnect();
}
