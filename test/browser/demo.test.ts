/** The demo in a real Chromium: two apps, one session, and the panel that shows it. */

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';

import { takeScreenshots } from '../../examples/demo/screenshots.js';
import { Transcript } from '../../examples/demo/transcript.js';
import { findChromium } from '../../tools/chromium.mjs';
import { hardToRead } from '../support/contrast.js';
import { eventually, EXPRESS, FLASK, START_TIMEOUT, useDemo } from '../support/demo-pages.js';
import type { DemoPage } from '../support/demo-pages.js';

const DIRECTIONS = [
  ['from Flask to Express', FLASK, EXPRESS],
  ['from Express to Flask', EXPRESS, FLASK],
] as const;

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  isMobile: true,
  hasTouch: true,
};

const hasChromium = findChromium() !== undefined;

describe.skipIf(!hasChromium)('the demo in Chromium', { timeout: START_TIMEOUT }, () => {
  const { address, visit } = useDemo();

  describe.each(DIRECTIONS)('%s', (_, here, there) => {
    test('a login is one login, a cart is one cart, and a logout is one logout', async () => {
      const shop = await visit(here);
      await shop.logIn('ada');
      await shop.goTo(there);
      await shop.shows('You are ada, here since');
      await shop.press('Add Teapot to the cart');
      await shop.shows('1 × Teapot');
      await shop.goTo(here);
      await shop.shows('1 × Teapot');
      await shop.press('Add Teapot to the cart');
      await shop.shows('2 × Teapot');
      await shop.goTo(there);
      await shop.shows('Together 48.00 €');
      await shop.press('Log out');
      await shop.shows('Nobody is logged in.');
      await shop.goTo(here);
      await shop.shows('Nobody is logged in.');
      expect(shop.complaints).toEqual([]);
    });

    test('a message flashed on one app is shown by the other, once', async () => {
      const shop = await visit(here);
      await shop.logIn('ada');
      await shop.page.getByLabel('Flashed here, shown there').fill('<b>cinnamon</b> & "cloves"');
      await shop.press('Flash it, and go there');
      await shop.shows('<b>cinnamon</b> & "cloves"');
      expect(new URL(shop.page.url()).pathname).toBe(there.path);
      await shop.page.reload();
      await shop.shows('You are ada');
      expect(await shop.showsNow('cinnamon')).toBe(false);
      expect(shop.complaints).toEqual([]);
    });

    test('a login that is not to be kept ends with the browser, on both', async () => {
      const shop = await visit(here);
      await shop.logIn('ada', { keep: false });
      await shop.goTo(there);
      await shop.press('Add Teapot to the cart');
      await shop.shows('1 × Teapot');
      expect((await sessionCookie(shop))?.expires).toBe(-1);
    });

    test('another window follows without a reload, and names who changed the session', async () => {
      const shop = await visit(here);
      await shop.logIn('ada');
      await shop.panelSays('Changed by', here.badge);
      // A reload would forget it.
      await shop.page.evaluate('document.body.dataset.seen = "yes"');
      const other = await shop.another(there);
      await other.press('Add Green tea to the cart');
      await other.shows('1 × Green tea');

      await shop.panelSays('Changed by', there.badge);
      await shop.shows('1 × Green tea');
      expect(await shop.values()).toMatchObject({ cart: 'dict {"Green tea": 1}' });
      await other.press('Log out');
      await shop.shows('Nobody is logged in.');
      expect(await shop.page.evaluate('document.body.dataset.seen')).toBe('yes');
      expect([...shop.complaints, ...other.complaints]).toEqual([]);
    });
  });

  test('a window that follows leaves what its user is writing', async () => {
    const shop = await visit(FLASK);
    await shop.logIn('ada');
    const note = shop.page.getByLabel('Flashed here, shown there');
    await note.fill('half a sent');
    const other = await shop.another(EXPRESS);
    await other.press('Add Teapot to the cart');
    await shop.panelSays('Changed by', 'new app');
    await note.pressSequentially('ence');
    expect(await note.inputValue()).toBe('half a sentence');
  });

  describe('the panel', () => {
    test('shows the key, the cookie, the Python values and each opcode of the pickle', async () => {
      const shop = await visit(FLASK);
      await shop.logIn('ada');
      await shop.panelSays('Stored as', /^pickle, \d+ bytes$/);
      const { value: sid } = (await sessionCookie(shop)) ?? {};
      expect(await shop.fact('Key')).toBe(`session:pickle-unsigned:${sid}`);
      expect(await shop.fact('Cookie')).toBe(`session=${sid}`);
      expect(await shop.values()).toMatchObject({
        _permanent: 'bool True',
        username: 'str "ada"',
        cart: 'dict {}',
        credit: 'float 20.0',
        delivery: 'tuple (9, 12)',
        since: expect.stringMatching(/^datetime .*\+00:00$/) as unknown,
      });
      const lines = await dumpLines(shop);
      expect(lines[0]).toEqual(['0', '80 04', 'PROTO', '4']);
      expect(lines).toContainEqual([expect.any(String), '86', 'TUPLE2', '']);
      expect(lines.at(-1)).toEqual([expect.any(String), '2e', 'STOP', '']);
    });

    test('counts the time to live down', async () => {
      const shop = await visit(EXPRESS);
      await shop.page.clock.install();
      // What the server says later would set the count anew.
      await shop.page.route('**/panel/events', (route) => route.abort());
      await shop.logIn('ada');
      await shop.page.locator('#panel.lost').waitFor();
      const before = await secondsLeft(shop);
      await shop.page.clock.runFor(60_000);
      const after = await secondsLeft(shop);
      expect(before).toBeGreaterThan(2_678_300);
      expect(before - after).toBeGreaterThanOrEqual(59);
    });

    test('tells who wrote the same bytes again from who changed them', async () => {
      const shop = await visit(EXPRESS);
      await shop.logIn('ada');
      // Flask-Session 0.5 writes on every request; the first one takes the welcome out.
      await shop.goTo(FLASK);
      await shop.page.reload();
      await shop.goTo(EXPRESS);
      await shop.press('Add Teapot to the cart');
      await shop.panelSays('Changed by', 'new app');
      await shop.goTo(FLASK);
      await shop.panelSays('Rewritten by', /^old app at .*, unchanged$/);
      expect(await shop.fact('Changed by')).toContain('new app');
    });
  });

  describe('a choice of other settings', () => {
    test('takes the login along, in the format and with the cookie that were chosen', async () => {
      const shop = await visit(FLASK);
      await shop.logIn('ada');
      await shop.press('Add Teapot to the cart');
      await shop.shows('1 × Teapot');

      await shop.choose('Format', 'msgpack');
      await shop.shows('1 × Teapot');
      await shop.shows('Flask-Session 0.8.0');
      await shop.panelSays('Stored as', /^msgpack, /);
      expect(await shop.values()).toMatchObject({
        credit: 'float 20.0',
        delivery: 'list [9, 12]',
        since: expect.stringMatching(/^datetime /) as unknown,
      });
      expect((await dumpLines(shop))[0]).toEqual(['0', expect.any(String), 'fixmap', '6 pairs']);

      await shop.choose('Signer', 'on');
      await shop.shows('You are ada');
      await shop.panelSays('Cookie', /^session=[\w-]{43}\.[\w-]{27}$/);
      expect(`session=${(await sessionCookie(shop))?.value}`).toBe(await shop.fact('Cookie'));

      await shop.goTo(EXPRESS);
      await shop.shows('1 × Teapot');
      await shop.choose('Format', 'json');
      await shop.shows('1 × Teapot');
      await shop.panelSays('Stored as', /^json, /);
      expect(await shop.values()).toMatchObject({
        since: expect.stringMatching(/^str "/) as unknown,
      });
      await shop.press('Add Teapot to the cart');
      await shop.shows('2 × Teapot');

      await shop.choose('Format', 'pickle');
      await shop.goTo(FLASK);
      await shop.shows('2 × Teapot');
      await shop.panelSays('Stored as', /^pickle, /);
      expect(shop.complaints).toEqual([]);
    });

    test('leaves a visitor without a session without one', async () => {
      const shop = await visit(EXPRESS);
      await shop.choose('Format', 'json');
      await shop.shows('Nobody is logged in.');
      await eventually(() => shop.panel.innerText()).toContain('This browser has no session.');
      expect(await sessionCookie(shop)).toBeUndefined();
    });
  });

  test.each(['light', 'dark'] as const)(
    'all text stands out in the %s scheme',
    async (colorScheme) => {
      // Without motion nothing is on its way from one colour to another.
      const shop = await visit(FLASK, { colorScheme, reducedMotion: 'reduce' });
      await reads(shop);
      await shop.logIn('ada');
      await shop.press('Add Teapot to the cart');
      await shop.shows('1 × Teapot');
      await reads(shop);
      await shop.press('Flash it, and go there');
      await shop.shows('Hello from Flask!');
      await reads(shop);
    },
  );

  test('the pictures of the documentation are small', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-pictures-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const lines: string[] = [];
    const write = (line: string): boolean => lines.push(line) > 0;
    await takeScreenshots(address(), folder, new Transcript({ isTTY: false, write }));
    expect(lines).toHaveLength(3);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).size).toBeLessThan(200_000);
    }
  });

  describe('on a phone', () => {
    test('nothing is wider than the screen, and every button is large enough for a thumb', async () => {
      const shop = await visit(FLASK, PHONE);
      for (const path of ['/', '/login', '/next', '/next/login']) {
        await shop.page.goto(path);
        await fits(shop);
      }
      await shop.press('Log in');
      await shop.shows('You are grace');
      await shop.press('Add Teapot to the cart');
      await shop.shows('1 × Teapot');
      await shop.panelSays('Changed by', 'new app');
      await fits(shop);
      await shop.goTo(FLASK);
      await shop.panelSays('Rewritten by', 'old app');
      await fits(shop);
      expect(shop.complaints).toEqual([]);
    });

    test('a line above the fold says what happened last, and leads to the panel', async () => {
      const shop = await visit(EXPRESS, PHONE);
      await shop.logIn('ada');
      const status = shop.page.getByRole('status').getByRole('link');
      await eventually(() => status.innerText()).toContain('new app changed the session at');
      const { y = Infinity } = (await status.boundingBox()) ?? {};
      expect(y).toBeLessThan(844);
      await status.click();
      await eventually(() => shop.page.evaluate('scrollY')).toBeGreaterThan(200);
    });
  });
});

