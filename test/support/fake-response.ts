/** A response that only remembers what was done to it. */

import type { ResponseLike } from '../../src/python/flask/index.js';

export function fakeResponse(): { response: ResponseLike; headers: Map<string, unknown> } {
  const headers = new Map<string, unknown>();
  const response = {
    statusCode: 200,
    headersSent: false,
    writableEnded: false,
    getHeader: (name: string) => headers.get(name.toLowerCase()) as string | undefined,
    setHeader: (name: string, value: string | readonly string[]) =>
      headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => {
      headers.delete(name.toLowerCase());
    },
    end() {
      response.headersSent = true;
      response.writableEnded = true;
    },
  };
  return { response, headers };
}
