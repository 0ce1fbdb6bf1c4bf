/** What `loads` and `dumps` take and give, and what the Python types are to the compiler. */

import {
  dumps,
  loads,
  PyByteArray,
  PyDateTime,
  PyDecimal,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  type PickleProtocol,
} from 'flask-session-bridge/pickle';
import { expectTypeOf } from 'vitest';

class Cart {
  items: string[] = [];
}

export function onLoads(bytes: Uint8Array): void {
  // A pickle may hold anything; who reads it has to look.
  expectTypeOf(loads(bytes)).toEqualTypeOf<unknown>();
  loads(bytes, { encoding: 'latin1', limits: { maxBytes: 1024 } });
  loads(bytes, { classes: { 'shop.models.Cart': Cart } });
  // @ts-expect-error -- text is no pickle
  loads('gASVBQAAAA==');
  // @ts-expect-error -- Python has encodings that are not read here
  loads(bytes, { encoding: 'cp1252' });

  const value = loads(bytes);
  if (value instanceof PyTuple) expectTypeOf(value.length).toEqualTypeOf<number>();
  if (value instanceof PyObject) expectTypeOf(value.module).toEqualTypeOf<string>();
  if (value instanceof PyDateTime) {
    expectTypeOf(value.toDate()).toEqualTypeOf<Date>();
    expectTypeOf(value.tzinfo).toEqualTypeOf<PyTimeZone | PyObject | undefined>();
  }
}

export function onDumps(protocol: PickleProtocol): void {
  expectTypeOf(dumps({ cart: [1, 2] })).toEqualTypeOf<Buffer>();
  expectTypeOf(dumps(null, { protocol })).toExtend<Uint8Array>();
  // @ts-expect-error -- there is no such protocol yet
  dumps(null, { protocol: 6 });
}

export function onValues(): void {
  expectTypeOf(PyTuple.from(['a', 'b'])).toEqualTypeOf<PyTuple<string>>();
  expectTypeOf(PyTuple.from([1, 2], String)).toEqualTypeOf<PyTuple<string>>();
  expectTypeOf(PyTuple.of(1, 2)).toExtend<readonly number[]>();
  expectTypeOf(new PyFrozenSet([1])).toExtend<ReadonlySet<unknown>>();
  expectTypeOf<PyByteArray>().toExtend<Uint8Array>();
  expectTypeOf(new PyFloat(1).valueOf()).toEqualTypeOf<number>();
  expectTypeOf(new PyDecimal('1.10').toNumber()).toEqualTypeOf<number>();
  expectTypeOf(new PyUUID(7n).int).toEqualTypeOf<bigint>();
  expectTypeOf(new PyTimeDelta(1).totalSeconds()).toEqualTypeOf<number>();
  expectTypeOf(PyTimeZone.utc.utcOffset()).toEqualTypeOf<PyTimeDelta | undefined>();
  expectTypeOf(PyDateTime.fromDate(new Date()).fold).toEqualTypeOf<0 | 1>();

  const cart = new PyObject(new PyGlobal('shop.models', 'Cart'), { state: { size: 1 } });
  expectTypeOf(cart.state).toEqualTypeOf<unknown>();
  expectTypeOf(cart.args).toEqualTypeOf<PyTuple>();
  // @ts-expect-error -- the class of an object does not change
  cart.cls = new PyGlobal('shop.models', 'Order');
  // @ts-expect-error -- a Decimal is made of text or of an int
  new PyDecimal({ value: 1 });
}
