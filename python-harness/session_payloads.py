"""What a release stores for each session value, and what it reads from bytes that others stored."""

import functools
import pickle
import types
from collections.abc import Iterator
from typing import Any, Optional

from determinism import FixedIds
from recorded_app import FORMATS, SERIALIZES_WITH_MSGSPEC, RecordedApp
from session_values import SessionValue, session_values
from shop import models
from typed_json import to_typed

Case = dict[str, Any]
Opened = tuple[str, dict[Any, Any]]

VALUES_OF_EVERY_PROTOCOL = frozenset(
    [
        *("login", "flashes", "str-unicode", "str-controls", "str-lone-surrogate"),
        *("int-edges", "int-2-100-negative", "float-integral-inside", "float-nan"),
        *("bytes", "bytearray", "set", "frozenset", "datetime-utc", "decimal", "uuid"),
        *("shared-list", "cycle-tuple", "ordered-dict", "markup"),
        *("class-plain", "class-list", "enum"),
    ]
)
"""Flask-Session itself writes CPython's default protocol; an app can be set to another."""


def written_cases(redis_url: str, ids: FixedIds) -> list[Case]:
    """What the release writes for each value in each of its formats, read back by itself."""
    cases = []
    for name in FORMATS:
        app = RecordedApp(redis_url, {"SESSION_SERIALIZATION_FORMAT": name})
        for value in session_values(name):
            case = {"id": f"{name}/{value.id}", "note": value.note, "format": name}
            cases.append(_written(app, ids, value, case))
    if "pickle" in FORMATS:
        cases += _written_with_each_protocol(RecordedApp(redis_url), ids)
    return cases


def read_cases(redis_url: str) -> list[Case]:
    """What the release makes of bytes that another release, or another program, stored."""
    app = RecordedApp(redis_url)
    cases = []
    if SERIALIZES_WITH_MSGSPEC:
        for value in session_values("pickle"):
            payload = pickle.dumps({"_permanent": True, **value.build()})
            if len(payload) <= _LARGE:
                case = {"id": f"read/pickle/{value.id}", "note": value.note, "format": "pickle"}
                cases.append(_read(app, case, payload))
    for name, note, payload in _foreign_payloads():
        cases.append(_read(app, {"id": f"read/{name}", "note": note}, payload))
    return cases


_LARGE = 4096
"""Pickles above this many bytes are left to the releases that write pickles."""

_SID = "3d0f7c9e-6f0a-4b2e-8c1d-0a1b2c3d4e5f"


def _written(app: RecordedApp, ids: FixedIds, value: SessionValue, case: Case) -> Case:
    ids.restart(value.id)
    offered = to_typed({"_permanent": True, **value.build()})
    try:
        response = app.request(lambda session: session.update(value.build()))
        payload = app.stored()[response.key]
        opened, _ = _open(app, response.sid)
    except Exception as error:  # whatever the release raises is what is recorded
        return {**case, "expect": "reject", "error": type(error).__name__, "offered": offered}
    finally:
        app.forget()
    read_back = to_typed(opened[1])
    case.update(expect="valid", key=response.key, ttlSeconds=response.ttl_seconds)
    case.update(hex=payload.hex(), value=read_back)
    return case if read_back == offered else {**case, "offered": offered}


def _written_with_each_protocol(app: RecordedApp, ids: FixedIds) -> Iterator[Case]:
    for protocol in range(6):
        dumps = functools.partial(pickle.dumps, protocol=protocol)
        app.interface.serializer = types.SimpleNamespace(dumps=dumps, loads=pickle.loads)
        for value in session_values("pickle"):
            if value.id in VALUES_OF_EVERY_PROTOCOL:
                case = {"id": f"pickle/{value.id}/protocol-{protocol}", "note": value.note}
                case.update(format="pickle", protocol=protocol)
                yield _written(app, ids, value, case)


def _read(app: RecordedApp, case: Case, payload: bytes) -> Case:
    """A release may read what it then cannot store again: then the request fails at its end."""
    case.update(hex=payload.hex())
    app.redis.set(app.interface.key_prefix + _SID, payload, ex=60)
    opened, error = _open(app, _SID)
    app.forget()
    if opened is None:
        return {**case, "expect": "reject", "error": error}
    sid, session = opened
    if sid != _SID or session == {"_permanent": True}:
        return {**case, "expect": "reject", "emptySession": "same id" if sid == _SID else "new id"}
    case.update(expect="valid", value=to_typed(session))
    return {**case, "storeError": error} if error else case


