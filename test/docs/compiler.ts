/** TypeScript's compiler with the repository's settings, for programs that lie in no file. */

import { dirname, join } from 'node:path';

import ts from 'typescript';

import { ROOT } from './documents.js';

const settings = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
const { options } = ts.parseJsonConfigFileContent(settings.config, ts.sys, ROOT);

/** What all programs read alike. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program of these files, by path from the root: those with a text are only there in memory. */
export function compile(files: ReadonlyMap<string, string | undefined>): ts.Program {
  const virtual = new Map(
    [...files].flatMap(([path, text]) => (text === undefined ? [] : [[join(ROOT, path), text]])),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => virtual.has(path) || disk.fileExists(path),
    readFile: (path) => virtual.get(path) ?? disk.readFile(path),
    getSourceFile: (path, target) => {
      const text = virtual.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, target);
      if (!parsed.has(path)) parsed.set(path, disk.getSourceFile(path, target));
      return parsed.get(path);
    },
  };
  const paths = [...files.keys()].map((path) => join(ROOT, path));
  return ts.createProgram(paths, options, host);
}

/** What the compiler has to say of one file: line from 0, and text. */
export function problems(program: ts.Program, path: string): { line: number; message: string }[] {
  const file = program.getSourceFile(join(ROOT, path));
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({ start = 0, messageText }) => ({
    line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}

/** The package's sub-paths, each with the source that it is built from. */
export function subPaths(): Map<string, string> {
  const manifest = JSON.parse(ts.sys.readFile(join(ROOT, 'package.json')) ?? '{}') as {
    name: string;
    exports: Record<string, { default: string } | string>;
  };
  return new Map(
    Object.entries(manifest.exports).flatMap(([subPath, target]) =>
      typeof target === 'string'
        ? []
        : [
            [
              manifest.name + subPath.slice(1),
              target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts'),
            ] as const,
          ],
    ),
  );
}

/** Every name that an application can write: exports, their members and those of their options. */
export function publicNames(): Set<string> {
  const sources = [...subPaths().values()];
  const program = compile(new Map(sources.map((path) => [path, undefined])));
  const checker = program.getTypeChecker();
  const names = new Set<string>();
  for (const path of sources) {
    const file = program.getSourceFile(join(ROOT, path));
    const module = file && checker.getSymbolAtLocation(file);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      addNames(names, checker, symbol);
    }
  }
  return names;
}

/** Members that are declared in this repository; those of Array or Function are not ours. */
function addNames(names: Set<string>, checker: ts.TypeChecker, exported: ts.Symbol): void {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  names.add(exported.name);
  const types = [checker.getDeclaredTypeOfSymbol(symbol), checker.getTypeOfSymbol(symbol)];
  const parameters = types
    .flatMap((type) => [...type.getCallSignatures(), ...type.getConstructSignatures()])
    .flatMap((signature) => signature.getParameters())
    .map((parameter) => checker.getNonNullableType(checker.getTypeOfSymbol(parameter)));
  for (const member of [...types, ...parameters].flatMap((type) => type.getProperties())) {
    const isOurs = member.declarations?.some(({ parent }) => isInSource(parent.getSourceFile()));
    if (isOurs) names.add(member.name);
  }
}

function isInSource(file: ts.SourceFile): boolean {
  return dirname(file.fileName).startsWith(join(ROOT, 'src'));
}
