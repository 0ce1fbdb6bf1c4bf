/**
 * Logins of Flask-Login 0.4, which keeps them under `user_id`: read here, so that a route can move to
 * Node before Flask-Login is updated. It cannot read what is written here, but for the cookie.
 */

import { beforeEach, describe, expect, test } from 'vitest';

import { FormBrowser } from '../support/form-browser.js';
import { DIRECTIONS, NOBODY, USER, useLoginApps } from '../support/login-apps.js';

describe('Flask-Login 0.4.0', () => {
  const apps = useLoginApps({ version: '0.4.0', format: 'pickle' });
  let browser: FormBrowser;

  beforeEach(() => {
    browser = new FormBrowser();
  });

  test('a login is known on Express, and as fresh', async () => {
    await apps.logIn(browser, 'Flask');
    expect(await apps.who(browser, 'Express')).toEqual({ user: USER, fresh: true });
    expect((await browser.get(apps.url('Express', '/settings'))).status).toBe(200);
  });

  test('a login from another browser is not fresh on Express', async () => {
    await apps.logIn(browser, 'Flask');
    browser.headers.set('User-Agent', 'curl/8');
    expect(await apps.who(browser, 'Express')).toEqual({ user: USER, fresh: false });
  });

  test('a login ends on Flask when it logs out on Express', async () => {
    await apps.logIn(browser, 'Flask', { remember: 'y' });
    await apps.submit(browser, 'Express', '/logout');
    expect(browser.cookies.has('remember_token')).toBe(false);
    expect(await apps.who(browser, 'Flask')).toEqual(NOBODY);
    expect(await apps.who(browser, 'Express')).toEqual(NOBODY);
  });

  test.each(DIRECTIONS)('who logs in on $here is remembered on $there', async ({ here, there }) => {
    await apps.logIn(browser, here, { remember: 'y' });
    browser.cookies.delete('session');
    expect(await apps.who(browser, there)).toEqual({ user: USER, fresh: false });
  });
});
