/** tools/setup.mjs in a repository of its own, with stand-ins for npm and python3 on PATH. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../../tools/setup.mjs';

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'flask-session-bridge-setup-'));
  mkdirSync(join(repository, 'bin'));
  cpSync(join(ROOT, 'tools/setup.mjs'), join(repository, 'tools/setup.mjs'));
});

afterEach(() => {
  rmSync(repository, { recursive: true, force: true });
});

describe('ensureNodeModules', () => {
  const locked = { '': {}, a: { integrity: 'sha512-1' }, b: { integrity: 'x', optional: true } };

  beforeEach(() => {
    write('package-lock.json', { packages: locked });
    putOnPath('npm', 'touch installed');
  });

  test('installs into a fresh clone', () => {
    expect(setUp('ensureNodeModules')).toEqual({ status: 0, said: 'installing node modules\n' });
    expect(existsSync(join(repository, 'installed'))).toBe(true);
  });

  test('installs when the lock file names another version', () => {
    write('node_modules/.package-lock.json', { packages: { a: { integrity: 'sha512-0' } } });
    expect(setUp('ensureNodeModules').said).toBe('installing node modules\n');
  });

  test('does nothing and says nothing when all but an optional package is there', () => {
    write('node_modules/.package-lock.json', { packages: { a: { integrity: 'sha512-1' } } });
    expect(setUp('ensureNodeModules')).toEqual({ status: 0, said: '' });
    expect(existsSync(join(repository, 'installed'))).toBe(false);
  });

  test.each([
    ['npm error code EAI_AGAIN', "the npm registry cannot be reached: connect, or set npm's proxy"],
    ['npm error code EUSAGE\nnpm error\nnpm error no lock', 'npm ci failed: no lock'],
  ])('says in one line why npm failed: %j', (stderr, line) => {
    putOnPath('npm', `echo '${stderr}' >&2; exit 1`);
    expect(setUp('ensureNodeModules')).toEqual({
      status: 1,
      said: `installing node modules\n${line}\n`,
    });
  });

  test('says in one line that npm is missing', () => {
    rmSync(join(repository, 'bin/npm'));
    expect(setUp('ensureNodeModules').said).toContain('\nnpm is missing; ');
  });
});

describe('ensureEnvironments', () => {
  test('passes on what is being made, and nothing else', () => {
    putOnPath('python3', 'echo "making the Python environment x" >&2; echo noise >&2; echo /x');
    expect(setUp('ensureEnvironments', ['x'])).toEqual({
      status: 0,
      said: 'making the Python environment x\n',
    });
  });

  test('says what the harness says when that fails', () => {
    putOnPath('python3', 'echo "environments: no venv module" >&2; exit 1');
    expect(setUp('ensureEnvironments', ['x'])).toEqual({
      status: 1,
      said: 'environments: no venv module\n',
    });
  });

  test('says in one line that python3 is missing', () => {
    expect(setUp('ensureEnvironments', ['x'])).toEqual({
      status: 1,
      said: 'python3 is missing; get it with: apt-get install python3 python3-venv\n',
    });
  });
});

/** Calls a function of the copied setup.mjs in a program of its own. */
function setUp(name: string, ...args: unknown[]): { status: number | null; said: string } {
  const program = `
    import { ${name}, runOrExplain } from '${join(repository, 'tools/setup.mjs')}';
    await runOrExplain(async () => { await ${name}(...${JSON.stringify(args)}); return 0; });`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { PATH: join(repository, 'bin') },
  });
  return { status, said: stderr };
}

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), JSON.stringify(content));
}

/** A command that is a line of shell. */
function putOnPath(command: string, line: string): void {
  const path = join(repository, 'bin', command);
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${line}\n`, { mode: 0o755 });
}
