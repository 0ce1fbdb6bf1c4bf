/** Names in the documents, between backticks: each must be one that there is. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { DEFAULT_LIMITS } from '../../src/python/pickle/index.js';
import { checkConfig } from '../../src/python/flask/index.js';
import { publicNames, subPaths } from './compiler.js';
import { codeSpans, GUIDES, readDocument, ROOT } from './documents.js';
import { FOREIGN_NAMES } from './foreign-names.js';

const ERRORS = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8');
const CODES = [...ERRORS.matchAll(/code(?:: string)? = '(\w+)'/g)].map(([, code = '']) => code);
/** Not all of them are exported; users see each as the error's `name`. */
const ERROR_NAMES = [...ERRORS.matchAll(/^export class (\w+)/gm)].map(([, name = '']) => name);

let names: Set<string>;

beforeAll(() => {
  names = publicNames();
}, 120_000);

describe('names in the documents', () => {
  test.each(GUIDES.map((document) => [document.path, document] as const))(
    'of %s exist',
    (_, document) => {
      const unknown = codeSpans(document).flatMap(({ span, line }) =>
        identifiersIn(span)
          .filter((name) => !isKnown(name))
          .map((name) => `${document.path}:${line}: ${name}`),
      );
      expect(unknown).toEqual([]);
    },
  );

  test('that are not ours are still needed in the list of such', () => {
    const used = new Set(
      GUIDES.flatMap((document) => codeSpans(document)).flatMap(({ span }) => identifiersIn(span)),
    );
    expect([...FOREIGN_NAMES].filter((name) => !used.has(name) || isOurs(name))).toEqual([]);
  });

  test('paths lead somewhere', () => {
    const paths = GUIDES.flatMap(codeSpans).flatMap(
      ({ span }) => /(?:^| )((?:src|test|docs|examples|tools)\/[\w./-]+)$/.exec(span)?.[1] ?? [],
    );
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('sub-paths are those of the package', () => {
    const named = GUIDES.flatMap(({ text }) => text.match(/flask-session-bridge\/[\w-]+/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !subPaths().has(path))).toEqual([]);
  });
});

describe('completeness', () => {
  test('troubleshooting has every error, with class and status', () => {
    const { text } = readDocument('docs/troubleshooting.md');
    const rows = [...text.matchAll(/^\| `(ERR_\w+)` +\| `(\w+)` +\| (\d+|-) /gm)];
    const written = rows.map(([, ...cells]) => cells);
    const actual = [...ERRORS.matchAll(/^export class (\w+)[^]*?^\}/gm)].map(([body, name]) => [
      /code(?:: string)? = '(\w+)'/.exec(body)?.[1],
      name,
      /readonly status = (\d+)/.exec(body)?.[1] ?? '-',
    ]);
    expect(written.sort()).toEqual(actual.sort());
  });

  test('troubleshooting has every channel', () => {
    const events = readFileSync(join(ROOT, 'src/session/events.ts'), 'utf8');
    const channels = [...events.matchAll(/channel\('([\w:-]+)'\)/g)].map(([, name = '']) => name);
    const { text } = readDocument('docs/troubleshooting.md');
    expect(channels.length).toBeGreaterThan(0);
    expect(channels.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
  });

  test('security has every limit, with its default', () => {
    const { text } = readDocument('docs/security.md');
    const cells = Object.entries(DEFAULT_LIMITS as unknown as Record<string, number>).map(
      ([name, value]) =>
        new RegExp(`\\| ${value.toLocaleString('en')}[ ;(].*\\| \`limits\\.${name}\``),
    );
    expect(cells.filter((cell) => !cell.test(text))).toEqual([]);
  });

  test('the README has every option', () => {
    const options = readFileSync(join(ROOT, 'src/session/options.ts'), 'utf8');
    const fields = /export interface SessionOptions \{([^]*?)^\}/m.exec(options)?.[1] ?? '';
    const named = [...fields.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name = '']) => name);
    const { text } = readDocument('README.md');
    expect(named).toContain('readOnly');
    expect(named.filter((name) => !text.includes(`| \`${name}\``))).toEqual([]);
  });
});

/** Settings, codes, and names of more than one word; plain words may be anything. */
function identifiersIn(span: string): string[] {
  const code = span.replace(/(['"])[^'"]*\1|\bP\d+D\w+/g, '').replace(/[\w./:-]*[/:][\w./-]+/g, '');
  const called = [...code.matchAll(/\b([a-z]\w+)\(/g)].map(([, name = '']) => name);
  const words = code.match(/[A-Za-z_]\w*\*?/g) ?? [];
  const compound = words.filter(
    (word) => /^[A-Z][A-Z\d]*_[A-Z\d_]+\*?$/.test(word) || /^\w*[a-z\d][A-Z]\w*$/.test(word),
  );
  return [...new Set([...called, ...compound])];
}

function isKnown(name: string): boolean {
  return isOurs(name) || FOREIGN_NAMES.has(name);
}

function isOurs(name: string): boolean {
  if (name.endsWith('*')) return [...names].some((known) => known.startsWith(name.slice(0, -1)));
  return [names, CODES, ERROR_NAMES].some((known) => [...known].includes(name)) || isSetting(name);
}

function isSetting(name: string): boolean {
  try {
    checkConfig({ [name]: undefined });
    return true;
  } catch {
    return false;
  }
}
