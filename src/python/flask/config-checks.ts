/**
 * What a setting may be, as small checks: each says in words what it wanted when a value is wrong.
 * Flask itself takes nearly anything and fails, or worse does not, at the first request.
 *
 * @module
 */

/** Says what a value must be when it is not that; `undefined` when the value is right. */
export type Check = (value: unknown) => string | undefined;

/** One check for each key of an interface of settings. */
export type Checks<Settings> = { readonly [Key in keyof Required<Settings>]: Check };

/** Anything goes: the setting means nothing to this library. */
export const anything: Check = () => undefined;

export const isBoolean: Check = (value) => verdict(typeof value === 'boolean', 'true or false');

export const isString: Check = (value) => verdict(typeof value === 'string', 'a string');

export const isObject: Check = (value) =>
  verdict(typeof value === 'object' && value !== null, 'an object');

/** A key that signs. Empty ones are for the caller to judge: Flask counts '' as no key at all. */
export const isSecret: Check = (value) =>
  verdict(typeof value === 'string' || value instanceof Uint8Array, 'a string or bytes');

/**
 * A list of keys that sign. A single string is refused: Python would take it for a list of keys of
 * one character each, and so is an empty key, which anyone can sign with.
 */
export const isSecretList: Check = (value) => {
  if (!Array.isArray(value)) return 'must be a list of strings or bytes, even for a single key';
  const right = value.every((key: unknown) => isSecret(key) === undefined && !isEmpty(key));
  return verdict(right, 'a list of strings or bytes, none of them empty');
};

/** A name that a Cookie header can carry: browsers take more than RFC 6265's token. */
export const isCookieName: Check = (value) =>
  verdict(
    typeof value === 'string' && /^[!#-+\--:<>-~]+$/.test(value),
    'a cookie name: ASCII without space, quote, comma, semicolon or equals sign',
  );

/** `Strict`, `Lax` or `None`, in any case as in Werkzeug. */
export const isSameSite: Check = (value) =>
  verdict(
    typeof value === 'string' && /^(strict|lax|none)$/i.test(value),
    "'Strict', 'Lax' or 'None'",
  );

export const isStringList: Check = (value) =>
  verdict(isIterableOfStrings(value), 'a list of strings');

/** Whole numbers from `least` on. */
export function isInteger(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  return (value) =>
    verdict(
      Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
      `a whole number ${range}`,
    );
}

/** One of the given strings; in any case when `anyCase` is set. */
export function isOneOf(choices: readonly string[], anyCase = false): Check {
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  return (value) =>
    verdict(
      typeof value === 'string' && choices.includes(anyCase ? value.toLowerCase() : value),
      `one of ${listed}`,
    );
}

/** Also lets Python's None pass, for settings where None has a meaning. */
export function orNull(check: Check): Check {
  return (value) => {
    const wrong = value === null ? undefined : check(value);
    return wrong && `${wrong}, or null`;
  };
}

function verdict(right: boolean, wanted: string): string | undefined {
  return right ? undefined : `must be ${wanted}`;
}

function isEmpty(key: unknown): boolean {
  return (key as string | Uint8Array).length === 0;
}

function isIterableOfStrings(value: unknown): boolean {
  if (!Array.isArray(value) && !(value instanceof Set)) return false;
  return [...(value as Iterable<unknown>)].every((item) => typeof item === 'string');
}
