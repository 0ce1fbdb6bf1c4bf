/**
 * The Domain attribute of a cookie, with Python's `idna` codec for names outside ASCII.
 *
 * @module
 */

import { domainToASCII } from 'node:url';

import { ArgumentError } from '../../errors.js';

/**
 * The domain as `dump_cookie` sends it: without port and leading dots, each label that is not ASCII
 * in its IDNA form.
 *
 * @throws ArgumentError when a label is empty, too long or cannot be encoded.
 */
export function cookieDomain(domain: string): string {
  const host = domain.replace(/:.*$/s, '').replace(/^\.+/, '');
  if (host === '') return '';
  const labels = host.split(isAscii(host) ? '.' : IDNA_DOTS);
  return labels
    .map((label, index) => {
      // A final dot stands for the root of the domain tree.
      if (label === '' && index > 0 && index === labels.length - 1) return '';
      return encodeLabel(label);
    })
    .join('.');
}

const IDNA_DOTS = /[.\u3002\uff0e\uff61]/;
// Python's codec is of 2003 and maps these; the URL standard, which Node follows, encodes them.
const MAPPED_IN_2003: ReadonlyMap<string, string> = new Map([
  ['\u00df', 'ss'],
  ['\u1e9e', 'ss'],
  ['\u03c2', '\u03c3'],
  ['\u200c', ''],
  ['\u200d', ''],
]);

function encodeLabel(label: string): string {
  const ascii = isAscii(label) ? label : encodeIdna(label);
  // eslint-disable-next-line no-control-regex
  if (ascii === '' || ascii.length > 63 || /[\x00-\x20;\x7f]/.test(ascii)) {
    throw new ArgumentError('domain', 'is no host name');
  }
  return ascii;
}

function encodeIdna(label: string): string {
  const mapped = label.replace(
    /[\u00df\u1e9e\u03c2\u200c\u200d]/g,
    (char) => MAPPED_IN_2003.get(char) ?? '',
  );
  if (isAscii(mapped)) return mapped.toLowerCase();
  // A label on its own that looks like a number would be taken for an IPv4 address.
  return domainToASCII(`${mapped}.test`).slice(0, -'.test'.length);
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text);
}
