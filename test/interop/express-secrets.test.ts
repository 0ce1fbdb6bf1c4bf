/**
 * No secret, session id, cookie or value in anything that may end in a log: whatever goes wrong, all
 * that the library throws, publishes and prints is searched for them.
 */

import { inspect } from 'node:util';

import type { ErrorRequestHandler } from 'express';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { flaskSession, sessionOf } from '../../src/index.js';
import type { FlaskConfig, SessionOptions } from '../../src/index.js';
import { Signer } from '../../src/python/itsdangerous/index.js';
import { dumps } from '../../src/python/pickle/index.js';
import { startRedis } from '../../tools/redis-server.js';
import { collect } from '../support/events.js';
import { ask, serve } from '../support/http.js';
import { SID, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

const SECRET = 'the-secret-key-that-signs';
const OLD_SECRET = 'the-secret-key-of-last-year';
const VALUE = 'a-value-that-only-the-user-may-see';
const SIGNED = new Signer(SECRET, { salt: 'flask-session', keyDerivation: 'hmac' }).sign(SID);
const CONFIDENTIAL = [SECRET, OLD_SECRET, VALUE, SID, SIGNED.split('.').at(-1) ?? ''];

/** Everything that the library lets out during a test, as text. */
let output: unknown[];

beforeEach(() => {
  output = (['open', 'save', 'drop', 'error'] as const).map((name) => collect(name));
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
      output.push(String(text));
      return true;
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
  }
});

/** Collected by the app's error handler: what a logger would get. */
const keepError: ErrorRequestHandler = (error, _req, res, next) => {
  output.push(error);
  if (res.headersSent) next(error);
  else res.status(500).send('sorry');
};

/** Errors with every property of theirs, hidden ones and causes included. */
function allText(): string {
  return output
    .map((item) => inspect(item, { depth: Infinity, showHidden: true, maxStringLength: null }))
    .join('\n');
}

function expectNothingConfidential(): void {
  const text = allText();
  for (const word of CONFIDENTIAL) expect(text).not.toContain(word);
}

/** Has a session with a value in it opened, read, changed and saved under some circumstances. */
async function browse(
  redis: Redis,
  {
    config = {},
    options = {},
    cookie = SIGNED,
    value = VALUE,
  }: {
    config?: FlaskConfig;
    options?: SessionOptions;
    cookie?: string;
    value?: unknown;
  } = {},
): Promise<void> {
  const app = newApp();
  app.use(
    flaskSession(
      {
        SECRET_KEY: SECRET,
        SECRET_KEY_FALLBACKS: [OLD_SECRET],
        SESSION_USE_SIGNER: true,
        SESSION_REDIS: redis,
        SESSION_KEY_PREFIX: sessions().keyPrefix,
        ...config,
      },
      { storeTimeoutMs: 1000, ...options },
    ),
  );
  app.get('/', (req, res) => {
    req.session['new'] = value;
    res.json({ ok: true });
  });
  app.use(keepError);
  await ask(await serve(app), '/', { headers: { Cookie: `session=${cookie}` } });
  expectNothingConfidential();
}

describe('nothing confidential comes out', () => {
  test('when all goes well', async () => {
    await sessions().put({ old: VALUE });
    await browse(sessions().redis);
    expect(allText()).toContain('stored');
  });

  test.each([
    ['a forged signature', `${SID}.bm90IGEgc2lnbmF0dXJlIG9mIG91cnM`],
    ['an unsigned id', SID],
    ['a value in the shape of a Flask cookie', `.${VALUE}.${SID}`],
  ])('when the cookie has %s', async (_what, cookie) => {
    await browse(sessions().redis, { cookie });
    expect(allText()).toContain('refused');
  });

  test('when the stored bytes are damaged', async () => {
    const bytes = dumps({ old: VALUE });
    await sessions().redis.set(
      sessions().keyPrefix + SID,
      Buffer.from(bytes.subarray(0, bytes.length - 9)),
    );
    await browse(sessions().redis);
    expect(allText()).toContain('SessionDecodeError');
  });

  test('when the stored bytes are JSON of something else', async () => {
    await sessions().redis.set(sessions().keyPrefix + SID, `{"old": "${VALUE}", nonsense`);
    await browse(sessions().redis);
    expect(allText()).toContain('SessionDecodeError');
  });

  test("when the application's own serializer quotes what it read", async () => {
    await sessions().put({ old: VALUE });
    const quote = (bytes: unknown): never => {
      throw new Error(`cannot read ${String(bytes)}, ${VALUE}`);
    };
    await browse(sessions().redis, { options: { serializer: { loads: quote, dumps: quote } } });
    expect(allText()).toContain('SessionDecodeError');
  });

  test('when a value cannot be written', async () => {
    await browse(sessions().redis, { value: { [VALUE.length]: [VALUE, () => VALUE] } });
    expect(allText()).toContain('SessionEncodeError');
  });

  test('when the key holds something else, of which Redis and its client tell', async () => {
    await sessions().redis.rpush(sessions().keyPrefix + SID, VALUE);
    await browse(sessions().redis);
    expect(allText()).toContain('SessionStoreError');
    await sessions().redis.del(sessions().keyPrefix + SID);
  });

  test('when Redis is full, which its client tells with the whole command', async () => {
    const full = await startRedis({ args: ['--maxmemory', '1b'] });
    const redis = new Redis(full.url);
    onTestFinished(async () => {
      redis.disconnect();
      await full.stop();
    });
    await browse(redis);
    expect(allText()).toContain('OOM');
  });

  test('when Redis has gone', async () => {
    const redis = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    await browse(redis);
    expect(allText()).toContain('SessionStoreError');
  });

  test('when Redis is too slow', async () => {
    sessions().store.before.get = () => new Promise(() => undefined);
    await browse(sessions().redis, {
      options: { store: sessions().store, storeTimeoutMs: 10 },
    });
    expect(allText()).toContain('no answer within 10 ms');
  });

  test('when the configuration is wrong', () => {
    const attempts: FlaskConfig[] = [
      { SECRET_KEY: SECRET, SECRET_KEY_FALLBACKS: OLD_SECRET as never },
      { SECRET_KEY: SECRET, SESSION_COOKIE_SAMESITE: SECRET as never },
      { SECRET_KEY: { key: SECRET } as never, SESSION_USE_SIGNER: true },
    ];
    for (const config of attempts) {
      expect(() => {
        try {
          flaskSession({ SESSION_REDIS: sessions().redis, ...config });
        } catch (error) {
          output.push(error);
          throw error;
        }
      }).toThrow();
    }
    expectNothingConfidential();
  });

  test('when an application prints the objects that it was given', async () => {
    await sessions().put({ old: VALUE });
    const middleware = sessions().middleware({ SECRET_KEY: SECRET, SESSION_USE_SIGNER: true });
    const session = await middleware.interface.openSession(`session=${SIGNED}`);
    expect(session['old']).toBe(VALUE);
    output.push(middleware, middleware.interface, sessionOf(session));
    expectNothingConfidential();
  });
});

test('what is searched for would be found', async () => {
  output.push(new Error(`a log that says ${SID}`, { cause: { deep: { inside: [VALUE] } } }));
  expect(expectNothingConfidential).toThrow();
  process.stderr.write(SECRET);
  expect(allText()).toContain(SECRET);
  await sessions().put({});
});
