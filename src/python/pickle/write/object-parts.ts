/**
 * How a `PyObject` is written: as it was read, in the terms of the protocol that is written.
 * Python: `pickle._Pickler.save_reduce`.
 *
 * @module
 */
import { notesOf } from '../as-read.js';
import type { Saver } from './saver.js';
import { type Batching, EntriesTask, ItemsTask, type Parts } from './tasks.js';
import { PyGlobal } from '../values/py-global.js';
import type { PyObject } from '../values/py-object.js';
import { PyTuple } from '../values/py-tuple.js';

const POP = 0x30;
const REDUCE = 0x52;
const NEWOBJ = 0x81;

/** What any iterator gives, in any protocol but 0. */
const LIST_ITEMS: Batching = { one: 0x61, many: 0x65, single: 'last', trailing: false };
const DICT_ITEMS: Batching = { one: 0x73, many: 0x75, single: 'last', trailing: false };
const SET_ITEMS: Batching = { one: 0x90, many: 0x90, single: 'none', trailing: false };

/** @param key What stands for the object in the memo: the instance that it was made of. */
export function* objectParts(saver: Saver, object: PyObject, key: object): Parts {
  const { out } = saver;
  yield* creationParts(saver, object);
  if (saver.knows(key)) {
    // The object holds itself, and came into being while its arguments were written.
    out.byte(POP);
    saver.recall(key);
    return;
  }
  saver.memoize(key);
  yield* itemParts(saver, object);
  const { state, stateSetter } = object;
  if (state === undefined) return;
  const part = { name: 'state', value: state, note: notesOf(object)?.values?.get('state') };
  if (stateSetter) {
    yield { name: 'stateSetter', value: stateSetter };
    yield { name: '', value: key };
    yield part;
    out.latin1('\x86R0'); // TUPLE2 REDUCE POP
  } else {
    yield part;
    out.byte(0x62); // BUILD
  }
}

/** The class or function, its arguments, and the opcode that makes the object of them. */
function* creationParts(saver: Saver, object: PyObject): Parts {
  const { out, protocol } = saver;
  const { cls, form, args, kwargs } = object;
  if (form === 'reduce') {
    yield { name: 'cls', value: cls };
    yield { name: 'args', value: args };
    out.byte(REDUCE);
  } else if (kwargs) {
    yield* protocol >= 4
      ? newObjectParts(saver, cls, args, kwargs)
      : copyregParts(saver, '__newobj_ex__', [cls, args, kwargs]);
  } else if (form === 'newobj') {
    yield* protocol >= 2
      ? newObjectParts(saver, cls, args)
      : copyregParts(saver, '__newobj__', [cls, ...args]);
  } else {
    yield* protocol >= 2 && isOrdinary(args)
      ? newObjectParts(saver, cls, new PyTuple())
      : copyregParts(saver, '_reconstructor', [cls, ...args]);
  }
}

function* newObjectParts(
  saver: Saver,
  cls: PyGlobal | PyObject,
  args: PyTuple,
  kwargs?: Readonly<Record<string, unknown>>,
): Parts {
  yield { name: 'cls', value: cls };
  yield { name: 'args', value: args };
  if (kwargs) yield { name: 'kwargs', value: kwargs };
  saver.out.byte(kwargs ? 0x92 : NEWOBJ); // NEWOBJ_EX
}

/** A function of `copyreg` that makes the object, where the protocol has no opcode for it. */
function* copyregParts(saver: Saver, name: string, args: readonly unknown[]): Parts {
  saver.global('copyreg', name);
  yield { name: 'args', value: PyTuple.from(args) };
  saver.out.byte(REDUCE);
}

function* itemParts(saver: Saver, object: PyObject): Parts {
  const { listItems, dictItems, setItems } = object;
  const single = saver.protocol === 0 ? 'each' : 'last';
  if (listItems && listItems.length > 0) {
    saver.begin(new ItemsTask({ ...LIST_ITEMS, single }, listItems, notesOf(listItems)));
    yield undefined;
  }
  if (dictItems && dictItems.size > 0) {
    const keys = [...dictItems.keys()];
    const values = [...dictItems.values()];
    saver.begin(new EntriesTask({ ...DICT_ITEMS, single }, keys, values, notesOf(dictItems)));
    yield undefined;
  }
  if (setItems && setItems.length > 0) {
    if (saver.protocol < 4) throw saver.error('items like those of a set need protocol 4');
    saver.begin(new ItemsTask(SET_ITEMS, setItems, notesOf(setItems)));
    yield undefined;
  }
}

/** Whether the base of an object that `copyreg._reconstructor` makes is `object`. */
function isOrdinary(args: PyTuple): boolean {
  const [base, state] = args;
  return (
    base instanceof PyGlobal &&
    base.module === 'builtins' &&
    base.name === 'object' &&
    state === null
  );
}
