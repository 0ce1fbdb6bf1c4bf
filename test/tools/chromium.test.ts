/** tools/chromium.mjs with stand-ins for browsers and apt-get on PATH. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureChromium, findChromium } from '../../tools/chromium.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flask-session-bridge-chromium-'));
  vi.stubEnv('PATH', folder);
  for (const name of ['CHROMIUM_PATH', 'PLAYWRIGHT_CHROMIUM']) vi.stubEnv(name, undefined);
  runAs(0);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('findChromium', () => {
  test('takes the browser that the environment names, whatever is on PATH', () => {
    putOnPath('chromium', 'exit 0');
    expect(findChromium({ PATH: folder, CHROMIUM_PATH: '/my/chrome' })).toBe('/my/chrome');
    expect(findChromium({ PATH: folder, PLAYWRIGHT_CHROMIUM: '/my/chrome' })).toBe('/my/chrome');
  });

  test.each(['chromium', 'chromium-browser', 'google-chrome'])('finds %s on PATH', (name) => {
    putOnPath(name, 'exit 0');
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(join(folder, name));
  });

  test('passes over what has the name and does not run', () => {
    putOnPath('chromium-browser', 'echo "install the snap" >&2; exit 1');
    putOnPath('google-chrome', 'exit 0');
    expect(findChromium({ PATH: folder })).toBe(join(folder, 'google-chrome'));
  });

  test('finds nothing where there is nothing', () => {
    expect(findChromium({ PATH: folder })).toBeUndefined();
    expect(findChromium({})).toBeUndefined();
  });
});

describe('ensureChromium', () => {
  test('installs it as root, with new lists of packages when the old ones fail', () => {
    putOnPath('apt-get', aptGet({ needsUpdate: true }));
    expect(ensureChromium()).toBe(join(folder, 'chromium'));
  });

  test('installs nothing when it is there', () => {
    putOnPath('chromium', 'exit 0');
    putOnPath('apt-get', 'echo called > "$(dirname "$0")/called"');
    expect(ensureChromium()).toBe(join(folder, 'chromium'));
    expect(existsSync(join(folder, 'called'))).toBe(false);
  });

  test('installs nothing for a user other than root', () => {
    runAs(1000);
    putOnPath('apt-get', aptGet({ needsUpdate: false }));
    expect(ensureChromium()).toBeUndefined();
  });

  test.each([
    ['there is no apt-get', undefined],
    ['apt-get has no such package', 'test "$1" != install'],
    ['apt-get reaches no server', 'test "$1" = --version'],
  ])('gives nothing when %s', (_, line) => {
    if (line !== undefined) putOnPath('apt-get', line);
    expect(ensureChromium()).toBeUndefined();
  });
});

test('a machine without Chromium skips the browser tests, in sight', { timeout: 120_000 }, () => {
  const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'test/browser', '--reporter=json'];
  const { stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: process.env,
  });
  const report = JSON.parse(stdout) as Record<string, number | boolean>;
  expect(report).toMatchObject({ success: true, numPassedTests: 0, numFailedTests: 0 });
  expect(report['numPendingTests']).toBeGreaterThan(10);
});

function runAs(uid: number): void {
  vi.spyOn(process as Required<typeof process>, 'getuid').mockReturnValue(uid);
}

/** Installs a Chromium that runs; if told so, only after its lists were updated. */
function aptGet({ needsUpdate }: { needsUpdate: boolean }): string {
  return `
    here="$(dirname "$0")"
    case "$1" in
      update) touch "$here/updated" ;;
      install)
        ${needsUpdate ? 'test -e "$here/updated" || exit 100' : ''}
        printf '#!/bin/sh\\nexit 0\\n' > "$here/chromium"
        chmod +x "$here/chromium" ;;
    esac`;
}

/** A command that is a line of shell. */
function putOnPath(command: string, line: string): void {
  const script = `#!/bin/sh\nPATH=/usr/bin:/bin\n${line}\n`;
  writeFileSync(join(folder, command), script, { mode: 0o755 });
}
