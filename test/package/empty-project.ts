/**
 * A project of a user's own, outside the repository, with the package as `npm pack` makes it.
 * @module
 */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll } from 'vitest';

import { ROOT } from '../../tools/setup.mjs';

const run = promisify(execFile);

/** What these tests look at in package.json. */
export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { optional: boolean }>>;
}

export const PACKAGE = JSON.parse(
  await readFile(join(ROOT, 'package.json'), 'utf8'),
) as PackageJson;

/** What can be imported, as an import names it: `flask-session-bridge/pickle` and so on. */
export const SUB_PATHS: readonly string[] = Object.keys(PACKAGE.exports)
  .filter((subPath) => !subPath.endsWith('.json'))
  .map((subPath) => subPath.replace('.', PACKAGE.name));

/** The package of that name in the version that our own tests run with. */
export function asTested(name: string): string {
  const version = PACKAGE.devDependencies[name];
  if (version === undefined) throw new Error(`${name} is no devDependency`);
  return version.startsWith('npm:') ? version.slice('npm:'.length) : `${name}@${version}`;
}

/**
 * Makes one project for the tests of a file, with the packed package and others of the registry
 * installed; gives its folder, which is removed after the tests.
 */
export function useEmptyProject(...packages: readonly string[]): () => string {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flask-session-bridge-package-'));
    const tarball = await pack(folder);
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await npmInstall(folder, tarball, ...packages);
  }, 120_000);
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (folder === undefined) throw new Error('the project has not been made');
    return folder;
  };
}

/** Installs packages without running what they bring. */
export async function npmInstall(folder: string, ...packages: readonly string[]): Promise<void> {
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', '--prefix', folder, ...flags, ...packages], { cwd: folder });
}

async function pack(destination: string): Promise<string> {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const { stdout } = await run('npm', args, { cwd: ROOT, maxBuffer: 2 ** 24 });
  const [{ filename } = { filename: '' }] = JSON.parse(stdout) as { filename: string }[];
  return join(destination, filename);
}
