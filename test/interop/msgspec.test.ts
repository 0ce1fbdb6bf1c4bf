/** Bytes that are made up here, judged by a running msgspec: the one that Flask-Session 0.8 uses. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { json, msgpack } from '../../src/python/msgspec/index.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import { anyValue } from '../support/arbitrary-values.js';
import { toTyped, type Typed } from '../support/typed-json.js';

const ENVIRONMENT = 'flask-session-0.8.0';
const SEED = 20_260_102;

const CODECS = { msgpack, json };
type Format = keyof typeof CODECS;

/** What msgspec made of bytes. */
interface Verdict {
  readonly expect: 'valid' | 'reject';
  readonly value?: Typed;
  /** What msgspec writes for the value, in hex. */
  readonly written?: string | null;
}

let python: string;

beforeAll(async () => {
  python = (await ensureEnvironments([ENVIRONMENT])).get(ENVIRONMENT) ?? '';
}, 600_000);

describe.each(['msgpack', 'json'] as const)('%s', { timeout: 120_000 }, (format) => {
  const { decode, encode } = CODECS[format];

  test('msgspec reads what we write, and writes the very same bytes', () => {
    const values = fc.sample(anyValue, { seed: SEED, numRuns: 1500 });
    // In a list: outside of a container an integral float would be read as an int.
    const written = values.map((value) => encode([value]));
    const verdicts = judge(written.map((bytes) => [format, bytes]));
    const differing = written.filter((bytes, i) => {
      const verdict = verdicts[i];
      const isEqual = JSON.stringify(toTyped(decode(bytes))) === JSON.stringify(verdict?.value);
      return !isEqual || verdict?.written !== bytes.toString('hex');
    });
    expect(differing.map((bytes) => bytes.toString('hex'))).toEqual([]);
  });

  test('damaged bytes are read as msgspec reads them, or refused as msgspec refuses them', () => {
    const inputs = fc.sample(damaged(format), { seed: SEED, numRuns: 10_000 });
    const verdicts = judge(inputs.map((bytes) => [format, bytes]));
    const ours = inputs.map((bytes) => judgeOurs(format, bytes));
    const differing = ours.filter((verdict, i) => {
      return JSON.stringify(verdict) !== JSON.stringify(verdicts[i]);
    });
    const accepted = ours.filter((verdict) => verdict.expect === 'valid').length;
    console.log(
      `${format}: ${inputs.length} damaged inputs, ${accepted} accepted, ` +
        `${inputs.length - accepted} refused, ${differing.length} otherwise than by msgspec`,
    );
    expect(differing).toEqual([]);
    expect(accepted).toBeGreaterThan(inputs.length / 20);
  });
});

function judge(inputs: readonly (readonly [Format, Buffer])[]): readonly Verdict[] {
  const script = fileURLToPath(new URL('../../python-harness/judge_msgspec.py', import.meta.url));
  const input = JSON.stringify(inputs.map(([name, bytes]) => [name, bytes.toString('hex')]));
  const maxBuffer = 2 ** 30;
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input,
    maxBuffer,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as Verdict[]).map(({ expect: verdict, value, written }) =>
    verdict === 'valid' ? { expect: verdict, value, written } : { expect: verdict },
  ) as Verdict[];
}

function judgeOurs(format: Format, bytes: Buffer): Verdict {
  const { decode, encode } = CODECS[format];
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_MSGSPEC_DECODE' });
    return { expect: 'reject' };
  }
  return { expect: 'valid', value: toTyped(value), written: encode(value).toString('hex') };
}

/** Bytes of the fixtures with one to three edits each, in a list. */
function damaged(format: Format): fc.Arbitrary<Buffer> {
  const bytes = fc.constantFrom(...fixtureBytes(format));
  const edit = fc.record({ kind: fc.nat(4), at: fc.nat(), byte: fc.nat(255), from: bytes });
  return fc
    .tuple(bytes, fc.array(edit, { minLength: 1, maxLength: 3 }))
    .map(([original, edits]) => {
      const edited = [...original];
      for (const { kind, at, byte, from } of edits) {
        const index = at % (edited.length + 1);
        if (kind === 0) edited[index] = byte;
        else if (kind === 1) edited.splice(index, 1);
        else if (kind === 2) edited.splice(index, 0, byte);
        else if (kind === 3) edited.splice(index, byte % 4, ...from.subarray(at % from.length));
        else edited[index] = (edited[index] ?? 0) ^ (1 << (byte % 8));
      }
      return format === 'json'
        ? Buffer.from([0x5b, ...edited, 0x5d])
        : Buffer.from([0x91, ...edited]);
    });
}

function fixtureBytes(format: Format): Buffer[] {
  const url = new URL('../../compat-fixtures/msgspec/0.22.0.json', import.meta.url);
  const { encoded, decoded } = JSON.parse(readFileSync(url, 'utf8')) as Record<
    'encoded' | 'decoded',
    readonly { readonly format: Format; readonly hex?: string }[]
  >;
  return [...encoded, ...decoded]
    .filter((each) => each.format === format && each.hex && each.hex.length < 1200)
    .map(({ hex = '' }) => Buffer.from(hex, 'hex'));
}
