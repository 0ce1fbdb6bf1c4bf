/** Names in the documents that are not ours: of Python, Flask, Node, browsers and Redis. */
export const FOREIGN_NAMES: ReadonlySet<string> = new Set([
  // Python and its packages
  'AttributeError',
  'ModuleNotFoundError',
  'OrderedDict',
  'ProxyFix',
  'TypeError',
  'ValueError',
  'UnicodeDecodeError',
  'append',
  'get_id',
  // JavaScript and Node
  'ERR_REQUIRE_ESM',
  'Uint8Array',
  'UV_THREADPOOL_SIZE',
  'connect',
  'log',
  'require',
  'startsWith',
  // clients of Redis
  'RedisCluster',
  'createClient',
  'createClientPool',
  'createCluster',
  'createSentinel',
  'legacy',
  'legacyMode',
  'master_for',
  'scaleReads',
  'stringNumbers',
  'useReplicas',
]);
