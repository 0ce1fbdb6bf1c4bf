/** The TypeScript of the README and the guides, as the compiler sees it. */

import { describe, expect, test } from 'vitest';

import { compile, problems } from './compiler.js';
import { GUIDES } from './documents.js';
import type { CodeBlock, Document } from './documents.js';

/** A block as a module of its own, with what a reader knows from the context before it. */
interface Program {
  readonly path: string;
  readonly document: string;
  readonly text: string;
  /** Added to a line of the program, this gives its line in the document. */
  readonly shift: number;
}

/** They change types for the whole program, and so have one of their own. */
const AUGMENTS = /^declare module /m;

describe('TypeScript in the documents', () => {
  const programs = GUIDES.flatMap(programsOf);
  const alone = programs.filter(({ text }) => AUGMENTS.test(text));
  const together = programs.filter((program) => !alone.includes(program));

  test('compiles', () => {
    expect(programs.length).toBeGreaterThan(20);
    expect([together, ...alone.map((program) => [program])].flatMap(complaints)).toEqual([]);
  }, 120_000);

  test('is checked, so that a mistake would be found', () => {
    const text = "import { flaskSession } from 'flask-session-bridge';\nflaskSession({ A: 1 });\n";
    const wrong = { path: 'test/docs/wrong.ts', document: 'wrong.md', text, shift: 10 };
    expect(complaints([wrong])).toEqual([expect.stringMatching(/^wrong\.md:12: .*'A'/)]);
  }, 120_000);

  test('is the only JavaScript there', () => {
    const languages = GUIDES.flatMap(({ blocks }) => blocks.map(({ language }) => language));
    expect(
      languages.filter((language) => /^(js|javascript|mjs|typescript|tsx)$/.test(language)),
    ).toEqual([]);
  });
});

function programsOf(document: Document): Program[] {
  let before = '';
  return document.blocks
    .filter(({ language }) => language === 'ts')
    .map((block) => {
      const context = contextOf(block, before);
      before = `${context}${block.code}`;
      return {
        path: `test/docs/${document.path.replace(/\W/g, '-')}-${block.line}.ts`,
        document: document.path,
        text: `${before}\nexport {};\n`,
        shift: block.line - context.split('\n').length,
      };
    });
}

function contextOf({ directive }: CodeBlock, before: string): string {
  if (directive === undefined) return '';
  if (directive === 'continues') return before;
  const given = /^given\n([^]*)$/.exec(directive)?.[1];
  if (given === undefined) throw new Error(`what is docs-test: ${directive}?`);
  return `${given}\n`;
}

function complaints(programs: readonly Program[]): string[] {
  const compiled = compile(new Map(programs.map(({ path, text }) => [path, text])));
  return programs.flatMap(({ path, document, shift }) =>
    problems(compiled, path).map(
      ({ line, message }) => `${document}:${line + 1 + shift}: ${message}`,
    ),
  );
}
