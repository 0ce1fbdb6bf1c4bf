/**
 * Pictures of the demo for its documentation, taken in a real Chromium.
 *
 * @module
 */

import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { launchBrowser } from '../../tools/browser.js';
import type { Transcript } from './transcript.js';

/**
 * Logs in on the old app, goes on to the new app, and takes a picture of each.
 *
 * @param address - Of the demo
 * @param folder - Where the PNG files are written
 * @throws SetupError when there is no Chromium
 */
export async function takeScreenshots(
  address: string,
  folder: string,
  transcript: Transcript,
): Promise<void> {
  const browser = await launchBrowser();
  try {
    await takePictures({ browser, address, folder, transcript });
  } finally {
    await browser.close();
  }
}

interface Studio {
  readonly browser: Browser;
  readonly address: string;
  readonly folder: string;
  readonly transcript: Transcript;
}

async function takePictures(studio: Studio): Promise<void> {
  const desktop = await openShop(studio, { viewport: { width: 1280, height: 800 } });
  await logIn(desktop);
  await add(desktop, 'Green tea');
  await picture(studio, desktop, 'demo-old-app.png');
  await desktop.getByRole('link', { name: /^New app/ }).click();
  await desktop.getByLabel('msgpack').check();
  await desktop.getByText('fixmap').first().waitFor();
  await add(desktop, 'Teapot');
  await picture(studio, desktop, 'demo-new-app.png');

  const phone = await openShop(studio, {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  await logIn(phone);
  await phone.getByRole('link', { name: /^New app/ }).click();
  await add(phone, 'Teapot');
  await picture(studio, phone, 'demo-phone.png');
}

async function openShop(
  { browser, address }: Studio,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: address, colorScheme: 'light', ...options });
  const page = await context.newPage();
  await page.goto('/login');
  return page;
}

async function logIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('here since').waitFor();
}

async function add(page: Page, product: string): Promise<void> {
  await page.getByRole('button', { name: `Add ${product} to the cart` }).click();
  await page.getByText(`1 × ${product}`).waitFor();
}

async function picture({ folder, transcript }: Studio, page: Page, name: string): Promise<void> {
  // What is new on the panel is marked for a while, and the panel itself comes after the page.
  await page.locator('#facts dl').waitFor();
  await page.screenshot({ path: join(folder, name), animations: 'disabled' });
  transcript.line(`took ${join(folder, name)}`);
}
