/** Sessions at random, of all that tagged JSON gives back as it was. */

import fc from 'fast-check';

import { markup } from '../../src/python/flask/index.js';
import { PyDateTime, PyFloat, PyTuple, PyUUID } from '../../src/python/pickle/index.js';

const wholeSeconds = fc
  .date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => PyDateTime.fromDate(new Date(Math.floor(date.getTime() / 1000) * 1000)));

const key = fc.oneof(fc.string(), fc.constantFrom(' t', ' di', ' b', ' t__', '__proto__', '10'));

export const anySession: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
  value: unknown;
  dict: Record<string, unknown>;
}>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
    fc.double({ noInteger: true }),
    fc.integer().map((integer) => new PyFloat(integer)),
    fc.uint8Array(),
    fc.uuid().map((text) => new PyUUID(text)),
    fc.string().map(markup),
    wholeSeconds,
    fc.array(tie('value')),
    fc.array(tie('value')).map((items) => PyTuple.from(items)),
    tie('dict'),
  ),
  dict: fc.dictionary(key, tie('value'), { noNullPrototype: true }),
})).dict;
