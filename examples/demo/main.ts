/**
 * The demo: an old app on Flask and a new app on Express, one Redis, one address, one login. Run it by
 * `npm run demo`, which sees to all that it needs.
 *
 * @module
 */

import { runOrExplain } from '../../tools/setup.mjs';
import { startDemo } from './demo.js';
import { parseOptions, USAGE } from './options.js';
import type { Options } from './options.js';
import { takeScreenshots } from './screenshots.js';
import { Transcript } from './transcript.js';
import { walk } from './walk.js';

/** What must be ended, the last that was started first. */
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
    for (const close of closers) await close();
  }
}

async function demonstrate(
  { once, port, variants, screenshots }: Options,
  closers: Closers,
  interrupted: Promise<number>,
): Promise<number> {
  const [variant] = variants;
  const isBrief = once || screenshots !== undefined;
  const url = await startDemo({ port: port ?? (isBrief ? 0 : undefined), variant }, (close) => {
    closers.unshift(close);
  });
  const transcript = new Transcript(process.stdout);
  closers.unshift(() => {
    transcript.end();
  });
  if (screenshots !== undefined) {
    await takeScreenshots(url, screenshots, transcript);
    return 0;
  }

  let held = true;
  for (const walked of once ? variants : [variant]) {
    held = (await walk(url, walked, transcript)) && held;
  }
  transcript.line(held ? '\nEvery step held.' : '\nNot every step held.');
  if (once) return held ? 0 : 1;
  transcript.line(`Old app (Flask):    ${url}/`);
  transcript.line(`New app (Express):  ${url}/next`);
  transcript.line('Ctrl-C ends everything.');
  return interrupted;
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
