/**
 * URLs as Werkzeug and Python's `urllib.parse` spell them.
 * Python: `urllib.parse.quote`, `werkzeug.urls.uri_to_iri`, 3.1.9.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer';

/** Percent-encodes bytes that are neither unreserved nor in `safe`. Python: `quote(text, safe)`. */
export function quote(text: string | Uint8Array, safe: string): string {
  let quoted = '';
  for (const byte of typeof text === 'string' ? Buffer.from(text, 'utf8') : text) {
    const character = String.fromCharCode(byte);
    quoted += /[\w.~-]/.test(character) || safe.includes(character) ? character : percent(byte);
  }
  return quoted;
}

/** Percent-encodes a value of a query. Python: `quote_plus(text)`. */
export function quotePlus(text: string): string {
  return quote(text, ' ').replaceAll(' ', '+');
}

/** Undoes percent-encoding, as bytes. Python: `unquote_to_bytes`. */
export function unquoteToBytes(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  const plain = latin1.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}

/** Unquotes the characters of a URL's path that mean nothing there. Python: `werkzeug.urls._unquote_path`. */
export function unquotePath(text: string): string {
  return unquoteExcept(text, KEPT_IN_PATH);
}

/** The same for a URL's query. Python: `werkzeug.urls._unquote_query`. */
export function unquoteQuery(text: string): string {
  return unquoteExcept(text, KEPT_IN_QUERY);
}

/** What keeps its percent-encoding: controls, the space, %, and what would end the part. */
const KEPT_IN_PATH = /^[\x00-\x20\x7f%/?#]$/; // eslint-disable-line no-control-regex
const KEPT_IN_QUERY = /^[\x00-\x20\x7f%&=+#]$/; // eslint-disable-line no-control-regex

function unquoteExcept(text: string, kept: RegExp): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    let plain = '';
    let pending: number[] = [];
    for (const hex of run.match(/[0-9a-f]{2}/gi) ?? []) {
      const byte = parseInt(hex, 16);
      if (kept.test(String.fromCharCode(byte))) {
        plain += decodeOrQuote(Buffer.from(pending)) + `%${hex}`;
        pending = [];
      } else {
        pending.push(byte);
      }
    }
    return plain + decodeOrQuote(Buffer.from(pending));
  });
}

/** UTF-8 as text; bytes that are none stay percent-encoded. */
function decodeOrQuote(bytes: Buffer): string {
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const length = [1, 2, 3, 4].find((count) => isCharacter(bytes.subarray(index, index + count)));
    text += length
      ? bytes.subarray(index, index + length).toString('utf8')
      : percent(bytes[index] ?? 0);
    index += length ?? 1;
  }
  return text;
}

/** The shortest valid UTF-8 from a place on is one character. */
function isCharacter(bytes: Uint8Array): boolean {
  return isUtf8(bytes);
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
