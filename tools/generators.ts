/**
 * Runs every generator of python-harness, each in the environments or on the interpreters that
 * generators.json names for it, and puts what they write in its place, or checks that it is there.
 * @module
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { startRedis } from './redis-server.js';
import { ensureEnvironments, ROOT } from './setup.mjs';

/** An entry of python-harness/generators.json, by the generator's file name. */
interface Entry {
  /** Environments of the harness; each run writes files of its own. */
  environments?: Place[];
  /** Commands such as `python2.7`, for what CPython itself decides. */
  interpreters?: Place[];
  /** Whether it stores sessions in the Redis that REDIS_URL names. */
  redis?: boolean;
  /** The file that takes what it prints, for a generator that writes none itself. */
  prints?: string;
  /** Fixtures that it reads, maybe from the run before: its runs go one after another. */
  reads?: string[];
}

/** Where a generator runs; `where` is a Python expression, over sys and zlib, that must hold. */
type Place = string | { on: string; where: string };

interface Run {
  generator: string;
  /** The environment or interpreter. */
  on: string;
  python: string;
  redis: boolean;
  prints: string | undefined;
}

interface Plan {
  /** Runs that need each other's files are in one list, in order. */
  chains: Run[][];
  /** Fixtures that are there before the first run. */
  reads: string[];
  /** What cannot run on this machine, and why. */
  leftOut: { generator: string; on: string; why: string }[];
}

const HARNESS = join(ROOT, 'python-harness');
const FIXTURES = join(ROOT, 'compat-fixtures');

/**
 * Writes every generated file anew; with `check`, only compares, and tells which differ.
 * @returns 0, or 1 when a check finds a difference
 * @throws Error when a generator fails
 */
export async function regenerate({ check }: { check: boolean }): Promise<number> {
  const plan = await planRuns();
  const tree = await mkdtemp(join(tmpdir(), 'flask-session-bridge-fixtures-'));
  try {
    // Generators write beside their own folder, so a copy of it keeps the real files as they are.
    await cp(HARNESS, join(tree, basename(HARNESS)), {
      recursive: true,
      filter: (path) => !/\.venvs|__pycache__|requirements/.test(relative(HARNESS, path)),
    });
    for (const path of plan.reads) await cp(join(ROOT, path), join(tree, path));
    const runs = plan.chains.flat();
    await runAll(plan.chains, tree);
    const written = (await filesUnder(tree)).filter((path) => !path.startsWith('python-harness/'));
    const differing = await keepDiffering(written, tree);
    const orphans = await findOrphans(new Set(written), plan);

    for (const { generator, on, why } of plan.leftOut) {
      console.log(`not run: ${generator} on ${on}: ${why}; its files stay as they are`);
    }
    console.log(`${runs.length} runs of generators wrote ${written.length} files`);
    for (const path of orphans) console.log(`no generator writes ${path}`);
    for (const path of differing) console.log(`${check ? 'differs' : 'written'}: ${path}`);
    if (check) return differing.length + orphans.length > 0 ? 1 : 0;
    for (const path of differing) {
      await mkdir(dirname(join(ROOT, path)), { recursive: true });
      await cp(join(tree, path), join(ROOT, path));
    }
    return 0;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function planRuns(): Promise<Plan> {
  const table = JSON.parse(await readFile(join(HARNESS, 'generators.json'), 'utf8')) as Record<
    string,
    Entry
  >;
  const scripts = (await readdir(HARNESS)).filter((name) => /^gen_.*\.py$/.test(name));
  const unknown = scripts.filter((name) => !(name in table));
  if (unknown.length > 0) throw new Error(`not in generators.json: ${unknown.join(', ')}`);

  const plan: Plan = { chains: [], reads: [], leftOut: [] };
  for (const [generator, entry] of Object.entries(table)) {
    const { environments = [], interpreters = [], redis = false, prints, reads } = entry;
    const runs: Run[] = [];
    plan.reads.push(...(reads ?? []));
    const pythons = await ensureEnvironments(environments.map((place) => named(place).on));
    for (const place of [...environments, ...interpreters]) {
      const { on, where } = named(place);
      const python = pythons.get(on) ?? findInterpreter(on);
      if (python === undefined) plan.leftOut.push({ generator, on, why: 'not on this machine' });
      else if (!holds(python, where)) plan.leftOut.push({ generator, on, why: `not ${where}` });
      else runs.push({ generator, on, python, redis, prints });
    }
    plan.chains.push(...(reads ? [runs] : runs.map((run) => [run])));
  }
  return plan;
}

function named(place: Place): { on: string; where: string } {
  return typeof place === 'string' ? { on: place, where: 'True' } : place;
}

/** A command on PATH, or the one of that name that pyenv has. */
function findInterpreter(command: string): string | undefined {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const candidates = existsSync(versions)
    ? readdirSync(versions).map((version) => join(versions, version, 'bin', command))
    : [];
  return [command, ...candidates].find((candidate) => holds(candidate, 'True'));
}

function holds(python: string, where: string): boolean {
  const code = `import sys, zlib; sys.exit(not (${where}))`;
  return spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0;
}

async function runAll(chains: readonly Run[][], tree: string): Promise<void> {
  // Fixed ids give every run the same keys, so each has a database of its own.
  const withRedis = chains.flat().filter((run) => run.redis);
  const args = ['--databases', String(withRedis.length + 1)];
  const redis = withRedis.length > 0 ? await startRedis({ args }) : undefined;
  const waiting = [...chains];
  const worker = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      for (const run of chain) {
        const database = new URL(redis?.url ?? 'redis://unused');
        database.pathname = `/${withRedis.indexOf(run)}`;
        await runOne(run, tree, database.href);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
  } finally {
    await redis?.stop();
  }
}

async function runOne(run: Run, tree: string, redisUrl: string): Promise<void> {
  const script = join(tree, basename(HARNESS), run.generator);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', REDIS_URL: redisUrl };
  delete (env as NodeJS.ProcessEnv).PYTHONPATH;
  try {
    const { stdout } = await promisify(execFile)(run.python, [script], { env, maxBuffer: 2 ** 26 });
    if (run.prints === undefined) return;
    await mkdir(dirname(join(tree, run.prints)), { recursive: true });
    await writeFile(join(tree, run.prints), stdout);
  } catch (error) {
    const { stderr } = error as { stderr: string };
    throw new Error(`${run.generator} failed on ${run.on}:\n${stderr}`, { cause: error });
  }
}

async function keepDiffering(paths: readonly string[], tree: string): Promise<string[]> {
  const differing: string[] = [];
  for (const path of paths) {
    const kept = await readFile(join(ROOT, path)).catch(() => undefined);
    if (kept?.equals(await readFile(join(tree, path))) !== true) differing.push(path);
  }
  return differing;
}

/** Fixtures that no run wrote, but for those of generators that did not run everywhere. */
async function findOrphans(written: ReadonlySet<string>, { leftOut }: Plan): Promise<string[]> {
  const orphans: string[] = [];
  for (const file of await filesUnder(FIXTURES)) {
    const path = join(basename(FIXTURES), file);
    if (written.has(path) || !path.endsWith('.json')) continue;
    const { generator } = JSON.parse(await readFile(join(ROOT, path), 'utf8')) as {
      generator: string;
    };
    if (!leftOut.some((run) => run.generator === basename(generator))) orphans.push(path);
  }
  return orphans;
}

/** Every file under a folder, relative to it, sorted. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
