/**
 * What the benches ran on and with: without that, a ratio says nothing.
 * @module
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';

import { Redis } from 'ioredis';

import { startRedis } from '../tools/redis-server.js';

/** The libraries that are contenders, or that contenders are built of. */
const LIBRARIES = [
  'express',
  'express-session',
  'connect-redis',
  'ioredis',
  'pickleparser',
  'jpickle',
  'msgpackr',
];

/** A line each on the machine, the programs and the libraries. */
export async function describeSetup(): Promise<string[]> {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
  return [
    `${model}, ${availableParallelism()} cores, ${platform()} ${arch()}`,
    `Node ${process.versions.node}, C${python}, ${await redisVersion()}`,
    LIBRARIES.map((name) => `${name} ${installedVersion(name)}`).join(', '),
  ];
}

async function redisVersion(): Promise<string> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  try {
    const info = await redis.info('server');
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    const valkey = field('valkey_version');
    return valkey === undefined ? `Redis ${field('redis_version') ?? '?'}` : `Valkey ${valkey}`;
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

function installedVersion(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
