/** A browser that keeps all cookies and fills in forms; it follows nothing by itself. */

export class FormBrowser {
  /** Values by name. */
  readonly cookies: Map<string, string> = new Map<string, string>();
  /** Sent with every request. */
  headers: Map<string, string> = new Map([['User-Agent', "Mozilla/5.0 (it's a test)"]]);

  async get(url: string): Promise<Response> {
    return this.#send(url, {});
  }

  /** Gets what must be JSON. */
  async json(url: string): Promise<unknown> {
    const response = await this.get(url);
    if (!response.ok) throw new Error(`GET ${new URL(url).pathname}: ${response.status}`);
    return response.json();
  }

  /** Posts form fields, and nothing that a page would add to them. */
  async post(
    url: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#send(url, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  /** The CSRF token in the form of a page. */
  async csrfToken(pageUrl: string): Promise<string> {
    const page = await (await this.get(pageUrl)).text();
    const [input = ''] = /<input[^>]*name="csrf_token"[^>]*>/.exec(page) ?? [];
    const token = /value="([^"]+)"/.exec(input)?.[1];
    if (token === undefined) throw new Error(`no CSRF token in ${new URL(pageUrl).pathname}`);
    return token;
  }

  async #send(
    url: string,
    request: { method?: string; body?: URLSearchParams; headers?: Record<string, string> },
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      headers: {
        ...Object.fromEntries(this.headers),
        ...(cookie !== '' && { cookie }),
        ...request.headers,
      },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(setCookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? [];
    const expires = Date.parse(/; *expires=([^;]+)/i.exec(setCookie)?.[1] ?? '');
    if (/; *max-age=0(;|$)/i.test(setCookie) || expires <= Date.now()) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
