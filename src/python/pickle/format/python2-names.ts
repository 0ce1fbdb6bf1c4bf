/**
 * Names as Python 2 spells them and as Python 3 does: `__builtin__` is `builtins`.
 * Python: the argument `fix_imports` of pickle, which is always on here, as it is by default.
 *
 * @module
 */
import { MODULES_2_TO_3, MODULES_3_TO_2, NAMES_2_TO_3, NAMES_3_TO_2 } from './compat-names.js';

/** Python 3's name for what a pickle of protocol 2 or below names. */
export function toPython3(module: string, name: string): readonly [module: string, name: string] {
  return (
    pair(NAMES_2_TO_3.get(`${module} ${name}`)) ?? [MODULES_2_TO_3.get(module) ?? module, name]
  );
}

/** The name to write into a pickle of protocol 2 or below. */
export function toPython2(module: string, name: string): readonly [module: string, name: string] {
  return (
    pair(NAMES_3_TO_2.get(`${module} ${name}`)) ?? [MODULES_3_TO_2.get(module) ?? module, name]
  );
}

function pair(mapped: string | undefined): [string, string] | undefined {
  if (mapped === undefined) return undefined;
  const space = mapped.indexOf(' ');
  return [mapped.slice(0, space), mapped.slice(space + 1)];
}
