/**
 * As much of a browser as the walk needs: requests that carry cookies, and redirects not followed.
 *
 * @module
 */

import type { PanelState } from './panel-state.js';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Answer {
  readonly request: Request;
  readonly status: number;
  /** The app that answered, by its own words. */
  readonly answeredBy: string;
  readonly location: string | null;
  readonly setCookies: readonly string[];
  readonly text: string;
}

export function get(path: string): Request {
  return { method: 'GET', path };
}

/** A form that is sent. */
export function post(path: string, form: Record<string, string> = {}): Request {
  return { method: 'POST', path, form };
}

export class Browser {
  readonly #address: string;
  readonly #cookies: Map<string, string>;

  constructor(address: string, cookies: Iterable<[string, string]> = []) {
    this.#address = address;
    this.#cookies = new Map(cookies);
  }

  /** A cookie's value. */
  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** Another browser with the same cookies but for this one. */
  withCookie(name: string, value: string): Browser {
    return new Browser(this.#address, [...this.#cookies, [name, value]]);
  }

  /** What the panel shows to this browser. */
  async panel(): Promise<PanelState> {
    const { text } = await this.send(get('/panel/state.json'));
    return JSON.parse(text) as PanelState;
  }

  async send(request: Request): Promise<Answer> {
    const { method, path, form } = request;
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.#address), {
      method,
      headers: cookies === '' ? {} : { Cookie: cookies },
      body: form ? new URLSearchParams(form) : null,
      redirect: 'manual',
    });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) this.#keep(line);
    return {
      request,
      status: response.status,
      answeredBy: response.headers.get('X-Answered-By') ?? 'the front',
      location: response.headers.get('Location'),
      setCookies,
      text: await response.text(),
    };
  }

  /** Keeps a cookie, or forgets it when the line says that it has expired. */
  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
    const expires = /; *Expires=([^;]*)/i.exec(line)?.[1];
    if (expires !== undefined && Date.parse(expires) < Date.now()) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
