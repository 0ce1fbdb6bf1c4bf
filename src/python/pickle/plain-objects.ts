/**
 * Objects as dicts: any key is a plain own property, `__proto__` too.
 *
 * @module
 */

/** Sets a key of a plain object. */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key === '__proto__') defineOwn(object, key, value);
  else (object as Record<string, unknown>)[key] = value;
}

/** Makes an own property, whatever the prototype has under that name; no setter runs. */
export function defineOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Whether a key counts as an array index, which moves it to the front of an object's keys. */
export function isIndexKey(key: string): boolean {
  const first = key.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return false;
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}