/** As the browser keeps it. */
async function sessionCookie({ page }: DemoPage) {
  return (await page.context().cookies()).find(({ name }) => name === 'session');
}

/** The panel's dump, cell by cell. */
async function dumpLines({ panel }: DemoPage): Promise<string[][]> {
  const rows = await panel.locator('#dump tr').all();
  return Promise.all(
    rows.map(async (row) => (await row.locator('td').allInnerTexts()).map((cell) => cell.trim())),
  );
}

async function secondsLeft(shop: DemoPage): Promise<number> {
  return Number(/\((\d+) s\)/.exec(await shop.fact('Lives for'))?.[1]);
}

/** The page has its panel, and no text on it is hard to read. */
async function reads({ page, panel }: DemoPage): Promise<void> {
  await panel.locator('#dump tr').first().waitFor();
  expect(await hardToRead(page), page.url()).toEqual([]);
}

async function fits({ page, panel }: DemoPage): Promise<void> {
  await panel.locator('#facts > *').first().waitFor();
  const width = 'Math.max(document.body.scrollWidth, document.documentElement.scrollWidth)';
  expect(await page.evaluate(width), page.url()).toBeLessThanOrEqual(390);
  for (const button of await page.locator('main').getByRole('button').all()) {
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(40);
  }
}
