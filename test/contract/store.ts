/** What every store of sessions must do; each implementation runs this suite unchanged. */

import { beforeAll, describe, expect, test, vi } from 'vitest';

import type { SessionStore, SetOutcome } from '../../src/index.js';

/** An open store, and what the tests need to know of it from elsewhere. */
export interface OpenStore {
  readonly store: SessionStore;
  /** A key by which the store finds sessions, and that no other test run uses. */
  key(name: string): string;
  /** A key's remaining time to live; `null` when there is no such key. */
  secondsLeft(key: string): Promise<number | null>;
}

const TTL = 600;
const STORED: SetOutcome = { stored: true };
/** Every byte, first and last of them included, and nothing that is text. */
const ALL_BYTES = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));

/** What no session id looks like; the store must not care. */
const ODD_NAMES = [
  '',
  ' ',
  '.',
  '..',
  '../../../../etc/passwd',
  '/etc/passwd',
  'a/b\\c',
  'C:\\con',
  'a',
  'A',
  'a*[b]?{c}',
  'a\0b',
  'a\r\nb',
  '__wz_cache_count',
  'a.__wz_cache',
  'grün',
  'gru\u0308n',
  '\u{1f511}',
  'ÿ',
  String.fromCharCode(...ALL_BYTES.subarray(0, 256)),
  'x'.repeat(5_000),
];

