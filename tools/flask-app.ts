/**
 * The reference Flask app (python-harness/reference_app.py) on any Flask-Session release, and other
 * Flask apps of the harness.
 * @module
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, waitUntil } from './child-process.js';
import { ensureEnvironments } from './setup.mjs';

/** How a release stores a session, by its name in SESSION_SERIALIZATION_FORMAT. */
export type Format = 'pickle' | 'msgpack' | 'json';

/** What tests need to know of a Flask-Session release. */
export interface FlaskSessionRelease {
  readonly version: string;
  /** The harness's environment, in python-harness/requirements. */
  readonly environment: string;
  /** Formats that it writes, its default first. */
  readonly writes: readonly Format[];
  readonly reads: readonly Format[];
  /** How it makes a sid; `token_urlsafe` takes SESSION_ID_LENGTH. */
  readonly sid: 'uuid4' | 'token_urlsafe';
  /** Whether a sid that Redis does not know becomes the new session's sid. */
  readonly adoptsUnknownSid: boolean;
  /** Whether it stores what nothing says was modified, with SESSION_REFRESH_EACH_REQUEST off too. */
  readonly storesUnmodified: boolean;
  /** Whether its interface can give a session a new sid. */
  readonly canRegenerate: boolean;
}

/** A set of settings under which Flask and Node must agree. */
export interface Combination {
  /** Begins with `Flask-Session <version>,`: `npm test` counts describe blocks by it. */
  readonly title: string;
  readonly release: FlaskSessionRelease;
  readonly useSigner: boolean;
  readonly format: Format;
  /** The Flask configuration that stands for it. */
  readonly config: Readonly<Record<string, boolean | string>>;
}

/** Every Flask-Session release that the bridge is tested against, oldest first. */
export const FLASK_SESSION_RELEASES: readonly FlaskSessionRelease[] = [
  ...['0.3.2', '0.4.1', '0.5.0'].map((version) => pickling(version, 'uuid4')),
  pickling('0.6.0', 'token_urlsafe'),
  serializing('0.7.0'),
  serializing('0.8.0'),
];

/** Every release, with and without the signer, in each format that it writes. */
export const COMBINATIONS: readonly Combination[] = FLASK_SESSION_RELEASES.flatMap((release) =>
  [false, true].flatMap((useSigner) =>
    release.writes.map((format) => ({
      title: `Flask-Session ${release.version}, signer ${useSigner ? 'on' : 'off'}, ${format}`,
      release,
      useSigner,
      format,
      config: {
        SESSION_USE_SIGNER: useSigner,
        ...(format === 'pickle' ? {} : { SESSION_SERIALIZATION_FORMAT: format }),
      },
    })),
  ),
);

export interface FlaskAppOptions {
  release: Pick<FlaskSessionRelease, 'version' | 'environment'>;
  /** Which app, a file of python-harness. @defaultValue 'reference_app.py' */
  script?: string;
  /** Database and password included; left out for stores that are not Redis. */
  redisUrl?: string;
  /** The app's configuration, as far as JSON can say it. */
  config?: Readonly<Record<string, unknown>>;
  /** A port of the loopback interface; a free one when left out. */
  port?: number;
}

export interface FlaskApp {
  /** Without a slash at the end. */
  readonly url: string;
  /** What it has written to standard output and standard error. */
  logs(): string;
  stop(): Promise<void>;
}

const HARNESS = fileURLToPath(new URL('../python-harness', import.meta.url));

/**
 * Starts the reference app, or another, and waits until it serves requests.
 * @throws Error with its last lines when it does not come up
 */
export async function startFlaskApp(options: FlaskAppOptions): Promise<FlaskApp> {
  const { release, script = 'reference_app.py', redisUrl, config = {}, port = 0 } = options;
  const python = (await ensureEnvironments([release.environment])).get(release.environment) ?? '';
  const child = await startChild(python, ['-W', 'ignore', join(HARNESS, script)], {
    folder: await mkdtemp(join(tmpdir(), 'flask-session-bridge-flask-')),
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      FLASK_CONFIG: JSON.stringify(config),
      PORT: String(port),
      REDIS_URL: redisUrl,
    },
  });
  const url = await waitUntil(
    child,
    () => /^listening on (\S+)$/m.exec(child.output())?.[1],
    `the Flask app of ${release.version}`,
  );
  return { url, logs: () => child.output(), stop: () => child.stop() };
}

function pickling(version: string, sid: FlaskSessionRelease['sid']): FlaskSessionRelease {
  return {
    version,
    environment: `flask-session-${version}`,
    writes: ['pickle'],
    reads: ['pickle'],
    sid,
    adoptsUnknownSid: true,
    storesUnmodified: sid === 'uuid4',
    canRegenerate: false,
  };
}

function serializing(version: string): FlaskSessionRelease {
  return {
    version,
    environment: `flask-session-${version}`,
    writes: ['msgpack', 'json'],
    reads: ['msgpack', 'json', 'pickle'],
    sid: 'token_urlsafe',
    adoptsUnknownSid: false,
    storesUnmodified: false,
    canRegenerate: true,
  };
}
