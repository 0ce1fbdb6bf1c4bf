/**
 * dist/, which the package's own name leads to: what imports `flask-session-bridge` needs it.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError } from './setup.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(ROOT, '.cache/build');

/** Compiles src/ unless dist/ is of this very src/. */
export function ensureBuild() {
  const hash = hashSources();
  if (existsSync(DIST) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  process.stderr.write('building dist/\n');
  rmSync(DIST, { recursive: true, force: true });
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new SetupError('npm run build failed');
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  writeFileSync(STAMP, hash);
}

function hashSources() {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...settings.map((name) => join(ROOT, name)), ...sources.sort()]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
