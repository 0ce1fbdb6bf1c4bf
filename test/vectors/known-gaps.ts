/**
 * Where we differ from Python or from a release of Flask-Session, case by case, each with its reason. A
 * listed case that stops to differ fails the test that reads the list.
 */

type Gaps = Readonly<Record<string, string>>;

const SURROGATES = 'a JavaScript string cannot tell two halves from the character that they name';
const NO_DICT = 'a session is a dict; what is none is left as it is and reported';
const NO_CLASS_NEEDED = 'classes are data here: nothing is imported, so nothing can be missing';
const UNKNOWN_CLASS = 'of what kind an unknown class is, its pickle does not tell';

/** Values that we do not read as the release does. */
export const OTHER_VALUE: Gaps = {
  'pickle/str-surrogate-pair': SURROGATES,
};

/** Values that we read right, but do not write to the same bytes. */
export const OTHER_BYTES: Gaps = {
  'json/key-int-and-str': 'the text has one key twice, and a dict has it once',
};

/** Values of which our MessagePack or JSON differs from msgspec's, when a pickle is the source. */
export const OTHER_FORM: Gaps = {
  'msgpack/str-surrogate-pair': SURROGATES,
  'json/str-surrogate-pair': SURROGATES,
  'msgpack/class-namedtuple': UNKNOWN_CLASS,
  'json/class-namedtuple': UNKNOWN_CLASS,
  'msgpack/enum': UNKNOWN_CLASS,
  'json/enum': UNKNOWN_CLASS,
  'msgpack/enum-int': UNKNOWN_CLASS,
  'json/enum-int': UNKNOWN_CLASS,
  'msgpack/enum-flag': UNKNOWN_CLASS,
  'json/enum-flag': UNKNOWN_CLASS,
};

/** Stored bytes that a release takes for a session and we do not, or the other way round. */
export const OTHER_VERDICT: Gaps = {
  'read/pickle/str-surrogate-pair': SURROGATES,
  'read/pickle/pairs': NO_DICT,
  'read/pickle/module-missing': NO_CLASS_NEEDED,
  'read/pickle/class-missing': NO_CLASS_NEEDED,
};

/** The same, for releases up to 0.6. */
export const OTHER_VERDICT_TO_0_6: Gaps = {
  ...OTHER_VERDICT,
  'read/pickle/none': NO_DICT,
};
