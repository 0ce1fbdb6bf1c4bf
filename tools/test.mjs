/**
 * `npm test`: all of its own set-up, then vitest, with the arguments handed on.
 * Its last line is the count, alone: `N passed, N failed`.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureChromium, HOW_TO_GET_CHROMIUM } from './chromium.mjs';
import { ensureEnvironments, ensureNodeModules, ROOT, runOrExplain } from './setup.mjs';

const REPORT = join(ROOT, '.cache/vitest.json');
const BROWSER_TEST = 'test/browser/demo.test.ts';

await runOrExplain(async () => {
  ensureNodeModules();
  await ensureEnvironments();
  ensureBuild();
  const args = process.argv.slice(2);
  const hasBrowser = !wantsBrowser(args) || ensureChromium() !== undefined;
  const exitCode = runVitest(args);
  if (!hasBrowser) console.log(`test/browser was skipped, no Chromium: ${HOW_TO_GET_CHROMIUM}`);
  printCounts(exitCode);
  return exitCode;
});

/** Whether the tests asked for, by parts of their files' names, include those in the browser. */
function wantsBrowser(args) {
  const parts = args.filter((arg) => !arg.startsWith('-'));
  return parts.length === 0 || parts.some((part) => BROWSER_TEST.includes(part));
}

function runVitest(args) {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  rmSync(REPORT, { force: true });
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return status ?? 1;
}

function printCounts(exitCode) {
  if (!existsSync(REPORT)) return;
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
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
