/** One user on live Flask and live Express, for every Flask-Login release: logins, forms, flashes. */

import { beforeEach, describe, expect, test } from 'vitest';

import { FormBrowser } from '../support/form-browser.js';
import {
  DIRECTIONS,
  NOBODY,
  PASSWORD,
  redirectPath,
  USER,
  useLoginApps,
} from '../support/login-apps.js';

/** With the methods of password hashes that the Werkzeug beside each knows. */
const RELEASES = [
  { version: '0.5.0', format: 'pickle', methods: ['pbkdf2:sha256'] },
  { version: '0.6.0', format: 'pickle', methods: ['pbkdf2:sha256'] },
  { version: '0.6.2', format: 'pickle', methods: ['pbkdf2:sha256', 'scrypt'] },
  { version: '0.6.3', format: 'msgpack', methods: ['pbkdf2:sha256', 'scrypt'] },
] as const;

const FRESH = { user: USER, fresh: true };
const NOT_FRESH = { user: USER, fresh: false };

/** Session protection's modes, and what they leave of a login whose client has changed. */
const PROTECTIONS = [
  { mode: null, permanent: false, afterChange: FRESH },
  { mode: 'basic', permanent: false, afterChange: NOT_FRESH },
  { mode: 'strong', permanent: false, afterChange: NOBODY },
  { mode: 'strong', permanent: true, afterChange: NOT_FRESH },
] as const;

describe.each(RELEASES)('Flask-Login $version', (release) => {
  const apps = useLoginApps(release);
  let browser: FormBrowser;

  beforeEach(() => {
    browser = new FormBrowser();
  });

  describe.each(DIRECTIONS)('from $here to $there', ({ here, there }) => {
    test('is the same user, freshly logged in', async () => {
      const response = await apps.logIn(browser, here);
      expect([response.status, redirectPath(response)]).toEqual([302, '/account']);
      expect(await apps.who(browser, here)).toEqual(FRESH);
      expect(await apps.who(browser, there)).toEqual(FRESH);
      expect((await browser.get(apps.url(there, '/settings'))).status).toBe(200);
      expect(browser.cookies.has('remember_token')).toBe(false);
    });

    test('is remembered without the session, and not fresh until the password is given', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      browser.cookies.delete('session');
      expect(await apps.who(browser, there)).toEqual(NOT_FRESH);
      expect(await apps.who(browser, here)).toEqual(NOT_FRESH);
      expect((await browser.get(apps.url(there, '/account'))).status).toBe(200);
      expect((await browser.get(apps.url(there, '/settings'))).status).toBe(302);

      await apps.submit(browser, there, '/confirm', { password: PASSWORD });
      expect(await apps.who(browser, here)).toEqual(FRESH);
      expect((await browser.get(apps.url(here, '/settings'))).status).toBe(200);
    });

    test('is not remembered by a cookie that somebody has changed', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      browser.cookies.delete('session');
      const cookie = browser.cookies.get('remember_token') ?? '';
      browser.cookies.set('remember_token', cookie.replace('zo', 'Zo'));
      expect(await apps.who(browser, there)).toEqual(NOBODY);
    });

    test('is out on both sides, and forgotten, once it logs out on the other', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      const session = browser.cookies.get('session') ?? '';
      expect(await apps.who(browser, there)).toEqual(FRESH);
      await apps.submit(browser, there, '/logout');
      expect(browser.cookies.has('remember_token')).toBe(false);
      expect(await apps.who(browser, here)).toEqual(NOBODY);
      expect(await apps.who(browser, there)).toEqual(NOBODY);
      browser.cookies.set('session', session);
      expect(await apps.who(browser, here)).toEqual(NOBODY);
      expect(await apps.who(browser, there)).toEqual(NOBODY);
    });

    test('a form of this side is taken by the other', async () => {
      const token = await browser.csrfToken(apps.url(here, '/login'));
      const fields = { csrf_token: token, username: USER, password: PASSWORD };
      const response = await browser.post(apps.url(there, '/login'), fields);
      expect([response.status, redirectPath(response)]).toEqual([302, '/account']);
      expect(await apps.who(browser, here)).toEqual(FRESH);
    });

    test('a token of this side is taken by the other from a header', async () => {
      const token = await browser.csrfToken(apps.url(here, '/notes'));
      const fields = { text: 'sent by a script', category: 'info' };
      const headers = { 'X-CSRFToken': token };
      const response = await browser.post(apps.url(there, '/notes'), fields, headers);
      expect(response.status).toBe(200);
      expect(await apps.messages(browser, there)).toEqual([['info', 'sent by a script']]);
    });

    test('a missing, foreign or changed token is refused by the other', async () => {
      const post = async (token: Record<string, string>) => {
        const fields = { text: 'not to be kept', category: 'info', ...token };
        const response = await browser.post(apps.url(there, '/notes'), fields);
        return [response.status, await response.text()];
      };
      const foreign = await new FormBrowser().csrfToken(apps.url(here, '/notes'));
      const noSecret = [400, 'The CSRF session token is missing.'];
      expect(await post({ csrf_token: foreign })).toEqual(noSecret);

      const token = await browser.csrfToken(apps.url(here, '/notes'));
      const changed = token.replace(/.{3}$/, 'AAA');
      expect(await post({})).toEqual([400, 'The CSRF token is missing.']);
      expect(await post({ csrf_token: foreign })).toEqual([400, 'The CSRF tokens do not match.']);
      expect(await post({ csrf_token: changed })).toEqual([400, 'The CSRF token is invalid.']);
      expect(await apps.messages(browser, there)).toEqual([]);
    });

    test('what is flashed here shows there, once, with its category', async () => {
      await apps.submit(browser, here, '/notes', { category: 'info', text: 'grün & <b>' });
      await apps.submit(browser, here, '/notes', { category: 'error', text: 'no' });
      const flashed = [
        ['info', 'grün & <b>'],
        ['error', 'no'],
      ];
      expect(await apps.messages(browser, there)).toEqual(flashed);
      expect(await apps.messages(browser, here)).toEqual([]);
      expect(await apps.messages(browser, there)).toEqual([]);
    });

    test('who is not logged in is sent to the login page, and told why on the other', async () => {
      const page = '/account?tab=1&q=%C3%A9';
      const response = await browser.get(apps.url(here, page));
      const onTheOther = await new FormBrowser().get(apps.url(there, page));
      expect(redirectPath(response)).toMatch(/^\/login\?next=%2Faccount%3Ftab/);
      expect(redirectPath(response)).toBe(redirectPath(onTheOther));
      expect([response.status, onTheOther.status]).toEqual([302, 302]);
      const message = ['message', 'Please log in to access this page.'];
      expect(await apps.messages(browser, there)).toEqual([message]);
    });

    test.each(release.methods)('a password set here by %s opens the other', async (method) => {
      const username = `${method} of ${here}`;
      await apps.submit(browser, here, '/password', { username, password: PASSWORD, method });
      expect((await apps.passwordHash(username))?.split('$')[0]).toContain(`${method}:`);

      const wrong = { username, password: `${PASSWORD}!` };
      expect((await apps.submit(browser, there, '/login', wrong)).status).toBe(403);
      const right = { username, password: PASSWORD };
      expect((await apps.submit(browser, there, '/login', right)).status).toBe(302);
      expect(await apps.who(browser, here)).toEqual({ user: username, fresh: true });
    });
  });
});

