/** python-harness/test_typed_json.py, on this machine's python3. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '../../tools/setup.mjs';

test('typed JSON keeps the types, values and identities of Python', async () => {
  const script = join(ROOT, 'python-harness/test_typed_json.py');
  const { stderr } = await promisify(execFile)('python3', [script]);
  expect(stderr).toMatch(/Ran [1-9]\d* tests[^]*\nOK\n/);
});
