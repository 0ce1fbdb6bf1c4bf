"""Calls on serializers: values both ways, payloads that are rightly signed but wrong, fallbacks."""

import base64
import zlib
from collections.abc import Iterator
from typing import Any

from itsdangerous_calls import NOW_SECONDS, Case, case, describe, tampered, to_base64


def serializer_cases(sign) -> Iterator[Case]:
    """Every case. `sign` makes what is described and calls one of its methods."""
    yield from _values()
    yield from _payloads(sign)
    yield from _loading(sign)
    yield from _fallbacks(sign, {"id": 7, "mail": "jo\u00e9@example.org"})


def _values() -> Iterator[Case]:
    for kind in ("Serializer", "URLSafeSerializer"):
        for name, value in _JSON_VALUES.items():
            yield case(f"dumps-{kind}-{name}", describe(kind), "dumps", value)
    for kind in ("TimedSerializer", "URLSafeTimedSerializer"):
        for name in ("dict", "text", "null", "floats-in-list"):
            yield case(f"dumps-{kind}-{name}", describe(kind), "dumps", _JSON_VALUES[name])
    value = {"b": 1, "a": ["\u00e9", {"d": None, "c": 0.5}], "\U0001f600": 1, "\uffee": 2}
    for name, kwargs in {
        "sorted": {"sort_keys": True},
        "ascii": {"ensure_ascii": True},
        "not-ascii": {"ensure_ascii": False},
        "separators": {"separators": [" , ", " : "]},
    }.items():
        for kind in ("Serializer", "URLSafeSerializer"):
            of = describe(kind, serializer_kwargs=kwargs)
            yield case(f"dumps-{kind}-{name}", of, "dumps", value)
    for kind in ("Serializer", "TimedSerializer", "URLSafeSerializer", "URLSafeTimedSerializer"):
        of = describe(kind, serializer="json-bytes")
        yield case(f"dumps-{kind}-bytes", of, "dumps", {"a": "\u00e9"})
        of = describe(kind, salt="other")
        yield case(f"dumps-{kind}-salt", of, "dumps", [1])
        yield case(f"dumps-{kind}-salt-of-call", describe(kind), "dumps", [1], salt="other")
        yield case(f"dumps-{kind}-salt-none", describe(kind, salt=None), "dumps", [1])
        signer_kwargs = {"key_derivation": "hmac", "digest_method": "sha512", "sep": ":"}
        of = describe(kind, signer_kwargs=signer_kwargs)
        yield case(f"dumps-{kind}-signer-kwargs", of, "dumps", [1])
        yield case(f"dumps-{kind}-keys", describe(kind, ["a", "b"]), "dumps", [1], since=(2, 0))
    of = describe("Serializer", signer="TimestampSigner")
    yield case("dumps-Serializer-timestamp-signer", of, "dumps", [1])


_JSON_VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "negative": -17,
    "safe-limit": 2**53 - 1,
    "past-safe-limit": 2**53,
    "64-bit": 2**63,
    "big": 2**200,
    "big-negative": -(2**70),
    "half": 0.5,
    "floats-in-list": [1.0, -0.0, 1e15, 1e16, 123456789012345680.0, 1e22, 1e-4, 1e-5, 1.5e-7],
    "more-floats": [0.1, 1 / 3, 1.7976931348623157e308, 5e-324, 2.5, 100.0, -1e21, 12345678.9],
    "not-finite": [float("nan"), float("inf"), float("-inf")],
    "text": "text",
    "empty-text": "",
    "latin": "\u00e9\u00fc\u00df",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469",
    "line-separators": "\u2028\u2029\u0085\u00a0",
    "control": "\x00\x01\x1f\x7f\b\f\n\r\t",
    "quotes": "\"\\/'<>&",
    "lone-surrogate": "\ud800x\udfff",
    "list": [],
    "nested-lists": [[], [[]], [1, [2, [3]]]],
    "dict": {"a": 1, "b": [True, None], "c": {"d": "e"}},
    "empty-dict": {},
    "key-order": {"z": 1, "a": 2, "10": 3, "9": 4, "": 5},
    "odd-keys": {"\u00e9": 1, '"': 2, "\n": 3, "__proto__": 4, "constructor": 5, "a.b": 6},
    "float-in-dict": {"price": 10.0, "count": 10},
    "long": {"text": "Flask and Express on one Redis. " * 20},
    "long-list": list(range(300)),
    "not-compressible": "q8Z!x",
}


