/**
 * `npm run docs`: writes docs/api from the doc comments of the sources, one page per sub-path. With
 * `-- --check` it only says which pages are not up to date, and ends with status 1 when there are any.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { ROOT } from './setup.mjs';

const PAGES = join(ROOT, 'docs/api');
const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The sub-paths, by the source that each is built from. */
const SUB_PATHS = new Map(
  Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subPath, { default: built }]) => [
      built.replace('./dist/', 'src/').replace(/\.js$/, '.ts'),
      subPath === '.' ? name : subPath.slice(2),
    ]),
);

/** Writes all pages into a folder, in place of what is there. */
async function writePages(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [...SUB_PATHS.keys()],
    tsconfig: join(ROOT, 'tsconfig.build.json'),
    out: folder,
    readme: 'none',
    logLevel: 'Error',
    // Types are checked elsewhere: npm run typecheck.
    skipErrorChecking: true,
    // Pages that are the same on every machine and at every commit.
    disableSources: true,
    disableGit: true,
    // One page per sub-path, with tables in place of a heading per property.
    router: 'module',
    entryFileName: 'README.md',
    pageTitleTemplates: {
      module: ({ name: page }) => (page === name ? page : `${name}/${page}`),
    },
    hideBreadcrumbs: true,
    hidePageHeader: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    groupOrder: ['Functions', 'Classes', 'Interfaces', '*'],
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    propertyMembersFormat: 'table',
  });
  // Before typedoc puts members into the groups in which they are shown.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => leaveOutInherited(project));
  const project = await app.convert();
  if (!project) throw new Error('typedoc could not read the sources');
  nameBySubPath(project);
  await app.generateOutputs(project);
}

/** typedoc names modules by their sources; readers import sub-paths. */
function nameBySubPath(project) {
  for (const module of project.children) {
    const sources = [`src/${module.name}.ts`, `src/${module.name}/index.ts`];
    module.name = sources.map((source) => SUB_PATHS.get(source)).find(Boolean) ?? module.name;
  }
}

/** What a class inherits stands once, with the class that it has it from. */
function leaveOutInherited(project) {
  for (const { children = [] } of project.getReflectionsByKind(ReflectionKind.Class)) {
    for (const member of [...children]) {
      const [part = member] = member.signatures ?? [];
      if (part.inheritedFrom) project.removeReflection(member);
    }
  }
}

function read(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.md'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'flask-session-bridge-docs-'));
  try {
    await writePages(folder);
    const [written, kept] = [read(folder), read(PAGES)];
    const names = [...new Set([...written.keys(), ...kept.keys()])];
    const stale = names.filter((name) => written.get(name) !== kept.get(name)).sort();
    if (stale.length > 0) {
      console.error(`docs/api is not up to date, run npm run docs: ${stale.join(', ')}`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  await writePages(PAGES);
}
