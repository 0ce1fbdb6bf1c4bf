/**
 * Properties put in front of an object's own for a while.
 *
 * @module
 */

export class Shadows {
  readonly #object: object;
  readonly #hidden = new Map<string, PropertyDescriptor | undefined>();

  constructor(object: object) {
    this.#object = object;
  }

  cast(name: string, descriptor: PropertyDescriptor): void {
    if (!this.#hidden.has(name)) {
      this.#hidden.set(name, Object.getOwnPropertyDescriptor(this.#object, name));
    }
    Object.defineProperty(this.#object, name, { ...descriptor, configurable: true });
  }

  /** Takes all of them away; the object is again as it was. */
  lift(): void {
    for (const [name, own] of this.#hidden) {
      if (own) Object.defineProperty(this.#object, name, own);
      else Reflect.deleteProperty(this.#object, name);
    }
    this.#hidden.clear();
  }
}
