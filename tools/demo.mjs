/**
 * `npm run demo`: node modules and dist/, then examples/demo/main.ts with the arguments handed on.
 * That program makes the Python environments that it uses.
 * @module
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuild } from './build.mjs';
import { ensureNodeModules, ROOT, runOrExplain } from './setup.mjs';

await runOrExplain(() => {
  ensureNodeModules();
  ensureBuild();
  return run(join(ROOT, 'examples/demo/main.ts'), process.argv.slice(2));
});

/** Runs a TypeScript program in this terminal and gives its exit code. */
function run(program, args) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    // Imports the package from dist/ by its name, as a user's app does.
    env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'examples/demo/tsconfig.dist.json') },
  });
  // Ctrl-C reaches the child by itself, for it shares the terminal; a second one would cut short
  // what it does on the first. It is this program that must not go before it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
