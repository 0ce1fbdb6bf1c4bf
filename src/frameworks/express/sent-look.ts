/**
 * What the application sees of a response while its bytes are held: that they were sent.
 *
 * What is put on a response for that stays on it, and lets through once the bytes are sent. Deleting
 * it again would make the response a slow object in V8, and so would functions of each one's own.
 *
 * @module
 */

import type { ServerResponse } from 'node:http';

/** What Node refuses once the headers are sent. */
type Setter = 'setHeader' | 'appendHeader' | 'removeHeader';
type Getter = 'headersSent' | 'writableEnded';
type Method = (...args: unknown[]) => unknown;

export class SentLook {
  readonly #res: ServerResponse;
  readonly #setters: Record<Setter, Method>;
  readonly #shown: Record<Getter, boolean> = { headersSent: false, writableEnded: false };
  /** Objects that stand in for a response have these as properties of their own. */
  readonly #own: [name: Getter, descriptor: PropertyDescriptor][] = [];

  constructor(res: ServerResponse) {
    const seen = res as unknown as Seen;
    const { setHeader, appendHeader, removeHeader } = seen;
    this.#res = res;
    this.#setters = { setHeader, appendHeader, removeHeader };
    seen[LOOK] = this;
    seen.setHeader = SETTERS.setHeader;
    seen.appendHeader = SETTERS.appendHeader;
    seen.removeHeader = SETTERS.removeHeader;
  }

  show(name: Getter): void {
    this.#shown[name] = true;
    const own = Object.getOwnPropertyDescriptor(this.#res, name);
    if (own?.get === GETTERS[name].get) return;
    if (own) this.#own.push([name, own]);
    Object.defineProperty(this.#res, name, GETTERS[name]);
  }

  /** From here on the response itself is asked. */
  hide(): void {
    this.#shown.headersSent = false;
    this.#shown.writableEnded = false;
    for (const [name, own] of this.#own.splice(0)) Object.defineProperty(this.#res, name, own);
  }

  get(name: Getter): unknown {
    return this.#shown[name] || Reflect.get(Object.getPrototypeOf(this.#res), name, this.#res);
  }

  set(setter: Setter, args: unknown[]): unknown {
    if (this.#shown.headersSent) throw headersAreSent();
    return this.#setters[setter].apply(this.#res, args);
  }
}

/** What Node throws when a header is set too late. */
export function headersAreSent(): Error {
  return Object.assign(new Error('Cannot set headers after they are sent to the client'), {
    code: 'ERR_HTTP_HEADERS_SENT',
  });
}

const LOOK = Symbol('look');

type Seen = Record<Setter, Method> & { [LOOK]: SentLook };

const GETTERS = { headersSent: getter('headersSent'), writableEnded: getter('writableEnded') };

const SETTERS: Record<Setter, Method> = {
  setHeader: setter('setHeader'),
  appendHeader: setter('appendHeader'),
  removeHeader: setter('removeHeader'),
};

function getter(name: Getter) {
  return {
    configurable: true,
    get(this: Seen): unknown {
      return this[LOOK].get(name);
    },
  };
}

function setter(name: Setter) {
  return function (this: Seen, ...args: unknown[]): unknown {
    return this[LOOK].set(name, args);
  };
}
