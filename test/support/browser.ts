/** A browser as far as a login needs one: it keeps one cookie and follows nothing by itself. */

import type { Typed } from './typed-json.js';

export class Browser {
  /** `name=value`, or `undefined` when the browser has no session. */
  cookie: string | undefined;
  /** The last Set-Cookie line that came, whole. */
  setCookie: string | undefined;

  /** Sends a request with the cookie, and keeps the one that comes back. */
  async send(method: string, url: string, body?: Typed | URLSearchParams): Promise<Response> {
    const isForm = body instanceof URLSearchParams;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: this.cookie === undefined ? {} : { cookie: this.cookie },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    [this.setCookie] = response.headers.getSetCookie();
    if (this.setCookie !== undefined) {
      const [pair = ''] = this.setCookie.split(';');
      this.cookie = pair.endsWith('=') ? undefined : pair;
    }
    return response;
  }

  /** Sends a request that must succeed and gives its JSON. */
  async json(method: string, url: string, body?: Typed | URLSearchParams): Promise<unknown> {
    const response = await this.send(method, url, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
