/**
 * Short texts in ASCII, such as the keys of sessions: the same ones come in nearly each pickle, so
 * they are kept from one to the next. Each has one slot that it can be in; a load or dump leaves
 * alone what it has used itself, so that it meets a text in one place only.
 *
 * @module
 */
import { isAscii, lastWord } from './text-hash.js';

/** Longest text that is kept, in bytes. */
export const MAX_SHORT = 24;

const SLOTS = 4096;

/** A record per slot: who used its text last and as what, its length, and its bytes in fours. */
const TURN = 0;
const INDEX = 1;
const ID = 2;
const LENGTH = 3;
const WORDS = 4;
const RECORD = WORDS + MAX_SHORT / 4;

const records = new Int32Array(SLOTS * RECORD);
const strings = new Array<string | undefined>(SLOTS).fill(undefined);
let turns = 0;
let ids = 0;

/** Number of a load or dump that begins, by which it knows what it has used. */
export function nextTurn(): number {
  turns = (turns + 1) | 0;
  return turns;
}

/**
 * Slot of a text of 1 to `MAX_SHORT` bytes, which is kept there from now on; -1 for one that is
 * not ASCII, or whose slot this turn has used for another one.
 */
export function slotOf(
  view: DataView,
  start: number,
  length: number,
  hash: number,
  turn: number,
): number {
  const slot = hash & (SLOTS - 1);
  const record = slot * RECORD;
  if (records[record + LENGTH] === length && isText(record, view, start, length)) return slot;
  if (records[record + TURN] === turn || !isAscii(view, start, length)) return -1;
  keep(record, view, start, length);
  strings[slot] = undefined;
  return slot;
}

/** Whether this turn has used the text in a slot. */
export function isUsed(slot: number, turn: number): boolean {
  return records[slot * RECORD + TURN] === turn;
}

/** Uses the text in a slot. A dump says with which index in the memo. */
export function use(slot: number, turn: number, index = 0): void {
  records[slot * RECORD + TURN] = turn;
  records[slot * RECORD + INDEX] = index;
}

/** The index that was last given for the text in a slot. */
export function indexOf(slot: number): number {
  return records[slot * RECORD + INDEX] as number;
}

/** A number that no text before had in this slot. */
export function idOf(slot: number): number {
  return records[slot * RECORD + ID] as number;
}

/** The text in a slot as a string, where one was remembered. */
export function stringAt(slot: number): string | undefined {
  return strings[slot];
}

/** Remembers the string for a slot, which must not be part of a longer one. */
export function remember(slot: number, text: string): void {
  strings[slot] = text;
}

function isText(record: number, view: DataView, start: number, length: number): boolean {
  const last = start + length - 4;
  let at = start;
  let word = record + WORDS;
  for (; at < last; at += 4) if (records[word++] !== view.getInt32(at, true)) return false;
  return records[word] === lastWord(view, at, last);
}

function keep(record: number, view: DataView, start: number, length: number): void {
  const last = start + length - 4;
  let at = start;
  let word = record + WORDS;
  for (; at < last; at += 4) records[word++] = view.getInt32(at, true);
  records[word] = lastWord(view, at, last);
  records[record + LENGTH] = length;
  ids = (ids + 1) | 0;
  records[record + ID] = ids;
}
