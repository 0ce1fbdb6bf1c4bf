/** Links inside of the repository: the file is there, and so is the heading. */

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { expect, test } from 'vitest';

import { anchors, GUIDES, localLinks, OTHERS, readDocument, ROOT } from './documents.js';
import type { Document } from './documents.js';

const anchorsByPath = new Map<string, Set<string>>();

test.each([...GUIDES, ...OTHERS].map((document) => [document.path, document] as const))(
  'every link of %s leads somewhere',
  (_, document) => {
    expect(deadLinks(document)).toEqual([]);
  },
);

test('every guide is linked from the README', () => {
  const [readme, ...guides] = GUIDES;
  const targets = readme ? localLinks(readme).map(({ target }) => target) : [];
  expect(guides.map(({ path }) => path).filter((path) => !targets.includes(path))).toEqual([]);
});

function deadLinks(document: Document): string[] {
  return localLinks(document)
    .filter(({ target }) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
      if (!existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && !anchorsOf(path).has(anchor);
    })
    .map(({ target, line }) => `${document.path}:${line}: ${target}`);
}

function anchorsOf(path: string): Set<string> {
  const known = anchorsByPath.get(path) ?? anchors(readDocument(path));
  anchorsByPath.set(path, known);
  return known;
}
