/** Code in other languages than TypeScript: each is named here with what checks it. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { GUIDES, ROOT } from './documents.js';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** What is wrong with a block, by language; the empty string when nothing is. */
const CHECKS: Readonly<Record<string, (code: string) => string>> = {
  // typescript-blocks.test.ts compiles it.
  ts: () => '',
  // What a program printed, and no program: of `npm run bench`, which writes that page.
  text: (output) => (/^(import|from|def|const|\$) /m.test(output) ? 'looks like code' : ''),
  python: (code) => run('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], code),
  sh: (code) => run('bash', ['-n'], code),
  json: (code) => {
    JSON.parse(code);
    return '';
  },
  // run-proxies.ts starts the real servers with them.
  nginx: braces,
  caddyfile: braces,
};

const BLOCKS = GUIDES.flatMap(({ path, blocks }) =>
  blocks.map((block) => [`${path}:${block.line}`, block] as const),
);

describe('code blocks', () => {
  test.each(BLOCKS)('%s', (_, { language, code }) => {
    expect(Object.keys(CHECKS)).toContain(language);
    expect(CHECKS[language]?.(code)).toBe('');
  });

  test('the npm scripts in the documents exist', () => {
    const named = GUIDES.flatMap(({ text }) =>
      [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(named).toContain('demo');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

function run(program: string, args: string[], input: string): string {
  const { status, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return status === 0 ? '' : stderr || `status ${status}`;
}

function braces(code: string): string {
  const count = (brace: string): number => code.split(brace).length;
  return count('{') === count('}') ? '' : 'braces do not match';
}
