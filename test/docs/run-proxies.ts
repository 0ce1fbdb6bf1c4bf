/**
 * The proxies' configurations of docs/migrate.md, run by the real servers before a real Flask app and
 * a real Express app. By hand, where nginx and Caddy are installed:
 *
 *     npx tsx test/docs/run-proxies.ts
 *
 * PROXY_NGINX and PROXY_CADDY name the programs where they are not on PATH.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { startExpressApp } from '../support/reference-express-app.js';
import { readDocument } from './documents.js';

const FLASK_PORT = 5000;
const NODE_PORT = 3000;
const PROXY_PORT = 8080;

/** How each server is started with a configuration, and what the guide's must be wrapped in. */
const SERVERS = [
  {
    language: 'nginx',
    program: process.env.PROXY_NGINX ?? 'nginx',
    args: (file: string, folder: string) => ['-c', file, '-p', folder],
    wrap: (config: string, folder: string) =>
      `daemon off; pid ${folder}/pid; error_log stderr; events {}\nhttp {\naccess_log off;\n` +
      ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path ${folder}/${kind};\n`)
        .join('') +
      `${config}}\n`,
  },
  {
    language: 'caddyfile',
    program: process.env.PROXY_CADDY ?? 'caddy',
    args: (file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
    wrap: (config: string) => `{\n\tadmin off\n}\n${config}`,
  },
];

const release = FLASK_SESSION_RELEASES.at(-1);
if (!release) throw new Error('no release');
const redis = await startRedis();
const client = new Redis(redis.url);
const shared = { SECRET_KEY: 'a key of both', SESSION_USE_SIGNER: true };
const config = { ...shared, SESSION_KEY_PREFIX: redis.keyPrefix };
const flask = await startFlaskApp({ release, redisUrl: redis.url, config });
const express = await startExpressApp({ ...config, SESSION_TYPE: 'redis', SESSION_REDIS: client });
for (const server of SERVERS) await runServer(server);
await Promise.all([express.stop(), flask.stop()]);
client.disconnect();
await redis.stop();

async function runServer({
  language,
  program,
  args,
  wrap,
}: (typeof SERVERS)[number]): Promise<void> {
  const block = readDocument('docs/migrate.md').blocks.find((one) => one.language === language);
  const folder = await mkdtemp(join(tmpdir(), 'flask-session-bridge-proxy-'));
  const file = join(folder, 'config');
  const ported = (block?.code ?? '')
    .replace(`127.0.0.1:${FLASK_PORT}`, new URL(flask.url).host)
    .replace(`127.0.0.1:${NODE_PORT}`, new URL(express.url).host);
  await writeFile(file, wrap(ported, folder));
  const child = spawn(program, args(file, folder), {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
  });
  try {
    await walk(language, `http://127.0.0.1:${PROXY_PORT}`);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** Who answers what, and whether both know the user. */
async function walk(language: string, url: string): Promise<void> {
  await untilServed(`${url}/untouched`);
  const browser = new Browser();
  const form = new URLSearchParams({ username: 'ada', password: 'secret' });
  for (const [method, path, body] of [
    ['POST', '/login', form],
    ['GET', '/me', undefined],
    ['GET', '/session/username', undefined],
    ['POST', '/logout', undefined],
    ['GET', '/me', undefined],
  ] as const) {
    const response = await browser.send(method, `${url}${path}`, body);
    const by = response.headers.get('x-powered-by') ?? 'Flask';
    const text = (await response.text()).slice(0, 60).split('\n')[0];
    console.log(`${language}: ${method} ${path}: ${response.status} by ${by}: ${text}`);
  }
}

async function untilServed(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error('the proxy does not serve');
}
