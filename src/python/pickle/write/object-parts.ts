/**
 * How a `PyObject` is written: as it was read, in the terms of the protocol that is written.
 * Python: `pickle._Pickler.save_reduce`.
 *
 * @module
 */
import { carryNote, notesOf } from '../as-read.js';
import { type KnownGlobal, NEWOBJ, NEWOBJ_EX, RECONSTRUCTOR } from '../known-globals.js';
import type { Saver } from './saver.js';
import { type Batching, EntriesTask, ItemsTask, type Parts } from './tasks.js';
import { PyGlobal } from '../values/py-global.js';
import type { PyObject } from '../values/py-object.js';
import { PyTuple } from '../values/py-tuple.js';

const POP = 0x30;
const REDUCE = 0x52;

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
    out.code(POP);
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
    out.code(0x62); // BUILD
  }
}

/** The class or function, its arguments, and the opcode that makes the object of them. */
function* creationParts(saver: Saver, object: PyObject): Parts {
  const { out, protocol } = saver;
  const { cls, form, args, kwargs } = object;
  if (form === 'reduce') {
    yield { name: 'cls', value: cls };
    yield { name: 'args', value: args };
    out.code(REDUCE);
  } else if (kwargs) {
    yield* protocol >= 4
      ? newObjectParts(saver, cls, args, kwargs)
      : copyregParts(saver, NEWOBJ_EX, PyTuple.from([cls, args, kwargs]));
  } else if (form === 'newobj') {
    yield* protocol >= 2
      ? newObjectParts(saver, cls, args)
      : copyregParts(saver, NEWOBJ, withClass(cls, args));
  } else {
    yield* protocol >= 2 && isOrdinary(args)
      ? newObjectParts(saver, cls, new PyTuple())
      : copyregParts(saver, RECONSTRUCTOR, withClass(cls, args));
  }
}

/** The arguments behind the class, each still the float that it was. */
function withClass(cls: unknown, args: PyTuple): PyTuple {
  const all = PyTuple.from([cls, ...args]);
  for (let i = 0; i < args.length; i++) carryNote(args, i, all, i + 1);
  return all;
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
  saver.out.code(kwargs ? 0x92 : 0x81); // NEWOBJ_EX, NEWOBJ
}

/** A function of `copyreg` that makes the object, where the protocol has no opcode for it. */
function* copyregParts(saver: Saver, callable: KnownGlobal, args: PyTuple): Parts {
  saver.global(callable);
  yield { name: 'args', value: args };
  saver.out.code(REDUCE);
}

function* itemParts(saver: Saver, object: PyObject): Parts {
  const { listItems, dictItems, setItems } = object;
  const single: Batching['single'] = saver.protocol === 0 ? 'each' : 'last';
  if (listItems && listItems.length > 0) {
    const batching = { ...LIST_ITEMS, single };
    yield { name: 'listItems', task: new ItemsTask(batching, listItems, notesOf(listItems)) };
  }
  if (dictItems && dictItems.size > 0) {
    const batching = { ...DICT_ITEMS, single };
    const keys = [...dictItems.keys()];
    const values = [...dictItems.values()];
    yield {
      name: 'dictItems',
      task: new EntriesTask(batching, keys, values, notesOf(dictItems)),
    };
  }
  if (setItems && setItems.length > 0) {
    if (saver.protocol < 4) throw saver.error('items like those of a set need protocol 4');
    yield { name: 'setItems', task: new ItemsTask(SET_ITEMS, setItems, notesOf(setItems)) };
  }
}

/** Whether the base of an object that `copyreg._reconstructor` makes is `object`. */
function isOrdinary(args: PyTuple): boolean {
  const [base, state] = args;
  return base instanceof PyGlobal && base.toString() === 'builtins.object' && state === null;
}
