"""Bytes that msgspec is asked to read, odd and wrong ones, each with an id that never changes."""

import struct
from collections.abc import Iterator
from typing import NamedTuple


class Input(NamedTuple):
    """Bytes to read. Whether they can be read, msgspec says."""

    id: str
    note: str
    format: str
    hex: str


def all_inputs() -> list[Input]:
    """Everything below, in a fixed order."""
    groups = (_msgpack_codes, _msgpack_forms, _msgpack_keys, _msgpack_sizes, _msgpack_text)
    groups += (_msgpack_timestamps, _msgpack_others, _json_layout, _json_numbers, _json_strings)
    groups += (_json_others,)
    return [each for group in groups for each in group()]


def _msgpack(name: str, note: str, data: bytes) -> Input:
    return Input(f"msgpack/{name}", note, "msgpack", data.hex())


def _json(name: str, note: str, data: bytes) -> Input:
    return Input(f"json/{name}", note, "json", data.hex())


def _msgpack_codes() -> Iterator[Input]:
    for code in range(256):
        yield _msgpack(f"code-{code:02x}", "a first byte alone", bytes([code]))
    yield _msgpack("empty", "", b"")
    for code in range(0xC0, 0xE0):
        yield _msgpack(f"code-{code:02x}-zeros", "a first byte and zeros", bytes([code, *[0] * 9]))


def _msgpack_forms() -> Iterator[Input]:
    """Longer forms than msgspec writes."""
    for code, layout, edges in (
        (0xCC, ">B", (0, 255)),
        (0xCD, ">H", (0, 65535)),
        (0xCE, ">I", (0, 2**32 - 1)),
        (0xCF, ">Q", (0, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1)),
        (0xD0, ">b", (-128, 0, 127)),
        (0xD1, ">h", (-32768, 0, 32767)),
        (0xD2, ">i", (-(2**31), 0, 2**31 - 1)),
        (0xD3, ">q", (-(2**63), -(2**53) - 1, -(2**53), 0, 2**53, 2**63 - 1)),
        (0xCA, ">f", (0.0, -0.0, 1.0, 1.5, 2.0**-149, float("inf"), float("nan"))),
        (0xCB, ">d", (0.0, -0.0, 1.0, float("-inf"), float("nan"))),
    ):
        for edge in edges:
            data = bytes([code]) + struct.pack(layout, edge)
            yield _msgpack(f"form-{code:02x}-{edge}", "", data)
    yield _msgpack(
        "float32-of-0.1", "its nearest neighbour is no 0.1", b"\xca" + struct.pack(">f", 0.1)
    )
    for code, size in ((0xD9, ">B"), (0xDA, ">H"), (0xDB, ">I")):
        yield _msgpack(f"form-str-{code:02x}", "", bytes([code]) + struct.pack(size, 2) + b"ab")
        yield _msgpack(
            f"form-bin-{code:02x}", "", bytes([code - 21]) + struct.pack(size, 2) + b"ab"
        )
        yield _msgpack(
            f"form-ext-{code:02x}", "", bytes([code - 18]) + struct.pack(size, 2) + b"\x05ab"
        )
    for code, size in ((0xDC, ">H"), (0xDD, ">I")):
        for count in (0, 1):
            items = b"\x01" * count
            data = bytes([code]) + struct.pack(size, count)
            yield _msgpack(f"form-array-{code:02x}-{count}", "", data + items)
            data = bytes([code + 2]) + struct.pack(size, count)
            yield _msgpack(f"form-map-{code:02x}-{count}", "", data + b"\xa1k" * count + items)


