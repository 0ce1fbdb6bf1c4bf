import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { dumpSession } from '../../examples/demo/dump.js';
import { dumpPickle } from '../../examples/demo/dump-pickle.js';
import type { Format } from '../../tools/flask-app.js';
import { readFixture, releasesOf } from '../support/fixtures.js';
import type { WrittenCase } from '../support/flask-session-fixtures.js';

const WRITTEN = releasesOf('flask-session')
  .map((release) => readFixture('flask-session', `${release}.json`) as { cases: WrittenCase[] })
  .flatMap(({ cases }) => cases);

test('every pickle of the fixtures is dumped opcode by opcode as by pickletools', () => {
  const pickles = writtenIn('pickle');
  const ours = pickles.map((hex) =>
    dumpPickle(Buffer.from(hex, 'hex')).map(({ offset, name }) => [offset, name]),
  );
  expect(pickles.length).toBeGreaterThan(100);
  expect(ours).toEqual(dumpedByPython(pickles));
});

test.each(['pickle', 'msgpack', 'json'] as const)(
  'every byte of every %s of the fixtures is in one line, in order',
  (format) => {
    const written = writtenIn(format);
    expect(written.length).toBeGreaterThan(20);
    for (const hex of written) {
      const lines = dumpSession(Buffer.from(hex, 'hex'), format);
      expect(lines.map((line) => line.hex.replaceAll(' ', '')).join('')).toBe(hex);
    }
  },
);

test('arguments are shown as what they are', () => {
  const pickle = Buffer.from('80047d94288c03616765944b2a8c016694473ff8000000000000752e', 'hex');
  expect(dumpPickle(pickle).map(({ name, text }) => [name, text])).toEqual([
    ['PROTO', '4'],
    ['EMPTY_DICT', ''],
    ['MEMOIZE', ''],
    ['MARK', ''],
    ['SHORT_BINUNICODE', '"age"'],
    ['MEMOIZE', ''],
    ['BININT1', '42'],
    ['SHORT_BINUNICODE', '"f"'],
    ['MEMOIZE', ''],
    ['BINFLOAT', '1.5'],
    ['SETITEMS', ''],
    ['STOP', ''],
  ]);
});

test('MessagePack is dumped value by value, what is inside of another one step deeper', () => {
  const bytes = '83a2697382c2c0c3cb3ff8000000000000a22a2a92ffcd0102a474696d65d6ff6521f000';
  const lines = dumpSession(Buffer.from(bytes, 'hex'), 'msgpack');
  expect(lines.map(({ offset, depth, name, text }) => [offset, depth, name, text])).toEqual([
    [0, 0, 'fixmap', '3 pairs'],
    [1, 1, 'fixstr', '"is"'],
    [4, 1, 'fixmap', '2 pairs'],
    [5, 2, 'false', ''],
    [6, 2, 'nil', ''],
    [7, 2, 'true', ''],
    [8, 2, 'float 64', '1.5'],
    [17, 1, 'fixstr', '"**"'],
    [20, 1, 'fixarray', '2 items'],
    [21, 2, 'negative fixint', '-1'],
    [22, 2, 'uint 16', '258'],
    [25, 1, 'fixstr', '"time"'],
    [30, 1, 'fixext 4', 'timestamp 1696722944'],
  ]);
});

test('JSON is dumped by key and value, what is inside of another one step deeper', () => {
  const bytes = Buffer.from('{"user":"ad\\"é","cart":{"Tea":1.5},"list":[true,[]]}');
  const lines = dumpSession(bytes, 'json');
  expect(lines.map(({ offset, depth, name, text }) => [offset, depth, name, text])).toEqual([
    [0, 0, 'object', '{'],
    [1, 1, 'string', '"user":"ad\\"é",'],
    [17, 1, 'object', '"cart":{'],
    [25, 2, 'number', '"Tea":1.5'],
    [34, 1, 'end', '},'],
    [36, 1, 'array', '"list":['],
    [44, 2, 'true', 'true,'],
    [49, 2, 'array', '['],
    [50, 2, 'end', ']'],
    [51, 1, 'end', ']'],
    [52, 0, 'end', '}'],
  ]);
});

/** Sessions that Flask-Session wrote, in hex. */
function writtenIn(format: Format): string[] {
  return WRITTEN.flatMap((written) =>
    written.format === format && written.expect === 'valid' ? written.hex : [],
  );
}

function dumpedByPython(pickles: string[]): unknown {
  const script = `
import json, pickletools, sys
pickles = map(bytes.fromhex, json.load(sys.stdin))
print(json.dumps([[(at, code.name) for code, _, at in pickletools.genops(p)] for p in pickles]))
`;
  const input = JSON.stringify(pickles);
  const options = { input, encoding: 'utf8', maxBuffer: Infinity } as const;
  return JSON.parse(execFileSync('python3', ['-c', script], options));
}
