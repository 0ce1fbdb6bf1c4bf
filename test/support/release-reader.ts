/** Sessions as a real Flask-Session release reads them from Redis (python-harness/verify_written.py). */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Typed } from './typed-json.js';

/** What a release made of one Cookie header. */
export type Reading =
  | { readonly value: Typed }
  /** Class of the Python exception. */
  | { readonly error: string };

export interface ReaderOptions {
  readonly redisUrl: string;
  readonly keyPrefix: string;
  readonly useSigner: boolean;
}

const SCRIPT = fileURLToPath(new URL('../../python-harness/verify_written.py', import.meta.url));

/**
 * Opens the session of each Cookie header, all in one process, and changes nothing.
 *
 * @param python - Interpreter of the release's environment
 */
export async function readByRelease(
  python: string,
  cookies: readonly string[],
  { redisUrl, keyPrefix, useSigner }: ReaderOptions,
): Promise<Reading[]> {
  const args = ['-W', 'ignore', SCRIPT, '--prefix', keyPrefix, ...(useSigner ? ['--signer'] : [])];
  const reader = spawn(python, args, {
    env: { ...process.env, REDIS_URL: redisUrl, PYTHONDONTWRITEBYTECODE: '1' },
  });
  reader.stdin.end(cookies.map((cookie) => `${JSON.stringify(cookie)}\n`).join(''));
  const [output, errors] = await Promise.all([
    text(reader.stdout),
    text(reader.stderr),
    once(reader, 'close'),
  ]);
  if (reader.exitCode !== 0) throw new Error(`the release cannot read: ${errors}`);
  const lines = output.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Reading);
}
