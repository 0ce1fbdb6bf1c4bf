/**
 * What our sessions answer otherwise than Flask-Session 0.8, on purpose: applied to what Flask was
 * recorded to answer, so that all the rest must be equal.
 */

import type { Operation, ValidWalk } from '../support/flask-session-fixtures.js';
import { recordedOutcomes } from '../support/walks.js';
import type { Outcome } from '../support/walks.js';

/** What the requests of a walk are to leave behind. */
export function expectedOutcomes(walk: ValidWalk, walks: readonly ValidWalk[]): Outcome[] {
  const noticed = noticedChange(walk, walks);
  return recordedOutcomes(walk).map((recorded, index) => {
    const outcome = (index === 1 && noticed) || recorded;
    const operations = walk.steps[index]?.operations ?? [];
    return {
      ...outcome,
      vary: operations.some(looksAtKeys) ? 'Cookie' : outcome.vary,
      setCookie: outcome.setCookie.map((line) => withAttributes(line, walk.config)),
    };
  });
}

/** Which keys there are depends on the cookie as much as their values do. */
function looksAtKeys(operation: Operation): boolean {
  return operation.has !== undefined || operation.keys === true;
}

/**
 * A cookie is deleted with the attributes that it was set with, for browsers may keep it otherwise;
 * and it is partitioned when Flask's own cookie would be, which then must be secure.
 */
export function withAttributes(line: string, config: ValidWalk['config']): string {
  const { SESSION_COOKIE_SECURE, SESSION_COOKIE_SAMESITE, SESSION_COOKIE_PARTITIONED } = config;
  let result = line;
  if ((SESSION_COOKIE_SECURE || SESSION_COOKIE_PARTITIONED) && !line.includes('; Secure')) {
    result = result.replace(/(?=; HttpOnly|; Path=)/, '; Secure');
  }
  if (SESSION_COOKIE_SAMESITE && !line.includes('; SameSite=')) {
    const [first = '', ...rest] = String(SESSION_COOKIE_SAMESITE);
    result += `; SameSite=${first.toUpperCase()}${rest.join('')}`;
  }
  return SESSION_COOKIE_PARTITIONED ? `${result}; Partitioned` : result;
}

/**
 * A change inside a value counts as a change, as it does in Flask once `session.modified` is set: the
 * outcome of the same request with that.
 */
function noticedChange(walk: ValidWalk, walks: readonly ValidWalk[]): Outcome | undefined {
  if (!walk.id.endsWith('/nested') || walk.config['SESSION_USE_SIGNER']) return undefined;
  const modified = walks.find(({ id }) => id === `${walk.id}-modified`);
  const from = modified?.steps[1]?.sid;
  const to = walk.steps[1]?.sid;
  if (!modified || from === undefined || to === undefined) throw new Error('no such walk');
  const [, outcome] = recordedOutcomes(modified);
  return JSON.parse(JSON.stringify(outcome).replaceAll(from, to)) as Outcome;
}
