/**
 * Walks over all values that a value holds, without recursion.
 *
 * @module
 */
import { PyDateTime } from '../values/py-date-time.js';
import { PyObject } from '../values/py-object.js';
import { PyTime } from '../values/py-time.js';

/** The objects that an object holds, keys of dicts included. */
export function childrenOf(value: object): object[] {
  const children: object[] = [];
  const add = (child: unknown): void => {
    if (typeof child === 'object' && child !== null) children.push(child);
  };
  if (Array.isArray(value)) value.forEach(add);
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      add(key);
      add(item);
    }
  } else if (value instanceof Set) value.forEach(add);
  else if (value instanceof PyDateTime || value instanceof PyTime) add(value.tzinfo);
  else if (value instanceof PyObject || Object.getPrototypeOf(value) === Object.prototype) {
    Object.values(value).forEach(add);
  }
  return children;
}

/**
 * Levels of values inside values, counted no further than `limit` + 1. What refers back to a value
 * that it is in counts no level.
 */
export function depthOf(root: unknown, limit: number): number {
  if (typeof root !== 'object' || root === null) return 0;
  const heights = new Map<object, number>();
  const path: { value: object; children: object[]; height: number }[] = [];
  const enter = (value: object): void => {
    heights.set(value, 0);
    path.push({ value, children: childrenOf(value), height: 0 });
  };
  enter(root);
  for (let last = path.at(-1); last; last = path.at(-1)) {
    const child = last.children.pop();
    if (child) {
      const known = heights.get(child);
      if (known === undefined) enter(child);
      else last.height = Math.max(last.height, known);
      continue;
    }
    path.pop();
    const height = last.height + 1;
    heights.set(last.value, height);
    const parent = path.at(-1);
    if (parent) parent.height = Math.max(parent.height, height);
    if (height > limit) return height;
  }
  return heights.get(root) ?? 0;
}
