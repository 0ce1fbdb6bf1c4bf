/**
 * Every error class of the library. `code` never changes between releases; a message says what was
 * expected, what was found and where, and never holds a secret, a session id or a session value.
 *
 * @module
 */

/** What every error of this library is an instance of. */
export abstract class BridgeError extends Error {
  /** Stable name of the kind of error, for programs. */
  abstract readonly code: string;
}

/** The configuration cannot work. Thrown when something is constructed, never per request. */
export class ConfigError extends BridgeError {
  override readonly name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
  /** The key or option that is wrong, such as `SECRET_KEY_FALLBACKS`. */
  readonly option: string;
  /** The nearest right spelling, when the key is not one we know. */
  readonly suggestion: string | undefined;

  constructor(option: string, reason: string, suggestion?: string) {
    super(`config: ${option}: ${reason}${suggestion ? `; did you mean ${suggestion}?` : ''}`);
    this.option = option;
    this.suggestion = suggestion;
  }
}

/** A call was given an argument it cannot work with. Python: mostly `ValueError` or `TypeError`. */
export class ArgumentError extends BridgeError {
  override readonly name = 'ArgumentError';
  readonly code = 'ERR_ARGUMENT';
  /** The parameter or option that is wrong, such as `sameSite`. */
  readonly argument: string;

  constructor(argument: string, reason: string) {
    super(`${argument}: ${reason}`);
    this.argument = argument;
  }
}

/** What the store holds under the session's key is no session. The bytes stay as they are. */
export class SessionDecodeError extends BridgeError {
  override readonly name = 'SessionDecodeError';
  readonly code = 'ERR_SESSION_DECODE';
  /** HTTP status, read by Express and most other frameworks. */
  readonly status = 503;

  constructor(reason: string, options?: ErrorOptions) {
    super(`session: stored bytes cannot be read: ${reason}`, options);
  }
}

/** A session holds a value that its format cannot hold. Nothing was written. */
export class SessionEncodeError extends BridgeError {
  override readonly name = 'SessionEncodeError';
  readonly code = 'ERR_SESSION_ENCODE';
  readonly status = 500;

  constructor(reason: string, options?: ErrorOptions) {
    super(`session: cannot be written: ${reason}`, options);
  }
}

/** The store did not answer, or refused. */
export class SessionStoreError extends BridgeError {
  override readonly name = 'SessionStoreError';
  readonly code = 'ERR_SESSION_STORE';
  readonly status = 503;
  /** What was asked of the store: `get`, `set`, `touch`, `delete` or `scan`. */
  readonly operation: string;

  constructor(operation: string, reason: string, options?: ErrorOptions) {
    super(`session store: ${operation}: ${reason}`, options);
    this.operation = operation;
  }
}

/** A session changed so often meanwhile that a write could not be placed. Nothing was written. */
export class SessionConflictError extends BridgeError {
  override readonly name = 'SessionConflictError';
  readonly code = 'ERR_SESSION_CONFLICT';
  readonly status = 503;

  constructor(attempts: number) {
    super(`session: changed by others during each of ${attempts} attempts to save it`);
  }
}

/** A session needs a cookie, but the response's headers are already on their way. */
export class SessionHeadersSentError extends BridgeError {
  override readonly name = 'SessionHeadersSentError';
  readonly code = 'ERR_SESSION_HEADERS_SENT';
  readonly status = 500;

  constructor(what: string) {
    super(`session: ${what} after the headers were sent; do it, or call save(), before that`);
  }
}

/** The session may not be used in this way: it is read-only, or no session at all. */
export class SessionUseError extends BridgeError {
  override readonly name = 'SessionUseError';
  readonly code = 'ERR_SESSION_USE';
  readonly status = 500;

  constructor(reason: string) {
    super(`session: ${reason}`);
  }
}

/** The request has no login, or none that is fresh. Flask: `abort(401)`. */
export class LoginRequiredError extends BridgeError {
  override readonly name = 'LoginRequiredError';
  readonly code = 'ERR_LOGIN_REQUIRED';
  readonly status = 401;

  constructor() {
    super('flask-login: the request has no login');
  }
}

/** The request's CSRF token is no good. Python: `flask_wtf.csrf.CSRFError`. */
export class CSRFError extends BridgeError {
  override readonly name = 'CSRFError';
  readonly code = 'ERR_CSRF';
  readonly status = 400;
  /** What Flask-WTF says in such a case, word for word; fit to be shown to the user. */
  readonly reason: string;

