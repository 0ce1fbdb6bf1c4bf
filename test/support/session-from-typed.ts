/** The session for its typed JSON, when it holds only what extensions put there. */

import { PyFloat } from '../../src/python/pickle/index.js';
import type { Typed } from './typed-json.js';

export function sessionFromTyped(typed: Typed): Record<string, unknown> {
  const pairs = typed['dict'] as [Typed, Typed][];
  return Object.fromEntries(pairs.map(([key, value]) => [String(key['str']), valueOf(value)]));
}

function valueOf(typed: Typed): unknown {
  if ('str' in typed) return typed['str'];
  if ('bool' in typed) return typed['bool'];
  if ('int' in typed) return Number(typed['int']);
  if ('float' in typed) return new PyFloat(Number(typed['float']));
  if ('list' in typed) return (typed['list'] as Typed[]).map(valueOf);
  throw new Error(`no value for ${Object.keys(typed).join()}`);
}
