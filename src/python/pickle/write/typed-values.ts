/**
 * Values of classes that have a form of their own here, and hold no other values, as CPython
 * pickles them.
 *
 * @module
 */
import {
  BYTEARRAY,
  DECIMAL,
  GETATTR,
  OBJECT,
  RECONSTRUCTOR,
  TIMEDELTA,
  TIMEZONE,
  UUID,
  ZONE_INFO,
} from '../known-globals.js';
import type { Pickler } from './pickler.js';
import type { PyByteArray } from '../values/py-byte-array.js';
import type { PyDecimal } from '../values/py-decimal.js';
import type { PyTimeDelta } from '../values/py-time-delta.js';
import type { PyTimeZone } from '../values/py-time-zone.js';
import type { PyUUID } from '../values/py-uuid.js';

const REDUCE = 0x52;
const BUILD = 0x62;

/** `bytearray(bytes)`, or from protocol 5 on its bytes */
export function saveByteArray(pickler: Pickler, value: PyByteArray): void {
  const { out, protocol } = pickler;
  if (protocol >= 5) {
    const leaves = out.leaveFrame(value.length);
    out.code8(0x96, value.length); // BYTEARRAY8
    out.bytes(value);
    if (leaves) out.openFrame();
  } else {
    pickler.global(BYTEARRAY);
    if (value.length === 0) pickler.emptyTuple();
    else {
      pickler.openTuple();
      out.boundary();
      pickler.bytes(value);
      pickler.closeTuple(1);
    }
    out.code(REDUCE);
  }
  pickler.memoize(value);
}

/** `datetime.timedelta(days, seconds, microseconds)` */
export function saveTimeDelta(pickler: Pickler, value: PyTimeDelta): void {
  const { out } = pickler;
  pickler.global(TIMEDELTA);
  pickler.openTuple();
  for (const part of [value.days, value.seconds, value.microseconds]) {
    out.boundary();
    pickler.int(part);
  }
  pickler.closeTuple(3);
  out.code(REDUCE);
  pickler.memoize(value);
}

/** `datetime.timezone(offset[, name])`, or `zoneinfo.ZoneInfo._unpickle(key, True)` */
export function saveTimeZone(pickler: Pickler, value: PyTimeZone): void {
  const { out } = pickler;
  const { offset, label, key } = value;
  if (offset) {
    pickler.global(TIMEZONE);
    pickler.openTuple();
    out.boundary();
    if (!pickler.recall(offset)) saveTimeDelta(pickler, offset);
    if (label !== undefined) {
      out.boundary();
      pickler.string(label);
    }
    pickler.closeTuple(label === undefined ? 1 : 2);
  } else {
    saveUnpickleMethod(pickler);
    pickler.openTuple();
    out.boundary();
    pickler.string(key ?? '');
    out.boundary();
    pickler.bool(true);
    pickler.closeTuple(2);
  }
  out.code(REDUCE);
  pickler.memoize(value);
}

/** A class method is an attribute of its class. */
function saveUnpickleMethod(pickler: Pickler): void {
  const { out } = pickler;
  out.boundary();
  pickler.global(GETATTR);
  pickler.openTuple();
  pickler.global(ZONE_INFO);
  out.boundary();
  pickler.newString('_unpickle');
  pickler.closeTuple(2);
  out.code(REDUCE);
  pickler.memoize();
}

/** `decimal.Decimal(text)` */
export function saveDecimal(pickler: Pickler, value: PyDecimal): void {
  const { out } = pickler;
  pickler.global(DECIMAL);
  pickler.openTuple();
  out.boundary();
  pickler.newString(value.toString());
  pickler.closeTuple(1);
  out.code(REDUCE);
  pickler.memoize(value);
}

/** `uuid.UUID`, an ordinary instance with one attribute, or two */
export function saveUuid(pickler: Pickler, value: PyUUID): void {
  const { out, protocol } = pickler;
  if (protocol < 2) {
    pickler.global(RECONSTRUCTOR);
    pickler.openTuple();
    pickler.global(UUID);
    pickler.global(OBJECT);
    out.boundary();
    pickler.none();
    pickler.closeTuple(3);
    out.code(REDUCE);
  } else {
    pickler.global(UUID);
    out.boundary();
    pickler.emptyTuple();
    out.code(0x81); // NEWOBJ
  }
  pickler.memoize(value);
  out.boundary();
  saveUuidState(pickler, value);
  out.code(BUILD);
}

function saveUuidState(pickler: Pickler, value: PyUUID): void {
  const { out, protocol } = pickler;
  const fields: [string, bigint | number][] = [['int', value.int]];
  if (value.isSafe !== undefined) fields.push(['is_safe', value.isSafe]);
  const single = fields.length === 1 || protocol === 0;
  if (protocol === 0) out.latin1('(d');
  else out.code(0x7d); // EMPTY_DICT
  pickler.memoize();
  if (!single) out.code(0x28); // MARK
  for (const [name, number] of fields) {
    out.boundary();
    pickler.string(name);
    out.boundary();
    pickler.int(number);
    if (single) out.code(0x73); // SETITEM
  }
  if (!single) out.code(0x75); // SETITEMS
}
