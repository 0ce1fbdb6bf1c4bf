/**
 * What the shop sells: one list for both apps, as they would share a database.
 *
 * @module
 */

import { readFileSync } from 'node:fs';

export interface Product {
  readonly name: string;
  /** In euros. */
  readonly price: number;
}

export const catalogue: readonly Product[] = JSON.parse(
  readFileSync(new URL('catalogue.json', import.meta.url), 'utf8'),
) as Product[];
