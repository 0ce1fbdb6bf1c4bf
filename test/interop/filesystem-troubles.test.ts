/** Directories that may not be written, files that may not be read, and disks that are full. */

import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { FileSystemCache, FileSystemStore } from '../../src/index.js';
import { fileNameOf } from '../../src/python/cachelib/index.js';
import type { Argument } from '../support/file-store-process.js';

const CHILD = fileURLToPath(new URL('../support/file-store-process.ts', import.meta.url));
const STORED = { stored: true };

let directory: string;
const pathOf = (key: string): string => join(directory, fileNameOf(key, 'md5'));
const temporaries = (): string[] =>
  readdirSync(directory).filter((name) => name.endsWith('.__wz_cache'));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flask-session-bridge-'));
});

afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

test('a directory that may not be written is read, refuses writes, and recovers', async () => {
  await putReadOnly('key', 'a');
  const before = readFileSync(pathOf('key'));
  chmodSync(directory, 0o555);
  const ask = await startStore();
  const refusal = {
    code: 'ERR_SESSION_STORE',
    message: expect.stringContaining('EACCES') as string,
  };

  expect(await ask('get', 'key')).toBe('a');
  expect(await ask('renew', 'key')).toMatchObject(refusal);
  expect(await ask('set', 'key', 'b', 'a')).toMatchObject(refusal);
  expect(await ask('set', 'other', 'b')).toMatchObject(refusal);
  expect(await ask('delete', 'key')).toMatchObject(refusal);
  expect(readFileSync(pathOf('key'))).toEqual(before);

  chmodSync(directory, 0o777);
  expect(await ask('set', 'key', 'b', 'a')).toEqual(STORED);
  expect(await ask('get', 'key')).toBe('b');
  expect(await ask('delete', 'key')).toBe(true);
});

test('a file that may not be read is refused, and not written over', async () => {
  await putReadOnly('key', 'a');
  const before = readFileSync(pathOf('key'));
  chmodSync(directory, 0o777);
  chmodSync(pathOf('key'), 0);
  const ask = await startStore();
  const refusal = {
    code: 'ERR_SESSION_STORE',
    message: expect.stringContaining('EACCES') as string,
  };

  expect(await ask('get', 'key')).toMatchObject(refusal);
  expect(await ask('set', 'key', 'b')).toMatchObject(refusal);
  expect(await ask('set', 'key', 'b', 'a')).toMatchObject(refusal);
  chmodSync(pathOf('key'), 0o600);
  expect(readFileSync(pathOf('key'))).toEqual(before);
});

test('what may be read but not written is renewed by a file in its place', async () => {
  await putReadOnly('key', 'a');
  const before = readFileSync(pathOf('key'));
  chmodSync(directory, 0o777);
  const ask = await startStore();

  expect(await ask('renew', 'key')).toBe('a');
  expect(readFileSync(pathOf('key')).readUInt32LE()).toBeGreaterThan(before.readUInt32LE() + 500);
});

test('what does not fit leaves the session that was there, and nothing else', async () => {
  chmodSync(directory, 0o777);
  // As on a full disk: no file may get longer than 4 MB.
  const ask = await startStore('ulimit -f 8192; ');
  expect(await ask('set', 'key', 'a')).toEqual(STORED);
  const refusal = {
    code: 'ERR_SESSION_STORE',
    message: expect.stringContaining('EFBIG') as string,
  };

  expect(await ask('set', 'key', 5_000_000, 'a')).toMatchObject(refusal);
  expect(await ask('set', 'other', 5_000_000)).toMatchObject(refusal);
  expect(await ask('get', 'key')).toBe('a');
  expect(await ask('get', 'other')).toBeNull();
  expect(temporaries()).toEqual([]);
  expect(await ask('set', 'key', 'b', 'a')).toEqual(STORED);
});

/** A session, and a count, that all may read and nobody may write. */
async function putReadOnly(key: string, text: string): Promise<void> {
  const store = new FileSystemStore(new FileSystemCache(directory, { mode: 0o444 }));
  await store.set(key, Buffer.from(text), 600, null);
}

/** A store on the directory in a process without rights; asks it one thing after another. */
async function startStore(before = '') {
  const child = spawn(
    'sh',
    ['-c', `${before}exec "$0" --import tsx "$1" "$2"`, process.execPath, CHILD, directory],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => {
    child.kill();
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line: unknown = (await lines.next()).value;
    if (typeof line !== 'string') throw new Error('the process ended');
    return line;
  };
  expect(await next()).toBe('ready');
  return async (...words: readonly Argument[]): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    return JSON.parse(await next()) as unknown;
  };
}
