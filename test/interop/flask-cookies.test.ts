/** Cookies and tokens that are made here, judged by a running Flask, Flask-Login and Flask-WTF. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

import { encodeCookie, resolveLoginConfig } from '../../src/python/flask-login/index.js';
import { generateCsrf, resolveCsrfConfig } from '../../src/python/flask-wtf/index.js';
import { getSigningSerializer, TaggedJSONSerializer } from '../../src/python/flask/index.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import { anySession } from '../support/arbitrary-sessions.js';
import { toTyped, type Typed } from '../support/typed-json.js';

const ENVIRONMENT = 'flask-3.1';
const SECRET_KEY = 'a key of the tests';

interface Answer {
  readonly sessions: readonly { readonly value: Typed; readonly text: string }[];
  readonly remembered: readonly (string | null)[];
  readonly tokens: readonly boolean[];
}

let python: string;

beforeAll(async () => {
  python = (await ensureEnvironments([ENVIRONMENT])).get(ENVIRONMENT) ?? '';
}, 600_000);

test('Flask reads every session that we write, and writes the same', () => {
  const taggedJson = new TaggedJSONSerializer();
  const serializer = getSigningSerializer({ SECRET_KEY });
  const compressed = { text: 'spam and eggs '.repeat(30) };
  const sessions = [compressed, ...fc.sample(anySession, { seed: 5, numRuns: 1000 })];
  const cookies = sessions.map((session) => serializer.dumps(session));
  expect(cookies[0]?.startsWith('.')).toBe(true);

  const opened = ask({ sessions: cookies }).sessions;
  for (const [index, session] of sessions.entries()) {
    const text = taggedJson.dumps(session);
    expect(opened[index]?.text).toBe(text);
    expect(toTyped(taggedJson.loads(text))).toEqual(opened[index]?.value);
  }
});

test('Flask-Login knows whom our remember-me cookie names, and no other', () => {
  const config = resolveLoginConfig({ SECRET_KEY });
  const ids = fc.sample(fc.string({ unit: 'grapheme' }), { seed: 5, numRuns: 300 });
  const cookies = ids.map((id) => encodeCookie(id, config));
  const tampered = cookies.map((cookie) => `x${cookie}`);
  const { remembered } = ask({ remembered: [...cookies, ...tampered] });
  expect(remembered).toEqual([...ids, ...tampered.map(() => null)]);
});

test('Flask-WTF takes our token for its own session, and for no other', () => {
  const config = resolveCsrfConfig({ SECRET_KEY });
  const sessions = Array.from({ length: 50 }, (): { csrf_token?: string } => ({}));
  const tokens = sessions.map((session) => generateCsrf(session, config));
  const own = sessions.map(({ csrf_token: secret }, index) => [secret, tokens[index]]);
  const others = sessions.map(({ csrf_token: secret }, index) => [secret, tokens.at(index - 1)]);
  expect(ask({ tokens: [...own, ...others] }).tokens).toEqual([
    ...own.map(() => true),
    ...others.map(() => false),
  ]);
});

function ask(question: object): Answer {
  const script = fileURLToPath(new URL('../../python-harness/judge_flask.py', import.meta.url));
  const all = { secretKey: SECRET_KEY, sessions: [], remembered: [], tokens: [], ...question };
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(all),
    maxBuffer: 2 ** 28,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}