def _msgpack_keys() -> Iterator[Input]:
    named = {
        "list": b"\x91\x01",
        "empty-list": b"\x90",
        "dict": b"\x81\x01\x02",
        "empty-dict": b"\x80",
        "ext": b"\xd4\x05x",
        "timestamp": b"\xd6\xff\0\0\0\1",
        "nil": b"\xc0",
        "false": b"\xc2",
        "float": b"\xcb\x40\0\0\0\0\0\0\0",
        "bin": b"\xc4\x01x",
        "empty-str": b"\xa0",
        "list-of-list": b"\x91\x91\x90",
        "list-of-dict": b"\x91\x80",
        "list-of-ext": b"\x91\xd4\x05x",
        "list-of-16-lists": b"\xdc\0\x10" + b"\x90" * 16,
        "list-of-17-lists": b"\xdc\0\x11" + b"\x90" * 17,
        "list-of-17-ints": b"\xdc\0\x11" + b"\x01" * 17,
        "list-of-list-of-17": b"\x91\xdc\0\x11" + b"\x01" * 17,
        "list-of-17-with-list": b"\xdc\0\x11" + b"\x01" * 16 + b"\x91\x01",
    }
    for name, key in named.items():
        yield _msgpack(f"key-{name}", "", b"\x81" + key + b"\x01")
    yield _msgpack("key-of-list-in-value", "arrays are lists again", b"\x81\x91\x01\x91\x91\x02")
    yield _msgpack("key-twice", "the last value, in the first place", b"\x83\xa1a\1\xa1b\2\xa1a\3")
    yield _msgpack("key-twice-float-first", "", b"\x82\xa1a\xcb\x3f\xf0\0\0\0\0\0\0\xa1a\1")
    yield _msgpack("key-twice-float-last", "", b"\x82\xa1a\1\xa1a\xcb\x3f\xf0\0\0\0\0\0\0")
    yield _msgpack("key-twice-int", "", b"\x82\1\2\1\3")
    yield _msgpack("key-proto", "", b"\x81\xa9__proto__\x81\xa1x\1")
    yield _msgpack("keys-index-like", "", b"\x84\xa210\1\xa1b\2\xa19\3\xa0\4")


def _msgpack_sizes() -> Iterator[Input]:
    for code in (0xC6, 0xC9, 0xDB, 0xDD, 0xDF):
        data = bytes([code]) + b"\xff\xff\xff\xff"
        yield _msgpack(f"size-of-4-gigabytes-{code:02x}", "promised, not there", data + b"x" * 10)
    for data in (
        b"\x92\1",
        b"\x81",
        b"\x81\xa1a",
        b"\xa3ab",
        b"\xd4",
        b"\xd4\1",
        b"\xc4",
        b"\xda\0",
    ):
        yield _msgpack(f"truncated-{data.hex()}", "", data)
    for data in (b"\1\2", b"\x80\x80", b"\xc0\0", b"\xa1ab", b"{}", b"\x80\x04}."):
        yield _msgpack(f"trailing-{data.hex()}", "", data)
    yield _msgpack("depth-100", "", b"\x91" * 100 + b"\x01")
    yield _msgpack("depth-100-maps", "", b"\x81\xa1k" * 100 + b"\x01")
    yield _msgpack("depth-10000", "beyond Python's recursion limit", b"\x91" * 10000 + b"\x01")


_NO_UTF8 = {
    "continuation": b"\x80",
    "truncated-2": b"\xc3",
    "truncated-3": b"\xe4\xba",
    "truncated-4": b"\xf0\x9f\xa6",
    "overlong-2": b"\xc0\xaf",
    "overlong-3": b"\xe0\x80\xaf",
    "overlong-4": b"\xf0\x80\x80\xaf",
    "surrogate": b"\xed\xa0\x80",
    "surrogate-pair": b"\xed\xa0\xbe\xed\xb6\x8a",
    "beyond-unicode": b"\xf4\x90\x80\x80",
    "f5": b"\xf5\x80\x80\x80",
    "ff": b"\xff",
}


def _msgpack_text() -> Iterator[Input]:
    for name, data in _NO_UTF8.items():
        text = b"a" + data + b"b"
        yield _msgpack(f"no-utf8-{name}", "", bytes([0xA0 + len(text)]) + text)
        yield _msgpack(
            f"no-utf8-key-{name}", "", b"\x81" + bytes([0xA0 + len(text)]) + text + b"\1"
        )
    text = "e\u0301 \ufeff\uffff\U0010ffff\0".encode()
    yield _msgpack("utf8", "all that is allowed", bytes([0xA0 + len(text)]) + text)


def _msgpack_timestamps() -> Iterator[Input]:
    def timestamp(name: str, data: bytes, note: str = "") -> Input:
        header = {4: b"\xd6", 8: b"\xd7"}.get(len(data), b"\xc7" + bytes([len(data)]))
        return _msgpack(f"timestamp-{name}", note, header + b"\xff" + data)

    for seconds in (0, 1, 2**32 - 1):
        yield timestamp(f"32-{seconds}", struct.pack(">I", seconds))
    for nanoseconds in (0, 1, 499, 500, 501, 1499, 1500, 2500, 999999499, 999999500, 999999999):
        yield timestamp(f"64-nanoseconds-{nanoseconds}", struct.pack(">Q", nanoseconds << 34 | 5))
    yield timestamp("64-nanoseconds-10-9", struct.pack(">Q", 10**9 << 34), "a second of them")
    yield timestamp("64-last", struct.pack(">Q", 2**34 - 1))
    for seconds in (-1, 0, -62135596800, -62135596801, 253402300799, 253402300800, 253402300801):
        yield timestamp(f"96-{seconds}", struct.pack(">Iq", 0, seconds))
    yield timestamp("96-before-1970", struct.pack(">Iq", 250000000, -2))
    yield timestamp("96-rounded-into-10000", struct.pack(">Iq", 999999999, 253402300799))
    yield timestamp("96-nanoseconds-10-9", struct.pack(">Iq", 10**9, 0))
    for seconds in (2**63 - 1, -(2**63)):
        yield timestamp(f"96-{seconds}", struct.pack(">Iq", 0, seconds))
    for size in (0, 1, 2, 3, 5, 7, 9, 11, 13, 16):
        yield timestamp(f"of-{size}-bytes", bytes(size))
    yield _msgpack("timestamp-in-ext-8", "", b"\xc7\x04\xff\0\0\0\1")


