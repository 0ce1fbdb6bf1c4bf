import { inspectAs } from './inspect.js';

const UUID_TEXT = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** A Python `uuid.UUID`. */
export class PyUUID {
  /** The 128 bits as one unsigned integer. */
  readonly int: bigint;
  /** Python: `is_safe`, as its number (0 safe, -1 unsafe); `undefined` when unknown, the default. */
  readonly isSafe: number | undefined;

  /**
   * @param value 32 hexadecimal digits, with or without hyphens, or the 128 bits as an integer.
   * @throws RangeError for anything else.
   */
  constructor(value: string | bigint, isSafe?: number) {
    this.int = typeof value === 'string' ? parse(value) : value;
    if (this.int < 0n || this.int >> 128n !== 0n) throw new RangeError('uuid: beyond 128 bits');
    this.isSafe = isSafe;
  }

  /** 32 hexadecimal digits in lower case, without hyphens. */
  get hex(): string {
    return this.int.toString(16).padStart(32, '0');
  }

  /** Python: `str(uuid)`, such as `12345678-1234-5678-1234-567812345678`. */
  toString(): string {
    const hex = this.hex;
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return `${parts.join('-')}-${hex.slice(20)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyUUID, (value) => `PyUUID ${value.toString()}`);

/** A UUID of which a pickle says the number only later. Not for use outside of the codec. */
export function pendingUuid(): PyUUID {
  const uuid = new PyUUID(0n);
  settleUuid(uuid, undefined as never, undefined);
  return uuid;
}

export function isPendingUuid(uuid: PyUUID): boolean {
  return (uuid.int as bigint | undefined) === undefined;
}

/** Says the number of a pending UUID. */
export function settleUuid(uuid: PyUUID, int: bigint, isSafe: number | undefined): void {
  const fields = uuid as { -readonly [K in keyof PyUUID]: PyUUID[K] };
  fields.int = int;
  fields.isSafe = isSafe;
}

function parse(text: string): bigint {
  if (!UUID_TEXT.test(text)) throw new RangeError('uuid: not 32 hexadecimal digits');
  return BigInt(`0x${text.replaceAll('-', '')}`);
}
