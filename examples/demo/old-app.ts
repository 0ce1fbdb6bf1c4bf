/**
 * Runs the old app: `old_app.py`, in a Python environment with the wanted release of Flask-Session.
 *
 * @module
 */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { FlaskConfig } from 'flask-session-bridge';

import { startChild, waitUntil } from '../../tools/child-process.js';
import { ensureEnvironments } from '../../tools/setup.mjs';

export interface OldApp {
  /** Where it listens. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the Flask app and waits until it listens.
 *
 * @throws SetupError when the environment cannot be made, Error when the app does not come up
 */
export async function startOldApp(
  release: string,
  settings: FlaskConfig,
  redisUrl: string,
): Promise<OldApp> {
  const environment = `flask-session-${release}`;
  const python = (await ensureEnvironments([environment])).get(environment) ?? 'python3';
  const app = await startChild(python, ['-I', SCRIPT], {
    folder: await mkdtemp(join(tmpdir(), 'flask-session-bridge-demo-')),
    env: {
      ...process.env,
      DEMO_SETTINGS: JSON.stringify(settings),
      DEMO_REDIS_URL: redisUrl,
    },
  });
  const url = await waitUntil(app, () => LISTENING.exec(app.output())?.[1], 'the old app');
  return { url, stop: () => app.stop() };
}

const SCRIPT = fileURLToPath(new URL('old_app.py', import.meta.url));
const LISTENING = /^listening at (\S+)$/m;
