/**
 * What a fresh clone lacks: node modules and the harness's Python environments.
 * Plain JavaScript on Node alone, since it runs before anything is installed. Each function prints
 * a line when it does something and nothing when all is there, so a second run is quick.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];
const UPKEEP = new Set(['lint', 'uv']);

/** What is missing and how to get it, in one line. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Runs `npm ci` unless node_modules holds what package-lock.json says. */
export function ensureNodeModules() {
  requireNode();
  if (installedAsLocked()) return;
  process.stderr.write('installing node modules\n');
  const npm = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (npm.error)
    throw new SetupError('npm is missing; it comes with Node, or: apt-get install npm');
  if (npm.status === 0) return;
  if (/EAI_AGAIN|ENOTFOUND|ECONN|ETIMEDOUT|ENETUNREACH|network/.test(npm.stderr)) {
    throw new SetupError("the npm registry cannot be reached: connect, or set npm's proxy");
  }
  const [, why = 'it gave no reason'] = /^npm error (?!code)(\S.*)/m.exec(npm.stderr) ?? [];
  throw new SetupError(`npm ci failed: ${why}`);
}

/**
 * Makes the Python environments that are not there yet.
 * @param {readonly string[]} [names] of python-harness/requirements; when left out, all but those
 *   that only the upkeep of the harness itself needs
 * @returns {Promise<Map<string, string>>} the path of each one's python
 */
export async function ensureEnvironments(names) {
  const wanted = names ?? (await runEnvironments('list')).filter((name) => !UPKEEP.has(name));
  const paths = await runEnvironments('ensure', ...wanted);
  return new Map(wanted.map((name, index) => [name, paths[index]]));
}

/** Runs a program's main part; what is missing for it ends the program with one line. */
export async function runOrExplain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function requireNode() {
  const version = process.versions.node.split('.').map(Number);
  if (version[0] > OLDEST_NODE[0]) return;
  if (version[0] === OLDEST_NODE[0] && version[1] >= OLDEST_NODE[1]) return;
  throw new SetupError(
    `Node is ${process.versions.node}, and ${OLDEST_NODE.join('.')} or newer is needed`,
  );
}

/** npm keeps its own record of what it installed, and writes it last. */
function installedAsLocked() {
  const locked = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(locked).every(
    ([path, entry]) =>
      path === '' || entry.optional || installed[path]?.integrity === entry.integrity,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

function runEnvironments(...args) {
  if (process.platform === 'win32') {
    throw new SetupError('the harness needs Linux or macOS; on Windows run it in WSL');
  }
  const script = join(ROOT, 'python-harness/environments.py');
  const python = spawn('python3', [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let paths = '';
  let lastSaid = '';
  python.stdout.setEncoding('utf8').on('data', (text) => (paths += text));
  createInterface({ input: python.stderr }).on('line', (line) => {
    lastSaid = line;
    if (line.startsWith('making ')) process.stderr.write(`${line}\n`);
  });
  return new Promise((resolve, reject) => {
    python.on('error', () => {
      const remedy = 'get it with: apt-get install python3 python3-venv';
      reject(new SetupError(`python3 is missing; ${remedy}`));
    });
    python.on('close', (status) => {
      if (status === 0) resolve(paths.trim().split('\n'));
      else reject(new SetupError(lastSaid));
    });
  });
}
