/**
 * Objects of classes derived from dict and list, which msgspec writes as if they were of the base
 * class. Here the class is only a name, so what an object is shows in how pickle takes it apart.
 *
 * @module
 */

import { PyGlobal } from '../pickle/values/py-global.js';
import type { PyObject } from '../pickle/values/py-object.js';

/** The dict or list that msgspec sees in an object, or `undefined` where it sees none. */
export function containerOf(object: PyObject): unknown {
  const name = `${object.module}.${object.name}`;
  if (name === 'collections.OrderedDict' || name === 'collections.defaultdict') {
    return object.dictItems ?? new Map();
  }
  if (name === 'collections.Counter') return object.args[0];
  switch (object.form) {
    // Python puts items here for subclasses of dict and list alone.
    case 'newobj':
      return object.dictItems ?? object.listItems;
    // _reconstructor(cls, base, base's value)
    case 'reconstructor':
      return isDictOrList(object.args[0]) ? object.args[1] : undefined;
    case 'reduce':
      return undefined;
  }
}

function isDictOrList(base: unknown): boolean {
  return base instanceof PyGlobal && ['builtins.dict', 'builtins.list'].includes(base.toString());
}
