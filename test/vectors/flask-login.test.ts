/** Logins of each Flask-Login: sessions, identifiers, remember-me cookies and redirects, against ours. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  confirmLogin,
  createIdentifier,
  currentUserId,
  decodeCookie,
  encodeCookie,
  isFresh,
  loginFromRememberCookie,
  loginRequired,
  loginUser,
  logoutUser,
  resolveLoginConfig,
  sessionProtectionFailed,
  updateRememberCookie,
  type SessionRequest,
} from '../../src/python/flask-login/index.js';
import type { FlaskConfig } from '../../src/python/flask/index.js';
import { fakeResponse } from '../support/fake-response.js';
import { readFixture, releasesOf } from '../support/fixtures.js';
import { sessionFromTyped } from '../support/session-from-typed.js';
import { toTyped, type Typed } from '../support/typed-json.js';

interface Client {
  readonly headers: Readonly<Record<string, string>>;
  readonly address: string | null;
}

interface Step {
  readonly operation: {
    readonly login?: string;
    readonly remember?: boolean;
    readonly duration?: number;
    readonly fresh?: boolean;
    readonly logout?: true;
    readonly confirm?: true;
  };
  readonly elsewhere: boolean;
  readonly cookie: string | null;
  readonly given: Readonly<Record<string, unknown>> | null;
  readonly setCookie: readonly string[];
  readonly session: Typed;
  readonly seen: { readonly userId: string | null; readonly fresh: boolean };
}

interface Fixture {
  readonly now: string;
  readonly secretKey: string;
  readonly clients: { readonly here: Client; readonly elsewhere: Client };
  readonly identifiers: readonly (Client & { id: string; identifier: string })[];
  readonly encoded: readonly {
    id: string;
    key: { readonly str?: string; readonly bytes?: string };
    payload: string;
    cookie: string;
  }[];
  readonly decoded: readonly { id: string; cookie: string; payload: string | null }[];
  readonly protection: readonly {
    id: string;
    config: FlaskConfig;
    before: Typed;
    after: Typed;
    failed: boolean;
  }[];
  readonly walks: readonly { id: string; config: FlaskConfig; steps: readonly Step[] }[];
  readonly redirects: readonly {
    id: string;
    config: FlaskConfig;
    loginView: string | null;
    target: string;
    host: string;
    scheme: string;
    status: number;
    location: string | null;
    session: Typed;
  }[];
}

/** Walks that go otherwise here, each with its reason. */
const OTHER_WALKS: Readonly<Record<string, string>> = {
  login: 'a logout clears the remember-me cookie, whether the request has one or not',
  'login-and-out': 'the same',
};

/** A session that holds no more than `_permanent` is empty in Flask-Session, but not in Flask. */
const OTHER_PROTECTION = /^(basic|strong)\/permanent-only$/;

const LEGACY = '0.4.0';

