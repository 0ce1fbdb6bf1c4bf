/**
 * The Chromium that the browser tests drive.
 * Plain JavaScript on Node alone, as setup.mjs, since it runs before anything is installed.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a machine without Chromium is told. */
export const HOW_TO_GET_CHROMIUM =
  'get it with: apt-get install chromium, or name a browser in CHROMIUM_PATH';

/** The path of a Chromium or Chrome, by CHROMIUM_PATH or else on PATH; `undefined` without one. */
export function findChromium(env = process.env) {
  const named = env.CHROMIUM_PATH || env.PLAYWRIGHT_CHROMIUM;
  if (named) return named;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(runs);
}

/**
 * Finds a Chromium, or installs it where that takes no question: as root, where apt has it. Gives
 * its path, or `undefined` when there is none to be had.
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined || process.getuid?.() !== 0 || !succeeds('apt-get', '--version')) {
    return found;
  }
  process.stderr.write('installing chromium\n');
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  // The lists of packages may be old, or not there at all.
  if (!succeeds('apt-get', ...install) && succeeds('apt-get', 'update')) {
    succeeds('apt-get', ...install);
  }
  return findChromium();
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

/** A name alone is not enough: Ubuntu has a script of one that only says how to get a snap. */
function runs(path) {
  return existsSync(path) && succeeds(path, '--version');
}

function succeeds(command, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { env }).status === 0;
}
