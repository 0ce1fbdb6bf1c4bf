/** FileSystemStore in directories as each cachelib release keeps them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { FileSystemCache, FileSystemStore } from '../../src/index.js';
import {
  COUNT_KEY,
  fileNameOf,
  isManagement,
  readHeader,
  writeCount,
} from '../../src/python/cachelib/index.js';
import type { HashMethod } from '../../src/python/cachelib/index.js';
import { dumps, loads, UnpicklingError } from '../../src/python/pickle/index.js';
import { readFixture, releasesOf } from '../support/fixtures.js';
import { fromTyped } from '../support/from-typed.js';
import { toTyped } from '../support/typed-json.js';
import type { Typed } from '../support/typed-json.js';

interface Fixture {
  readonly clock: number;
  readonly files: readonly {
    readonly id: string;
    readonly key: string;
    readonly timeout: number;
    readonly value: Typed;
    readonly name: string;
    readonly mode: string;
    readonly hex: string;
  }[];
  readonly reads: readonly {
    readonly id: string;
    readonly now: number;
    readonly hex: string;
    readonly value?: Typed;
    readonly error?: string;
  }[];
  readonly listed: readonly {
    readonly id: string;
    readonly name: string;
    readonly counts: boolean;
  }[];
  readonly walks: readonly {
    readonly id: string;
    readonly threshold: number;
    readonly steps: readonly {
      readonly operation: 'set' | 'delete';
      readonly key: string;
      readonly timeout: number | null;
      readonly now: number;
      readonly keys: readonly string[];
      readonly count: string;
    }[];
  }[];
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

describe.each(releasesOf('cachelib'))('cachelib %s', (release) => {
  const fixture = readFixture('cachelib', `${release}.json`) as Fixture;
  const hashMethod: HashMethod = release === '0.17.0' ? 'sha256' : 'md5';

  /** A directory in which that release has started, and the store there. */
  function openDirectory(threshold: number, mode = 0o600): FileSystemStore {
    vi.setSystemTime(fixture.clock * 1000);
    const example = Buffer.from(fixture.files[0]?.hex ?? '', 'hex');
    const form = readHeader(example)?.form ?? 'struct';
    const count = writeCount({ value: 0, form, protocol: 5 });
    writeFileSync(join(directory, fileNameOf(COUNT_KEY, hashMethod)), count);
    return new FileSystemStore(new FileSystemCache(directory, { threshold, mode }));
  }

  /** The same with a file for `key`, at a time in seconds. */
  function withFile(hex: string, now: number) {
    const store = openDirectory(0);
    const path = join(directory, fileNameOf('key', hashMethod));
    writeFileSync(path, Buffer.from(hex, 'hex'));
    vi.setSystemTime(now * 1000);
    return { store, path };
  }

  describe.each(fixture.files)('$id', ({ key, timeout, value, name, mode, hex }) => {
    test('a file of cachelib is read', async () => {
      const store = openDirectory(0);
      writeFileSync(join(directory, name), Buffer.from(hex, 'hex'));
      expect(toTyped(loads((await store.get(key)) ?? Buffer.alloc(0)))).toEqual(value);
    });

    test('what is written is the file of cachelib, byte for byte', async () => {
      const store = openDirectory(0, Number(mode));
      const bytes = dumps(fromTyped(value), { protocol: 5 });
      expect(await store.set(key, bytes, timeout, null)).toEqual({ stored: true });
      const path = join(directory, name);
      expect(readFileSync(path).toString('hex')).toBe(hex);
      expect(statSync(path).mode & 0o7777).toBe(Number(mode));
    });

    test('what is renewed is the file that cachelib would write', async () => {
      const store = openDirectory(0, Number(mode));
      const bytes = dumps(fromTyped(value), { protocol: 5 });
      await store.set(key, bytes, timeout + 1000, null);
      await store.get(key, timeout);
      expect(readFileSync(join(directory, name)).toString('hex')).toBe(hex);
    });
  });

  test.each(fixture.reads.filter(({ id }) => !id.startsWith('h')))(
    'reads what cachelib reads, and leaves the file: $id',
    async ({ now, hex, value, error }) => {
      const { store, path } = withFile(hex, now);
      const found = await store.get('key');
      // No bytes after a header are no session either.
      expect(found?.length ? toTyped(loads(found)) : { none: null }).toEqual(
        error === undefined ? value : { none: null },
      );
      expect(readFileSync(path).toString('hex')).toBe(hex);
    },
  );

  test.each(fixture.reads.filter(({ id }) => id.startsWith('header-')))(
    'reads what another release wrote, as few of them do: $id',
    async ({ now, hex }) => {
      const found = await withFile(hex, now).store.get('key');
      expect(toTyped(loads(found ?? Buffer.alloc(0)))).toEqual(fixture.reads[0]?.value);
    },
  );

  test('refuses half a header, for which cachelib has no value, and leaves it', async () => {
    const half = fixture.reads.find(({ id }) => id === 'half-a-header');
    const { store, path } = withFile(half?.hex ?? '', fixture.clock);
    const refusal = { code: 'ERR_SESSION_DECODE' };
    await expect(store.get('key')).rejects.toMatchObject(refusal);
    await expect(store.set('key', Buffer.from('b'), 60, null)).rejects.toMatchObject(refusal);
    expect(readFileSync(path).toString('hex')).toBe(half?.hex);
  });

  test('gives half a value as it is, for the codec to refuse', async () => {
    const half = fixture.reads.find(({ id }) => id === 'half-a-value');
    const found = await withFile(half?.hex ?? '', fixture.clock).store.get('key');
    expect(half?.hex.endsWith(Buffer.from(found ?? []).toString('hex'))).toBe(true);
    expect(() => loads(found ?? Buffer.alloc(0))).toThrow(UnpicklingError);
  });

  test.each(fixture.listed)('knows which files cachelib counts: $id', ({ name, counts }) => {
    expect(!isManagement(name, hashMethod)).toBe(counts);
  });

  // 0.1 removes every third session, whatever its age; since 0.2 those go that end first.
  test.each(release === '0.1' ? [] : fixture.walks)(
    'removes the files that cachelib removes, and counts as it does: $id',
    async ({ threshold, steps }) => {
      const store = openDirectory(threshold);
      const names = new Map(steps.map(({ key }) => [fileNameOf(key, hashMethod), key]));
      for (const { operation, key, timeout, now, keys, count } of steps) {
        vi.setSystemTime(now * 1000);
        if (operation === 'delete') {
          await store.delete(key);
        } else {
          await store.set(key, dumps(key), timeout ?? 0, await store.get(key));
        }
        const there = readdirSync(directory).flatMap((name) => names.get(name) ?? []);
        expect(there.sort()).toEqual(keys);
        const countFile = join(directory, fileNameOf(COUNT_KEY, hashMethod));
        expect(readFileSync(countFile).toString('hex')).toBe(count);
      }
    },
  );
});
