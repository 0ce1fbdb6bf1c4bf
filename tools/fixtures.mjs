/**
 * `npm run fixtures [-- --check]`: all of its own set-up, then every generator of python-harness.
 * @module
 */
import { ensureNodeModules, runOrExplain } from './setup.mjs';

await runOrExplain(async () => {
  ensureNodeModules();
  const { tsImport } = await import('tsx/esm/api');
  const { regenerate } = await tsImport('./generators.ts', import.meta.url);
  return regenerate({ check: process.argv.includes('--check') });
});
