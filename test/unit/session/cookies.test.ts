import { describe, expect, test } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import { Signer } from '../../../src/python/itsdangerous/index.js';
import { SID, Sessions } from '../../support/sessions.js';

const sign = (key: string): string =>
  new Signer(key, { salt: 'flask-session', keyDerivation: 'hmac' }).sign(SID);
const signed = { SECRET_KEY: 'new', SESSION_USE_SIGNER: true };

async function opens(sessions: Sessions, value: string): Promise<boolean> {
  sessions.put({ username: 2222 });
  return !sessionOf(await sessions.open(`session=${value}`)).isNew;
}

describe('a signed cookie', () => {
  test('counts when its signature is right, and only then', async () => {
    expect(await opens(new Sessions(signed), sign('new'))).toBe(true);
    expect(await opens(new Sessions(signed), sign('other'))).toBe(false);
    expect(await opens(new Sessions(signed), `${sign('new')}x`)).toBe(false);
    expect(await opens(new Sessions(signed), SID)).toBe(false);
  });

  test('is refused before the store is asked when its signature is wrong', async () => {
    const sessions = new Sessions(signed);
    await opens(sessions, sign('other'));
    expect(sessions.store.log).toEqual([]);
  });

  test('of an old key counts, and is sent anew with the current one', async () => {
    const sessions = new Sessions({ ...signed, SECRET_KEY_FALLBACKS: ['older', 'old'] });
    sessions.put({ username: 2222 });
    const session = await sessions.open(`session=${sign('old')}`);
    const { setCookie } = await sessions.interface.saveSession(session);
    expect(setCookie?.split(';')[0]).toBe(`session=${sign('new')}`);
  });

  test('does not count where the signer is off', async () => {
    expect(await opens(new Sessions({ SECRET_KEY: 'new' }), sign('new'))).toBe(false);
  });
});

describe("acceptCookies: 'both'", () => {
  test('takes signed and unsigned cookies, and sends the configured kind', async () => {
    const off = new Sessions({ SECRET_KEY: 'new' }, { acceptCookies: 'both' });
    expect(await opens(off, SID)).toBe(true);
    expect(await opens(off, sign('new'))).toBe(true);
    const on = new Sessions(signed, { acceptCookies: 'both' });
    expect(await opens(on, SID)).toBe(true);
    const session = await on.open(`session=${SID}`);
    const { setCookie } = await on.interface.saveSession(session);
    expect(setCookie?.split(';')[0]).toBe(`session=${sign('new')}`);
  });

  test('still refuses a wrong signature', async () => {
    const sessions = new Sessions(signed, { acceptCookies: 'both' });
    expect(await opens(sessions, sign('other'))).toBe(false);
  });
});

describe('the deletion cookie', () => {
  test('has the attributes without which a browser would keep the session', async () => {
    const sessions = new Sessions({
      SESSION_COOKIE_SECURE: true,
      SESSION_COOKIE_SAMESITE: 'None',
      SESSION_COOKIE_PARTITIONED: true,
      SESSION_COOKIE_DOMAIN: 'example.com',
      SESSION_COOKIE_PATH: '/app',
    });
    sessions.put({ username: 2222 });
    const session = await sessions.open();
    session.clear();
    const { setCookie } = await sessions.interface.saveSession(session);
    expect(setCookie).toBe(
      'session=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure; ' +
        'Path=/app; SameSite=None; Partitioned',
    );
  });
});
