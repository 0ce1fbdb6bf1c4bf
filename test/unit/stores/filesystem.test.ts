/** FileSystemStore where the directory, or what lies in it, is not as it should be. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  FileSystemCache,
  FileSystemStore,
  SessionInterface,
  sessionOf,
} from '../../../src/index.js';
import type { FlaskConfig, HashMethod } from '../../../src/index.js';
import {
  COUNT_KEY,
  fileNameOf,
  readHeader,
  writeCount,
} from '../../../src/python/cachelib/index.js';
import { dumps } from '../../../src/python/pickle/index.js';

const TTL = 600;
const A = Buffer.from('a');
const B = Buffer.from('b');
const STORED = { stored: true };
const UNREADABLE = { code: 'ERR_SESSION_DECODE' };

let directory: string;
let store: FileSystemStore;
const pathOf = (key: string): string => join(directory, fileNameOf(key, 'md5'));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
  store = new FileSystemStore(directory);
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the directory', () => {
  test('is made, with those above it, by the first session', async () => {
    const inner = new FileSystemStore(join(directory, 'a', 'b'));
    expect(await inner.get('key')).toBeNull();
    expect(await inner.delete('key')).toBe(false);
    expect(existsSync(join(directory, 'a'))).toBe(false);
    expect(await inner.set('key', A, TTL, null)).toEqual(STORED);
    expect(await inner.get('key')).toEqual(A);
  });

  test('is made anew when it was removed, and no session comes back', async () => {
    await store.set('key', A, TTL, null);
    rmSync(directory, { recursive: true });
    expect(await store.set('key', B, TTL, A)).toEqual({ stored: false, current: null });
    expect(await store.set('key', B, TTL, null)).toEqual(STORED);
    expect(await store.get('key')).toEqual(B);
  });

  test('that is a file is refused, and taken as soon as it is none', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    const refusal = { code: 'ERR_SESSION_STORE', operation: 'set' };
    await expect(store.set('key', A, TTL, null)).rejects.toMatchObject(refusal);
    rmSync(directory);
    expect(await store.set('key', A, TTL, null)).toEqual(STORED);
  });

  test('may be reached by a symbolic link', async () => {
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    try {
      await new FileSystemStore(link).set('key', A, TTL, null);
      expect(await store.get('key')).toEqual(A);
    } finally {
      rmSync(link);
    }
  });

  test('gets nothing from a store that is only read', async () => {
    const sessions = new SessionInterface(
      { SESSION_TYPE: 'filesystem', SESSION_FILE_DIR: directory },
      { readOnly: true },
    );
    const session = await sessions.openSession(`session=${'x'.repeat(43)}`);
    session.a = 1;
    await sessions.saveSession(session);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('what is no session', () => {
  const secret = (): string => join(directory, 'elsewhere.txt');

  test.each([
    [
      'a symbolic link to a file',
      () => {
        symlinkSync(secret(), pathOf('key'));
      },
    ],
    [
      'a symbolic link to nothing',
      () => {
        symlinkSync(`${secret()}.not`, pathOf('key'));
      },
    ],
    [
      'a directory',
      () => {
        mkdirSync(pathOf('key'));
      },
    ],
    ['a pipe', () => execFileSync('mkfifo', [pathOf('key')])],
    [
      'half a header',
      () => {
        writeFileSync(pathOf('key'), 'abc');
      },
    ],
  ])('is neither read nor written over: %s', async (_title, make) => {
    writeFileSync(secret(), 'abcdefghijklmnopqrstuvwxyz');
    make();
    await expect(store.get('key')).rejects.toMatchObject(UNREADABLE);
    await expect(store.get('key', TTL)).rejects.toMatchObject(UNREADABLE);
    await expect(store.touch('key', TTL)).rejects.toMatchObject(UNREADABLE);
    await expect(store.set('key', A, TTL, null)).rejects.toMatchObject(UNREADABLE);
    await expect(store.set('key', A, TTL, B)).rejects.toMatchObject(UNREADABLE);
    await expect(store.delete('key')).rejects.toMatchObject(UNREADABLE);
    expect(readFileSync(secret(), 'utf8')).toBe('abcdefghijklmnopqrstuvwxyz');
    expect(await scanned()).toEqual([]);
  });

  test('is written over when it has no bytes at all', async () => {
    writeFileSync(pathOf('key'), '');
    expect(await store.get('key')).toBeNull();
    expect(await store.set('key', A, TTL, null)).toEqual(STORED);
    expect(await store.get('key')).toEqual(A);
  });

  test('reaches the request as such, and stays, where it was cut short', async () => {
    const config = { SESSION_TYPE: 'filesystem', SESSION_FILE_DIR: directory } as const;
    const sid = 'x'.repeat(43);
    await store.set(`session:${sid}`, dumps({ username: 'ada' }), TTL, null);
    const path = pathOf(`session:${sid}`);
    for (const length of [20, 3]) {
      truncateSync(path, length);
      const before = readFileSync(path);
      const opening = new SessionInterface(config).openSession(`session=${sid}`);
      await expect(opening).rejects.toMatchObject(UNREADABLE);
      expect(readFileSync(path).subarray(4)).toEqual(before.subarray(4));
    }
  });

  test('is not read when it is too long', async () => {
    await store.set('key', Buffer.alloc(1001), TTL, null);
    const small = new FileSystemStore(directory, { maxBytes: 1000 });
    await expect(small.get('key')).rejects.toMatchObject(UNREADABLE);
  });

  async function scanned(): Promise<string[]> {
    const names = [];
    for await (const name of store.scan()) names.push(name);
    return names;
  }
});

describe('renewal', () => {
  test('leaves the file in its place, so that nobody else can be undone', async () => {
    await store.set('key', A, TTL, null);
    const before = statSync(pathOf('key')).ino;
    await store.get('key', 2 * TTL);
    await store.touch('key', 3 * TTL);
    expect(statSync(pathOf('key')).ino).toBe(before);
  });

  test('changes no file that has another name elsewhere', async () => {
    const elsewhere = join(directory, 'elsewhere');
    await store.set('key', A, TTL, null);
    linkSync(pathOf('key'), elsewhere);
    const before = readFileSync(elsewhere);
    expect(await store.touch('key', 2 * TTL)).toBe(true);
    expect(readFileSync(elsewhere)).toEqual(before);
    expect(readHeader(readFileSync(pathOf('key')))?.expires).toBe(
      (readHeader(before)?.expires ?? 0) + TTL,
    );
  });
});

describe('files of others', () => {
  test('are never removed, however many there are', async () => {
    const cache = new FileSystemCache(directory, { threshold: 2 });
    const foreign = Array.from({ length: 10 }, (_, n) => `notes ${n}.txt`);
    for (const name of foreign) writeFileSync(join(directory, name), '0000 long ago');
    store = new FileSystemStore(cache);
    for (let n = 0; n < 5; n++) await store.set(`key${n}`, A, TTL + n, null);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(foreign));
    // The two that end last, and the one after them.
    const found = await Promise.all([0, 1, 2, 3, 4].map((n) => store.get(`key${n}`)));
    expect(found).toEqual([null, null, A, A, A]);
  });

  test('a damaged count is counted anew', async () => {
    writeFileSync(pathOf(COUNT_KEY), 'nonsense');
    await store.set('key', A, TTL, null);
    const count = writeCount({ value: 1, form: 'struct', protocol: 4 });
    expect(readFileSync(pathOf(COUNT_KEY))).toEqual(count);
  });
});

describe('a cachelib that starts later', () => {
  test('decides from then on how files are named and written', async () => {
    await store.set('key', A, TTL, null);
    const started = new Date(Date.now() + 1000);
    const countFile = join(directory, fileNameOf(COUNT_KEY, 'sha256'));
    writeFileSync(countFile, writeCount({ value: 0, form: 'struct', protocol: 5 }));
    utimesSync(countFile, started, started);
    expect(await store.set('other', A, TTL, null)).toEqual(STORED);
    expect(existsSync(join(directory, fileNameOf('other', 'sha256')))).toBe(true);
    expect(await store.get('key')).toBeNull();
  });
});

describe('a lock', () => {
  const lockOf = (key: string): string => `${pathOf(key)}.lock.__wz_cache`;

  test('of a process that has ended is broken', async () => {
    await store.set('key', A, TTL, null);
    const ended = execFileSync(process.execPath, ['-p', 'process.pid + " " + os.hostname()']);
    writeFileSync(lockOf('key'), ended.toString().trim());
    expect(await store.set('key', B, TTL, A)).toEqual(STORED);
    expect(readdirSync(directory).filter((name) => name.endsWith('.__wz_cache'))).toEqual([]);
  });

  test('of which nobody knows the owner is broken in the end', async () => {
    await store.set('key', A, TTL, null);
    writeFileSync(lockOf('key'), '1 another-machine');
    expect(await store.delete('key')).toBe(true);
    expect(existsSync(lockOf('key'))).toBe(false);
  });
});

describe('the configuration', () => {
  const sessionsOn = (config: FlaskConfig) => new SessionInterface(config);

  test('names the directory by SESSION_FILE_DIR, or by SESSION_CACHELIB', async () => {
    const SESSION_CACHELIB = new FileSystemCache(directory);
    const [mine, theirs] = [
      sessionsOn({ SESSION_TYPE: 'filesystem', SESSION_FILE_DIR: directory }),
      sessionsOn({ SESSION_TYPE: 'cachelib', SESSION_CACHELIB }),
    ];
    const session = await mine.openSession();
    session.username = 'ada';
    const { setCookie } = await mine.saveSession(session);
    expect((await theirs.openSession(setCookie?.split(';')[0])).username).toBe('ada');
  });

  test.each(['msgpack', 'json'] as const)(
    'stores pickles, as Flask-Session does: %s',
    async (format) => {
      const sessions = sessionsOn({
        SESSION_TYPE: 'filesystem',
        SESSION_FILE_DIR: directory,
        SESSION_SERIALIZATION_FORMAT: format,
      });
      const session = await sessions.openSession();
      session.username = 'ada';
      await sessions.saveSession(session);
      const file = readFileSync(pathOf(`session:${sessionOf(session).sid}`));
      expect(file.subarray(4)).toEqual(Buffer.from(dumps({ _permanent: true, username: 'ada' })));
    },
  );

  test('is refused where it cannot work', () => {
    const refusal = (option: string): unknown =>
      expect.objectContaining({ code: 'ERR_CONFIG', option });
    const ofRedis = { SESSION_TYPE: 'cachelib', SESSION_CACHELIB: new Map() } as const;
    expect(() => sessionsOn(ofRedis)).toThrow(refusal('SESSION_CACHELIB'));
    expect(() => new FileSystemCache('')).toThrow(refusal('cacheDir'));
    expect(() => new FileSystemCache('a', { threshold: -1 })).toThrow(refusal('threshold'));
    expect(() => new FileSystemCache('a', { mode: 0o17777 })).toThrow(refusal('mode'));
    const hashMethod = 'crc32' as HashMethod;
    expect(() => new FileSystemCache('a', { hashMethod })).toThrow(refusal('hashMethod'));
  });
});
