/**
 * A dict while it is read: an object as long as every key is a str, a Map from the first other key on.
 * Floats and the order of keys are noted where JavaScript does not keep them.
 *
 * @module
 */

import { noteFloat, noteKey, noteKeyOrder } from '../pickle/as-read.js';
import { isIndexKey, setOwn } from '../pickle/plain-objects.js';

/** Builds one dict, entry by entry, with Python's rule for equal keys: first place, last value. */
export class DictBuilder {
  private readonly object: Record<string, unknown> = {};
  private map: Map<unknown, unknown> | undefined;
  /** The keys as they came, once one came that an object would put in another place. */
  private order: string[] | undefined;
  /** Floats that look like ints, by the key whose value they are. */
  private floats: Map<unknown, unknown> | undefined;

  /** @param isFloat - Whether `value` is a Python float that looks like an int. */
  set(key: unknown, value: unknown, isFloat: boolean): void {
    if (this.map) this.map.set(key, value);
    else if (typeof key === 'string') this.setInObject(key, value);
    else this.startMap().set(key, value);
    if (isFloat) (this.floats ??= new Map()).set(key, value);
    else this.floats?.delete(key);
  }

  /** Like {@link set}, for a key that is an integral Python float. */
  setByFloat(key: number, value: unknown, isFloat: boolean): void {
    const map = this.startMap();
    if (!map.has(key)) noteKey(map, key, key);
    this.set(key, value, isFloat);
  }

  /** What was built, once all is in. */
  finish(): Record<string, unknown> | Map<unknown, unknown> {
    const dict = this.map ?? this.object;
    if (this.order && !this.map) noteKeyOrder(dict, this.order);
    this.floats?.forEach((value, key) => {
      noteFloat(dict, key, value as number);
    });
    return dict;
  }

  private setInObject(key: string, value: unknown): void {
    if (this.order) this.order.push(key);
    else if (isIndexKey(key)) this.order = [...Object.keys(this.object), key];
    setOwn(this.object, key, value);
  }

  private startMap(): Map<unknown, unknown> {
    if (this.map) return this.map;
    this.map = new Map();
    for (const key of this.order ?? Object.keys(this.object)) this.map.set(key, this.object[key]);
    return this.map;
  }
}
