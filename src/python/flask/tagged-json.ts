/**
 * JSON in which tags mark what JSON has no type for: `{" t": [1, 2]}` is a tuple.
 * Python: `flask.json.tag.TaggedJSONSerializer`, Flask 3.1.3. Differences: ./PORT.md
 *
 * @module
 */
import { ArgumentError, SessionEncodeError } from '../../errors.js';
import * as json from '../json/index.js';
import { tagValue } from './tag.js';
import { untagValue } from './untag.js';

/** What Flask's own client-side session is written in. */
export class TaggedJSONSerializer {
  /**
   * The text of a value, with sorted keys as Flask writes it in a request.
   *
   * @param value - What JSON has, and PyTuple, Uint8Array, PyUUID, PyDateTime, Date (as an aware
   * datetime) and Markup, which come back as they are, but for fractions of a second and time
   * zones; and PyDate and PyDecimal, which come back as text.
   * @throws {@link SessionEncodeError} for any other value, where Python raises `TypeError`.
   */
  dumps(value: unknown): string {
    try {
      return json.dumps(tagValue(value), { separators: [',', ':'] });
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      throw new SessionEncodeError(error.message, { cause: error });
    }
  }

  /**
   * The value of a text: Markup as {@link markup} makes it, a datetime as a PyDateTime in UTC.
   *
   * @throws {@link ArgumentError} for a text that is no JSON, or a tag whose value is not its own.
   */
  loads(text: string): unknown {
    return untagValue(json.loads(text));
  }
}
