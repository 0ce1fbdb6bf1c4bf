import express from 'express';
import { describe, expect, test, vi } from 'vitest';

import { ConfigError, CSRFError, SessionUseError } from '../../../../src/errors.js';
import {
  csrfMetaTag,
  csrfProtect,
  generateCsrf,
  resolveCsrfConfig,
  validateCsrf,
} from '../../../../src/python/flask-wtf/index.js';
import { URLSafeTimedSerializer } from '../../../../src/python/itsdangerous/index.js';
import { fakeResponse } from '../../../support/fake-response.js';
import { serve } from '../../../support/http.js';

const SECRET_KEY = 'a key of the tests';
const config = resolveCsrfConfig({ SECRET_KEY });

describe('generateCsrf', () => {
  test('gives each session a secret of its own', () => {
    const [one, two] = [{}, {}] as Record<string, unknown>[];
    const token = generateCsrf(one ?? {}, config);
    generateCsrf(two ?? {}, config);
    expect(one?.['csrf_token']).toMatch(/^[0-9a-f]{40}$/);
    expect(one?.['csrf_token']).not.toBe(two?.['csrf_token']);
    validateCsrf(one ?? {}, token, config);
    expect(() => {
      validateCsrf(two ?? {}, token, config);
    }).toThrow(CSRFError);
  });

  test('keeps the secret, so that a form in another tab stays good', () => {
    const session = {};
    const first = generateCsrf(session, config);
    generateCsrf(session, config);
    validateCsrf(session, first, config);
  });

  test('replaces a secret that is no text', () => {
    const session: Record<string, unknown> = { csrf_token: 5 };
    validateCsrf(session, generateCsrf(session, config), config);
  });
});

describe('validateCsrf', () => {
  test.each([undefined, null, 5, {}, [], ''])('finds no token in %j', (token) => {
    expect(() => {
      validateCsrf({ csrf_token: 'x' }, token, config);
    }).toThrow(expect.objectContaining({ reason: 'The CSRF token is missing.' }));
  });

  test('refuses a bomb without unpacking it', () => {
    const signer = new URLSafeTimedSerializer(SECRET_KEY, { salt: 'wtf-csrf-token' });
    expect(() => {
      validateCsrf({ csrf_token: 'x' }, signer.dumps('x'.repeat(10_000_000)), config);
    }).toThrow(expect.objectContaining({ reason: 'The CSRF token is invalid.' }));
  });

  test('does not repeat the token in its errors', () => {
    expect.assertions(1);
    try {
      validateCsrf({ csrf_token: 'x' }, 'hunter2', config);
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });
});

test('csrfMetaTag escapes what it puts into the page', () => {
  const odd = resolveCsrfConfig({ SECRET_KEY, WTF_CSRF_META_NAME: '"><&\'' });
  expect(csrfMetaTag({}, odd)).toMatch(/^<meta name="&#34;&gt;&lt;&amp;&#39;" content="[\w.-]+">$/);
});

test.each([{}, { SECRET_KEY: '' }, { SECRET_KEY: null }])('needs a key: %j', (keyless) => {
  expect(() => resolveCsrfConfig(keyless)).toThrow(ConfigError);
});

describe('csrfProtect', () => {
  const session = {};
  const token = generateCsrf(session, config);

  test('passes a form that Express has read, and refuses one without the token', async () => {
    const app = express();
    app.use((req, _res, next) => {
      Object.assign(req, { session });
      next();
    });
    app.use(express.urlencoded({ extended: true }), csrfProtect({ SECRET_KEY }));
    app.post('/', (_req, res) => {
      res.send('done');
    });
    app.use((error: CSRFError, _req: unknown, res: express.Response, next: unknown) => {
      expect(next).toBeTypeOf('function');
      res.status(error.status).send(error.reason);
    });
    const port = await serve(app as never);
    const post = (body: string) => postForm(port, body);
    expect(await post(`csrf_token=${token}`)).toEqual([200, 'done']);
    expect(await post(`login-csrf_token=${token}`)).toEqual([200, 'done']);
    expect(await post(`csrf_token=${token}&csrf_token=x`)).toEqual([200, 'done']);
    expect(await post('csrf_token[a]=x')).toEqual([400, 'The CSRF token is missing.']);
    expect(await post('')).toEqual([400, 'The CSRF token is missing.']);
  });

  test('lets exempt requests pass, which protect() still refuses', () => {
    const protect = csrfProtect({ SECRET_KEY }, { exempt: ({ url }) => url === '/hook' });
    const request = { headers: {}, method: 'POST', url: '/hook', session };
    const next = vi.fn();
    protect(request, fakeResponse().response, next);
    expect(next).toHaveBeenCalledWith();
    expect(() => {
      protect.protect(request);
    }).toThrow(CSRFError);
  });

  test('needs a session', () => {
    const next = vi.fn();
    csrfProtect({ SECRET_KEY })({ headers: {}, method: 'POST' }, fakeResponse().response, next);
    expect(next).toHaveBeenCalledWith(expect.any(SessionUseError));
  });

  test('trusts no Referer where the Host is none', () => {
    const protect = csrfProtect({ SECRET_KEY });
    const headers = { host: '', referer: 'https:///', 'x-csrftoken': token };
    expect(() => {
      protect.protect({ headers, method: 'POST', protocol: 'https', session });
    }).toThrow(expect.objectContaining({ reason: 'The referrer does not match the host.' }));
  });
});

async function postForm(port: number, body: string): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  return [response.status, await response.text()];
}
