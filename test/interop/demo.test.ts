import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { VARIANTS } from '../../examples/demo/variants.js';
import { Transcript } from '../../examples/demo/transcript.js';
import { walk } from '../../examples/demo/walk.js';
import { serve } from '../support/http.js';

/** The walk starts six Flask apps, one after the other. */
const WALK_TIMEOUT = 300_000;

test(
  'npm run demo -- --once walks with every format, the signer on and off, and succeeds',
  async () => {
    const demo = await startDemo('--once');
    await once(demo.process, 'close');
    const lines = demo.output().split('\n');
    expect(demo.process.exitCode, demo.output()).toBe(0);
    expect(lines.filter((line) => line.includes('Flask-Session 0.'))).toEqual([
      'pickle, unsigned cookie, Flask-Session 0.5.0',
      'pickle, signed cookie, Flask-Session 0.5.0',
      'msgpack, unsigned cookie, Flask-Session 0.8.0',
      'msgpack, signed cookie, Flask-Session 0.8.0',
      'json, unsigned cookie, Flask-Session 0.8.0',
      'json, signed cookie, Flask-Session 0.8.0',
    ]);
    for (const step of STEPS) {
      const taken = lines.filter((line) => line.startsWith(`  ✓ ${step} `));
      expect(taken, step).toHaveLength(VARIANTS.length);
    }
    expect(lines.filter((line) => line.includes('✗'))).toEqual([]);
    expect(await leftovers(demo.folder)).toEqual([]);
  },
  WALK_TIMEOUT,
);

test(
  'the demo serves both apps until SIGTERM, and leaves nothing behind',
  async () => {
    const demo = await startDemo('--port', '0', '--format', 'json');
    const address = await demo.printed(/^Old app \(Flask\): +(\S+)\/$/m);
    const oldApp = await fetch(address);
    expect(oldApp.headers.get('X-Answered-By')).toMatch(/^Flask .* Flask-Session 0\.8\.0$/);
    const newApp = await fetch(`${address}/next`);
    expect(newApp.headers.get('X-Answered-By')).toMatch(/^Express 5/);

    const family = familyOf(demo.process.pid);
    // The launcher, the demo itself, Redis, Flask; some with a shell before them.
    expect(family.length).toBeGreaterThanOrEqual(4);
    demo.process.kill('SIGTERM');
    await once(demo.process, 'close');
    expect(demo.process.exitCode).toBe(0);
    expect(processes().filter(({ pid }) => family.includes(pid))).toEqual([]);
    expect(await leftovers(demo.folder)).toEqual([]);
  },
  WALK_TIMEOUT,
);

test('a step that does not hold ends the walk, and the transcript says why', async () => {
  // A shop where everybody stays nobody.
  const port = await serve((req, res) => {
    const isPanel = req.url?.startsWith('/panel') ?? false;
    res.setHeader('X-Answered-By', 'Flask 0');
    res.end(isPanel ? '{"session": null}' : 'Nobody is logged in');
  });
  const printed: string[] = [];
  const write = (text: string): boolean => printed.push(text) > 0;
  const held = await walk(
    `http://127.0.0.1:${port}`,
    { format: 'pickle', signer: true },
    new Transcript({ isTTY: false, write }),
  );
  expect(held).toBe(false);
  expect(printed.join('')).toMatch(/✓ a visitor of the old app is nobody/);
  expect(printed.join('')).toMatch(/✗ ada logs in on the old app: status: expected 302, found 200/);
});

test('an unknown option ends the demo with status 2 and the usage', async () => {
  const demo = await startDemo('--format', 'yaml');
  await once(demo.process, 'close');
  expect(demo.process.exitCode).toBe(2);
  expect(demo.output()).toMatch(/--format must be one of pickle, msgpack, json[^]*usage:/);
});

/** Steps that a transcript must have, whatever else it has. */
const STEPS = [
  'ada logs in on the old app',
  'the new app knows ada',
  'ada adds a teapot on the new app',
  'the old app shows the teapot',
  'Flask finds the rest as it was, same types',
  'the new app shows the note',
  'ada logs out on the new app',
  'ada is out on the old app',
  'and gets a fresh id at login',
  'grace logs in on the new app',
  'the old app knows grace',
  'grace logs out on the old app',
  'grace is out on the new app',
];

interface Demo {
  readonly process: ChildProcess;
  /** Where its temporary files are. */
  readonly folder: string;
  output(): string;
  /** Waits until it has printed something, and gives the first group of it. */
  printed(pattern: RegExp): Promise<string>;
}

/** Runs what `npm run demo` runs. */
async function startDemo(...args: string[]): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  const launcher = fileURLToPath(new URL('../../tools/demo.mjs', import.meta.url));
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...process.env, TMPDIR: folder },
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    await rm(folder, { recursive: true, force: true });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close');
  const printed = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(output)?.[1];
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error(`the demo has ended:\n${output}`);
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  };
  return { process: child, folder, output: () => output, printed };
}

/** What the demo left of its temporary files; tsx has a cache there. */
async function leftovers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('tsx-'));
}

/** A process and everything that it started, directly or not. */
function familyOf(ancestor: number | undefined): number[] {
  const all = processes();
  const family = [ancestor];
  for (const member of family) {
    family.push(...all.filter(({ parent }) => parent === member).map(({ pid }) => pid));
  }
  return family.filter((pid) => pid !== undefined);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** Every process of this machine, but for those that have ended and are only remembered. */
function processes(): Process[] {
  const ps = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = ps.error ? readProc() : ps.stdout.split('\n').map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([pid, , state]) => pid !== '' && !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** What ps prints, on a Linux without it. */
function readProc(): string[][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return [[pid, parent, state]];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
