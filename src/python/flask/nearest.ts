/**
 * The name somebody probably meant.
 *
 * @module
 */

/** The name nearest to `wrong`, or `undefined` when none is similar. */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  const start = plain(wrong);
  let nearest: string | undefined;
  // A third of the letters wrong is another word, not a slip.
  let least = Math.min(start.length, Math.max(4, Math.floor(start.length / 3)));
  for (const name of names) {
    const distance = editDistance(start, plain(name));
    if (distance < least) {
      nearest = name;
      least = distance;
    }
  }
  return nearest;
}

/** `secretKey` and `secret-key` are slips for `SECRET_KEY`, with no letter wrong. */
function plain(name: string): string {
  return name
    .slice(0, 64)
    .replace(/[^a-z0-9]/gi, '')
    .toUpperCase();
}

/** Letters to insert or delete; one that is replaced counts as both, so a word left out is nearer. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row++) {
    const current = [row + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (previous[column] ?? 0) + (from[row] === to[column] ? 0 : 2);
      const deleted = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      current.push(Math.min(replaced, deleted, inserted));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
