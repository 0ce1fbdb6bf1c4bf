/** The demo in a real browser, as its user sees and works it. */

import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

import { startDemo } from '../../examples/demo/demo.js';
import { launchBrowser } from '../../tools/browser.js';

/** One of the two apps. */
export interface Side {
  readonly path: '/' | '/next';
  /** As the tab says. */
  readonly tab: RegExp;
  /** As the panel says. */
  readonly badge: 'old app' | 'new app';
}

export const FLASK: Side = { path: '/', tab: /^Old app/, badge: 'old app' };
export const EXPRESS: Side = { path: '/next', tab: /^New app/, badge: 'new app' };

/** Of whatever may have to start a Flask app first. */
export const START_TIMEOUT = 120_000;
/** Of one step, so that it is the step that is reported, and not the test. */
const STEP_TIMEOUT = 10_000;

export interface Demo {
  readonly address: () => string;
  /** Opens a browser of its own, without cookies, on one of the apps. */
  readonly visit: (side: Side, options?: BrowserContextOptions) => Promise<DemoPage>;
}

/** Starts the demo and Chromium for the tests of a describe block. */
export function useDemo(): Demo {
  const closers: (() => unknown)[] = [];
  let url: string;
  let open: (options?: BrowserContextOptions) => Promise<BrowserContext>;

  beforeAll(async () => {
    const variant = { format: 'pickle', signer: false } as const;
    url = await startDemo({ port: 0, variant }, (close) => closers.unshift(close));
    const browser = await launchBrowser();
    closers.unshift(() => browser.close());
    open = async (options) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(STEP_TIMEOUT);
      return context;
    };
  }, START_TIMEOUT);

  afterAll(async () => {
    for (const close of closers) await close();
  });

  return {
    address: () => url,
    visit: async (side, options) => {
      const context = await open({ baseURL: url, ...options });
      onTestFinished(() => context.close());
      return DemoPage.open(context, side);
    },
  };
}

/** Asks again until it is as expected. */
export function eventually<T>(ask: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(ask, { timeout: STEP_TIMEOUT });
}

/** A window of the browser. */
export class DemoPage {
  readonly page: Page;
  readonly panel: Locator;
  /** What no page should give cause for: errors in the console, requests that failed. */
  readonly complaints: string[] = [];

  static async open(context: BrowserContext, side: Side): Promise<DemoPage> {
    const shop = new DemoPage(await context.newPage());
    await shop.page.goto(side.path);
    return shop;
  }

  private constructor(page: Page) {
    this.page = page;
    this.panel = page.locator('#panel');
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`);
    });
  }

  /** Another window of the same browser. */
  another(side: Side): Promise<DemoPage> {
    return DemoPage.open(this.page.context(), side);
  }

  /** Changes to an app by its tab. */
  async goTo(side: Side): Promise<void> {
    await this.page.getByRole('link', { name: side.tab }).click();
    await eventually(() => new URL(this.page.url()).pathname).toBe(side.path);
  }

  /** Logs in on the app that is open. */
  async logIn(username: string, { keep = true } = {}): Promise<void> {
    await this.page.getByRole('link', { name: 'Log in here' }).click();
    await this.page.getByLabel('Your name').fill(username);
    await this.page.getByLabel('Keep me logged in').setChecked(keep);
    await this.press('Log in');
    await this.shows(`You are ${username}, here since`);
  }

  /** Presses a button of the shop, and waits for the page that comes of it. */
  async press(button: string): Promise<void> {
    await this.#leaveBy(this.page.locator('main').getByRole('button', { name: button }));
  }

  /** Waits until the shop shows a text. */
  async shows(text: string): Promise<void> {
    await eventually(() => this.#shop()).toContain(text);
  }

  /** Whether the shop shows a text at this moment. */
  async showsNow(text: string): Promise<boolean> {
    return (await this.#shop()).includes(text);
  }

  /** What the panel says of something, as of `Stored as`. */
  fact(term: string): Promise<string> {
    return this.panel.locator('dt', { hasText: term }).locator('+ dd').innerText();
  }

  /** Waits until the panel says something of something. */
  async panelSays(term: string, text: string | RegExp): Promise<void> {
    await eventually(() => this.fact(term)).toMatch(text);
  }

  /** The session's values on the panel, as `type value` by key. */
  async values(): Promise<Record<string, string>> {
    const rows = await this.panel.locator('#values tr').all();
    const texts = await Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
    return Object.fromEntries(texts.map(([key = '', ...rest]) => [key, rest.join(' ')]));
  }

  /** Chooses a format, or `on` or `off` for the signer, and waits for the page that comes of it. */
  async choose(setting: 'Format' | 'Signer', value: string): Promise<void> {
    const choice = this.panel
      .getByRole('group', { name: setting })
      .getByText(value, { exact: true });
    await this.#leaveBy(choice);
  }

  async #leaveBy(control: Locator): Promise<void> {
    // Or the event that is waited for could be that of the page which is left.
    await this.page.waitForLoadState('load');
    const left = this.page.waitForEvent('load', { timeout: START_TIMEOUT });
    await control.click();
    await left;
  }

  #shop(): Promise<string> {
    return this.page.locator('main').innerText();
  }
}
