/**
 * `npm test`: all of its own set-up, then vitest, with the arguments handed on.
 * Its last line is the count, alone: `N passed, N failed`.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureEnvironments, ensureNodeModules, ROOT, runOrExplain } from './setup.mjs';

const REPORT = join(ROOT, '.cache/vitest.json');

await runOrExplain(async () => {
  ensureNodeModules();
  await ensureEnvironments();
  ensureBuild();
  return runVitest(process.argv.slice(2));
});

function runVitest(args) {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  rmSync(REPORT, { force: true });
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const exitCode = status ?? 1;
  if (existsSync(REPORT)) printCounts(JSON.parse(readFileSync(REPORT, 'utf8')), exitCode);
  return exitCode;
}

function printCounts(report, exitCode) {
  const titles = report.testResults.flatMap((file) =>
    file.assertionResults.flatMap((test) => test.ancestorTitles),
  );
  // Titles of the describe blocks that COMBINATIONS of flask-app.ts names.
  const combinations = new Set(titles.filter((title) => /^Flask-Session [\d.]+, /.test(title)));
  const releases = new Set([...combinations].map((title) => title.split(',')[0]));
  if (combinations.size > 0) {
    console.log(
      `interop: ${releases.size} Flask-Session releases, ${combinations.size} combinations of ` +
        'release, signer and format',
    );
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that does not load, or an error outside any test, fails the run with no test failed.
  const failed = Math.max(report.numFailedTests, exitCode === 0 ? 0 : 1);
  console.log(
    `${report.numPassedTests} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  );
}
