"""Passwords to hash and hashes to check, for gen_werkzeug.py."""

from collections.abc import Iterator
from typing import Any

import werkzeug.security

PASSWORDS = ["", "password", "p\xe4ss", "\U0001f600", "x" * 200, " a\x00b ", "\ud800"]

METHODS = [
    *(
        "scrypt",
        "scrypt:1024:8:1",
        "scrypt:128:8:1",
        "scrypt:64:8:1",
        "scrypt:2:8:1",
        "scrypt:1000:8:1",
    ),
    *(
        "scrypt:16384:8:5",
        "scrypt:16:8",
        "scrypt:",
        "scrypt:a:b:c",
        "scrypt: 1024 :+8:1",
        "scrypt:0:8:1",
    ),
    *(
        "scrypt:-1024:8:1",
        "scrypt:1024:8:1:1",
        "scrypt:1_024:8:1",
        "scrypt:1024:0:1",
        "scrypt:1024.0:8:1",
    ),
    *(
        "scrypt:1024:1:200",
        "scrypt:4194304:8:1",
        "scrypt:1048576:64:8",
        "SCRYPT",
        "scrypt:1024:8:-1",
    ),
    *(
        "pbkdf2:sha1",
        "pbkdf2:sha1:1000",
        "pbkdf2:sha256:1000",
        "pbkdf2:sha512:1000",
        "pbkdf2:md5:10",
    ),
    *("pbkdf2:sha224:10", "pbkdf2:sha384:10", "pbkdf2:sha3_256:10", "pbkdf2:blake2b:10"),
    *("pbkdf2:blake2s:10", "pbkdf2:sha512_256:10", "pbkdf2:SHA256:10", "pbkdf2:sha256: 10 "),
    *(
        "pbkdf2:sha256:1_0",
        "pbkdf2:sha256:0",
        "pbkdf2:sha256:-1",
        "pbkdf2:sha256:x",
        "pbkdf2:sha256:",
    ),
    *("pbkdf2:sha256:1.5", "pbkdf2::10", "pbkdf2:", "pbkdf2:sha256:10:10", "pbkdf2:bogus:10"),
    *(
        "pbkdf2:shake_128:10",
        "pbkdf2:sha256:99999999999",
        "",
        "plain",
        "md5",
        "sha1",
        "sha256",
        "bogus",
    ),
]

SALT = "5FDpZcHa"

DAMAGED = ["", "$", "$$", "plain", "sha1$salt", "scrypt:1024:8:1$salt", "scrypt:1024:8:1$salt$"]
DAMAGED += [
    "scrypt:1024:8:1$$abc",
    "pbkdf2:sha256:10$salt$abc$def",
    "plain$$password",
    "md5$$" + "0" * 32,
]
DAMAGED += ["sha1$salt$" + "0" * 40, "pbkdf2:sha256:10$salt$\xe9", "pbkdf2:sha256:10$s\xe4lt$abc"]
DAMAGED += ["pbkdf2:sha256:10$\ud800$abc", " pbkdf2:sha256:10$salt$abc", "$2b$12$" + "a" * 53]


def hashes(outcome) -> Iterator[dict[str, Any]]:
    """Every method, with the salt fixed; the default ones with every password."""
    for method in METHODS:
        yield _hashed(outcome, method, "password")
    for method, password in (
        (m, p) for m in ("scrypt:1024:8:1", "pbkdf2:sha256:10") for p in PASSWORDS
    ):
        yield _hashed(outcome, method, password)
    default = _hashed(outcome, None, "password")
    yield {**default, "note": "what this release writes when no method is given"}


def checks(outcome) -> Iterator[dict[str, Any]]:
    """Right and wrong passwords against hashes, and damaged ones."""
    good = [_generate(method, "password") for method in ("pbkdf2:sha256:10", "pbkdf2:sha1:1000")]
    for pwhash in good:
        method, salt, digest = pwhash.split("$")
        for password in ("password", "Password", "", "password ", "p\xe4ss"):
            yield _checked(outcome, pwhash, password)
        for wrong in (digest.upper(), digest[:-1], digest + "0", digest + " ", "0" + digest[1:]):
            yield _checked(outcome, f"{method}${salt}${wrong}", "password")
        yield _checked(outcome, f"{method}$other${digest}", "password")
        yield _checked(outcome, f"{method}0${salt}${digest}", "password")
        yield _checked(outcome, pwhash + "\n", "password")
    for pwhash in DAMAGED:
        yield _checked(outcome, pwhash, "password")
    for method in METHODS:
        yield _checked(outcome, f"{method}${SALT}$abc", "password")


def _hashed(outcome, method: Any, password: str) -> dict[str, Any]:
    case = {"method": method, "password": password}
    return outcome(case, _generate, method, password)


def _checked(outcome, pwhash: str, password: str) -> dict[str, Any]:
    case = {"hash": pwhash, "password": password}
    return outcome(case, werkzeug.security.check_password_hash, pwhash, password)


def _generate(method: Any, password: str) -> str:
    werkzeug.security.gen_salt = lambda length: SALT[:length]
    kwargs = {} if method is None else {"method": method}
    return werkzeug.security.generate_password_hash(password, salt_length=len(SALT), **kwargs)
