export { FileSystemCache } from './file-system-cache.js';
export type { FileSystemCacheOptions, HashMethod } from './file-system-cache.js';
export { hasExpired, readHeader, renewHeader, writeHeader } from './header.js';
export type { Header, HeaderForm } from './header.js';
export { COUNT_KEY, fileNameOf, isFileName, isManagement, TEMPORARY_SUFFIX } from './file-names.js';
export { readCount, writeCount } from './count.js';
export type { Count } from './count.js';
export { filesToPrune } from './prune.js';
export type { PruneCandidate } from './prune.js';
