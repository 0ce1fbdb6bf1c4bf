/** Changes inside a value, which no assignment to the session tells of. */

import { describe, expect, test } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import type { Session } from '../../../src/index.js';
import { Sessions } from '../../support/sessions.js';

interface Cart {
  items: string[];
}

/** Every way in which an application comes to hold the value of the key `cart`. */
const WAYS: [string, (session: Session) => unknown][] = [
  ['by its name', (session) => session['cart']],
  ['from the handle', (session) => sessionOf(session).data['cart']],
  ['by destructuring', ({ cart }) => cart],
  ['from a copy', (session) => ({ ...session })['cart']],
  ['among the values', (session) => Object.values(session).find((value) => value !== true)],
  ['in a loop', (session) => Object.entries(session).find(([key]) => key === 'cart')?.[1]],
  [
    'by its descriptor',
    (session) => Object.getOwnPropertyDescriptor(session, 'cart')?.value as unknown,
  ],
  ['by Reflect', (session) => Reflect.get(session, 'cart')],
  ['from an heir', (session) => (Object.create(session) as Session)['cart']],
];

describe.each(WAYS)('a value that was taken %s', (_way, take) => {
  test('is saved when something in it changed', async () => {
    const sessions = new Sessions();
    sessions.put({ _permanent: true, cart: { items: ['a'] } });
    const session = await sessions.open();
    (take(session) as Cart).items.push('b');
    expect(await sessions.interface.saveSession(session)).toMatchObject({ outcome: 'stored' });
    expect(sessions.stored()).toEqual({ _permanent: true, cart: { items: ['a', 'b'] } });
  });
});

test('a value that the application set is saved again when it changes after a save', async () => {
  const sessions = new Sessions();
  sessions.put({ name: 'ada' });
  const session = await sessions.open();
  const cart: Cart = { items: [] };
  session['cart'] = cart;
  await session.save();
  cart.items.push('late');
  await session.save();
  expect(sessions.stored()).toEqual({ name: 'ada', cart: { items: ['late'] } });
});

test('reading plain values alone changes nothing', async () => {
  const sessions = new Sessions();
  sessions.put({ name: 'ada', age: 36, cart: { items: [] } });
  const session = await sessions.open();
  expect([session['name'], session['age'], 'cart' in session]).toEqual(['ada', 36, true]);
  expect(await sessions.interface.saveSession(session)).toMatchObject({ outcome: 'refreshed' });
  expect(sessions.store.log).toEqual(['get']);
});