  constructor(reason: string) {
    super(`flask-wtf: ${reason.replace(/^The /, 'the ').replace(/\.$/, '')}`);
    this.reason = reason;
  }
}

/** Bytes are no pickle that can be read. Python: `pickle.UnpicklingError`. */
export class UnpicklingError extends BridgeError {
  override readonly name = 'UnpicklingError';
  readonly code = 'ERR_UNPICKLING';
  /** Index in the input of the opcode that failed, in bytes. */
  readonly offset: number;
  /** Name of that opcode as in Python's `pickletools`, or `undefined` where there is none. */
  readonly opcode: string | undefined;
  readonly reason: string;

  constructor(reason: string, offset: number, opcode?: string) {
    super(`pickle: ${reason} at byte ${offset}${opcode ? ` (${opcode})` : ''}`);
    this.reason = reason;
    this.offset = offset;
    this.opcode = opcode;
  }
}

/** A value cannot be pickled. Python: `pickle.PicklingError`. */
export class PicklingError extends BridgeError {
  override readonly name = 'PicklingError';
  readonly code = 'ERR_PICKLING';
  /** Where in the value, such as `session.cart[3].when`. */
  readonly path: string;
  readonly reason: string;

  constructor(reason: string, path: string) {
    super(`pickle: ${reason} at ${path}`);
    this.reason = reason;
    this.path = path;
  }
}

/** Bytes are no MessagePack or JSON that can be read. Python: `msgspec.DecodeError`. */
export class DecodeError extends BridgeError {
  override readonly name = 'DecodeError';
  readonly code = 'ERR_MSGSPEC_DECODE';
  /** Index in the input where it failed, in bytes. */
  readonly offset: number;
  readonly reason: string;

  constructor(reason: string, offset: number) {
    super(`msgspec: ${reason} at byte ${offset}`);
    this.reason = reason;
    this.offset = offset;
  }
}

/** A value has no form in MessagePack or JSON. Python: `msgspec.EncodeError`. */
export class EncodeError extends BridgeError {
  override readonly name = 'EncodeError';
  readonly code = 'ERR_MSGSPEC_ENCODE';
  /** Where in the value, such as `session.cart[3].when`. */
  readonly path: string;
  readonly reason: string;

  constructor(reason: string, path: string) {
    super(`msgspec: ${reason} at ${path}`);
    this.reason = reason;
    this.path = path;
  }
}

/** Signed data is bad in some way. Python: `itsdangerous.BadData`. */
export class BadData extends BridgeError {
  override readonly name: string = 'BadData';
  readonly code: string = 'ERR_BAD_DATA';
}

/** A signature is missing, malformed or wrong. Python: `itsdangerous.BadSignature`. */
export class BadSignature extends BadData {
  override readonly name: string = 'BadSignature';
  override readonly code: string = 'ERR_BAD_SIGNATURE';
  /** What failed to verify, for inspection only: nobody vouches for it. */
  readonly payload: Buffer | undefined;

  constructor(message: string, payload?: Buffer) {
    super(message);
    this.payload = payload;
  }
}

/** The timestamp is missing or malformed. Python: `itsdangerous.BadTimeSignature`. */
export class BadTimeSignature extends BadSignature {
  override readonly name: string = 'BadTimeSignature';
  override readonly code: string = 'ERR_BAD_TIME_SIGNATURE';
  readonly dateSigned: Date | undefined;

  constructor(message: string, payload?: Buffer, dateSigned?: Date) {
    super(message, payload);
    this.dateSigned = dateSigned;
  }
}

/** Rightly signed, but too long ago. Python: `itsdangerous.SignatureExpired`. */
export class SignatureExpired extends BadTimeSignature {
  override readonly name = 'SignatureExpired';
  override readonly code = 'ERR_SIGNATURE_EXPIRED';
}

/** A signed header is malformed. Python: `itsdangerous.BadHeader`. */
export class BadHeader extends BadSignature {
  override readonly name = 'BadHeader';
  override readonly code = 'ERR_BAD_HEADER';
  readonly header: unknown;
  readonly originalError: unknown;

  constructor(message: string, payload?: Buffer, header?: unknown, originalError?: unknown) {
    super(message, payload);
    this.header = header;
    this.originalError = originalError;
  }
}

/** Rightly signed, but the payload cannot be read. Python: `itsdangerous.BadPayload`. */
export class BadPayload extends BadData {
  override readonly name = 'BadPayload';
  override readonly code = 'ERR_BAD_PAYLOAD';
  readonly originalError: unknown;

  constructor(message: string, originalError?: unknown) {
    super(message);
    this.originalError = originalError;
  }
}
