/** Fixture files of packages whose generator needs nothing but one Python environment. */

import { readdirSync, readFileSync } from 'node:fs';

const DIRECTORY = new URL('../../compat-fixtures/', import.meta.url);

/** Releases that a package's fixtures are from, oldest first. */
export function releasesOf(packageName: string): string[] {
  const files = readdirSync(new URL(`${packageName}/`, DIRECTORY));
  const releases = files.flatMap((name) => /^([\d.]+)\.json$/.exec(name)?.[1] ?? []);
  return releases.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A fixture file, whose form the test knows. */
export function readFixture(packageName: string, file: string): unknown {
  return JSON.parse(readFileSync(new URL(`${packageName}/${file}`, DIRECTORY), 'utf8'));
}
