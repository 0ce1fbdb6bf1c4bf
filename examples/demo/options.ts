/**
 * The demo's command line.
 *
 * @module
 */

import { parseArgs } from 'node:util';

import { FORMATS, VARIANTS } from './variants.js';
import type { Variant } from './variants.js';

export interface Options {
  /** Walk, print the transcript, and end. */
  readonly once: boolean;
  /** Where to listen; without it 8000, or any free port when that is taken. */
  readonly port: number | undefined;
  /** The variants that the command line allows; all of them when it names none. */
  readonly variants: readonly [Variant, ...Variant[]];
  /** Take pictures into this folder, and end. */
  readonly screenshots: string | undefined;
  readonly help: boolean;
}

export const USAGE: string = `usage: npm run demo -- [options]

  --once            walk through both apps, print what was seen, and end: with status 0 if all held
  --format FORMAT   of stored sessions: ${FORMATS.join(', ')}
  --[no-]signer     sign the session cookie, or not
  --port PORT       where to listen, on 127.0.0.1 (8000, or any free port when that is taken)
  --screenshots DIR take pictures of both apps in Chromium, and end
  --help            print this

Without --format or --signer, --once walks with every format, and with the signer on and off.`;

/** @throws TypeError for what is no option or no value of one; the message says which */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      once: { type: 'boolean', default: false },
      format: { type: 'string' },
      signer: { type: 'boolean' },
      port: { type: 'string' },
      screenshots: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { once, format, signer, port, screenshots, help } = values;
  const [variant, ...others] = VARIANTS.filter(
    (variant) =>
      (format === undefined || variant.format === format) &&
      (signer === undefined || variant.signer === signer),
  );
  if (!variant) throw new TypeError(`--format must be one of ${FORMATS.join(', ')}`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536)) {
    throw new TypeError('--port must be a number below 65536');
  }
  return {
    once,
    screenshots,
    help,
    variants: [variant, ...others],
    port: port === undefined ? undefined : Number(port),
  };
}
