/** The packed types in an empty project: what they export, and that a user's strict program compiles. */

import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import ts from 'typescript';
import { expect, test } from 'vitest';

import { asTested, PACKAGE, SUB_PATHS, useEmptyProject } from './empty-project.js';
import { EXPORTED_NAMES } from './exported-names.js';

const run = promisify(execFile);
const folder = useEmptyProject(
  ...['typescript', '@types/node', 'express', '@types/express', 'ioredis'].map(asTested),
);

test('exports what exported-names.txt lists, and nothing else', async () => {
  const files = new Map(SUB_PATHS.map((subPath) => [subPath, typesOf(subPath)]));
  const program = ts.createProgram([...files.values()], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  const blocks = [...files].map(([subPath, file]) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${subPath} has no types`);
    const lines = checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      return `  ${kindOf(target).padEnd(9)} ${symbol.name}\n`;
    });
    return `${subPath}\n${lines.sort().join('')}`;
  });
  await expect(blocks.join('\n')).toMatchFileSnapshot(EXPORTED_NAMES);
}, 60_000);

test.for([
  ['Node16', 'Node16', 'module'],
  ['NodeNext', 'NodeNext', 'commonjs'],
  ['ESNext', 'Bundler', 'module'],
])(
  'a strict program compiles as module %s, resolved as %s, of type %s',
  { timeout: 120_000 },
  async ([module, moduleResolution, type]) => {
    const program = fileURLToPath(new URL('user-project/program.ts', import.meta.url));
    await copyFile(program, join(folder(), 'program.ts'));
    await writeFile(join(folder(), 'package.json'), JSON.stringify({ type }));
    const tsconfig = {
      compilerOptions: {
        module,
        moduleResolution,
        target: 'ES2023',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        types: ['node'],
        noEmit: true,
      },
      files: ['program.ts'],
    };
    await writeFile(join(folder(), 'tsconfig.json'), JSON.stringify(tsconfig));
    const compiler = join(folder(), 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '--pretty', 'false'], {
      cwd: folder(),
    }).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toBe('');
  },
);

function typesOf(subPath: string): string {
  const entry = PACKAGE.exports[subPath.replace(PACKAGE.name, '.')];
  if (typeof entry !== 'object') throw new Error(`${subPath} has no types`);
  return join(folder(), 'node_modules', PACKAGE.name, entry.types);
}

function kindOf({ flags }: ts.Symbol): string {
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Variable) return 'const';
  if (flags & ts.SymbolFlags.ValueModule) return 'namespace';
  return flags & ts.SymbolFlags.Interface ? 'interface' : 'type';
}
