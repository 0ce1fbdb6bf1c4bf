/**
 * Text that is HTML already and must not be escaped again: an object of another package to pickle
 * and to the session, so it is a `PyObject` here.
 * Python: `markupsafe.Markup`, 3.0.
 *
 * @module
 */
import { PyGlobal } from '../pickle/values/py-global.js';
import { PyObject } from '../pickle/values/py-object.js';

/** Marks text as HTML. Python: `Markup(text)`. */
export function markup(html: string): PyObject {
  return new PyObject(new PyGlobal('markupsafe', 'Markup'), { args: [html] });
}

/** The HTML of a `Markup`, or `undefined` for anything else. */
export function htmlOf(value: unknown): string | undefined {
  if (!(value instanceof PyObject) || value.name !== 'Markup' || !MODULES.has(value.module)) {
    return undefined;
  }
  // Protocols 0 and 1 put the base class before the text.
  const text = value.args.at(-1);
  return typeof text === 'string' ? text : undefined;
}

/** The second is what Jinja2 3.0 called it. */
const MODULES: ReadonlySet<string> = new Set(['markupsafe', 'jinja2.utils']);
