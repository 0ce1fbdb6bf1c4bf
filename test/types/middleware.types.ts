/** Where the middleware fits in, and what an application's own store and listeners see. */

import { createServer } from 'node:http';

import express from 'express';
import {
  BridgeError,
  flaskSession,
  RedisStore,
  SessionInterface,
  SessionStoreError,
} from 'flask-session-bridge';
import type {
  DropEvent,
  ErrorEvent,
  FlaskSessionMiddleware,
  OpenEvent,
  SaveEvent,
  SessionStore,
  SetOutcome,
} from 'flask-session-bridge';
import { expectTypeOf } from 'vitest';

const middleware = flaskSession({});
expectTypeOf(middleware).toEqualTypeOf<FlaskSessionMiddleware>();
expectTypeOf(middleware.interface).toEqualTypeOf<SessionInterface>();

const app = express();
app.use(middleware);
app.use('/shop', middleware);
app.get('/', middleware, (req, res) => {
  res.json(Object.keys(req.session));
});
express.Router().use(middleware);
createServer((req, res) => {
  middleware(req, res, (error) => {
    expectTypeOf(error).toEqualTypeOf<unknown>();
    res.end();
  });
});
// @ts-expect-error -- it is made by flaskSession() first
app.use(flaskSession);

/** A store of an application's own. */
export class MapStore implements SessionStore {
  readonly #entries = new Map<string, Uint8Array>();

  get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    expectTypeOf(refreshTtl).toEqualTypeOf<number | undefined>();
    return Promise.resolve(this.#entries.get(key) ?? null);
  }
  set(
    key: string,
    bytes: Uint8Array,
    _ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    const current = this.#entries.get(key) ?? null;
    if (current !== expected) return Promise.resolve({ stored: false, current });
    this.#entries.set(key, bytes);
    return Promise.resolve({ stored: true });
  }
  touch(key: string): Promise<boolean> {
    return Promise.resolve(this.#entries.has(key));
  }
  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#entries.delete(key));
  }
  async *scan(): AsyncIterable<string> {
    await Promise.resolve();
    yield* this.#entries.keys();
  }
}

expectTypeOf<RedisStore>().toExtend<SessionStore>();
// @ts-expect-error -- a client, not its address
new RedisStore('redis://127.0.0.1:6379');

// @ts-expect-error -- what was found instead must be said, so that nothing is lost
export const refused: SetOutcome = { stored: false };

export function onError(error: unknown): number {
  if (error instanceof SessionStoreError) {
    expectTypeOf(error).toExtend<BridgeError>();
    error.code satisfies 'ERR_SESSION_STORE';
    expectTypeOf(error.operation).toEqualTypeOf<string>();
    return error.status;
  }
  return error instanceof BridgeError && error.code === 'ERR_CONFIG' ? 500 : 200;
}

export function onEvents(
  open: OpenEvent,
  save: SaveEvent,
  drop: DropEvent,
  error: ErrorEvent,
): void {
  expectTypeOf(open.result).toEqualTypeOf<
    'found' | 'new' | 'unknown' | 'refused' | 'undecodable' | 'store-error'
  >();
  expectTypeOf(save.outcome).toExtend<string>();
  expectTypeOf(drop.reason).toEqualTypeOf<'read-only' | 'anonymous' | 'gone'>();
  expectTypeOf(error.error).toEqualTypeOf<Error>();
  expectTypeOf(error.session).toEqualTypeOf<string>();
}
