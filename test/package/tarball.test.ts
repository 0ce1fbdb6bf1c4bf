/** What `npm pack` puts into the package, and what its package.json promises. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { ROOT } from '../../tools/setup.mjs';
import { asTested, PACKAGE, useEmptyProject } from './empty-project.js';

const PERMITTED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/(index|errors)\.(js|d\.ts)$/,
  /^dist\/(python|session|stores|frameworks|cli)\/[a-z0-9/-]+\.(js|d\.ts)$/,
];

const folder = useEmptyProject();

describe('the tarball', () => {
  test('holds the built files, and what describes the package', async () => {
    const files = await packedFiles();
    expect(files.filter((file) => !PERMITTED.some((pattern) => pattern.test(file)))).toEqual([]);
    for (const entry of Object.values(PACKAGE.exports)) {
      for (const file of typeof entry === 'string' ? [entry] : Object.values(entry)) {
        expect(files).toContain(file.replace('./', ''));
      }
    }
  });

  test('holds types for each module, and a module for all types', async () => {
    const files = (await packedFiles()).filter((file) => file.startsWith('dist/'));
    const modules = files.filter((file) => file.endsWith('.js'));
    const types = files.filter((file) => file.endsWith('.d.ts'));
    expect(types).toEqual(modules.map((file) => file.replace(/\.js$/, '.d.ts')));
  });

  test('names no folder of the machine that it was built on', async () => {
    for (const file of await packedFiles()) {
      const text = await readFile(join(folder(), 'node_modules', PACKAGE.name, file), 'utf8');
      const named = [`${ROOT}/`, `${homedir()}/`, 'file://'].filter((path) => text.includes(path));
      expect([file, named]).toEqual([file, []]);
    }
  });
});

describe('package.json', () => {
  test('needs nothing at run time but Node', () => {
    expect(PACKAGE.dependencies ?? {}).toEqual({});
  });

  test('leaves every peer to the user', () => {
    const names = Object.keys(PACKAGE.peerDependencies);
    expect(PACKAGE.peerDependenciesMeta).toEqual(
      Object.fromEntries(names.map((name) => [name, { optional: true }])),
    );
  });

  test.for(Object.entries(PACKAGE.peerDependencies))(
    '%s: the range has the major releases that are under test',
    ([name, range]) => {
      const inRange = range.split('||').map((part) => Number(/\d+/.exec(part)?.[0]));
      const aliases = Object.keys(PACKAGE.devDependencies).filter((alias) =>
        new RegExp(`^${name}(-\\d+)?$`).test(alias),
      );
      const tested = aliases.map((alias) => Number(/@(\d+)/.exec(asTested(alias))?.[1]));
      // Express 4 is what express.test.ts runs with as the oldest.
      if (name === 'express') tested.push(4);
      expect(inRange.sort()).toEqual(tested.sort());
    },
  );
});

async function packedFiles(): Promise<string[]> {
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, maxBuffer: 2 ** 24 });
  const [tarball] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return tarball?.files.map(({ path }) => path).sort() ?? [];
}
