/** The picture and the table that `npm run bench` writes, from ratios that were never measured. */

import { expect, test } from 'vitest';

import { drawChart } from '../../bench/chart.js';
import { renderTable } from '../../bench/table.js';

const COMPARISONS = [
  {
    title: 'loads',
    rows: [
      { name: 'twice', ratio: 2, target: 1.5 },
      { name: 'half', ratio: 0.5 },
      { name: 'four times', ratio: 4, target: 8 },
    ],
  },
];

const svg = drawChart(COMPARISONS, ['<processor> & co']);

interface Bar {
  readonly from: number;
  readonly to: number;
}

/** In the order of the rows. */
function barsOf(picture: string): Bar[] {
  const bars = picture.matchAll(/<rect class="(?:faster|slower)" x="([\d.]+)".* width="([\d.]+)"/g);
  return Array.from(bars, ([, x, width]) => ({ from: Number(x), to: Number(x) + Number(width) }));
}

test('bars leave the line of equals to the right when faster, and to the left when slower', () => {
  const line = Number(/<line class="equal" x1="([\d.]+)"/.exec(svg)?.[1]);
  const [twice, half, fourTimes] = barsOf(svg);
  expect(twice?.from).toBe(line);
  expect(half?.to).toBeCloseTo(line, 0);
  expect(fourTimes?.from).toBe(line);
});

test('bars grow by the same for each doubling', () => {
  const lengths = barsOf(svg).map(({ from, to }) => to - from);
  const [twice = 0, half, fourTimes] = lengths;
  expect(half).toBeCloseTo(twice, 0);
  expect(fourTimes).toBeCloseTo(2 * twice, 0);
});

test('a missed target is marked as such, in the picture and in the table', () => {
  expect(svg.match(/target missed/g)).toHaveLength(1);
  expect(renderTable(COMPARISONS).match(/8\.00, missed/g)).toHaveLength(1);
});

test('signs that XML has other uses for are escaped', () => {
  expect(svg).toContain('&#60;processor&#62; &#38; co');
});
