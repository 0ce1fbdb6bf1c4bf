/** CSRF tokens and requests that each Flask-WTF passed or refused, against ours. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { CSRFError } from '../../src/errors.js';
import {
  csrfProtect,
  generateCsrf,
  resolveCsrfConfig,
  sameOrigin,
  validateCsrf,
  type FormRequest,
} from '../../src/python/flask-wtf/index.js';
import type { FlaskConfig } from '../../src/python/flask/index.js';
import { fakeResponse } from '../support/fake-response.js';
import { readFixture, releasesOf } from '../support/fixtures.js';

interface TokenCase {
  readonly id: string;
  readonly config: FlaskConfig;
  /** What the session holds; null for nothing. */
  readonly session: string | null;
  readonly token: string | null;
  /** Seconds since the token was made. */
  readonly age: number;
  readonly expect: 'valid' | 'reject';
  /** What Flask-WTF says; nothing where it fails with an error that is not its own. */
  readonly reason?: string;
}

interface RequestCase {
  readonly id: string;
  readonly config: FlaskConfig;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly expect: 'valid' | 'reject';
  readonly reason?: string;
}

interface Fixture {
  readonly now: string;
  readonly secretKey: string;
  readonly raw: string;
  readonly tokens: readonly TokenCase[];
  readonly requests: readonly RequestCase[];
  /** `same` is null where Python raises ValueError. */
  readonly origins: readonly {
    id: string;
    current: string;
    compare: string;
    same: boolean | null;
  }[];
}

/** What an older release does otherwise than the newest, which is the one that we follow. */
const OTHERWISE: Readonly<Record<string, readonly { ids: RegExp; reason: string }[]>> = {
  '0.14.3': [
    {
      ids: /^(?!no-time-limit).*\/age=-\d+$/,
      reason: 'itsdangerous 1.1 does not refuse a date of signing in the future',
    },
  ],
};

describe.each(releasesOf('flask-wtf'))('Flask-WTF %s', (release) => {
  const fixture = readFixture('flask-wtf', `${release}.json`) as Fixture;
  const { secretKey: SECRET_KEY, raw } = fixture;
  const isOtherwise = (id: string) => (OTHERWISE[release] ?? []).some(({ ids }) => ids.test(id));

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(fixture.now) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(fixture.tokens.filter(({ id }) => id.endsWith('/made')))(
    'the token $id is made alike',
    ({ config, token }) => {
      const csrf = resolveCsrfConfig({ SECRET_KEY, ...config });
      expect(generateCsrf({ [csrf.fieldName]: raw }, csrf)).toBe(token);
    },
  );

  test.each(fixture.tokens.filter(({ id }) => !isOtherwise(id)))(
    'the token $id is judged alike',
    (tokenCase) => {
      expect(verdictOn(tokenCase)).toEqual(theirs(tokenCase));
    },
  );

  test.each(fixture.tokens.filter(({ id }) => isOtherwise(id)))(
    'the token $id is judged otherwise, as listed',
    (tokenCase) => {
      expect(verdictOn(tokenCase)).not.toEqual(theirs(tokenCase));
    },
  );

  test.each(fixture.requests)('the request $id passes or not', (requestCase) => {
    const csrf = resolveCsrfConfig({ SECRET_KEY, ...requestCase.config });
    const next = vi.fn();
    const protect = csrfProtect({ SECRET_KEY, ...requestCase.config });
    const session = { [csrf.fieldName]: raw };
    const request = requestOf(requestCase, session, generateCsrf(session, csrf));
    protect(request, fakeResponse().response, next);
    const { reason } = requestCase;
    if (reason === undefined) expect(next).toHaveBeenCalledWith();
    else expect(next).toHaveBeenCalledWith(expect.objectContaining({ status: 400, reason }));
  });

  test.each(fixture.origins)('origins: $id', ({ current, compare, same }) => {
    expect(sameOrigin(current, compare)).toBe(same ?? false);
  });

  function verdictOn({ config, session, token, age }: TokenCase): string {
    const csrf = resolveCsrfConfig({ SECRET_KEY, ...config });
    vi.setSystemTime(Date.parse(fixture.now) + age * 1000);
    try {
      validateCsrf(session === null ? {} : { [csrf.fieldName]: session }, token, csrf);
      return 'valid';
    } catch (error) {
      if (error instanceof CSRFError) return error.reason;
      throw error;
    }
  }
});

/** A token that is no text, rightly signed, fails in Python with TypeError; here it does not match. */
function theirs({ expect: verdict, reason }: TokenCase): string {
  return verdict === 'valid' ? 'valid' : (reason ?? 'The CSRF tokens do not match.');
}

/** The request as Express hands it over, its body read by whichever parser it is for. */
function requestOf(
  { method, url, headers, form }: RequestCase,
  session: object,
  token: string,
): FormRequest {
  const { protocol, host } = new URL(url);
  const isJson = headers['Content-Type'] === 'application/json';
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    protocol: protocol.slice(0, -1),
    headers: {
      host,
      'content-type': 'application/x-www-form-urlencoded',
      ...(Object.fromEntries(named) as Record<string, string>),
    },
    body: isJson ? { csrf_token: token } : form,
    session,
  };
}
