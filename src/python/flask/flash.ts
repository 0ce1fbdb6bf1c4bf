/**
 * Messages that wait in the session for the next page.
 * Python: `flask.flash`, `flask.get_flashed_messages`, Flask 3.1.3. Differences: ./PORT.md
 *
 * @module
 */
import { SessionUseError } from '../../errors.js';
import { PyTuple } from '../pickle/values/py-tuple.js';
import { getItem, popItem, setItem, type SessionLike } from './session-like.js';

/** Category and message: a tuple in Python, and where the session's format has tuples. */
export type FlashedMessage = readonly [category: string, message: unknown];

export interface FlashedMessagesOptions {
  /** Gives only messages of these categories. @defaultValue every category */
  readonly categoryFilter?: readonly string[];
}

/**
 * Leaves a message for the next page. Python: `flask.flash`.
 *
 * @param message - Text, or Markup for text that is HTML.
 * @throws {@link SessionUseError} when the session's `_flashes` is no list.
 */
export function flash(session: SessionLike, message: unknown, category = 'message'): void {
  const flashes = readFlashes(getItem(session, '_flashes'));
  setItem(session, '_flashes', [...flashes, PyTuple.of<unknown>(category, message)]);
}

/**
 * Takes the messages out of the session. Asked again in the same request, that is with the same
 * session object, it gives those that it took first. Python: `flask.get_flashed_messages`.
 *
 * @throws {@link SessionUseError} when the session's `_flashes` is no list of pairs.
 */
export function getFlashedMessages(
  session: SessionLike,
  options?: FlashedMessagesOptions & { readonly withCategories?: false },
): unknown[];
export function getFlashedMessages(
  session: SessionLike,
  options: FlashedMessagesOptions & { readonly withCategories: true },
): FlashedMessage[];
export function getFlashedMessages(
  session: SessionLike,
  options: FlashedMessagesOptions & { readonly withCategories?: boolean } = {},
): unknown[] {
  const { withCategories = false, categoryFilter = [] } = options;
  const taken = takeFlashes(session);
  const wanted =
    categoryFilter.length === 0
      ? taken
      : taken.filter(([category]) => categoryFilter.includes(category));
  return withCategories ? [...wanted] : wanted.map(([, message]) => message);
}

/** What each session's request has taken out already. */
const takenFrom = new WeakMap<SessionLike, readonly FlashedMessage[]>();

function takeFlashes(session: SessionLike): readonly FlashedMessage[] {
  let taken = takenFrom.get(session);
  if (!taken) {
    taken = readFlashes(popItem(session, '_flashes'));
    takenFrom.set(session, taken);
  }
  return taken;
}

function readFlashes(value: unknown): readonly FlashedMessage[] {
  if (value === undefined) return [];
  const right =
    Array.isArray(value) && value.every((item) => Array.isArray(item) && item.length >= 2);
  if (!right) throw new SessionUseError('its key _flashes holds no list of pairs');
  return value as FlashedMessage[];
}
