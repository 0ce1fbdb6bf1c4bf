/**
 * Any interleaving of requests on one session ends as if each had applied its own changes, key by
 * key, at the moment of its save: against a model that knows nothing of bytes or merging.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { sessionOf } from '../../../src/index.js';
import type { SerializationFormat, Session } from '../../../src/index.js';
import { PyFloat } from '../../../src/python/pickle/index.js';
import { readPayload, writePayload } from '../../../src/session/serializers.js';
import { SID, Sessions } from '../../support/sessions.js';
import { toTyped } from '../../support/typed-json.js';

/**
 * Values that every format holds, and that codecs confuse. No 1: set where 1.0 was read, it says
 * nothing new in JavaScript, and stays a float.
 */
const VALUES = [2, new PyFloat(1), '1', true, null, 2n ** 60n, [1], [new PyFloat(1)], { a: [1] }];
const KEYS = ['a', 'b', '7', '__proto__', '_permanent'];
const REQUESTS = 3;

type Step = { readonly request: number } & (
  | { readonly act: 'open' | 'save' | 'clear' }
  | { readonly act: 'set'; readonly key: string; readonly value: unknown }
  | { readonly act: 'change inside' | 'delete'; readonly key: string }
  /** Flask saves the session as it is, in a format of its own. */
  | { readonly act: 'convert'; readonly format: SerializationFormat }
);

const request = fc.nat(REQUESTS - 1);
const key = fc.constantFrom(...KEYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ request, act: fc.constantFrom('open', 'save') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      request,
      act: fc.constant('set' as const),
      key,
      value: fc.constantFrom(...VALUES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ request, act: fc.constantFrom('change inside', 'delete'), key }),
  },
  { weight: 1, arbitrary: fc.record({ request, act: fc.constant('clear' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      request,
      act: fc.constant('convert' as const),
      format: fc.constantFrom('pickle', 'msgpack', 'json'),
    }),
  },
);

test.each(['mine', 'theirs'] as const)('onConflict %s', async (onConflict) => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    async (steps) => {
      const real = new Real(onConflict);
      const model = new Model(onConflict);
      for (const each of steps) {
        await real.take(each);
        model.take(each);
        expect(real.stored()).toEqual(model.stored());
      }
    },
  );
  await fc.assert(property, { seed: 4, numRuns: 500 });
});

/** Keys and the typed JSON of their values, as text. */
type Dict = Map<string, string>;

const FIRST: readonly (readonly [string, unknown])[] = [
  ['a', [1]],
  ['b', new PyFloat(1)],
];

function inText(value: unknown): string {
  return JSON.stringify(toTyped(value));
}

/** What a change inside does to a value of VALUES, in place; to scalars nothing. */
function changeInside(value: unknown): void {
  if (Array.isArray(value)) value.push('more');
  else if (value !== null && typeof value === 'object' && 'a' in value) changeInside(value.a);
}

/** The sessions of this library, on one store. */
class Real {
  readonly #sessions: Sessions;
  readonly #open: (Session | undefined)[] = [];

  constructor(onConflict: 'mine' | 'theirs') {
    this.#sessions = new Sessions({ SESSION_PERMANENT: false }, { onConflict });
    this.#sessions.put(Object.fromEntries(FIRST));
  }

  async take(step: Step): Promise<void> {
    if (step.act === 'open') {
      this.#open[step.request] = await this.#sessions.open();
      return;
    }
    if (step.act === 'convert') {
      const bytes = this.#sessions.storedBytes();
      if (bytes) this.#sessions.putBytes(writePayload(readPayload(bytes).data, step.format));
      return;
    }
    const session = this.#open[step.request];
    // One that has no place in the store any more is another session, under another id.
    if (!session || sessionOf(session).isNew || sessionOf(session).sid !== SID) return;
    switch (step.act) {
      case 'set':
        session[step.key] = copyOf(step.value);
        break;
      case 'change inside':
        changeInside(session[step.key]);
        break;
      case 'delete':
        Reflect.deleteProperty(session, step.key);
        break;
      case 'clear':
        for (const key of Object.keys(session)) Reflect.deleteProperty(session, key);
        break;
      case 'save':
        await this.#sessions.interface.saveSession(session);
    }
  }

  stored(): Dict | undefined {
    const bytes = this.#sessions.storedBytes();
    if (!bytes) return undefined;
    const pairs = toTyped(readPayload(bytes).data)['dict'] as [{ str: string }, unknown][];
    return new Map(pairs.map(([{ str }, value]) => [str, JSON.stringify(value)]));
  }
}

/** What the same steps are to come to. */
class Model {
  readonly #onConflict: 'mine' | 'theirs';
  #stored: Dict | undefined = new Map(FIRST.map(([key, value]) => [key, inText(value)]));
  readonly #open: ({ base: Dict; mine: Dict } | undefined)[] = [];

  constructor(onConflict: 'mine' | 'theirs') {
    this.#onConflict = onConflict;
  }

  stored(): Dict | undefined {
    return this.#stored;
  }

  take(step: Step): void {
    const { request } = step;
    if (step.act === 'open') this.#open[request] = this.#stored && copiesOf(this.#stored);
    const opened = this.#open[request];
    if (!opened) return;
    const { mine } = opened;
    switch (step.act) {
      case 'set':
        mine.set(step.key, inText(step.value));
        break;
      case 'change inside': {
        const value = mine.get(step.key);
        if (value !== undefined) mine.set(step.key, withMore(value));
        break;
      }
      case 'delete':
        mine.delete(step.key);
        break;
      case 'clear':
        mine.clear();
        break;
      case 'save':
        this.#save(request, opened);
    }
  }

  #save(request: number, { base, mine }: { base: Dict; mine: Dict }): void {
    const changed = [...new Set([...base.keys(), ...mine.keys()])].filter(
      (key) => base.get(key) !== mine.get(key),
    );
    if (changed.length === 0) return;
    if (this.#stored) {
      const merged = isEmpty(mine) ? new Map<string, string>() : new Map(this.#stored);
      for (const key of changed) {
        const theirs = this.#stored.get(key);
        const value = mine.get(key);
        const wins = this.#onConflict === 'mine' || theirs === base.get(key);
        if (!wins) continue;
        if (value === undefined) merged.delete(key);
        else merged.set(key, value);
      }
      this.#stored = isEmpty(merged) ? undefined : merged;
    }
    this.#open[request] = this.#stored && copiesOf(this.#stored);
  }
}

function copiesOf(dict: Dict): { base: Dict; mine: Dict } {
  return { base: new Map(dict), mine: new Map(dict) };
}

/** Flask's `not session`. */
function isEmpty(dict: Dict): boolean {
  return [...dict.keys()].every((key) => key === '_permanent');
}

/** `changeInside` on typed JSON. */
function withMore(text: string): string {
  const typed = JSON.parse(text) as { list?: unknown[]; dict?: [unknown, { list?: unknown[] }][] };
  const list = typed.list ?? typed.dict?.[0]?.[1].list;
  list?.push({ str: 'more' });
  return JSON.stringify(typed);
}

/** A value of VALUES that nobody else holds. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (value === null || typeof value !== 'object' || value instanceof PyFloat) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copyOf(v)]));
}
