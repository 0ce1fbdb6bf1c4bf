/** What each sub-path adds to a bundle, and that what is not used stays out of it. */

import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { expect, test } from 'vitest';

import { PACKAGE, SUB_PATHS, useEmptyProject } from './empty-project.js';

/** Minified and compressed, in bytes; a tenth more than it was when the line was last changed. */
const BUDGETS: Readonly<Record<string, number>> = {
  'flask-session-bridge': 57_600,
  'flask-session-bridge/pickle': 27_700,
  'flask-session-bridge/itsdangerous': 10_000,
  'flask-session-bridge/msgspec': 12_100,
  'flask-session-bridge/werkzeug': 3500,
  'flask-session-bridge/flask': 21_100,
  'flask-session-bridge/flask-login': 9300,
  'flask-session-bridge/flask-wtf': 14_100,
};

const folder = useEmptyProject();

test('every sub-path has a budget, and nothing else has one', () => {
  expect(Object.keys(BUDGETS).sort()).toEqual([...SUB_PATHS].sort());
});

test.for(SUB_PATHS)('%s stays within its budget', async (subPath) => {
  const { code } = await bundle(`export * from '${subPath}'`);
  const size = gzipSync(code, { level: 9 }).length;
  expect(size).toBeLessThanOrEqual(BUDGETS[subPath] ?? 0);
  // A budget far above what there is would let anything in.
  expect(size).toBeGreaterThan((BUDGETS[subPath] ?? 0) * 0.8);
});

test('loads alone brings neither what writes pickles nor HTTP, sessions and Redis', async () => {
  const { files, imports } = await bundle(`export { loads } from '${PACKAGE.name}/pickle'`);
  expect(files.filter((file) => !/^dist\/(errors\.js|python\/)/.test(file))).toEqual([]);
  expect(files.filter((file) => /pickle\/(dumps|write)/.test(file))).toEqual([]);
  expect(imports).toEqual([]);
});

test('an import of which nothing is used leaves nothing in the bundle', async () => {
  const { code } = await bundle(SUB_PATHS.map((subPath) => `import '${subPath}';`).join('\n'));
  expect(code).toBe('');
});

interface Bundle {
  readonly code: string;
  /** Of the package, those of which something is in the bundle. */
  readonly files: readonly string[];
  /** Modules outside the package, those of Node included. */
  readonly imports: readonly string[];
}

async function bundle(contents: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder() },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    write: false,
    logLevel: 'error',
    absWorkingDir: folder(),
  });
  const [output] = Object.values(metafile.outputs);
  if (!output || !outputFiles[0]) throw new Error('esbuild wrote nothing');
  return {
    code: outputFiles[0].text,
    files: Object.entries(output.inputs)
      .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file.includes('node_modules/'))
      .map(([file]) => file.replace(`node_modules/${PACKAGE.name}/`, '')),
    imports: output.imports.map(({ path }) => path),
  };
}