describe.each(releasesOf('flask-login'))('Flask-Login %s', (release) => {
  const fixture = readFixture('flask-login', `${release}.json`) as Fixture;
  const { secretKey: SECRET_KEY, clients } = fixture;
  const login = resolveLoginConfig({ SECRET_KEY });

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(fixture.now) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(fixture.identifiers)('identifier: $id', (client) => {
    expect(createIdentifier(requestOf(client))).toBe(client.identifier);
  });

  if (release === LEGACY) {
    test.each(fixture.walks.flatMap(({ steps }) => loggedIn(steps)))(
      'its session has a login that is read: $seen',
      ({ session, userId, fresh }) => {
        const data = sessionFromTyped(session);
        expect([currentUserId(data), isFresh(data)]).toEqual([userId, fresh]);
      },
    );
    return;
  }

  test.each(fixture.encoded)('cookie of $id', ({ key, payload, cookie }) => {
    const secret = key.str ?? Buffer.from(key.bytes ?? '', 'hex');
    const config = resolveLoginConfig({ SECRET_KEY: secret });
    expect(encodeCookie(payload, config)).toBe(cookie);
    expect(decodeCookie(cookie, config)).toBe(payload);
  });

  test.each(fixture.decoded)('cookie that is $id', ({ cookie, payload }) => {
    expect(decodeCookie(cookie, login)).toBe(payload ?? undefined);
  });

  test.each(fixture.protection.filter(({ id }) => !OTHER_PROTECTION.test(id)))(
    'protection $id',
    ({ config, before, after, failed }) => {
      const session = sessionFromTyped(before);
      const identifier = createIdentifier(requestOf(clients.here));
      const result = sessionProtectionFailed(session, identifier, resolveLoginConfig(config));
      expect(result).toBe(failed);
      expect(withoutOrder(toTyped(session))).toEqual(withoutOrder(after));
    },
  );

  describe('walks', () => {
    const { walks } = fixture;

    test.each(walks.filter(({ id }) => !(id in OTHER_WALKS)))('$id', (walk) => {
      expect(ourSteps(walk)).toEqual(theirSteps(walk.steps));
    });

    test.each(walks.filter(({ id }) => id in OTHER_WALKS))('$id: otherwise, as listed', (walk) => {
      expect(ourSteps(walk)).not.toEqual(theirSteps(walk.steps));
    });
  });

  test.each(fixture.redirects)(
    'a request without a login: $id',
    ({ config, loginView, target, host, scheme, status, location, session }) => {
      const data = {};
      const { response, headers } = fakeResponse();
      const request: SessionRequest = {
        ...requestOf(clients.here, { host }),
        originalUrl: target,
        protocol: scheme,
        session: data,
      };
      const next = vi.fn();
      loginRequired({ SECRET_KEY, ...config }, { loginView: loginView ?? undefined })(
        request,
        response,
        next,
      );
      if (status === 302) {
        expect([response.statusCode, headers.get('location')]).toEqual([302, location]);
        expect(next).not.toHaveBeenCalled();
      } else if (status === 200) {
        expect(next).toHaveBeenCalledWith();
      } else {
        expect(next).toHaveBeenCalledWith(expect.objectContaining({ status }));
      }
      expect(toTyped(data)).toEqual(session);
    },
  );

  function ourSteps({ config, steps }: Fixture['walks'][number]): unknown {
    const resolved = resolveLoginConfig({ SECRET_KEY, ...config });
    let session: Record<string, unknown> = {};
    return steps.map(({ operation, elsewhere, cookie, given }) => {
      if (given) session = { ...given };
      const client = elsewhere ? clients.elsewhere : clients.here;
      const request = requestOf(client, cookie === null ? {} : { cookie: rawHeader(cookie) });
      if (!sessionProtectionFailed(session, createIdentifier(request), resolved)) {
        loginFromRememberCookie(session, request, resolved);
      }
      const userId = currentUserId(session) ?? null;
      const seen = { userId, fresh: userId !== null && isFresh(session) };
      act(session, operation, request);
      const line = updateRememberCookie(session, request, resolved);
      return {
        seen,
        session: withoutOrder(toTyped(session)),
        setCookie: inForm(line === undefined ? [] : [line]),
      };
    });
  }

  function theirSteps(steps: readonly Step[]): unknown {
    return steps.map(({ seen, session, setCookie }) => ({
      seen,
      session: withoutOrder(session),
      setCookie: inForm(setCookie),
    }));
  }

  /** Before 0.6.0 HttpOnly was not the default, and there was no SameSite. */
  function inForm(lines: readonly string[]): readonly string[] {
    if (release !== '0.5.0') return lines;
    return lines.map((line) => line.replace(/; (HttpOnly|SameSite=\w+)/g, ''));
  }
});

function act(session: object, operation: Step['operation'], request: SessionRequest): void {
  const { login, remember = false, duration, fresh = true } = operation;
  if (login !== undefined) {
    loginUser(session, login, request, { remember, durationSeconds: duration, fresh });
  }
  if (operation.logout) logoutUser(session);
  if (operation.confirm) confirmLogin(session, request);
}

/** A request as Node hands it over: names of headers in lower case. */
function requestOf(client: Client, more: Readonly<Record<string, string>> = {}): SessionRequest {
  const headers = Object.entries({ ...client.headers, ...more }).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return {
    headers: Object.fromEntries(headers) as Record<string, string>,
    socket: { remoteAddress: client.address ?? undefined },
  };
}

/** A header's text as it is on the wire: one character for each byte. */
function rawHeader(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Each login of a walk: the session after a step, and who the next step sees in it. */
function loggedIn(steps: readonly Step[]) {
  return steps.flatMap(({ session }, index) => {
    const next = steps[index + 1];
    const isUndisturbed = next && !next.elsewhere && !next.given && next.seen.userId !== null;
    if (!isUndisturbed) return [];
    return [{ seen: next.seen.userId, session, userId: next.seen.userId, fresh: next.seen.fresh }];
  });
}

/** Keys of a session have no order that would mean anything. */
function withoutOrder(session: Typed): unknown {
  const pairs = session['dict'] as [Typed, Typed][];
  return new Map(pairs.map(([key, value]) => [key['str'], value]));
}
