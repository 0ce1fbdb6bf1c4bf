/** The tables of docs/compatibility.md, held against what real releases wrote and sent. */

import { describe, expect, test } from 'vitest';

import { readPayload } from '../../src/session/serializers.js';
import { FLASK_SESSION_RELEASES } from '../../tools/flask-app.js';
import { readFixture } from '../support/fixtures.js';
import { RELEASES } from '../support/flask-session-fixtures.js';
import type { WrittenCase } from '../support/flask-session-fixtures.js';
import { readDocument } from './documents.js';

interface Step {
  readonly sid?: string;
  readonly setCookie?: readonly string[];
  readonly vary?: string | null;
  readonly ttlSeconds?: number | null;
  readonly stored?: Readonly<Record<string, string>>;
}

const FORMATS = { pickle: 'pickle', msgpack: 'MessagePack', json: 'JSON' } as const;
const { text: DOCUMENT } = readDocument('docs/compatibility.md');

describe('the table of releases', () => {
  const rows = tableUnder('## By Flask-Session release');
  const known = new Map(FLASK_SESSION_RELEASES.map((release) => [release.version, release]));
  const steps = new Map(RELEASES.map((release) => [release, walksOf(release)]));

  /** What the cell of a row must be, by release. */
  const ROWS: Readonly<Record<string, (release: (typeof RELEASES)[number]) => string>> = {
    reads: (release) => listed(known.get(release)?.reads, ', '),
    writes: (release) => listed(known.get(release)?.writes, ' or '),
    'session id': (release) => (known.get(release)?.sid === 'uuid4' ? 'UUID 4' : '`token_urlsafe`'),
    'an id that Redis does not have': (release) => {
      const last = lastStep(release, 'defaults/unknown-uuid-set');
      return last?.sid?.startsWith('3d0f7c9e') ? 'adopted' : 'replaced';
    },
    'a visit that touches nothing': (release) =>
      hasStored(lastStep(release, 'defaults/untouched-new')) ? 'stored' : 'nothing',
    'a stored session, only read': (release) => {
      const permanent = wasWritten(lastStep(release, 'defaults/read'));
      const others = wasWritten(lastStep(release, 'not-permanent/untouched'));
      if (!permanent) return 'nothing';
      return others ? 'written' : 'written, if permanent';
    },
    'with `SESSION_REFRESH_EACH_REQUEST = False`': (release) =>
      wasWritten(lastStep(release, 'no-refresh/read')) ? 'written' : 'nothing',
    '`session.clear()`': (release) => {
      const step = steps.get(release)?.get('defaults/cleared')?.[1];
      const isGone = !hasStored(step) && step?.setCookie?.[0]?.startsWith('session=;');
      return isGone ? 'key and cookie deleted' : '';
    },
    '`Vary: Cookie`': (release) =>
      lastStep(release, 'defaults/read-new')?.vary ? 'when read or written' : '-',
    '`SESSION_COOKIE_PARTITIONED`': (release) =>
      lastStep(release, 'partitioned=True/changed')?.setCookie?.[0]?.includes('Partitioned')
        ? 'sent'
        : 'ignored',
    '`regenerate`': (release) => (known.get(release)?.canRegenerate ? 'yes' : '-'),
  };

  test.each(Object.entries(ROWS))('says of %s what was recorded', (label, cell) => {
    expect(rows.get(label)).toEqual(RELEASES.map(cell));
  });

  function lastStep(release: (typeof RELEASES)[number], id: string): Step | undefined {
    return steps.get(release)?.get(id)?.at(-1);
  }
});

