/** RedisStore on a real server: by every client, and by every means that a server may lack. */

import { Cluster, Redis } from 'ioredis';
import * as nodeRedis5 from 'redis';
import * as nodeRedis4 from 'redis-4';
import * as nodeRedis6 from 'redis-6';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { ConfigError, RedisStore } from '../../src/index.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { describeStore } from '../contract/store.js';
import type { OpenStore } from '../contract/store.js';
import { CLIENT_NAMES, connectClient, without } from '../support/redis-clients.js';
import type { ClientName } from '../support/redis-clients.js';

/** Access rules, after which a user of them has all commands but these. */
const WITHOUT = {
  nothing: [],
  scripts: ['-eval', '-evalsha'],
  getex: ['-getex'],
} as const;

const closings: (() => unknown)[] = [];
let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis({ dedicated: true });
  redis = new Redis(server.url);
  for (const [name, rules] of Object.entries(WITHOUT)) {
    await redis.call('ACL', 'SETUSER', name, 'on', 'nopass', '~*', '&*', '+@all', ...rules);
  }
});

afterAll(async () => {
  for (const close of closings) await close();
  redis.disconnect();
  await server.stop();
});

for (const name of CLIENT_NAMES) {
  describeStore(`Redis by ${name}`, () => openStore(name));
}
// What each client does without them is tested below; the whole suite by one of each kind.
for (const name of ['ioredis 5', 'ioredis 5, auto-pipelined', 'node-redis 5, RESP 3'] as const) {
  describeStore(`Redis without SET IFEQ by ${name}`, () => openStore(name, { ifEqual: false }));
  describeStore(`Redis without SET IFEQ and scripts by ${name}`, () =>
    openStore(name, { ifEqual: false, user: 'scripts' }),
  );
  describeStore(`Redis without GETEX by ${name}`, () => openStore(name, { user: 'getex' }));
}

describe('on a server that had its commands renamed away', () => {
  let stern: RedisServer;

  beforeAll(async () => {
    const args = ['EVAL', 'EVALSHA', 'GETEX'].flatMap((name) => ['--rename-command', name, '']);
    stern = await startRedis({ args });
  });

  afterAll(() => stern.stop());

  test.each(CLIENT_NAMES)('%s: reads with renewal, and writes what it expected', async (name) => {
    const { client, close } = await connectClient(name, stern.url);
    onTestFinished(close);
    without(client, 'IFEQ');
    const store = new RedisStore(client);
    const [key, a, b] = [name, Buffer.from('a'), Buffer.from('b')];
    await store.set(key, a, 60, null);
    expect(await store.get(key, 120)).toEqual(a);
    expect(await store.set(key, b, 60, b)).toEqual({ stored: false, current: a });
    expect(await store.set(key, b, 60, a)).toEqual({ stored: true });
  });
});

test.each(CLIENT_NAMES)('%s: scripts that were flushed are loaded again', async (name) => {
  const opened = await openStore(name, { ifEqual: false });
  const { store } = opened;
  const [k, a, b] = [opened.key('flushed'), Buffer.from('a'), Buffer.from('b')];
  await store.set(k, a, 60, null);
  expect(await store.set(k, b, 60, a)).toEqual({ stored: true });
  await redis.script('FLUSH');
  expect(await store.set(k, a, 60, b)).toEqual({ stored: true });
});

test.each(CLIENT_NAMES)('%s: a WATCH that was cut off does not let a write pass', async (name) => {
  const opened = await openStore(name, { ifEqual: false, user: 'scripts' });
  const { store } = opened;
  const [k, a, b] = [opened.key('cut'), Buffer.from('a'), Buffer.from('b')];
  await store.set(k, a, 60, null);
  expect(await store.set(k, b, 60, a)).toEqual({ stored: true });
  await redis.call('CLIENT', 'KILL', 'USER', 'scripts');
  await expect
    .poll(() => store.set(k, a, 60, a).catch(() => undefined))
    .toEqual({
      stored: false,
      current: b,
    });
  expect(await store.set(k, a, 60, b)).toEqual({ stored: true });
});

test('a key that somebody else writes between WATCH and EXEC keeps what they wrote', async () => {
  const { client, close } = await connectClient('ioredis 5', urlFor('scripts'));
  onTestFinished(close);
  without(client, 'IFEQ');
  const store = new RedisStore(client);
  const [k, a, b] = [`${server.keyPrefix}between`, Buffer.from('a'), Buffer.from('b')];
  await redis.set(k, a);
  (client as Redis).duplicate = (overrides) =>
    writingBeforeMulti(new Redis(urlFor('scripts'), overrides ?? {}));
  expect(await store.set(k, b, 60, a)).toEqual({ stored: false, current: Buffer.from('theirs') });

  function writingBeforeMulti(own: Redis): Redis {
    const send = own.callBuffer.bind(own) as (...words: unknown[]) => Promise<unknown>;
    own.callBuffer = async (...words: unknown[]) => {
      if (words[0] === 'EXEC') await redis.set(k, 'theirs');
      return send(...words);
    };
    return own;
  }
});

test.each<[string, object]>([
  ['a key prefix', new Redis({ keyPrefix: 'app:', lazyConnect: true })],
  ['a key prefix on a Cluster', new Cluster([], { keyPrefix: 'app:', lazyConnect: true })],
  ['a key prefix of node-redis', nodeRedis6.createClient({ keyPrefix: 'app:' })],
  ['reads from replicas', new Cluster([], { scaleReads: 'all', lazyConnect: true })],
  ['a replica', new Redis({ name: 'main', sentinels: [{}], role: 'slave', lazyConnect: true })],
  ['legacyMode', nodeRedis4.createClient({ legacyMode: true })],
  ['what legacy() gives', nodeRedis5.createClient().legacy()],
])('a client with a setting that sessions cannot live with is refused: %s', (_what, client) => {
  expect(() => new RedisStore(client)).toThrow(ConfigError);
});

test.each([[{}], [{ get: () => null }], [new URL('redis://127.0.0.1')]])(
  'what is no client is refused: %o',
  (client) => {
    expect(() => new RedisStore(client)).toThrow(ConfigError);
  },
);

test('scan takes no character of a prefix for a pattern', async () => {
  const store = new RedisStore(redis, { keyPrefix: 'a*[b]?\\:' });
  await redis.set('a*[b]?\\:sid', 'x');
  await redis.set('aXbY:sid', 'x');
  const found: string[] = [];
  for await (const key of store.scan()) found.push(key);
  expect(found).toEqual(['a*[b]?\\:sid']);
});

interface Lacking {
  ifEqual?: false;
  user?: keyof typeof WITHOUT;
}

/** A store for the whole file, whose sessions are no other store's. */
async function openStore(name: ClientName, lacking: Lacking = {}): Promise<OpenStore> {
  const { client, close } = await connectClient(name, urlFor(lacking.user ?? 'nothing'));
  closings.push(close);
  if (lacking.ifEqual === false) without(client, 'IFEQ');
  const keyPrefix = `${server.keyPrefix}${closings.length}:`;
  return {
    store: new RedisStore(client, { keyPrefix }),
    key: (suffix) => keyPrefix + suffix,
    secondsLeft: async (key) => {
      const left = await redis.ttl(key);
      return left === -2 ? null : left;
    },
  };
}

function urlFor(user: keyof typeof WITHOUT): string {
  return `redis://${user}:any@${server.host}:${server.port}/0`;
}
