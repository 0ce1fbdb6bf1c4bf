/**
 * A real Chromium, for tests of pages and pictures of them.
 * @module
 */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.mjs';
import { SetupError } from './setup.mjs';

/**
 * Starts it without a window, on a fresh profile that is removed when it is closed or this program
 * ends.
 * @throws SetupError when there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new SetupError(`there is no Chromium: ${HOW_TO_GET_CHROMIUM}`);
  }
  return chromium.launch({ executablePath, args: [...FLAGS] });
}

/** For root, for machines without a graphics card, and against talk to the network. */
const FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
