/**
 * Steps of the walk: a request, what was seen after it, and whether that is what it should be.
 *
 * @module
 */

import type { Answer, Browser, Request } from './browser.js';
import { equal, StepFailed } from './checks.js';
import type { Seen } from './checks.js';
import type { StoredSession } from './panel-state.js';
import type { Transcript } from './transcript.js';

/** Takes a browser through steps and prints a line for each. */
export class Steps {
  readonly #browser: Browser;
  readonly #transcript: Transcript;

  constructor(browser: Browser, transcript: Transcript) {
    this.#browser = browser;
    this.#transcript = transcript;
  }

  /**
   * Sends a request and looks at what came of it.
   *
   * @throws {@link StepFailed} when anything is not as it should be; the line is printed by then
   */
  async take(
    what: string,
    request: Request,
    check: (seen: Seen) => void,
    browser: Browser = this.#browser,
  ): Promise<void> {
    try {
      const answer = await browser.send(request);
      const { session } = await browser.panel();
      const app = request.path.startsWith('/next') ? 'Express' : 'Flask';
      equal('the app that answered', answer.answeredBy.split(' ')[0], app);
      check({ answer, session });
      this.#transcript.passed(what, describe(answer, session));
    } catch (error) {
      this.#transcript.failed(what, error instanceof Error ? error.message : String(error));
      throw new StepFailed(what, { cause: error });
    }
  }
}

function describe(answer: Answer, session: StoredSession | null): string {
  const { method, path, form = {} } = answer.request;
  const sent = [method, path, new URLSearchParams(form).toString()].join(' ').trimEnd();
  const app = answer.answeredBy.replace(/,.*/, '');
  const cookie = answer.setCookies.find((line) => line.startsWith('session='));
  return [
    `${sent} → ${app} ${answer.status}`,
    cookie === undefined ? 'no cookie' : describeCookie(cookie),
    session
      ? `${session.size} bytes of ${session.format}, TTL ${session.ttlSeconds} s`
      : 'nothing in Redis',
  ].join('; ');
}

/** A Set-Cookie line, with the id cut short and its lifetime as a day. */
function describeCookie(line: string): string {
  const [, value = ''] = /^session=([^;]*)/.exec(line) ?? [];
  const expires = /Expires=([^;]*)/.exec(line)?.[1];
  if (value === '') return 'cookie cleared';
  const until =
    expires === undefined ? '' : ` until ${new Date(expires).toISOString().slice(0, 10)}`;
  return `cookie ${value.slice(0, 8)}…${until}`;
}
