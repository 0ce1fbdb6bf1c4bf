/** The file system store keeps the contract, with files as each cachelib release writes them. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { FileSystemCache, FileSystemStore } from '../../src/index.js';
import type { HashMethod } from '../../src/index.js';
import {
  COUNT_KEY,
  fileNameOf,
  hasExpired,
  readHeader,
  writeCount,
} from '../../src/python/cachelib/index.js';
import type { HeaderForm } from '../../src/python/cachelib/index.js';
import { describeStore } from './store.js';

const root = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const LAYOUTS: readonly { releases: string; hashMethod: HashMethod; form: HeaderForm }[] = [
  { releases: '0.1 to 0.4', hashMethod: 'md5', form: 'pickle-1' },
  { releases: '0.5 and 0.6', hashMethod: 'md5', form: 'pickle-highest' },
  { releases: '0.7 to 0.15', hashMethod: 'md5', form: 'struct' },
  { releases: '0.16 and 0.17', hashMethod: 'sha256', form: 'struct' },
];

for (const { releases, hashMethod, form } of LAYOUTS) {
  describeStore(`in files of cachelib ${releases}`, () => {
    const directory = mkdtempSync(join(root, 'cache-'));
    const pathOf = (key: string): string => join(directory, fileNameOf(key, hashMethod));
    writeFileSync(pathOf(COUNT_KEY), writeCount({ value: 0, form, protocol: 5 }));
    return {
      store: new FileSystemStore(new FileSystemCache(directory, { threshold: 100_000 })),
      key: (name) => `session:${name}`,
      secondsLeft: (key) => {
        const header = headerOf(pathOf(key), form);
        return Promise.resolve(
          header && !hasExpired(header) ? header.expires - Math.floor(Date.now() / 1000) : null,
        );
      },
    };
  });
}

function headerOf(path: string, form: HeaderForm) {
  try {
    return readHeader(readFileSync(path), form);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
