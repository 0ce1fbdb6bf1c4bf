/** Pickles that are written or damaged here, judged by a running CPython. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  dumps,
  loads,
  UnpicklingError,
  type PickleProtocol,
} from '../../src/python/pickle/index.js';
import { anyValue } from '../support/arbitrary-values.js';
import { pickleBytes, titleOf } from '../support/pickle-fixtures.js';

const SEED = 20_260_102;
const PROTOCOLS: readonly PickleProtocol[] = [0, 1, 2, 3, 4, 5];

/** Values that differ in CPython, by id and protocol written, each with its reason. */
const OTHER_VALUE: readonly (readonly [RegExp, string])[] = [
  [/float\/alone/, 'outside of a container nothing can note that the number 1 was a float'],
  [
    /time\/((date)?time.*-fold|datetime-zoneinfo).* as [0-3]$/,
    'no pickle before protocol 4 has the fold',
  ],
  [
    /class\/newargs-ex protocol [01] .* as [2-5]$/,
    'a pickle of protocol 0 or 1 has no arguments, without which this class is not made',
  ],
];

/** What CPython says of a damaged pickle. */
type Verdict = true | readonly [error: string, text: string];

const fixtures = pickleBytes();

describe('CPython', { timeout: 300_000 }, () => {
  test('loads what is written for every fixture as the same value', () => {
    const pairs = fixtures.flatMap((each) =>
      PROTOCOLS.map((protocol) => ({
        title: `${titleOf(each)} as ${protocol}`,
        original: each.bytes,
        written: dumps(loads(each.bytes), { protocol }),
      })),
    );
    const answers = ask({
      same: pairs.map(({ original, written }) => [hexOf(original), hexOf(written)]),
    });
    const judged = pairs.filter((_, i) => answers[i] !== null);
    const differing = pairs.filter((_, i) => answers[i] !== null && answers[i] !== true);
    console.log(
      `${judged.length} written pickles judged, ${pairs.length - judged.length} of other Pythons ` +
        `not, ${differing.length} differ`,
    );
    expect(judged.length).toBeGreaterThan(pairs.length * 0.9);
    const titles = differing.map(({ title }) => title);
    for (const [pattern, reason] of OTHER_VALUE) {
      const count = titles.filter((title) => pattern.test(title)).length;
      console.log(`${count} differ: ${reason}`);
      expect(count).toBeGreaterThan(0);
    }
    const isListed = (title: string) => OTHER_VALUE.some(([pattern]) => pattern.test(title));
    expect(titles.filter((title) => !isListed(title))).toEqual([]);
  });

  test('loads what is written for random values as the same value', () => {
    const values = fc.sample(anyValue, { seed: SEED, numRuns: 1000 }).map((value) => [value]);
    const pairs = values.map((value, i) => {
      const original = dumps(value);
      const written = dumps(loads(original), { protocol: PROTOCOLS[i % 6] ?? 0 });
      return [hexOf(original), hexOf(written)] as const;
    });
    expect(ask({ same: pairs }).filter((answer) => answer !== true)).toEqual([]);
  });

  test('refuses every fixture cut at any byte, as loads does', () => {
    const pickles = [...new Map(fixtures.map(({ bytes }) => [hexOf(bytes), bytes])).values()];
    const ours = pickles.map((bytes) =>
      [...bytes.keys()].filter((length) => verdictOf(bytes.subarray(0, length)) === true),
    );
    expect(ask({ cut: pickles.map(hexOf) })).toEqual(ours);
    const cuts = pickles.reduce((sum, bytes) => sum + bytes.length, 0);
    console.log(`${pickles.length} pickles cut at ${cuts} bytes: all judged alike`);
  });

  test('accepts and refuses damaged fixtures as loads does, but for the listed reasons', () => {
    const inputs = fc.sample(damaged(), { seed: SEED, numRuns: 5000 });
    expect(compare('damaged', inputs)).toEqual([]);
  });
});

/** Why one side accepts what the other refuses, by what is said of it. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^here: LookupError/, 'no class is looked up here, and the judge lets few be found'],
  [/^here: AttributeError/, 'no class is looked up here, so none can be missing'],
  [/^here: (\w*ValueError|TypeError|KeyError|IndexError|OverflowError)/, 'no class is called here'],
  [
    /^here: (Assertion|Import|ModuleNotFound|ZeroDivision|Recursion)Error/,
    'no class is called here',
  ],
  [/^here: InvalidOperation/, 'no class is called here'],
  [/^here: MemoryError/, 'what the call takes is not taken here'],
  [
    /^here: UnpicklingError (pickle data was|invalid load|pickle exhausted)/,
    'a stream is read frame by frame, bytes are not',
  ],
  [/^CPython: .* must be an integer from/, 'CPython takes dates that no calendar has from bytes'],
];

/** Counts agreement, and gives what differs for none of the listed reasons. */
function compare(kind: string, inputs: readonly Buffer[]): string[] {
  const verdicts = ask({ accepts: inputs.map(hexOf) }) as Verdict[];
  const counts = new Map<string, number>();
  const unlisted: string[] = [];
  for (const [i, bytes] of inputs.entries()) {
    const theirs = verdicts[i] ?? true;
    const ours = verdictOf(bytes);
    if ((ours === true) === (theirs === true)) continue;
    const said = theirs === true ? `CPython: ${String(ours)}` : `here: ${theirs.join(' ')}`;
    const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1];
    if (reason === undefined) unlisted.push(`${said}: ${hexOf(bytes)}`);
    else counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const differing = unlisted.length + [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${inputs.length} ${kind} pickles: ${inputs.length - differing} judged alike`);
  for (const [reason, count] of counts) console.log(`${count} not: ${reason}`);
  return unlisted;
}

/** `true`, or the reason why it is refused, which is never anything but an UnpicklingError. */
function verdictOf(bytes: Buffer): true | string {
  try {
    loads(bytes);
    return true;
  } catch (error) {
    if (error instanceof UnpicklingError) return error.message;
    throw error;
  }
}

/** Fixtures with one to three edits each. */
function damaged(): fc.Arbitrary<Buffer> {
  const short = fixtures.filter(({ bytes }) => bytes.length < 600).map(({ bytes }) => bytes);
  const edit = fc.record({ kind: fc.nat(4), at: fc.nat(), byte: fc.nat(255) });
  return fc
    .tuple(
      fc.constantFrom(...short),
      fc.constantFrom(...short),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
    )
    .map(([original, other, edits]) => {
      const edited = [...original];
      for (const { kind, at, byte } of edits) {
        const index = at % (edited.length + 1);
        if (kind === 0) edited[index] = byte;
        else if (kind === 1) edited.splice(index, 1);
        else if (kind === 2) edited.splice(index, 0, byte);
        else if (kind === 3) edited.splice(index, byte % 4, ...other.subarray(at % other.length));
        else edited[index] = (edited[index] ?? 0) ^ (1 << (byte % 8));
      }
      return Buffer.from(edited);
    });
}

function ask(questions: {
  readonly same?: readonly (readonly [original: string, written: string])[];
  readonly accepts?: readonly string[];
  readonly cut?: readonly string[];
}): unknown[] {
  const script = fileURLToPath(new URL('../../python-harness/judge_pickle.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync('python3', [script], {
    input: JSON.stringify(questions),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
