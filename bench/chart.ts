/**
 * Ratios as a picture: a bar per contender, from a line where both are equal, on a scale on which
 * twice as fast and half as fast are as far from that line.
 * @module
 */

import { isMissed } from './comparison.js';
import type { Comparison, ComparisonRow } from './comparison.js';

const WIDTH = 760;
const LABELS_END = 190;
const BARS_END = WIDTH - 60;
const ROW_HEIGHT = 22;
const BAR_HEIGHT = 14;
const TITLE_HEIGHT = 34;
const HEADER_HEIGHT = 64;
const LINE_HEIGHT = 16;
const MARGIN = 12;

/** Ratios of the vertical lines; those outside what was measured are left out. */
const TICKS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32];

/** Both schemes of colours, chosen by whoever shows the picture. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .heading { font-size: 16px; font-weight: 600; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .background { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .equal { stroke: #59636e; }
  .faster { fill: #1a7f64; }
  .slower { fill: #b35900; }
  .target { stroke: #1f2328; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .background { fill: #0d1117; }
    .grid { stroke: #3d444d; }
    .equal { stroke: #9198a1; }
    .faster { fill: #3fb68b; }
    .slower { fill: #db8a3c; }
    .target { stroke: #f0f6fc; }
  }`;

/**
 * Draws comparisons as SVG.
 *
 * @param comparisons - Drawn from top to bottom; ratios must be above zero
 * @param setup - Lines on what it was measured with, below the bars
 */
export function drawChart(comparisons: readonly Comparison[], setup: readonly string[]): string {
  const scale = scaleFor(comparisons.flatMap(({ rows }) => rows));
  const bars: string[] = [];
  let y = HEADER_HEIGHT;
  for (const { title, rows } of comparisons) {
    bars.push(text(MARGIN, y + TITLE_HEIGHT - 10, title, 'title'));
    y += TITLE_HEIGHT;
    for (const row of rows) {
      bars.push(drawRow(row, y, scale));
      y += ROW_HEIGHT;
    }
  }
  const lines = ['An upright mark is the least that the bridge is held to.', ...setup];
  const notes = lines.map((line, i) => text(MARGIN, y + 24 + i * LINE_HEIGHT, line, 'small'));
  const height = y + 24 + lines.length * LINE_HEIGHT;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    '<title>How fast flask-session-bridge is, against others</title>',
    `<style>${STYLE}\n</style>`,
    `<rect class="background" width="${WIDTH}" height="${height}"/>`,
    text(MARGIN, 26, 'flask-session-bridge: how many times as fast as …', 'heading'),
    ...scale.ticks.map((tick) => drawTick(tick, y, scale)),
    ...bars,
    ...notes,
    '</svg>',
  ].join('\n')}\n`;
}

interface Scale {
  readonly ticks: readonly number[];
  /** Where a ratio is, in pixels from the left. */
  at(ratio: number): number;
}

/** Logarithmic, from the tick below the least to the tick above the greatest; has the 1 in it. */
function scaleFor(rows: readonly ComparisonRow[]): Scale {
  const ratios = [1, ...rows.flatMap(({ ratio, target }) => [ratio, target ?? ratio])];
  const least = TICKS.findLast((tick) => tick <= Math.min(...ratios)) ?? Math.min(...ratios);
  const greatest = TICKS.find((tick) => tick >= Math.max(...ratios)) ?? Math.max(...ratios);
  const perDoubling = (BARS_END - LABELS_END) / Math.max(Math.log2(greatest / least), 1);
  return {
    ticks: TICKS.filter((tick) => tick >= least && tick <= greatest),
    at: (ratio) => round(LABELS_END + Math.log2(ratio / least) * perDoubling),
  };
}

function drawTick(tick: number, bottom: number, scale: Scale): string {
  const x = scale.at(tick);
  const label = tick < 1 ? `1/${1 / tick}` : String(tick);
  return [
    `<line class="${tick === 1 ? 'equal' : 'grid'}" x1="${x}" x2="${x}" y1="${HEADER_HEIGHT}" y2="${bottom}"/>`,
    text(x, HEADER_HEIGHT - 8, label, 'small', 'middle'),
  ].join('\n');
}

function drawRow(row: ComparisonRow, top: number, scale: Scale): string {
  const { name, ratio, target } = row;
  const [from, to] = [scale.at(Math.min(ratio, 1)), scale.at(Math.max(ratio, 1))];
  const y = top + (ROW_HEIGHT - BAR_HEIGHT) / 2;
  const baseline = y + BAR_HEIGHT - 2;
  const isFaster = ratio >= 1;
  const value = `${ratio.toFixed(2)}${isMissed(row) ? ' (target missed)' : ''}`;
  const parts = [
    text(LABELS_END - 50, baseline, name, undefined, 'end'),
    `<rect class="${isFaster ? 'faster' : 'slower'}" x="${from}" y="${y}" width="${round(to - from)}" height="${BAR_HEIGHT}"/>`,
    // Right of the bar and of the mark, so that neither runs through it.
    text(Math.max(to, scale.at(target ?? ratio)) + 6, baseline, value, 'small'),
  ];
  if (target !== undefined) {
    const x = scale.at(target);
    parts.push(
      `<line class="target" x1="${x}" x2="${x}" y1="${y - 2}" y2="${y + BAR_HEIGHT + 2}"/>`,
    );
  }
  return parts.join('\n');
}

function text(x: number, y: number, content: string, className?: string, anchor?: string): string {
  const attributes = [
    `x="${x}" y="${y}"`,
    ...(className === undefined ? [] : [`class="${className}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
  ].join(' ');
  return `<text ${attributes}>${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
