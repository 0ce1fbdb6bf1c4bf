/** What can be set, on Flask's side and on Node's, and what the compiler refuses. */

import { flaskSession, SessionInterface } from 'flask-session-bridge';
import type { Conflict, FlaskConfig, SessionOptions, SessionStore } from 'flask-session-bridge';
import { Redis } from 'ioredis';
import { Valkey } from 'iovalkey';
import { createClient } from 'redis';
import { expectTypeOf } from 'vitest';

declare const store: SessionStore;

// Settings are passed through Node's environment, where any of them may be missing.
flaskSession({ SECRET_KEY: process.env['SECRET_KEY'] });
flaskSession({ SECRET_KEY: null, SECRET_KEY_FALLBACKS: null, SESSION_TYPE: null });
flaskSession({ SECRET_KEY: Buffer.of(1), SECRET_KEY_FALLBACKS: ['old', Buffer.of(2)] });
flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: new Redis({ port: 6379, db: 6 }) });
flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: new Redis.Cluster([]) });
flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: new Valkey() });
flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: createClient() });
flaskSession({ PERMANENT_SESSION_LIFETIME: 3600 });
flaskSession({ PERMANENT_SESSION_LIFETIME: { days: 31, minutes: 5 } });
flaskSession({ SESSION_COOKIE_SAMESITE: 'Lax', SESSION_COOKIE_DOMAIN: false });
flaskSession({ SESSION_COOKIE_SAMESITE: 'lax', SESSION_COOKIE_PARTITIONED: true });
flaskSession({ SESSION_ID_LENGTH: 32, SESSION_SERIALIZATION_FORMAT: 'msgpack' });
new SessionInterface({ SESSION_USE_SIGNER: true } satisfies FlaskConfig, { store });

// @ts-expect-error -- SESSION_REDIS is meant
flaskSession({ SESSION_REDIS_CLIENT: new Redis() });
// @ts-expect-error -- a client, not its address
flaskSession({ SESSION_REDIS: 'redis://127.0.0.1:6379/6' });
// @ts-expect-error -- each character of it would be a key
flaskSession({ SECRET_KEY_FALLBACKS: 'old' });
// @ts-expect-error -- text or bytes
flaskSession({ SECRET_KEY: 1234 });
// @ts-expect-error -- no text for yes and no, whatever the environment has
flaskSession({ SESSION_USE_SIGNER: 'true' });
// @ts-expect-error -- a store of Flask-Session that is not here
flaskSession({ SESSION_TYPE: 'memcached' });
// @ts-expect-error -- not a format that Flask-Session has
flaskSession({ SESSION_SERIALIZATION_FORMAT: 'yaml' });
// @ts-expect-error -- seconds or a duration
flaskSession({ PERMANENT_SESSION_LIFETIME: '31 days' });
// @ts-expect-error -- no duration has it
flaskSession({ PERMANENT_SESSION_LIFETIME: { months: 1 } });
// @ts-expect-error -- no such attribute
flaskSession({ SESSION_COOKIE_SAMESITE: 'Loose' });

flaskSession({}, { store, readOnly: true, acceptCookies: 'both', storeTimeoutMs: 500 });
flaskSession({}, { onStoreError: 'anonymous', onUndecodable: 'anonymous', pickleProtocol: 2 });
flaskSession({}, { limits: { maxDepth: 50 }, validateSid: (sid) => sid.length === 36 });
flaskSession({}, { serializer: { loads: () => ({}), dumps: () => Buffer.of() } });
flaskSession(
  {},
  {
    onConflict: (conflict) => {
      expectTypeOf(conflict).toEqualTypeOf<Conflict>();
      expectTypeOf(conflict.mine).toEqualTypeOf<unknown>();
      return conflict.theirs;
    },
  },
);

// @ts-expect-error -- storeTimeoutMs is meant
flaskSession({}, { storeTimeout: 500 });
// @ts-expect-error -- Flask's settings go first
flaskSession({}, { SECRET_KEY: 'key' });
// @ts-expect-error -- one of the two, or a function
flaskSession({}, { onConflict: 'both' });
// @ts-expect-error -- an error, or an anonymous session
flaskSession({}, { onStoreError: 'ignore' });
// @ts-expect-error -- an error, or an anonymous session
flaskSession({}, { onUndecodable: 'delete' });
// @ts-expect-error -- what is configured, or both
flaskSession({}, { acceptCookies: 'unsigned' });
// @ts-expect-error -- there are six
flaskSession({}, { pickleProtocol: 6 });
// @ts-expect-error -- a number of milliseconds
flaskSession({}, { storeTimeoutMs: '500' });
// @ts-expect-error -- yes or no
flaskSession({}, { validateSid: /^[0-9a-f-]+$/ });
// @ts-expect-error -- it must also write
flaskSession({}, { serializer: { loads: () => ({}) } });
// @ts-expect-error -- a store of express-session takes callbacks
flaskSession({}, { store: { get() {}, set() {}, destroy() {} } });
// @ts-expect-error -- no such limit
flaskSession({}, { limits: { depth: 50 } });

// What an application hands through, it may have left out.
export function withOptions(options?: SessionOptions): void {
  flaskSession({}, options);
}
