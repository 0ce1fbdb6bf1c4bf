/**
 * Python's `pickle`: reads and writes protocols 0 to 5, and runs nothing.
 *
 * @module
 */
export { PicklingError, UnpicklingError } from '../../errors.js';
export { type AnyClass, type ClassCodec, type ClassRegistry } from './classes.js';
export { dumps, type DumpsOptions, type PickleProtocol } from './dumps.js';
export { DEFAULT_LIMITS, type PickleLimits } from './limits.js';
export { loads, type LoadsOptions } from './loads.js';
export { type Python2Encoding } from './format/strings.js';
export { PyByteArray } from './values/py-byte-array.js';
export { PyDate } from './values/py-date.js';
export { PyDateTime } from './values/py-date-time.js';
export { PyDecimal } from './values/py-decimal.js';
export { PyFloat } from './values/py-float.js';
export { PyFrozenSet } from './values/py-frozen-set.js';
export { PyGlobal } from './values/py-global.js';
export { PyObject, type PyObjectForm, type PyObjectInit } from './values/py-object.js';
export { PyTime, type TimeInit } from './values/py-time.js';
export { PyTimeDelta } from './values/py-time-delta.js';
export { PyTimeZone } from './values/py-time-zone.js';
export { PyTuple } from './values/py-tuple.js';
export { PyUUID } from './values/py-uuid.js';
