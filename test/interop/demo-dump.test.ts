import { execFileSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { dumpHex, dumpPickle } from '../../examples/demo/dump.js';
import { readFixture, releasesOf } from '../support/fixtures.js';
import type { WrittenCase } from '../support/flask-session-fixtures.js';

test('every pickle of the fixtures is dumped opcode by opcode as by pickletools', () => {
  const pickles = releasesOf('flask-session')
    .map((release) => readFixture('flask-session', `${release}.json`) as { cases: WrittenCase[] })
    .flatMap(({ cases }) => cases)
    .flatMap((written) =>
      written.format === 'pickle' && written.expect === 'valid' ? written.hex : [],
    );
  const ours = pickles.map((hex) =>
    dumpPickle(Buffer.from(hex, 'hex')).map(({ offset, opcode }) => [offset, opcode]),
  );
  expect(pickles.length).toBeGreaterThan(100);
  expect(ours).toEqual(dumpedByPython(pickles));
});

test('arguments are shown as what they are', () => {
  const pickle = Buffer.from('80047d94288c03616765944b2a8c016694473ff8000000000000752e', 'hex');
  expect(dumpPickle(pickle).map(({ opcode, text }) => [opcode, text])).toEqual([
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

test('other formats are dumped by eight bytes a line', () => {
  expect(dumpHex(Buffer.from('{"user":1}\u0000'))).toEqual([
    { offset: 0, hex: '7b 22 75 73 65 72 22 3a', text: '{"user":' },
    { offset: 8, hex: '31 7d 00', text: '1}·' },
  ]);
});

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
