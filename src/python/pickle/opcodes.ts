/**
 * The opcodes of the pickle format. Python: `pickletools.opcodes`.
 *
 * @module
 */

/** One opcode, named as in `pickletools`. */
export interface Opcode {
  readonly name: string;
  /** First protocol that has it. */
  readonly since: number;
  /** What follows it in the pickle, as `pickletools` calls that; nothing when absent. */
  readonly argument?: string;
}

/** One row per opcode, by its byte. Names and arguments are those of `pickletools.opcodes`. */
export const OPCODES: Readonly<Record<number, Opcode>> = {
  0x28: { name: 'MARK', since: 0 },
  0x29: { name: 'EMPTY_TUPLE', since: 1 },
  0x2e: { name: 'STOP', since: 0 },
  0x30: { name: 'POP', since: 0 },
  0x31: { name: 'POP_MARK', since: 1 },
  0x32: { name: 'DUP', since: 0 },
  0x42: { name: 'BINBYTES', since: 3, argument: 'bytes4' },
  0x43: { name: 'SHORT_BINBYTES', since: 3, argument: 'bytes1' },
  0x46: { name: 'FLOAT', since: 0, argument: 'floatnl' },
  0x47: { name: 'BINFLOAT', since: 1, argument: 'float8' },
  0x49: { name: 'INT', since: 0, argument: 'decimalnl_short' },
  0x4a: { name: 'BININT', since: 1, argument: 'int4' },
  0x4b: { name: 'BININT1', since: 1, argument: 'uint1' },
  0x4c: { name: 'LONG', since: 0, argument: 'decimalnl_long' },
  0x4d: { name: 'BININT2', since: 1, argument: 'uint2' },
  0x4e: { name: 'NONE', since: 0 },
  0x50: { name: 'PERSID', since: 0, argument: 'stringnl_noescape' },
  0x51: { name: 'BINPERSID', since: 1 },
  0x52: { name: 'REDUCE', since: 0 },
  0x53: { name: 'STRING', since: 0, argument: 'stringnl' },
  0x54: { name: 'BINSTRING', since: 1, argument: 'string4' },
  0x55: { name: 'SHORT_BINSTRING', since: 1, argument: 'string1' },
  0x56: { name: 'UNICODE', since: 0, argument: 'unicodestringnl' },
  0x58: { name: 'BINUNICODE', since: 1, argument: 'unicodestring4' },
  0x5d: { name: 'EMPTY_LIST', since: 1 },
  0x61: { name: 'APPEND', since: 0 },
  0x62: { name: 'BUILD', since: 0 },
  0x63: { name: 'GLOBAL', since: 0, argument: 'stringnl_noescape_pair' },
  0x64: { name: 'DICT', since: 0 },
  0x65: { name: 'APPENDS', since: 1 },
  0x67: { name: 'GET', since: 0, argument: 'decimalnl_short' },
  0x68: { name: 'BINGET', since: 1, argument: 'uint1' },
  0x69: { name: 'INST', since: 0, argument: 'stringnl_noescape_pair' },
  0x6a: { name: 'LONG_BINGET', since: 1, argument: 'uint4' },
  0x6c: { name: 'LIST', since: 0 },
  0x6f: { name: 'OBJ', since: 1 },
  0x70: { name: 'PUT', since: 0, argument: 'decimalnl_short' },
  0x71: { name: 'BINPUT', since: 1, argument: 'uint1' },
  0x72: { name: 'LONG_BINPUT', since: 1, argument: 'uint4' },
  0x73: { name: 'SETITEM', since: 0 },
  0x74: { name: 'TUPLE', since: 0 },
  0x75: { name: 'SETITEMS', since: 1 },
  0x7d: { name: 'EMPTY_DICT', since: 1 },
  0x80: { name: 'PROTO', since: 2, argument: 'uint1' },
  0x81: { name: 'NEWOBJ', since: 2 },
  0x82: { name: 'EXT1', since: 2, argument: 'uint1' },
  0x83: { name: 'EXT2', since: 2, argument: 'uint2' },
  0x84: { name: 'EXT4', since: 2, argument: 'int4' },
  0x85: { name: 'TUPLE1', since: 2 },
  0x86: { name: 'TUPLE2', since: 2 },
  0x87: { name: 'TUPLE3', since: 2 },
  0x88: { name: 'NEWTRUE', since: 2 },
  0x89: { name: 'NEWFALSE', since: 2 },
  0x8a: { name: 'LONG1', since: 2, argument: 'long1' },
  0x8b: { name: 'LONG4', since: 2, argument: 'long4' },
  0x8c: { name: 'SHORT_BINUNICODE', since: 4, argument: 'unicodestring1' },
  0x8d: { name: 'BINUNICODE8', since: 4, argument: 'unicodestring8' },
  0x8e: { name: 'BINBYTES8', since: 4, argument: 'bytes8' },
  0x8f: { name: 'EMPTY_SET', since: 4 },
  0x90: { name: 'ADDITEMS', since: 4 },
  0x91: { name: 'FROZENSET', since: 4 },
  0x92: { name: 'NEWOBJ_EX', since: 4 },
  0x93: { name: 'STACK_GLOBAL', since: 4 },
  0x94: { name: 'MEMOIZE', since: 4 },
  0x95: { name: 'FRAME', since: 4, argument: 'uint8' },
  0x96: { name: 'BYTEARRAY8', since: 5, argument: 'bytearray8' },
  0x97: { name: 'NEXT_BUFFER', since: 5 },
  0x98: { name: 'READONLY_BUFFER', since: 5 },
};

/** Name of an opcode for messages, or `undefined` for a byte that is none. */
export function opcodeName(code: number | undefined): string | undefined {
  return code === undefined ? undefined : OPCODES[code]?.name;
}
