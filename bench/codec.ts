/**
 * Decoding and encoding of sessions, against CPython's C pickle and the codecs of Node.
 * `npm run bench:codec`; with `-- --rounds 20` a quicker and coarser run.
 *
 * CPython runs in a process of its own and times itself. Rounds are interleaved, so that whatever
 * else the machine does hits all alike; what counts is the best round of each.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { loads as jpickleLoads } from 'jpickle';
import { Packr } from 'msgpackr';
import { Parser } from 'pickleparser';
import { isMissed, writeComparisons } from './comparison.js';
import type { Comparison, ComparisonRow } from './comparison.js';

/** The build, which is what users run: tsx would name each function anew, at a third of the speed. */
const { dumps, loads } = (await import(
  new URL('../dist/python/pickle/index.js', import.meta.url).href
)) as typeof import('../src/python/pickle/index.js');

const SESSIONS = ['tiny', 'login', 'typed', 'large'] as const;
const VERBS = ['loads', 'dumps'] as const;
/** How long one contender runs in one round: short, to fit between what else the machine does. */
const BATCH_MS = 1;

const WARM_UP_ROUNDS = 100;

/** The most of another contender's time that `loads` and `dumps` may take. */
const TARGETS: readonly Target[] = [
  { verb: 'loads', session: 'login', contender: 'CPython', most: 1 },
  { verb: 'loads', session: 'large', contender: 'CPython', most: 0.9 },
  { verb: 'loads', session: 'typed', contender: 'CPython', most: 0.6 },
  { verb: 'loads', session: 'login', contender: 'pickleparser', most: 1 / 3.5 },
  { verb: 'loads', session: 'large', contender: 'pickleparser', most: 1 / 2.5 },
  { verb: 'dumps', session: 'login', contender: 'CPython', most: 1.3 },
  { verb: 'dumps', session: 'large', contender: 'CPython', most: 1.3 },
  { verb: 'dumps', session: 'typed', contender: 'CPython', most: 0.6 },
];

type SessionName = (typeof SESSIONS)[number];
type Verb = (typeof VERBS)[number];

interface Target {
  readonly verb: Verb;
  readonly session: SessionName;
  readonly contender: string;
  readonly most: number;
}

/** One codec on one session. */
interface Contender {
  readonly name: string;
  /** Runs `count` times and gives the nanoseconds that took. */
  run(count: number): number | Promise<number>;
}

/** CPython with the sessions of the bench, asked line by line. */
class Python {
  readonly #process = spawn('python3', [
    fileURLToPath(new URL('../python-harness/bench_pickle.py', import.meta.url)),
  ]);
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  async ask(request: string): Promise<unknown> {
    this.#process.stdin.write(`${request}\n`);
    const line = (await this.#lines.next()) as IteratorResult<string, undefined>;
    if (line.done) throw new Error('python3 ended; its message is above');
    return JSON.parse(line.value) as unknown;
  }

  close(): void {
    this.#process.stdin.end();
  }
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '400' }, json: { type: 'string' } },
});
const python = new Python();
const pickles = (await python.ask('sessions')) as Record<SessionName, string>;
const comparisons: Comparison[] = [];
for (const verb of VERBS) {
  for (const session of SESSIONS) {
    const pickle = Buffer.from(pickles[session], 'hex');
    const contenders = [
      ...(verb === 'loads' ? decoders(session, pickle) : encoders(session, pickle)),
      { name: 'CPython', run: (n) => python.ask(`${verb} ${session} ${n}`) as Promise<number> },
    ] satisfies Contender[];
    comparisons.push(report(verb, session, pickle.length, await measure(contenders)));
  }
}
python.close();
if (values.json !== undefined) await writeComparisons(values.json, comparisons);
const missed = comparisons.flatMap(({ rows }) => rows).filter(isMissed).length;
console.log(missed === 0 ? '\nall targets reached' : `\n${missed} targets missed`);
if (missed > 0) process.exitCode = 1;

function decoders(session: SessionName, pickle: Buffer): Contender[] {
  const value = loads(pickle);
  const ours = timed('ours', () => loads(pickle));
  // pickleparser and jpickle refuse the serial number, and JSON has none of the types.
  if (session === 'typed') return [ours];
  const protocol2 = dumps(value, { protocol: 2 }).toString('latin1');
  const json = JSON.stringify(value);
  const packr = new Packr();
  const packed = packr.pack(value);
  return [
    ours,
    timed('pickleparser', () => new Parser().parse(pickle)),
    timed('jpickle, protocol 2', () => jpickleLoads(protocol2)),
    timed('JSON', () => JSON.parse(json) as unknown),
    timed('msgpackr', () => packr.unpack(packed) as unknown),
  ];
}

function encoders(session: SessionName, pickle: Buffer): Contender[] {
  const value = loads(pickle);
  const ours = timed('ours', () => dumps(value));
  if (session === 'typed') return [ours];
  const packr = new Packr();
  return [
    ours,
    timed('JSON', () => JSON.stringify(value)),
    timed('msgpackr', () => packr.pack(value)),
  ];
}

function timed(name: string, call: () => unknown): Contender {
  return {
    name,
    run(count) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < count; i++) call();
      return Number(process.hrtime.bigint() - start);
    },
  };
}

/** Best nanoseconds per call, by contender. */
async function measure(contenders: readonly Contender[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const contender of contenders) {
    for (let i = 0; i < WARM_UP_ROUNDS; i++) await contender.run(20);
    let count = 1;
    while ((await contender.run(count)) < (BATCH_MS / 2) * 1e6) count *= 2;
    counts.set(contender.name, count);
  }
  const best = new Map<string, number>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contender of contenders) {
      const { name } = contender;
      const count = counts.get(name) ?? 1;
      best.set(name, Math.min(best.get(name) ?? Infinity, (await contender.run(count)) / count));
    }
  }
  return best;
}

/** Prints one table, and gives how many times as fast as each contender ours is. */
function report(
  verb: Verb,
  session: SessionName,
  bytes: number,
  best: ReadonlyMap<string, number>,
): Comparison {
  const ours = best.get('ours') ?? NaN;
  const rows: ComparisonRow[] = [];
  console.log(`\n${verb}, ${session} session (${bytes} bytes)`);
  for (const [name, nanoseconds] of best) {
    let line = `  ${name.padEnd(20)}${(nanoseconds / 1000).toFixed(2).padStart(10)} us`;
    if (name !== 'ours') {
      const target = TARGETS.find(
        (each) => each.verb === verb && each.session === session && each.contender === name,
      );
      const row = { name, ratio: nanoseconds / ours, target: target && 1 / target.most };
      rows.push(row);
      line += `   ours takes ${(ours / nanoseconds).toFixed(2)} of it`;
      if (target) {
        line += `, at most ${target.most.toFixed(2)}: ${isMissed(row) ? 'MISSED' : 'reached'}`;
      }
    }
    console.log(line);
  }
  return { title: `${verb}, ${session} session`, rows };
}
