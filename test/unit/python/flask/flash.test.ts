import { describe, expect, test } from 'vitest';

import { SessionUseError } from '../../../../src/errors.js';
import { flash, getFlashedMessages } from '../../../../src/python/flask/index.js';
import { PyTuple } from '../../../../src/python/pickle/index.js';

describe('flash', () => {
  test('adds a tuple to the list', () => {
    const session: Record<string, unknown> = {};
    flash(session, 'Saved.');
    flash(session, 'No.', 'error');
    expect(session).toEqual({
      _flashes: [PyTuple.of('message', 'Saved.'), PyTuple.of('error', 'No.')],
    });
    expect((session['_flashes'] as unknown[])[0]).toBeInstanceOf(PyTuple);
  });

  test('puts a new list into the session, so that even a shallow look sees the change', () => {
    const before: unknown[] = [];
    const session = { _flashes: before };
    flash(session, 'Saved.');
    expect(session._flashes).not.toBe(before);
  });
});

describe('getFlashedMessages', () => {
  test('takes lists for pairs, as MessagePack has no tuples', () => {
    const session = { _flashes: [['error', 'No.']] };
    expect(getFlashedMessages(session, { withCategories: true })).toEqual([['error', 'No.']]);
    expect(session).toEqual({});
  });

  test('leaves a session without messages alone', () => {
    const session = Object.freeze({ user: 1 });
    expect(getFlashedMessages(session)).toEqual([]);
  });

  test.each([[5], ['text'], [{}], [['text']], [[['alone']]], [[null]]])(
    'refuses %j in place of messages',
    (flashes) => {
      expect(() => getFlashedMessages({ _flashes: flashes })).toThrow(SessionUseError);
      expect(() => {
        flash({ _flashes: flashes }, 'x');
      }).toThrow(SessionUseError);
    },
  );
});
