/** Bytes with every possible head: what we read in them is what Flask-Session 0.8 reads. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, test } from 'vitest';

import { json, msgpack } from '../../src/python/msgspec/index.js';
import { dumps } from '../../src/python/pickle/index.js';
import { readPayload, recogniseFormat } from '../../src/session/serializers.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import { toTyped, type Typed } from '../support/typed-json.js';

const ENVIRONMENT = 'flask-session-0.8.0';

/** Ends of pickles, maps and objects, and what is none of them. */
const TAILS = [
  '',
  '.',
  '}.',
  '0}.',
  '00}.',
  '\x04}.',
  '\x02}q\x00.',
  `${'N'.repeat(14)}}.`,
  `${'N'.repeat(28)}}.`,
  '}',
  '"a":1}',
  '\xa1a\x01',
  '\xa1a\x01'.repeat(2),
  '\x7d\x2e'.repeat(8),
  '\xa1a\xa1b'.repeat(15),
  '\x00\x01\xa1a\x01',
  '\x00\x00\x00\x01\xa1a\x01',
  'dp0\n.',
].map((tail) => Buffer.from(tail, 'latin1'));

interface Verdict {
  readonly expect: 'valid' | 'reject';
  readonly value?: Typed;
}

let python: string;

beforeAll(async () => {
  python = (await ensureEnvironments([ENVIRONMENT])).get(ENVIRONMENT) ?? '';
}, 600_000);

describe('stored bytes', { timeout: 120_000 }, () => {
  test('with any first byte and many an end give the dict that Flask-Session gives', () => {
    const heads = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]));
    const inputs = heads.flatMap((head) => TAILS.map((tail) => Buffer.concat([head, tail])));
    expect(differing(inputs)).toEqual([]);
    const read = inputs.filter((bytes) => dictOf(bytes) !== undefined);
    const formats = new Set(read.map((bytes) => recogniseFormat(bytes)));
    expect([...formats].sort()).toEqual(['json', 'msgpack', 'pickle']);
    console.log(`${inputs.length} inputs, ${read.length} are dicts to both, 0 to one alone`);
  });

  test('of one session in each format give the same dict', () => {
    const session = { _permanent: true, n: [1, 'a', null], '': { k: 2 } };
    const pickles = ([0, 1, 2, 3, 4, 5] as const).map((protocol) => dumps(session, { protocol }));
    const others = [msgpack.encode(session), json.encode(session)];
    expect(differing([...pickles, ...others])).toEqual([]);
    expect(pickles.map(recogniseFormat)).toEqual(pickles.map(() => 'pickle'));
    expect(others.map(recogniseFormat)).toEqual(['msgpack', 'json']);
  });
});

/** Inputs in which we see another dict than Flask-Session, or see one where it sees none. */
function differing(inputs: readonly Buffer[]): string[] {
  const verdicts = judge(inputs);
  return inputs
    .filter((bytes, i) => {
      const { msgpack: asMsgpack, json: asJson } = verdicts[i] ?? {};
      const ours = dictOf(bytes);
      return ours !== dictIn(asMsgpack) || ours !== dictIn(asJson);
    })
    .map((bytes) => bytes.toString('hex'));
}

function judge(inputs: readonly Buffer[]): readonly Partial<Record<'msgpack' | 'json', Verdict>>[] {
  const script = fileURLToPath(new URL('../../python-harness/judge_sessions.py', import.meta.url));
  const input = JSON.stringify(inputs.map((bytes) => bytes.toString('hex')));
  const maxBuffer = 2 ** 28;
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input,
    maxBuffer,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof judge>;
}

function dictIn(verdict: Verdict | undefined): string | undefined {
  return verdict?.value && 'dict' in verdict.value ? JSON.stringify(verdict.value) : undefined;
}

function dictOf(bytes: Buffer): string | undefined {
  try {
    return JSON.stringify(toTyped(readPayload(bytes).data));
  } catch {
    return undefined;
  }
}
