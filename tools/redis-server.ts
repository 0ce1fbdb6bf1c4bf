/**
 * A real Redis (or Valkey) for tests and the demo.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, waitUntil, type Child } from './child-process.js';
import { findServer, type RedisBinary } from './redis-binaries.js';

export interface RedisOptions {
  /** Further arguments of the server, such as `['--maxmemory', '2mb']`. */
  args?: readonly string[];
  password?: string;
  /** The program; a server found on this machine when it is left out. */
  binary?: RedisBinary | undefined;
  /** One that watches servers and keeps no data. */
  sentinel?: boolean;
  /** A free one when it is left out. */
  port?: number;
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

const HOST = '127.0.0.1';

/**
 * Gives the server that REDIS_URL names; or else starts one from PATH, or from the wheel in the
 * harness's environment `redis-server`, on a free port of the loopback interface, without
 * persistence, in a temporary folder.
 * @throws SetupError when no server is to be had; Error when it does not come up
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { args = [], password } = options;
  const isSpecial = args.length > 0 || password !== undefined || options.binary !== undefined;
  const { sentinel = false, dedicated = isSpecial || sentinel } = options;
  const shared = process.env.REDIS_URL;
  if (shared !== undefined && shared !== '' && !dedicated) return sharedServer(shared);
  const { path, env } = options.binary ?? (await findServer());
  const folder = await mkdtemp(join(tmpdir(), 'flask-session-bridge-redis-'));
  const { port = await freePort() } = options;
  const allArgs = ['--port', String(port), '--bind', HOST, '--dir', folder, '--save', ''];
  if (sentinel) allArgs.unshift(await newSentinelFile(folder), '--sentinel');
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
    const started = await startChild(path, allArgs, { folder, ...(env && { env }) });
    await waitUntil(started, () => answers(port), 'redis-server');
    return started;
  }
}

/** Where a sentinel keeps what it learns; it does not start without. */
async function newSentinelFile(folder: string): Promise<string> {
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, '');
  return file;
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
