/**
 * Which files go when there are too many.
 * Python: `FileSystemCache._prune`, 0.2 to 0.17.0.
 *
 * @module
 */

/** A file that may go, and the second at which its value ends; 0 for never. */
export interface PruneCandidate {
  readonly name: string;
  readonly expires: number;
}

/**
 * All that have ended; if more than `threshold` are left then, those that end first, down to it. As
 * in cachelib, files that never end come before all others.
 *
 * @param now - Seconds since 1970
 */
export function filesToPrune<File extends PruneCandidate>(
  files: readonly File[],
  threshold: number,
  now: number,
): File[] {
  const ended = files.filter(({ expires }) => expires !== 0 && expires < now);
  const alive = files.filter(({ expires }) => expires === 0 || expires >= now);
  const excess = Math.max(0, alive.length - threshold);
  const oldestFirst = alive.sort((a, b) => a.expires - b.expires);
  return [...ended, ...oldestFirst.slice(0, excess)];
}