describe.each(RELEASES)('Flask-Login $version', (release) => {
  describe.each(PROTECTIONS)('session protection $mode, permanent $permanent', (protection) => {
    const { mode, permanent, afterChange } = protection;
    const apps = useLoginApps(release, { SESSION_PROTECTION: mode, SESSION_PERMANENT: permanent });

    describe.each(DIRECTIONS)('logged in on $here', ({ here, there }) => {
      test('the same client is freshly logged in for both', async () => {
        const browser = new FormBrowser();
        browser.headers.set('X-Forwarded-For', '198.51.100.7, 10.0.0.1');
        await apps.logIn(browser, here, { remember: 'y' });
        expect(await apps.who(browser, there)).toEqual(FRESH);
        expect(await apps.who(browser, here)).toEqual(FRESH);
      });

      test.each([
        { what: 'browser', header: 'User-Agent', value: 'curl/8' },
        { what: 'address', header: 'X-Forwarded-For', value: '198.51.100.8' },
      ])('a change of the $what means the same to both', async ({ header, value }) => {
        const browser = new FormBrowser();
        await apps.logIn(browser, here, { remember: 'y' });
        const headers = [...browser.headers];
        browser.headers.set(header, value);
        expect(await apps.who(browser, there)).toEqual(afterChange);
        expect(await apps.who(browser, here)).toEqual(afterChange);
        // With strong protection the remember-me cookie must not bring the login back.
        expect(browser.cookies.has('remember_token')).toBe(afterChange.user !== null);

        browser.headers = new Map(headers);
        expect(await apps.who(browser, here)).toEqual(afterChange);
        expect(await apps.who(browser, there)).toEqual(afterChange);
      });
    });
  });
});
