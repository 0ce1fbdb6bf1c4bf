/**
 * Values that are a str in MessagePack and JSON alike: what msgspec writes for them.
 *
 * @module
 */

import { PyDate } from '../pickle/values/py-date.js';
import { PyDecimal } from '../pickle/values/py-decimal.js';
import { PyTimeDelta } from '../pickle/values/py-time-delta.js';
import { PyTime } from '../pickle/values/py-time.js';
import { PyUUID } from '../pickle/values/py-uuid.js';
import { formatTime, formatTimeDelta } from './iso.js';

/** The text that stands for such a value, or `undefined` for any other. */
export function textOf(value: unknown): string | undefined {
  if (value instanceof PyUUID || value instanceof PyDecimal || value instanceof PyDate) {
    return value.toString();
  }
  if (value instanceof PyTimeDelta) return formatTimeDelta(value);
  return value instanceof PyTime ? formatTime(value) : undefined;
}
