/** Ids, signatures, cookies and headers of every release of Flask-Session, against ours. */

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { BridgeError } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';
import { resolveConfig } from '../../src/python/flask/index.js';
import { BadSignature, Signer } from '../../src/python/itsdangerous/index.js';
import { parseCookie } from '../../src/python/werkzeug/index.js';
import { generateSid, looksLikeSid } from '../../src/session/sid.js';
import { SessionCookies } from '../../src/session/cookies.js';
import { RELEASES, cookieFixture } from '../support/flask-session-fixtures.js';
import type { SignatureCase, ValidWalk } from '../support/flask-session-fixtures.js';
import { ourOutcomes, takeRequest } from '../support/walks.js';
import { expectedOutcomes, withAttributes } from './known-deviations.js';

const SIGNER_OPTIONS = { salt: 'flask-session', keyDerivation: 'hmac' } as const;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(cookieFixture('0.8.0').now) });
});

afterAll(() => {
  vi.useRealTimers();
});

describe.each(RELEASES)('session ids of Flask-Session %s', (release) => {
  test.each(cookieFixture(release).sessionIds)('$id: ours have the same shape', (made) => {
    const ours = generateSid(made.config.SESSION_ID_LENGTH ?? defaultIdLength(release));
    for (const sid of made.sids) {
      expect(looksLikeSid(sid)).toBe(true);
      expect(shapeOf(ours)).toBe(shapeOf(sid));
    }
  });
});

describe.each(RELEASES)('signed cookies of Flask-Session %s', (release) => {
  const { signatures } = cookieFixture(release);
  const written = signatures.filter(({ id }) => /^key=|^as-written$/.test(id));

  test.each(written)('$id: we sign the same', ({ secretKey, sid, cookie }) => {
    expect(new Signer(keyOf(secretKey), SIGNER_OPTIONS).sign(sid)).toBe(cookie);
  });

  test.each(signatures)('$id: we judge the same', (signature) => {
    expect(readsSid(signature)).toBe(signature.expect === 'valid');
  });
});

describe.each(['0.7.0', '0.8.0'] as const)(
  'requests as Flask-Session %s answers them',
  (release) => {
    const { walks, secretKey } = cookieFixture(release);
    const valid = walks.filter((walk) => walk.expect === 'valid');
    const base: FlaskConfig = {
      SECRET_KEY: secretKey,
      SESSION_SERIALIZATION_FORMAT: 'msgpack',
      SESSION_ID_LENGTH: 32,
    };

    test.each(valid)('$id', async (walk) => {
      expect(await ourOutcomes(walk, base)).toEqual(expectedOutcomes(walk, valid));
    });

    test.each(walks.filter((walk) => walk.expect === 'reject'))(
      '$id: refused',
      async ({ config, steps: [request] }) => {
        await expect(takeRequest(request, { ...base, ...config })).rejects.toThrow(BridgeError);
      },
    );
  },
);

// Releases up to 0.6 send a cookie in more cases than 0.8, whose rules are ours; but the same line.
describe.each(['0.3.2', '0.4.1', '0.5.0', '0.6.0'] as const)(
  'Set-Cookie lines of Flask-Session %s',
  (release) => {
    const { walks, secretKey } = cookieFixture(release);
    // 0.3.2 sends no SameSite, whatever the setting says; ours is refused when the app starts.
    const valid = walks.filter((walk) => walk.expect === 'valid');
    const startable = valid.filter(({ id }) => !id.startsWith('samesite=bad/'));

    test.each(startable)('$id', ({ config, steps }) => {
      const resolved = resolveConfig({ SECRET_KEY: secretKey, ...config });
      const cookies = new SessionCookies(resolved, 'configured', looksLikeSid);
      for (const { sid, setCookie } of steps) {
        for (const line of setCookie) {
          const ours = line.includes('; Max-Age=0;')
            ? cookies.clearCookie()
            : cookies.setCookie(sid, line.includes('; Expires='));
          expect(ours).toBe(lineOf(release, line, config));
        }
      }
    });
  },
);

/** A line as that release would have written it with the Werkzeug of today. */
function lineOf(release: string, line: string, config: ValidWalk['config']): string {
  return withAttributes(release === '0.3.2' ? modernised(line) : line, config);
}

/** Werkzeug 1.0: dates as in Netscape's cookies, a dot before the domain, a semicolon in a path. */
function modernised(line: string): string {
  return line
    .replace(/(\d\d)-(\w{3})-(\d{4})/, '$1 $2 $3')
    .replace('; Domain=.', '; Domain=')
    .replace('/a%20b;c', '/a%20b%3Bc');
}

function readsSid({ secretKey, cookie, sid }: SignatureCase): boolean {
  const signer = new Signer(keyOf(secretKey), SIGNER_OPTIONS);
  try {
    const value = parseCookie(`session=${cookie}`).find(([name]) => name === 'session')?.[1] ?? '';
    return signer.unsign(value) === sid;
  } catch (error) {
    if (error instanceof BadSignature) return false;
    throw error;
  }
}

function keyOf(secretKey: SignatureCase['secretKey']): string | Buffer {
  return 'str' in secretKey ? secretKey.str : Buffer.from(secretKey.bytes, 'hex');
}

function defaultIdLength(release: (typeof RELEASES)[number]): number | undefined {
  return release < '0.6' ? undefined : 32;
}

/** Kinds of characters of an id, at each place. */
function shapeOf(sid: string): string {
  const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(sid);
  return isUuid ? 'uuid4' : sid.replace(/[A-Za-z0-9_-]/g, 'x');
}