def _msgpack_others() -> Iterator[Input]:
    """What other formats' bytes are as MessagePack."""
    for name, data in {
        "json": b'{"a":1}',
        "pickle-0": b"(dp0\nVa\np1\nI1\ns.",
        "pickle-1": b"}q\0X\1\0\0\0aq\1K\1s.",
        "pickle-2": b"\x80\x02}q\0.",
        "pickle-4": b"\x80\x04\x95\x02\0\0\0\0\0\0\0}\x94.",
    }.items():
        yield _msgpack(f"other-{name}", "", data)


def _json_layout() -> Iterator[Input]:
    texts = '{} [] [1] [1,2] [[],{}] null true false 0 "" {"a":1} {"a":{"b":[1,{"c":null}]}}'
    for text in texts.split():
        yield _json(f"plain-{text}", "", text.encode())
    spaced = ' \t\n\r{ \t\n\r"a" \t\n\r: \t\n\r[ 1 , 2 ] \t\n\r, "b" : { } \t\n\r} \t\n\r'
    yield _json("white-space", "everywhere it is allowed", spaced.encode())
    for name, data in {
        "form-feed": b"\x0c{}",
        "nbsp": b"\xc2\xa0{}",
        "bom": b"\xef\xbb\xbf{}",
        "nul-after": b"{}\0",
        "utf-16": '{"a":1}'.encode("utf-16"),
    }.items():
        yield _json(f"no-white-space-{name}", "", data)
    wrong = '{ [ } ] , : [1 [1, [,1] [1,] [,] [1,,2] [1;2] [1:2] {] [} {"a" {"a": {"a":1 {"a":1,'
    wrong += ' {"a":1,} {,} {"a",1} {"a"} {a:1} {1:1} {\'a\':1} {"a"=1} {"a":} {:1} {"a":1:2}'
    wrong += (
        ' {"a":1"b":2} {null:1} [1]] {}} {}{} [][] 1,2 nul nulL tru falsey True None NaN Infinity'
    )
    wrong += " -Infinity undefined // /**/{} [1/**/] #x 'a' `a` t n f"
    for text in wrong.split():
        yield _json(f"wrong-{text}", "", text.encode())
    yield _json("empty", "", b"")
    yield _json("white-space-alone", "", b" \n")
    yield _json("two-values", "", b"1 2")
    yield _json("depth-100", "", b"[" * 100 + b"]" * 100)
    yield _json("depth-10000", "beyond Python's recursion limit", b"[" * 10000 + b"]" * 10000)
    yield _json("depth-never-closed", "", b'{"a":' * 300)


