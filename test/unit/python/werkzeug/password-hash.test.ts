import { describe, expect, test } from 'vitest';

import { ArgumentError } from '../../../../src/errors.js';
import {
  checkPasswordHash,
  generatePasswordHash,
  needsRehash,
} from '../../../../src/python/werkzeug/index.js';

describe('generatePasswordHash', () => {
  test('makes a hash with a salt of its own each time', async () => {
    const hashes = [await generatePasswordHash('pass'), await generatePasswordHash('pass')];
    expect(hashes[0]).toMatch(/^scrypt:32768:8:1\$[A-Za-z0-9]{16}\$[0-9a-f]{128}$/);
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(await checkPasswordHash(hashes[0] ?? '', 'pass')).toBe(true);
    expect(await checkPasswordHash(hashes[0] ?? '', 'pasS')).toBe(false);
  });

  test.each([0, -1, 1.5, NaN])('refuses a salt of %d characters', async (saltLength) => {
    const generated = generatePasswordHash('pass', 'pbkdf2:sha256:1', saltLength);
    await expect(generated).rejects.toMatchObject({ argument: 'saltLength' });
  });

  test('runs beside the main thread', async () => {
    let isDone = false;
    const turns: boolean[] = [];
    const generated = generatePasswordHash('pass').then(() => (isDone = true));
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(isDone);
    await generated;
    expect(turns).toEqual([false]);
  });
});

describe('checkPasswordHash', () => {
  test.each([
    'scrypt:4194304:8:1$salt$00',
    'scrypt:32768:8:16$salt$00',
    'scrypt:1048576:8:1$salt$00',
    'scrypt:2:999999999:1$salt$00',
    'pbkdf2:sha256:10000001$salt$00',
  ])('refuses to spend what %s asks for', async (hash) => {
    await expect(checkPasswordHash(hash, 'pass')).rejects.toMatchObject({ argument: 'method' });
  });

  test.each([undefined, null, 7, Buffer.from('a$b$c')])('refuses %j for a hash', async (hash) => {
    await expect(checkPasswordHash(hash as never, 'pass')).rejects.toBeInstanceOf(ArgumentError);
  });

  test('says nothing of the hash or the password in its message', async () => {
    const checked = checkPasswordHash('sha1$verysalt$deadbeef', 'hunter2');
    await expect(checked).rejects.toThrow(/^(?!.*(verysalt|deadbeef|hunter2))/);
  });
});

describe('needsRehash', () => {
  test.each([
    ['scrypt:32768:8:1', undefined, false],
    ['scrypt', undefined, false],
    ['scrypt:65536:8:1', undefined, false],
    ['scrypt:16384:8:1', undefined, true],
    ['scrypt:32768:4:2', undefined, true],
    ['pbkdf2:sha256:1000000', undefined, true],
    ['pbkdf2:sha256:1000000', 'pbkdf2', false],
    ['pbkdf2:sha256:600000', 'pbkdf2', true],
    ['pbkdf2:sha256:600000', 'pbkdf2:sha256:600000', false],
    ['pbkdf2:sha512:1000000', 'pbkdf2', true],
    ['scrypt:32768:8:1', 'pbkdf2', true],
    ['sha1', undefined, true],
    ['scrypt:x', undefined, true],
  ])('a hash by %s, where %s is wanted: %s', (used, wanted, expected) => {
    expect(needsRehash(`${used}$salt$digest`, wanted)).toBe(expected);
  });

  test('what is no hash needs one', () => {
    expect(needsRehash('')).toBe(true);
    expect(needsRehash('plain')).toBe(true);
  });

  test('refuses to compare with a method that is none', () => {
    expect(() => needsRehash('scrypt$salt$digest', 'md5')).toThrow(ArgumentError);
  });
});
