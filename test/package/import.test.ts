/** The packed package in an empty project: import and require() on every Node that can be had. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { PACKAGE, SUB_PATHS, useEmptyProject } from './empty-project.js';
import { exportedValues } from './exported-names.js';
import { findNode, RELEASES, RUNNING } from './node-releases.js';

const run = promisify(execFile);
const folder = useEmptyProject();

const IMPORT_ALL = `
  const names = {};
  for (const subPath of process.argv.slice(1)) names[subPath] = Object.keys(await import(subPath));
  console.log(JSON.stringify(names));
`;

const REQUIRE_ALL = `
  const names = {};
  for (const subPath of process.argv.slice(1)) names[subPath] = Object.keys(require(subPath));
  console.log(JSON.stringify(names));
`;

/** What both ways give must be one thing: two classes of one name would break instanceof. */
const BOTH_WAYS = `
  (async () => {
    const imported = await import('flask-session-bridge/pickle');
    const { PyTuple, UnpicklingError } = require('flask-session-bridge/pickle');
    const { BridgeError } = require('flask-session-bridge');
    const tuple = imported.loads(imported.dumps(PyTuple.of(1, 'two')));
    let error;
    try { imported.loads(new Uint8Array([0x80])); } catch (thrown) { error = thrown; }
    console.log(JSON.stringify([
      tuple instanceof PyTuple, error instanceof UnpicklingError, error instanceof BridgeError,
    ]));
  })();
`;

describe.for([RUNNING, ...RELEASES])('Node %s', (release) => {
  test('imports every sub-path without a warning', async ({ skip }) => {
    const { stdout, stderr } = await runOn(release, 'module', IMPORT_ALL, skip);
    expect(sorted(stdout)).toEqual(await exportedValues());
    expect(stderr).toBe('');
  }, 180_000);

  test('requires every sub-path', async ({ skip }) => {
    const { stdout } = await runOn(release, 'commonjs', REQUIRE_ALL, skip);
    expect(sorted(stdout)).toEqual(await exportedValues());
  });

  test('gives import and require() the same classes', async ({ skip }) => {
    const { stdout } = await runOn(release, 'commonjs', BOTH_WAYS, skip);
    expect(JSON.parse(stdout)).toEqual([true, true, true]);
  });
});

test('what is no sub-path cannot be imported', async () => {
  const code = `import('${PACKAGE.name}/dist/index.js').catch(({ code }) => console.log(code))`;
  const { stdout } = await run(process.execPath, ['--eval', code], { cwd: folder() });
  expect(stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

async function runOn(
  release: string,
  type: 'module' | 'commonjs',
  code: string,
  skip: (reason: string) => never,
): Promise<{ stdout: string; stderr: string }> {
  const node = await findNode(release);
  if (node instanceof Error) return skip(node.message);
  return run(node, [`--input-type=${type}`, '--eval', code, ...SUB_PATHS], { cwd: folder() });
}

/** Without what require() adds for those who compile ESM to CommonJS. */
function sorted(stdout: string): Map<string, string[]> {
  const names = Object.entries(JSON.parse(stdout) as Record<string, string[]>);
  return new Map(
    names.map(([subPath, all]) => [subPath, all.filter((name) => name !== '__esModule').sort()]),
  );
}
