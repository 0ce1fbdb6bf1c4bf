/** Whether the text of a page can be read: WCAG 2's contrast of each piece with what is behind it. */

import type { Page } from 'playwright-core';

/** WCAG 2, level AA, for text of any size. */
const ENOUGH = 4.5;

/** Every visible piece of text whose contrast is too small, with its ratio. */
export async function hardToRead(page: Page): Promise<string[]> {
  const pieces = await page.evaluate<Piece[]>(VISIBLE_TEXT);
  return pieces
    .map(({ text, color, background }) => ({ text, ratio: contrast(rgb(color), rgb(background)) }))
    .filter(({ ratio }) => ratio < ENOUGH)
    .map(({ text, ratio }) => `${text}: ${ratio.toFixed(2)}`);
}

interface Piece {
  readonly text: string;
  /** CSS colours; of a gradient, the first. */
  readonly color: string;
  readonly background: string;
}

/** Runs in the page: every piece of text, with the nearest background that is not transparent. */
const VISIBLE_TEXT = `(() => {
  const backgroundOf = (element) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    if (backgroundImage !== 'none') return backgroundImage;
    return backgroundColor === 'rgba(0, 0, 0, 0)'
      ? backgroundOf(element.parentElement)
      : backgroundColor;
  };
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text === '' || element.matches('script, noscript') || !element.checkVisibility()) continue;
    const { color } = getComputedStyle(element);
    pieces.push({ text, color, background: backgroundOf(element) });
  }
  return pieces;
})()`;

/** Red, green and blue, from 0 to 255. */
type Rgb = readonly [number, number, number];

function rgb(css: string): Rgb {
  const [, red, green, blue] = /rgba?\((\d+), (\d+), (\d+)/.exec(css) ?? [];
  if (blue === undefined) throw new Error(`a colour of another form: ${css}`);
  return [Number(red), Number(green), Number(blue)];
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance of an sRGB colour, 0 to 1. */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
