/** The documents that a reader sees, taken apart: headings, links, code. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of code. */
export interface CodeBlock {
  /** Of its first line of code, in the document, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /**
   * What stands before it in a comment that readers do not see: `<!-- docs-test: continues -->` for
   * the block that goes on where the one before it ended, `<!-- docs-test: given ... -->` with code
   * that a reader knows from the context.
   */
  readonly directive: string | undefined;
}

/** A document, by its path from the root. */
export interface Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** The text without code blocks and comments, line by line. */
  readonly prose: readonly string[];
}

/** The README and the guides: what is checked word by word. */
export const GUIDES: readonly Document[] = [
  'README.md',
  ...markdownIn('docs').filter((path) => !path.startsWith('docs/api/')),
].map(readDocument);

/** Documents of which only the links are checked. */
export const OTHERS: readonly Document[] = [
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'python-harness/README.md',
  'examples/demo/README.md',
  ...markdownIn('docs/api'),
  ...markdownIn('src'),
].map(readDocument);

/** Code in the prose, between backticks. */
export function codeSpans(document: Document): { span: string; line: number }[] {
  return document.prose.flatMap((text, index) =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => ({ span, line: index + 1 })),
  );
}

/** The anchors of a document: its headings', as GitHub makes them, and those set by hand. */
export function anchors(document: Document): Set<string> {
  const found = new Set(document.prose.flatMap((line) => /<a id="([^"]+)">/.exec(line)?.[1] ?? []));
  const times = new Map<string, number>();
  for (const line of document.prose) {
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    found.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return found;
}

/** Where a document's links lead, the web left out. */
export function localLinks(document: Document): { target: string; line: number }[] {
  return document.prose
    .flatMap((text, index) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({
        target,
        line: index + 1,
      })),
    )
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

export function readDocument(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks: CodeBlock[] = [];
  const FENCED = /(?:^ *<!-- docs-test: ((?:(?!-->)[^])*)-->\n\s*)?^( *)```(\S*)\n([^]*?)^\2```$/gm;
  for (const match of text.matchAll(FENCED)) {
    const [all, directive, indent = '', language = '', code = ''] = match;
    const before = text.slice(0, match.index + all.indexOf('```'));
    blocks.push({
      line: before.split('\n').length + 1,
      language,
      code: code.replace(new RegExp(`^${indent}`, 'gm'), ''),
      directive: directive?.trim(),
    });
  }
  const blank = (part: string): string => part.replace(/[^\n]/g, '');
  const prose = text.replace(FENCED, blank).replace(/<!--[^]*?-->/g, blank);
  return { path, text, blocks, prose: prose.split('\n') };
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
