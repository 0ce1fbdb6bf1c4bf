/** python-harness/environments.py on a copy of its own, whose requirements need no network. */

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../tools/setup.mjs';

const run = promisify(execFile);

let harness: string;

beforeAll(async () => {
  harness = await mkdtemp(join(tmpdir(), 'flask-session-bridge-environments-'));
  for (const script of ['environments.py', 'removed_names.py']) {
    await cp(join(ROOT, 'python-harness', script), join(harness, script));
  }
  await mkdir(join(harness, 'requirements'));
  await writeFile(join(harness, 'requirements/pip.txt'), '');
  await writeFile(join(harness, 'requirements/empty.txt'), '');
  await ensure('pip');
});

afterAll(() => rm(harness, { recursive: true, force: true }));

describe('an environment', () => {
  test('is made, and its python printed', async () => {
    const { stdout, stderr } = await ensure('empty');
    expect(stderr).toContain('making the Python environment empty');
    expect(stdout.trim()).toBe(join(harness, '.venvs/empty/bin/python'));
    const { stdout: prefix } = await run(stdout.trim(), ['-c', 'import sys; print(sys.prefix)']);
    expect(prefix.trim()).toBe(join(harness, '.venvs/empty'));
  });

  test('is not made a second time', async () => {
    await ensure('empty');
    const before = await stat(join(harness, '.venvs/empty/stamp'));
    const { stderr } = await ensure('empty');
    expect(stderr).toBe('');
    expect((await stat(join(harness, '.venvs/empty/stamp'))).mtimeMs).toBe(before.mtimeMs);
  });

  test('is made anew when its requirements change', async () => {
    await ensure('empty');
    await writeFile(join(harness, 'requirements/empty.txt'), '# nothing still\n');
    expect((await ensure('empty')).stderr).toContain('making');
  });

  test.each(['stamp', 'bin/python'])('is made anew when %s is missing', async (file) => {
    await ensure('empty');
    await unlink(join(harness, '.venvs/empty', file));
    expect((await ensure('empty')).stderr).toContain('making');
    expect((await stat(join(harness, '.venvs/empty', file))).isFile()).toBe(true);
  });

  test('is made once when two ask for it at the same time', async () => {
    await rm(join(harness, '.venvs/empty'), { recursive: true, force: true });
    const asked = await Promise.all([ensure('empty'), ensure('empty')]);
    expect(asked.filter(({ stderr }) => stderr.includes('making'))).toHaveLength(1);
  });
});

describe('what is missing is said in one line', () => {
  test('an environment that there is not', async () => {
    expect(await failure('ensure', 'flask-session-9')).toBe(
      "environments: there is no environment 'flask-session-9'; there are: empty, pip",
    );
  });

  test('a way to the package index', async () => {
    const pin = `flask==3.0.3 --hash=sha256:${'0'.repeat(64)}\n`;
    await writeFile(join(harness, 'requirements/remote.txt'), pin);
    const line = await failure('ensure', 'remote');
    expect(line).toMatch(/^environments: the Python package index cannot be reached: /);
    await rm(join(harness, 'requirements/remote.txt'));
  });
});

describe('the requirement files', () => {
  test('name a version and a hash for each package, and no index', async () => {
    const { stdout } = await run('python3', [join(ROOT, 'python-harness/environments.py'), 'list']);
    for (const name of stdout.trim().split('\n')) {
      const text = await readFile(join(ROOT, `python-harness/requirements/${name}.txt`), 'utf8');
      const packages = text.split('\n').filter((line) => /^[a-z]/i.test(line));
      expect(packages, name).not.toHaveLength(0);
      for (const line of packages) expect(line).toMatch(/^[\w.-]+==\S+ (; .+)?\\$/);
      expect(text).toContain('--hash=sha256:');
      expect(text).not.toMatch(/:\/\/|--(extra-)?index-url/);
    }
  });
});

function ensure(name: string): Promise<{ stdout: string; stderr: string }> {
  return environments('ensure', name);
}

/** Runs the script where no package index answers: port 9 of this machine discards. */
function environments(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    PIP_INDEX_URL: 'http://127.0.0.1:9/',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_FIND_LINKS: '',
    PIP_RETRIES: '1',
  };
  return run('python3', [join(harness, 'environments.py'), ...args], { env });
}

async function failure(...args: string[]): Promise<string> {
  const { code, stderr } = await environments(...args).then(
    () => ({ code: 0, stderr: '' }),
    (error: unknown) => error as { code: number; stderr: string },
  );
  expect(code).toBe(1);
  const lines = stderr.trim().split('\n');
  return lines.filter((line) => !line.startsWith('making ')).join('\n');
}