def _json_numbers() -> Iterator[Input]:
    texts = "0 -0 1 -1 10 123456789012345 1234567890123456 9007199254740991 9007199254740992"
    texts += " 9007199254740993 -9007199254740993 9223372036854775807 9223372036854775808"
    texts += " -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616"
    texts += " 10000000000000000000 19999999999999999999 99999999999999999999"
    texts += " 123456789012345678901234567890"
    texts += (
        " 0.0 -0.0 1.0 1.5 0.1 1e0 1E0 1e+0 1e-0 1e5 1E+5 1e05 1.0e1 -1.5e-3 0e0 0e5 -0e5 0e999999"
    )
    texts += " 1e22 1e23 1e308 1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308"
    texts += " 1e309"
    texts += " 1e400 -1e400 1e99999 5e-324 4.9e-324 2.5e-324 2.4e-324 1e-400 1e-99999 0.1e-400"
    texts += (
        " 2.2250738585072011e-308 9007199254740993.0 0.30000000000000004 179769313486231570000e289"
    )
    texts += (
        " 123456789012345678901234567890.5 0.000000000000000000000000000001234567890123456789012345"
    )
    texts += (
        " 8.41e+21 9214843084008499.0 6631236846766476e-316 3.2378839133029012895883524125015e-308"
    )
    for text in texts.split():
        yield _json(f"number-{text}", "", text.encode())
    texts = (
        "00 01 -00 -01 - -- +1 .5 1. -.5 -1. 1.e5 1.5. 1..5 1e 1e+ 1e- 1e1.5 1ee5 e5 1_000 0x10 0b1"
    )
    texts += " 1a 1.5a 1e5a -a 1,5 ١ 1٫5 1n 1f 0. 0.e1 0e -e1 --1 1- 1+1"
    for text in texts.split():
        yield _json(f"number-wrong-{text}", "", text.encode())
    yield _json("number-minus-alone-in-list", "", b"[-]")
    yield _json("number-before-space", "", b"1 ")
    yield _json("number-4300-digits", "most that Python converts", b"9" * 4300)
    yield _json("number-4301-digits", "one more", b"9" * 4301)
    yield _json("number-4299-digits-negative", "", b"-" + b"9" * 4299)
    yield _json("number-4300-digits-negative", "msgspec counts the sign", b"-" + b"9" * 4300)
    yield _json("number-800-decimals", "", b"0." + b"3" * 800)
    yield _json(
        "number-halfway", "decided by its last digit", b"9007199254740992.5" + b"0" * 700 + b"1"
    )
    yield _json("numbers-float-and-int", "", b'{"a":1.0,"b":1,"c":[2.0,2,1e2,100],"d":-0.0,"e":-0}')
    yield _json("key-twice-float-first", "", b'{"a":1.0,"a":1}')
    yield _json("key-twice-float-last", "", b'{"a":1,"a":1.0}')


def _json_strings() -> Iterator[Input]:
    texts = r'"\"\\\/\b\f\n\r\t" "\u0000" "\u0041\u00e9\u4eac" "\u00E9\u00e9"'
    texts += r' "\ud83e\udd8a" "\uD83E\uDD8A"'
    texts += r' "a\u0062c" "\u2028" "\uffff" "\ufeff" "\\u0041" "\\\\" "é\né" "\u007f" "\"" "/"'
    for text in texts.split():
        yield _json(f"string-{text}", "", text.encode())
    texts = r'"\a" "\x41" "\0" "\u" "\u1" "\u12" "\u123" "\u12g4" "\u 123" "\U0041" "\'"'
    texts += r' "\ud83e" "\udd8a"'
    texts += r' "\ud83ex" "\ud83e\n" "\ud83e\u0041" "\ud83e\ud83e" "\udd8a\ud83e"'
    texts += r' "\ud83e\udd8" "a "a\" "\ "'
    texts += r' "\u12 "\ud83e\ "\ud83e\u'
    for text in texts.split():
        yield _json(f"string-wrong-{text}", "", text.encode())
    for code in (*range(0x20), 0x7F):
        yield _json(f"string-raw-control-{code:02x}", "", b'"a' + bytes([code]) + b'b"')
    yield _json("string-escaped-control", "a backslash does not help", b'"\\\n"')
    yield _json("string-utf8", "", '"Zoë 京都 🦊 \u2028\ufeff\uffff"'.encode())
    for name, data in _NO_UTF8.items():
        yield _json(f"no-utf8-{name}", "", b'"a' + data + b'b"')
        yield _json(f"no-utf8-key-{name}", "", b'{"a' + data + b'":1}')
        yield _json(f"no-utf8-escaped-{name}", "beside an escape", b'"\\n' + data + b'"')
    yield _json("string-escaped-halves", "UTF-8 may not be put together", b'"\xc3\\u00a9"')


def _json_others() -> Iterator[Input]:
    yield _json("key-proto", "", b'{"__proto__":{"x":1},"\\u005f_proto__":2,"constructor":3}')
    yield _json("key-twice", "the last value, in the first place", b'{"a":1,"b":2,"a":3}')
    yield _json("keys-index-like", "", b'{"10":1,"b":2,"9":3,"":4,"01":5,"4294967295":6,"0":7}')
    yield _json("key-escaped", "", b'{"a\\"\\u00e9":1}')
    for name, data in {
        "msgpack": b"\x81\xa1a\x01",
        "pickle-0": b"(dp0\nVa\np1\nI1\ns.",
        "pickle-4": b"\x80\x04\x95\x02\0\0\0\0\0\0\0}\x94.",
    }.items():
        yield _json(f"other-{name}", "", data)
