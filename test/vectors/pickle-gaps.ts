/**
 * Where our reading or writing of pickles differs from CPython's, value by value, each with its reason.
 * A listed value that stops to differ fails the test that reads the list.
 */

type Gaps = Readonly<Record<string, string>>;

const ALONE = 'outside of a container nothing can note that the number 1 was a float';
const EMPTY_ITEMS = 'CPython shows that it has no items, where its pickle says nothing';
const OLD_FORM = 'protocols 0 to 3, or some of them, say it in another form, which is kept';
const RESULT = 'CPython shows what the call gave; here the call itself is kept';
const NESTED_IN_3_13 = '3.13 does not memoize the steps to a name with dots before protocol 4';

/** Values whose parts are not those that CPython takes the value apart into by protocol 4. */
export const OTHER_TYPED_FORM: Gaps = {
  'array/doubles': OLD_FORM,
  'array/ints': OLD_FORM,
  'class/bound-method': OLD_FORM,
  'class/bytes': OLD_FORM,
  'class/dict': OLD_FORM,
  'class/false-state': OLD_FORM,
  'class/float': OLD_FORM,
  'class/in-containers': OLD_FORM,
  'class/inner': OLD_FORM,
  'class/int': OLD_FORM,
  'class/namedtuple': OLD_FORM,
  'class/nested-name': OLD_FORM,
  'class/newargs': OLD_FORM,
  'class/newargs-ex': OLD_FORM,
  'class/tuple': OLD_FORM,
  'deque/empty': EMPTY_ITEMS,
  'exception/os-error': 'Python 2 knew the base class alone, which protocols 0 to 2 name',
  'float/alone': ALONE,
  'global/reduce': 'Python 2 had it in functools, which protocols 0 to 2 name',
  'ordered-dict/empty': EMPTY_ITEMS,
  'reduce/arguments': RESULT,
  'reduce/call': RESULT,
  'reduce/dict-items': RESULT,
  'reduce/everything': RESULT,
  'reduce/list-items': RESULT,
  'reduce/state': RESULT,
  'reduce/state-setter': RESULT,
  'user-string': OLD_FORM,
};

/** Pickles of the C pickler that are not written to the same bytes. */
export const OTHER_PICKLES: Gaps = {
  '3.13 class/bound-method': NESTED_IN_3_13,
  '3.13 class/inner': NESTED_IN_3_13,
  '3.13 class/nested-name': NESTED_IN_3_13,
  '3.13 class/newargs-ex': NESTED_IN_3_13,
  '3.8 float/alone': ALONE,
};

const NOT_MADE = 'CPython fails when it makes the object; here the call is kept as data';
const CALL_KEPT = 'CPython shows the items; here the list that the class is called with is kept';

/** Pickles of 2.7 that are not read as CPython 3 reads them, by encoding. */
export const OTHER_READING_OF_2_7: Gaps = {
  'ASCII ordereddict': CALL_KEPT,
  'bytes decimal': NOT_MADE,
  'bytes ordereddict': CALL_KEPT,
  'bytes uuid': NOT_MADE,
  'latin1 ordereddict': CALL_KEPT,
};