_JSON_TEXTS: list[str] = [
    *("1", "-1", "0", "-0", "[-0.0]", "[1.0]", "[1e2]", "[1E+2]", "[1e-7]", "1e400", "[100.0]"),
    *("01", "1.", ".5", "+1", "-", "--1", "1e", "1e+", "0x10", "1_000", "Infinity", "-Infinity"),
    *("NaN", "nan", "-NaN", "inf", "true", "True", "tru", "null", "None", "nul", "undefined"),
    *('"a"', '"a', "'a'", '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00\\ud800"'),
    *('"\\u00g0"', '"\\u 123"', '"\\u12"', '"\\x"', '"\\/"', '"\\"', '"\t"', '"\x7f"', '"\u2028"'),
    *("", " ", " 1 ", "\t\n\r1", "\u00a01", "\ufeff1", "\x0b1", "1 2", "1,"),
    *("[", "]", "[1", "[]]", "[1,]", "[,1]", "[1 2]", "{", "}", "{}", "{}}"),
    *('{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "{a:1}"),
    *('{"a":1,"a":2}', '{"b":1,"a":2,"b":3}', '{"__proto__":{"x":1}}', '{"2":1,"1":2}', "[1]//"),
    *("9007199254740991", "9007199254740992", "-9007199254740993", "[9007199254740993.0]"),
    *("1" + "0" * 400, "-" + "9" * 400, "[" * 100 + "]" * 100, "[" * 100, '{"a":' * 50 + "1"),
]


def _payloads(sign) -> Iterator[Case]:
    """Rightly signed, whatever it is that was signed."""
    for number, text in enumerate(_JSON_TEXTS):
        name = f"json-{number}-{text[:12]!a}"
        of, signer = describe("Serializer"), describe("Signer", salt="itsdangerous")
        yield case(name, of, "loads", sign(signer, "sign", text).decode())
    not_utf8 = {"latin1": b'"\xe9"', "cut-utf8": b'"\xc3"', "surrogate": b'"\xed\xa0\x80"'}
    for name, data in not_utf8.items():
        yield case(f"json-{name}", of, "loads", sign(signer, "sign", data))

    url_safe = describe("URLSafeSerializer")
    deflated = zlib.compress(b'{"a":"' + b"x" * 100 + b'"}')
    payloads = {
        "empty": b"",
        "plain": to_base64(b'{"a":1}').encode(),
        "padded": base64.b64encode(b'{"a":1}'),
        "one-digit": b"A",
        "no-base64": b"!!!!",
        "not-json": to_base64(b"{").encode(),
        "dot": b".",
        "compressed": b"." + to_base64(deflated).encode(),
        "two-dots": b".." + to_base64(deflated).encode(),
        "compressed-unmarked": to_base64(deflated).encode(),
        "marked-uncompressed": b"." + to_base64(b'{"a":1}').encode(),
        "compressed-cut": b"." + to_base64(deflated[:-1]).encode(),
        "compressed-cut-in-half": b"." + to_base64(deflated[:8]).encode(),
        "compressed-and-more": b"." + to_base64(deflated + b"more").encode(),
        "compressed-wrong-sum": b"." + to_base64(deflated[:-1] + b"\0").encode(),
        "compressed-not-json": b"." + to_base64(zlib.compress(b"{" * 100)).encode(),
        "compressed-one-digit": b".A",
        "raw-deflate": b"." + to_base64(deflated[2:-4]).encode(),
        "level-9": b"." + to_base64(zlib.compress(b"[" + b"1," * 100 + b"1]", 9)).encode(),
        "level-0": b"." + to_base64(zlib.compress(b"[1]", 0)).encode(),
        "not-utf8": to_base64(b'"\xff"').encode(),
        "with-junk": b"eyJh IjoxfQ",
        "e-acute": "eyJh\u00e9IjoxfQ".encode(),
    }
    for name, payload in payloads.items():
        text = sign(signer, "sign", payload)
        yield case(f"payload-{name}", url_safe, "loads", text)
        yield case(f"payload-{name}-unsafe", url_safe, "loads_unsafe", text[:-2])


def _loading(sign) -> Iterator[Case]:
    value = {"id": 7, "mail": "jo\u00e9@example.org"}
    for kind in ("Serializer", "URLSafeSerializer", "TimedSerializer", "URLSafeTimedSerializer"):
        of = describe(kind)
        text = sign(of, "dumps", value)
        yield case(f"loads-{kind}", of, "loads", text)
        yield case(f"loads-{kind}-from-bytes", of, "loads", text.encode())
        yield case(f"loads-{kind}-unsafe", of, "loads_unsafe", text)
        yield case(f"loads-{kind}-wrong-key", describe(kind, "other"), "loads", text)
        yield case(f"loads-{kind}-wrong-key-unsafe", describe(kind, "x"), "loads_unsafe", text)
        yield case(f"loads-{kind}-wrong-salt", of, "loads", text, salt="other")
        salted = sign(of, "dumps", value, salt="other")
        yield case(f"loads-{kind}-salt-of-call", of, "loads", salted, salt="other")
        yield case(f"loads-{kind}-salt-unsafe", of, "loads_unsafe", salted, salt="other")
        rotated = describe(kind, ["secret", "new"])
        yield case(f"loads-{kind}-old-key", rotated, "loads", text, since=(2, 0))
        yield case(f"loads-{kind}-lone-surrogate", of, "loads", "\ud800")
        packed = describe(kind, serializer="json-bytes")
        yield case(f"loads-{kind}-bytes", packed, "loads", sign(packed, "dumps", value))
        for name, wrong in tampered(text):
            yield case(f"loads-{kind}-{name}", of, "loads", wrong)
            yield case(f"loads-{kind}-{name}-unsafe", of, "loads_unsafe", wrong)

    for kind in ("TimedSerializer", "URLSafeTimedSerializer"):
        of = describe(kind)
        text = sign(of, "dumps", value)
        for age in (-1, 0, 60, 61):
            when = {"at": NOW_SECONDS + age, "max_age": 60}
            yield case(f"loads-{kind}-age-{age}", of, "loads", text, **when)
            yield case(f"loads-{kind}-age-{age}-unsafe", of, "loads_unsafe", text, **when)
        yield case(f"loads-{kind}-date", of, "loads", text, return_timestamp=True)


def _fallbacks(sign, value: Any) -> Iterator[Case]:
    sha512, hmac = {"digest_method": "sha512"}, {"key_derivation": "hmac"}
    fallbacks: dict[str, list[Any]] = {
        "none": [],
        "kwargs": [sha512],
        "two": [hmac, sha512],
        "class-and-kwargs": [["Signer", sha512]],
        "class": ["Signer"],
    }
    written = sign(describe("URLSafeSerializer", signer_kwargs=sha512), "dumps", value)
    for name, signers in fallbacks.items():
        of = describe("URLSafeSerializer", fallback_signers=signers)
        yield case(f"fallback-{name}", of, "loads", written)
        yield case(f"fallback-{name}-wrong", of, "loads", written[:-3])
        of = describe("URLSafeSerializer", ["secret", "new"], fallback_signers=signers)
        yield case(f"fallback-{name}-old-key", of, "loads", written, since=(2, 0))
    of = describe("URLSafeSerializer", fallback_signers=["Signer"], signer_kwargs=sha512)
    yield case("fallback-class-takes-kwargs", of, "loads", written)

    timed = describe("TimedSerializer", signer_kwargs=sha512)
    written = sign(timed, "dumps", value)
    for name, signers in (("kwargs", [sha512]), ("pair", [["TimestampSigner", sha512]])):
        of = describe("TimedSerializer", fallback_signers=signers)
        for age in (0, 61):
            at = NOW_SECONDS + age
            yield case(f"fallback-timed-{name}-{age}", of, "loads", written, at=at, max_age=60)
    of = describe("TimedSerializer", signer_kwargs=sha512, fallback_signers=[hmac])
    yield case("fallback-not-tried-when-expired", of, "loads", written, at=at, max_age=60)