describe('the table of types', () => {
  const rows = tableUnder('## By Python type');
  const pickles = casesOf('0.5.0');
  const others = casesOf('0.8.0');

  /** Case and key by row: what a release wrote for a value of that type. */
  const ROWS: Readonly<Record<string, readonly [id: string, key: string]>> = {
    '`None`': ['none-and-bools', 'a'],
    '`bool`': ['none-and-bools', 'b'],
    '`str`': ['str-unicode', 'name'],
    '`int`, within ±(2⁵³ − 1)': ['login', 'username'],
    '`int`, larger': ['int-2-53-plus-1', 'n'],
    '`float`': ['float-integral', 'price'],
    '`float` NaN, infinity': ['float-nan', 'x'],
    '`bytes`': ['bytes', 'blob'],
    '`bytearray`': ['bytearray', 'blob'],
    '`list`': ['shared-list', 'a'],
    '`tuple`': ['tuple-sizes', 't2'],
    '`dict`, keys of `str` alone': ['shared-list', 'c'],
    '`dict`, other keys': ['key-int', 'd'],
    '`set`': ['set', 's'],
    '`frozenset`': ['frozenset', 's'],
    '`datetime`, naive': ['datetime-naive', 'when'],
    '`datetime`, with a zone': ['datetime-offset', 'when'],
    '`date`': ['date', 'when'],
    '`time`': ['time', 'when'],
    '`timedelta`': ['timedelta', 'when'],
    '`Decimal`': ['decimal', 'price'],
    '`UUID`': ['uuid', 'id'],
    '`timezone`': ['timezone-utc', 'when'],
    '`OrderedDict`, `defaultdict`, `Counter`': ['ordered-dict', 'o'],
    '`enum.Enum`, of a `str`': ['enum', 'o'],
    'a named tuple': ['class-namedtuple', 'o'],
    '`Markup`': ['markup', 'html'],
    'an instance of a plain class': ['class-plain', 'o'],
    'a class or function itself': ['class-itself', 'o'],
    'one list in two places': ['shared-list', 'b'],
    'a list that holds itself': ['cycle-list', 'l'],
  };

  test('has no row that is not checked', () => {
    expect([...rows.keys()]).toEqual(Object.keys(ROWS));
  });

  test.each(Object.entries(ROWS))('says of %s what is read', (label, [id, key]) => {
    const read = [
      pickles.get(`pickle/${id}`),
      others.get(`msgpack/${id}`),
      others.get(`json/${id}`),
    ];
    const words = rows.get(label)?.map((cell) => /^Flask answers 500$|\w+/.exec(cell)?.[0]);
    expect(words).toEqual(read.map((written) => typeIn(written, key)));
  });
});

/** A table's rows by their first cell; the first table after a heading. */
function tableUnder(heading: string): Map<string, string[]> {
  const [, after = ''] = DOCUMENT.split(`${heading}\n`);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(after) ?? [];
  const rows = table.trim().split('\n').slice(2);
  return new Map(
    rows.map((row) => {
      const [label = '', ...cells] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [label, cells];
    }),
  );
}

function walksOf(release: string): Map<string, readonly Step[]> {
  const { walks } = readFixture('flask-session', `${release}-cookies.json`) as {
    walks: { id: string; steps: readonly Step[] }[];
  };
  return new Map(walks.map(({ id, steps }) => [id, steps]));
}

function casesOf(release: string): Map<string, WrittenCase> {
  const { cases } = readFixture('flask-session', `${release}.json`) as { cases: WrittenCase[] };
  return new Map(cases.map((written) => [written.id, written]));
}

function hasStored(step: Step | undefined): boolean {
  return Object.keys(step?.stored ?? {}).length > 0;
}

function wasWritten(step: Step | undefined): boolean {
  return typeof step?.ttlSeconds === 'number';
}

function listed(formats: readonly (keyof typeof FORMATS)[] = [], separator: string): string {
  return formats.map((format) => FORMATS[format]).join(separator);
}

/** What the value is called in the table. */
function typeIn(written: WrittenCase | undefined, key: string): string {
  if (written?.expect !== 'valid') return 'Flask answers 500';
  const { data } = readPayload(Buffer.from(written.hex, 'hex'));
  let value = (data as Record<string, unknown>)[key];
  // The recorded session has a list of them.
  if (written.id.endsWith('/decimal')) [value] = value as unknown[];
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const { name } = value.constructor;
  return name === 'Object' ? 'object' : name;
}