def _foreign_payloads() -> Iterator[tuple[str, str, bytes]]:
    login = {"_permanent": True, "username": 2222}
    pickled = pickle.dumps(login)
    thing = pickle.dumps({"_permanent": True, "o": models.Product("a-1", 1)})
    text = b'{"_permanent":true,"username":2222}'
    packed = bytes.fromhex("82aa5f7065726d616e656e74c3a8757365726e616d65cd08ae")

    yield "empty", "no bytes at all", b""
    yield "garbage", "", b"\xc1\xff\x00 no format begins so"
    yield "plain-text", "", b"hello"

    yield "pickle/login", "", pickled
    yield "pickle/login-python2-protocol-0", "as CPython 2.7 writes it", _PYTHON2_PROTOCOL_0
    yield "pickle/login-python2-protocol-2", "as CPython 2.7 writes it", _PYTHON2_PROTOCOL_2
    yield "pickle/cut", "", pickled[:-4]
    yield "pickle/trailing-bytes", "after STOP", pickled + b"more"
    yield "pickle/list", "no dict", pickle.dumps([1, 2])
    yield "pickle/pairs", "no dict, but dict() takes it", pickle.dumps([("a", 1), ("b", 2)])
    yield "pickle/none", "no dict", pickle.dumps(None)
    yield "pickle/int", "no dict", pickle.dumps(7)
    yield "pickle/str", "no dict", pickle.dumps("ab")
    yield "pickle/empty-dict", "", pickle.dumps({})
    yield "pickle/module-missing", "", thing.replace(b"shop.models", b"shop.absent")
    yield "pickle/class-missing", "", thing.replace(b"Product", b"Missing")

    yield "msgpack/login", "a map of two keys: its first byte is EXT1 to pickle", packed
    yield "msgpack/one-key", "its first byte is NEWOBJ to pickle", b"\x81\xa1a\x01"
    yield "msgpack/three-keys", "EXT2 to pickle", b"\x83\xa1a\x01\xa1b\x02\xa1c\x03"
    yield "msgpack/four-keys", "EXT4 to pickle", b"\x84\xa1a\x01\xa1b\x02\xa1c\x03\xa1d\x04"
    yield "msgpack/five-keys", "", b"\x85\xa1a\x01\xa1b\x02\xa1c\x03\xa1d\x04\xa1e\x05"
    yield "msgpack/empty-map", "", b"\x80"
    yield "msgpack/array", "no dict", b"\x92\x01\x02"
    yield "msgpack/int", "no dict", b"\x07"
    yield "msgpack/nil", "no dict", b"\xc0"
    yield "msgpack/cut", "", packed[:-1]
    yield "msgpack/trailing-byte", "", packed + b"\x00"
    yield "msgpack/bad-utf8", "", b"\x81\xa1a\xa2\xff\xfe"
    yield "msgpack/float32", "", b"\x81\xa1a\xca\x3f\x80\x00\x00"
    yield "msgpack/key-twice", "", b"\x82\xa1a\x01\xa1a\x02"
    yield "msgpack/int-key", "", b"\x81\x01\xa1x"
    yield "msgpack/array-key", "", b"\x81\x91\x01\xa1x"
    yield "msgpack/map-key", "", b"\x81\x81\x01\x02\xa1x"
    yield (
        "msgpack/long-forms",
        "sizes written wider than need be",
        (b"\xde\x00\x02\xda\x00\x01a\xcd\x00\x01\xd9\x01b\xdc\x00\x01\xd2\x00\x00\x00\x05"),
    )
    yield "msgpack/timestamp-32", "", b"\x81\xa1a\xd6\xff\x69\x57\x35\x25"
    yield "msgpack/timestamp-64", "", b"\x81\xa1a\xd7\xff\xa1\xdc\xd7\x90\x69\x57\x35\x25"
    yield (
        "msgpack/timestamp-96",
        "",
        (b"\x81\xa1a\xc7\x0c\xff\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff"),
    )
    yield "msgpack/extension", "", b"\x81\xa1a\xd4\x05\x07"

    yield "json/login", "", text
    yield "json/spaces", "", b' {\n "_permanent" : true , "username" : 2222 }\r\n'
    yield "json/empty-object", "", b"{}"
    yield "json/array", "no dict", b"[1,2]"
    yield "json/number", "no dict", b"12"
    yield "json/null", "no dict", b"null"
    yield "json/cut", "", text[:-1]
    yield "json/trailing-text", "", text + b"x"
    yield "json/byte-order-mark", "", b"\xef\xbb\xbf" + text
    yield "json/key-twice", "", b'{"a":1,"a":2}'
    yield "json/escapes", "", rb'{"a":"\u00e9\ud83e\udd8a\/\b\f\n\r\t\"\\"}'
    yield "json/lone-surrogate", "", rb'{"a":"\ud83d"}'
    yield "json/bad-utf8", "", b'{"a":"\xff"}'
    yield "json/control-character", "", b'{"a":"\x01"}'
    yield "json/nan", "", b'{"a":NaN}'
    yield "json/leading-zero", "", b'{"a":01}'
    yield "json/int-2-53-plus-1", "", b'{"a":9007199254740993}'
    yield "json/int-2-64", "", b'{"a":18446744073709551616}'
    yield "json/int-negative-2-63-minus-1", "", b'{"a":-9223372036854775809}'
    yield "json/minus-zero", "", b'{"a":-0}'
    yield "json/floats", "", b'{"a":[1.0,1e2,-0.0,1E-7,0.1e+1,123456789012345678901234567890.5]}'
    yield "json/float-too-large", "", b'{"a":1e400}'


_PYTHON2_PROTOCOL_0 = (
    b"(dp1\nS'username'\np2\nI2222\nsS'_permanent'\np3\nI01\nsS'name'\np4\nVZo\xeb\np5\ns."
)
_PYTHON2_PROTOCOL_2 = (
    b"\x80\x02}q\x01(U\x08usernameq\x02M\xae\x08U\n_permanentq\x03\x88"
    b"U\x04nameq\x04X\x04\x00\x00\x00Zo\xc3\xabq\x05u."
)


def _open(app: RecordedApp, sid: str) -> tuple[Optional[Opened], Optional[str]]:
    """What a request with this id gets to see, if it gets so far, and what it raises in the end."""
    seen: list[dict[Any, Any]] = []
    cookie = f"{app.app.config['SESSION_COOKIE_NAME']}={sid}"
    error = None
    try:
        app.request(lambda session: seen.append(dict(session)), cookie)
    except Exception as raised:  # whatever the release raises is what is recorded
        error = type(raised).__name__
    return (app.opened_sid, seen[0]) if seen else None, error
