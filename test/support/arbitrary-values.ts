/** Values that both MessagePack and JSON can hold, for properties. */

import * as fc from 'fast-check';

import { PyByteArray } from '../../src/python/pickle/values/py-byte-array.js';
import { PyDateTime } from '../../src/python/pickle/values/py-date-time.js';
import { PyDate } from '../../src/python/pickle/values/py-date.js';
import { PyDecimal } from '../../src/python/pickle/values/py-decimal.js';
import { PyFloat } from '../../src/python/pickle/values/py-float.js';
import { PyTimeDelta } from '../../src/python/pickle/values/py-time-delta.js';
import { PyTimeZone } from '../../src/python/pickle/values/py-time-zone.js';
import { PyTuple } from '../../src/python/pickle/values/py-tuple.js';
import { PyUUID } from '../../src/python/pickle/values/py-uuid.js';

/** Text with every character, but no half of a surrogate pair. */
const text = fc.string({ unit: 'binary', maxLength: 40 });

const key = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '') },
  { weight: 1, arbitrary: fc.nat(20).map(String) },
);

const int = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.constantFrom(-129, -128, -33, -32, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32),
);

const float = fc.oneof(
  fc.double().filter((number) => !Number.isInteger(number)),
  fc.integer().map((number) => new PyFloat(number)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => new PyFloat(number)),
);

const time = fc
  .record({
    ms: fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }),
    micro: fc.nat(999_999),
    zone: fc.option(fc.integer({ min: -86_000, max: 86_000 })),
  })
  .map(({ ms, micro, zone }) => {
    const date = new Date(ms);
    return new PyDateTime(
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
      micro,
      zone === null ? {} : { tzinfo: new PyTimeZone(new PyTimeDelta(0, zone)) },
    );
  });

const scalar = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 4, arbitrary: int },
  { weight: 4, arbitrary: float },
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: fc.uint8Array().map((bytes) => PyByteArray.from(bytes)) },
  { weight: 1, arbitrary: time },
  {
    weight: 1,
    arbitrary: fc.date({ noInvalidDate: true, max: new Date('9999-12-31') }).filter(isInPython),
  },
  { weight: 1, arbitrary: time.map(({ year, month, day }) => new PyDate(year, month, day)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: -999, max: 999 }), fc.integer(), fc.integer())
      .map((parts) => new PyTimeDelta(...parts)),
  },
  { weight: 1, arbitrary: fc.uuid().map((uuid) => new PyUUID(uuid)) },
  { weight: 1, arbitrary: fc.integer().map((number) => new PyDecimal(`${number}e-3`)) },
);

/** What a session may hold, nested. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('container')),
  container: fc.oneof(
    fc.array(tie('value'), { maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 5 }).map((items) => PyTuple.from(items)),
    fc.array(fc.oneof(text, int), { maxLength: 5 }).map((members) => new Set(members)),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 20 }).map(objectOf),
    fc.array(fc.tuple(int, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).value;

/** A session's dict. */
export const anySession: fc.Arbitrary<Record<string, unknown>> = fc
  .array(fc.tuple(key, anyValue), { maxLength: 10 })
  .map(objectOf);

function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const attributes = { writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, name, { value, ...attributes });
  }
  return object;
}

function isInPython(date: Date): boolean {
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999;
}