export function describeStore(name: string, open: () => OpenStore | Promise<OpenStore>): void {
  describe(`${name}: store of sessions`, () => {
    let opened: OpenStore;
    let store: SessionStore;
    let count = 0;
    const newKey = (): string => opened.key(`contract-${(count += 1)}`);

    beforeAll(async () => {
      opened = await open();
      ({ store } = opened);
    });

    async function stored(bytes: string | Buffer): Promise<string> {
      const key = newKey();
      expect(await store.set(key, Buffer.from(bytes), TTL, null)).toEqual(STORED);
      return key;
    }
    const textAt = async (key: string): Promise<string | undefined> =>
      (await store.get(key))?.toString();

    test('gives null for a key that is not there', async () => {
      expect(await store.get(newKey())).toBeNull();
      expect(await store.get(newKey(), TTL)).toBeNull();
    });

    test.each([
      ['all 256 bytes', ALL_BYTES],
      ['no bytes', Buffer.alloc(0)],
      ['what is no UTF-8', Buffer.from('80ff00c328', 'hex')],
      ['a quarter of a megabyte', Buffer.alloc(250_000, ALL_BYTES)],
      ['five megabytes', Buffer.alloc(5_000_000, ALL_BYTES)],
    ])('gives back exactly the bytes: %s', async (_title, bytes) => {
      const key = await stored(bytes);
      expect(Buffer.compare((await store.get(key)) ?? Buffer.from('none'), bytes)).toBe(0);
      expect(Buffer.compare((await store.get(key, TTL)) ?? Buffer.from('none'), bytes)).toBe(0);
    });

    test('replaces five megabytes by others, if they are what it expects to the last byte', async () => {
      const before = Buffer.alloc(5_000_000, ALL_BYTES);
      const almost = Buffer.concat([before.subarray(0, -1), Buffer.from('x')]);
      const key = await stored(before);
      expect(await store.set(key, Buffer.from('b'), TTL, almost)).toMatchObject({ stored: false });
      expect(await store.set(key, almost, TTL, before)).toEqual(STORED);
      expect(Buffer.compare((await store.get(key)) ?? Buffer.from('none'), almost)).toBe(0);
    });

    test('keeps keys apart, whatever is in them', async () => {
      const keys = ODD_NAMES.map((name) => opened.key(name));
      for (const key of keys) {
        expect(await store.set(key, Buffer.from(`of ${key}`), TTL, null)).toEqual(STORED);
      }
      for (const key of keys) expect(await textAt(key)).toBe(`of ${key}`);
      for (const key of keys) expect(await store.delete(key)).toBe(true);
      for (const key of keys) expect(await store.get(key)).toBeNull();
    });

    test('takes a view into a larger buffer for what it shows', async () => {
      const key = newKey();
      const view = new Uint8Array(ALL_BYTES.buffer, ALL_BYTES.byteOffset + 10, 5);
      await store.set(key, view, TTL, null);
      expect(Buffer.from((await store.get(key)) ?? []).toString('hex')).toBe('0a0b0c0d0e');
      expect(await store.set(key, Buffer.from('b'), TTL, view)).toEqual(STORED);
    });

    test('ends a key after the seconds of the last write, renewal or renewing read', async () => {
      const key = newKey();
      const before = Buffer.from('a');
      const left = () => opened.secondsLeft(key);
      await store.set(key, before, 100, null);
      expect(await left()).toSatisfy(isAbout(100));
      await store.set(key, Buffer.from('b'), 200, before);
      expect(await left()).toSatisfy(isAbout(200));
      expect(await store.touch(key, 300)).toBe(true);
      expect(await left()).toSatisfy(isAbout(300));
      await store.get(key, 400);
      expect(await left()).toSatisfy(isAbout(400));
    });

    test('leaves the time to live alone when it reads without renewal, or refuses a write', async () => {
      const key = await stored('a');
      await store.touch(key, 100);
      await store.get(key);
      await store.set(key, Buffer.from('c'), TTL, Buffer.from('b'));
      await store.set(key, Buffer.from('c'), TTL, null);
      expect(await opened.secondsLeft(key)).toSatisfy(isAbout(100));
    });

    test('renews nothing that is not there', async () => {
      const key = newKey();
      expect(await store.touch(key, TTL)).toBe(false);
      await store.get(key, TTL);
      expect(await opened.secondsLeft(key)).toBeNull();
    });

    test('has nothing under a key whose time is over, and stores it anew', async () => {
      const [read, renewed, deleted, written] = [newKey(), newKey(), newKey(), newKey()];
      const before = Buffer.from('a');
      for (const key of [read, renewed, deleted, written]) await store.set(key, before, 1, null);
      for (const key of [read, renewed, deleted, written]) {
        await vi.waitFor(async () => {
          expect(await store.get(key)).toBeNull();
        }, 10_000);
      }
      expect(await store.get(read, TTL)).toBeNull();
      expect(await store.touch(renewed, TTL)).toBe(false);
      expect(await store.delete(deleted)).toBe(false);
      const after = Buffer.from('b');
      expect(await store.set(written, after, TTL, before)).toEqual({
        stored: false,
        current: null,
      });
      expect(await store.set(written, after, TTL, null)).toEqual(STORED);
      expect(await textAt(written)).toBe('b');
    });

    describe('a write that expects bytes', () => {
      test('replaces exactly these', async () => {
        const key = await stored('a');
        expect(await store.set(key, Buffer.from('b'), TTL, Buffer.from('a'))).toEqual(STORED);
        expect(await textAt(key)).toBe('b');
      });

      test.each([
        ['others', 'a', 'x'],
        ['more of them', 'a', 'ab'],
        ['fewer of them', 'ab', 'a'],
        ['none at all', 'a', ''],
      ])('says what is there instead, and leaves it: %s', async (_title, expected, there) => {
        const key = await stored(there);
        const outcome = await store.set(key, Buffer.from('b'), TTL, Buffer.from(expected));
        expect(readable(outcome)).toEqual({ stored: false, current: there });
        expect(await textAt(key)).toBe(there);
      });

      test('tells bytes apart that no text could', async () => {
        const [left, right] = [Buffer.from('ff', 'hex'), Buffer.from('fe', 'hex')];
        const key = await stored(left);
        expect(await store.set(key, right, TTL, right)).toMatchObject({ stored: false });
        expect(await store.set(key, right, TTL, left)).toEqual(STORED);
      });

      test('makes nothing where there is nothing', async () => {
        const key = newKey();
        const outcome = await store.set(key, Buffer.from('b'), TTL, Buffer.from('a'));
        expect(outcome).toEqual({ stored: false, current: null });
        expect(await store.get(key)).toBeNull();
      });
    });

    test('a write that expects nothing leaves what is there', async () => {
      const key = await stored('a');
      const outcome = await store.set(key, Buffer.from('b'), TTL, null);
      expect(readable(outcome)).toEqual({ stored: false, current: 'a' });
      expect(await textAt(key)).toBe('a');
    });

    test('deletes once, and then there is nothing to expect', async () => {
      const key = await stored('a');
      expect(await store.delete(key)).toBe(true);
      expect(await store.delete(key)).toBe(false);
      expect(await store.get(key)).toBeNull();
      const outcome = await store.set(key, Buffer.from('b'), TTL, Buffer.from('a'));
      expect(outcome).toEqual({ stored: false, current: null });
    });

    test('of many writes at once that expect the same, one is stored', async () => {
      const key = await stored('a');
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store.set(key, Buffer.from(`b${index}`), TTL, Buffer.from('a')),
        ),
      );
      const winners = outcomes.flatMap(({ stored }, index) => (stored ? [`b${index}`] : []));
      expect(winners).toEqual([await textAt(key)]);
    });

    test('of many writers that count, each counts', async () => {
      const key = await stored('0');
      await Promise.all(Array.from({ length: 20 }, () => increment(store, key)));
      expect(await textAt(key)).toBe('20');
    });

    test('of many writes at once that expect nothing, one is stored', async () => {
      const key = newKey();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          store.set(key, Buffer.from(`b${index}`), TTL, null),
        ),
      );
      const winners = outcomes.flatMap(({ stored }, index) => (stored ? [`b${index}`] : []));
      expect(winners).toEqual([await textAt(key)]);
    });

    test('finds every session, by a name that the other methods take', async () => {
      const texts = Array.from({ length: 300 }, (_, index) => `scanned ${index}`);
      const keys = await Promise.all(texts.map((text) => stored(text)));
      await Promise.all(keys.slice(0, 100).map((key) => store.delete(key)));
      expect(await scanned()).toEqual(texts.slice(100).sort());

      for await (const name of store.scan()) {
        if ((await textAt(name)) === 'scanned 100') expect(await store.delete(name)).toBe(true);
        if ((await textAt(name)) === 'scanned 101') expect(await store.touch(name, 50)).toBe(true);
      }
      expect(await scanned()).toEqual(texts.slice(101).sort());
      expect(await opened.secondsLeft(keys[101] ?? '')).toSatisfy(isAbout(50));
    });

    async function scanned(): Promise<string[]> {
      const found = new Set<string>();
      for await (const name of store.scan()) found.add((await textAt(name)) ?? 'gone');
      return [...found].filter((text) => text.startsWith('scanned')).sort();
    }
  });
}

/** Reads, adds one, writes if nobody else wrote; until that worked. */
async function increment(store: SessionStore, key: string): Promise<void> {
  let current = await store.get(key);
  while (current) {
    const next = Buffer.from(String(Number(current.toString()) + 1));
    const outcome = await store.set(key, next, TTL, current);
    if (outcome.stored) return;
    ({ current } = outcome);
  }
}

function readable(outcome: SetOutcome): unknown {
  return outcome.stored ? outcome : { stored: false, current: outcome.current?.toString() };
}

/** Within the time that a test may take on a slow machine. */
function isAbout(seconds: number) {
  return (left: number | null): boolean => left !== null && left <= seconds && left > seconds - 60;
}
