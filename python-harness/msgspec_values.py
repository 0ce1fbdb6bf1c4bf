"""Python values that msgspec is asked to write, each with an id that never changes."""

import datetime
import decimal
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import msgpack

from shop import models

UTC = datetime.timezone.utc
HOUR = datetime.timedelta(hours=1)


class Value(NamedTuple):
    """A value to write, in a dict's place where it stands in a session: anywhere."""

    id: str
    note: str
    value: Any


def all_values() -> list[Value]:
    """Everything below, in a fixed order."""
    groups = (_scalars, _integers, _floats, _text, _bytes, _containers, _keys, _extensions)
    groups += (_datetimes, _dates_and_times, _timedeltas, _library_classes, _own_classes)
    return [value for group in groups for value in group()]


def _scalars() -> Iterator[Value]:
    yield Value("none", "", None)
    yield Value("true", "", True)
    yield Value("false", "", False)
    yield Value("complex", "no form", complex(1.5, -2))
    yield Value("range", "no form", range(3))


def _integers() -> Iterator[Value]:
    edges = [0, 1, 31, 32, 2**7, 2**8, 2**15, 2**16, 2**31, 2**32, 2**53, 2**63, 2**64]
    numbers = {near for edge in edges for near in (edge - 1, edge, edge + 1)}
    numbers |= {-number for number in numbers}
    for number in sorted(numbers):
        yield Value(f"int-{number}", "", number)
    yield Value("int-100-digits", "", 10**99)
    yield Value("int-4300-digits", "most that Python converts to text", 10**4299)
    yield Value("int-4300-digits-negative", "the sign counts for nothing", -(10**4299))


def _floats() -> Iterator[Value]:
    for exponent in range(-9, 26):
        for digits in ("1", "1.5", "9.99999999999999"):
            number = float(f"{digits}e{exponent}")
            yield Value(f"float-{number!r}", "", number)
    named = [0.1 + 0.2, 1 / 3, 2.0**53, 2.0**63, 2.0**64, 123456789012345680.0, 1e100]
    named += [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 4.35]
    named += [1767322445.123456, -2.5, -1e-7, -1e16, -1.0, 0.0, -0.0]
    for number in named:
        yield Value(f"float-{number!r}", "", number)
    for number in (float("nan"), float("inf"), float("-inf")):
        yield Value(f"float-{number!r}", "null in JSON", number)
    yield Value("floats-among-ints", "1.0 is not 1", {"a": 1.0, "b": 1, "c": [2.0, 2, (3.0, 3)]})


def _text() -> Iterator[Value]:
    for size in (0, 1, 31, 32, 255, 256):
        yield Value(f"str-{size}", "", "s" * size)
    for size in (15, 16, 127, 128):
        yield Value(f"str-{size}-of-two-bytes", "its size counts bytes", "ß" * size)
    for code in range(0x20):
        yield Value(f"str-control-{code:02x}", "", f"a{chr(code)}b")
    yield Value("str-quotes", "", "a\"b\\c/d'e")
    yield Value("str-not-escaped", "", "del\x7f nel\x85 ls\u2028 ps\u2029 bom\ufeff nonchar\uffff")
    yield Value("str-astral", "four bytes each", "🦊🐍" * 4)
    yield Value("str-scripts", "", "Zoë 京都 Ελλάδα שלום")
    yield Value("str-high-surrogate", "half a pair", "a\ud83d")
    yield Value("str-low-surrogate", "half a pair", "\udd8ab")
    yield Value(
        "str-surrogate-pair", "two characters that are not the one they name", "\ud83e\udd8a"
    )


def _bytes() -> Iterator[Value]:
    for size in (0, 1, 2, 3, 4, 255, 256):
        yield Value(f"bytes-{size}", "", bytes(range(256))[-size:] if size else b"")
    yield Value("bytes-256-all", "", bytes(range(256)))
    yield Value("bytearray", "read back as bytes", bytearray(b"\x00\x80\xff"))


def _containers() -> Iterator[Value]:
    for size in (0, 1, 15, 16, 300):
        yield Value(f"list-{size}", "", [number % 10 for number in range(size)])
        yield Value(f"tuple-{size}", "read back as a list", tuple(range(size)))
        yield Value(f"dict-{size}", "", {f"k{number}": number % 10 for number in range(size)})
    yield Value("set-empty", "read back as a list", set())
    yield Value("set", "read back as a list", {1, 2, 3})
    yield Value("set-of-float", "", {4.0})
    yield Value("frozenset", "read back as a list", frozenset(["x"]))
    nested: Any = 1
    for depth in range(60):
        nested = [nested] if depth % 2 else {"d": nested}
    yield Value("depth-60", "", nested)
    yield Value(
        "mixed", "", {"a": [None, True, {"b": [1, "x", 2.5, {}]}, []], "c": {"d": {"e": ()}}}
    )


def _keys() -> Iterator[Value]:
    names = ("__proto__", "constructor", "toString", "hasOwnProperty", "length", "")
    yield Value("keys-of-javascript", "own keys like any other", {name: [name] for name in names})
    yield Value("proto-dict", "", {"__proto__": {"admin": True}, "a": {"__proto__": None}})
    yield Value("keys-index-like", "in this order", {"10": 1, "b": 2, "9": 3, "0": 4, "01": 5})
    yield Value("keys-long", "", {"k" * 40: 1, "京" * 20: 2})
    yield Value("keys-escaped", "", {'a"b': 1, "c\nd": 2})
    named = {
        "int": -7,
        "int-of-64-bits": 2**64 - 1,
        "int-beyond-64-bits": 2**64,
        "float": 1.5,
        "float-integral": 2.0,
        "float-negative-zero": -0.0,
        "float-large": 1e22,
        "nan": float("nan"),
        "infinity": float("inf"),
        "negative-infinity": float("-inf"),
        "none": None,
        "bool": True,
        "bytes": b"k\xff",
        "tuple": (1, "a"),
        "tuple-in-tuple": ((1, 2.0), ()),
        "tuple-16": tuple(range(16)),
        "tuple-17": tuple(range(17)),
        "tuple-17-of-tuples": tuple((number,) for number in range(17)),
        "frozenset": frozenset([1]),
        "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5),
        "datetime-utc": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "date": datetime.date(2026, 1, 2),
        "time": datetime.time(1, 2, 3),
        "timedelta": datetime.timedelta(days=1),
        "decimal": decimal.Decimal("1.50"),
        "uuid": uuid.UUID(int=5),
        "str-lone-surrogate": "\ud800",
    }
    for name, key in named.items():
        yield Value(f"key-{name}", "", {key: 1})
    yield Value("keys-int-and-str", "equal in JSON", {1: "int", "1": "str"})
    yield Value("keys-str-then-int", "", {"b": 1, "10": 2.0, "9": 3, 1: 4.0, "c": 5})


def _extensions() -> Iterator[Value]:
    for size in (0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 255, 256):
        yield Value(f"ext-{size}", "", msgpack.Ext(5, b"x" * size))
    for code in (-128, -2, 0, 127):
        yield Value(f"ext-code-{code}", "", msgpack.Ext(code, b"abc"))
    yield Value("ext-timestamp", "read back as a datetime", msgpack.Ext(-1, b"\0\0\0\1"))


def _datetimes() -> Iterator[Value]:
    plain = datetime.datetime(2026, 1, 2, 3, 4, 5)
    yield Value("datetime-naive", "text", plain)
    yield Value("datetime-naive-microsecond", "text", plain.replace(microsecond=70))
    yield Value("datetime-fold", "not kept", plain.replace(fold=1))
    yield Value("datetime-min", "text", datetime.datetime.min)
    yield Value("datetime-max", "text", datetime.datetime.max)
    for seconds in (0, 1, -1, 2**32 - 1, 2**32, 2**34 - 1, 2**34, -62135596800, 253402300799):
        moment = datetime.datetime(1970, 1, 1, tzinfo=UTC) + datetime.timedelta(seconds=seconds)
        yield Value(f"datetime-utc-{seconds}", "", moment)
        yield Value(f"datetime-utc-{seconds}-micro", "", moment.replace(microsecond=999999))
    offsets = (HOUR, -HOUR, 5.5 * HOUR, -23 * HOUR, HOUR / 60, -HOUR / 60)
    offsets += tuple(datetime.timedelta(seconds=number) for number in (29, 30, 31, 90, -30, -31))
    offsets += tuple(datetime.timedelta(seconds=number) for number in (86370, 86371, -86371))
    offsets += (datetime.timedelta(microseconds=1), datetime.timedelta(microseconds=-1))
    for offset in offsets:
        zone = datetime.timezone(offset)
        name = f"{offset.total_seconds():g}"
        yield Value(f"datetime-offset-{name}", "seconds", plain.replace(tzinfo=zone))
        yield Value(f"time-offset-{name}", "seconds", datetime.time(1, 2, 3, tzinfo=zone))
    zone = datetime.timezone(HOUR, "CET")
    yield Value("datetime-named-zone", "", plain.replace(tzinfo=zone))
    for moment, sign in ((datetime.datetime.min, 1), (datetime.datetime.max, -1)):
        zoned = moment.replace(tzinfo=datetime.timezone(sign * HOUR))
        yield Value(f"datetime-out-of-utc-{sign}", "year 0 or 10000 in UTC", zoned)


def _dates_and_times() -> Iterator[Value]:
    for date in (datetime.date(2026, 1, 2), datetime.date.min, datetime.date.max):
        yield Value(f"date-{date}", "", date)
    for time in ((0, 0), (23, 59, 59), (1, 2, 3, 4), (1, 2, 3, 400000)):
        yield Value(f"time-{'-'.join(map(str, time))}", "", datetime.time(*time))
    yield Value("time-utc", "", datetime.time(1, 2, 3, 4, tzinfo=UTC))


def _timedeltas() -> Iterator[Value]:
    for days, seconds, microseconds in (
        (0, 0, 0),
        (1, 0, 0),
        (31, 0, 0),
        (0, 1, 0),
        (0, 90, 0),
        (0, 86399, 0),
        (0, 0, 1),
        (0, 0, 500000),
        (0, 1, 20),
        (1, 5, 7),
        (-1, 0, 0),
        (-1, 1, 0),
        (-1, 86399, 0),
        (-1, 86399, 999999),
        (-1, 0, 500000),
        (-2, 0, 1),
        (-31, 5, 7),
        (999999999, 86399, 999999),
        (-999999999, 0, 0),
    ):
        delta = datetime.timedelta(days, seconds, microseconds)
        yield Value(f"timedelta-{days}-{seconds}-{microseconds}", "", delta)


def _library_classes() -> Iterator[Value]:
    texts = ("1.10", "-0", "1E+5", "1E-7", "0.000001", "NaN", "sNaN12", "-Infinity", "1E+400")
    for text in (*texts, "123456789012345678901234567890.5"):
        yield Value(f"decimal-{text}", "", decimal.Decimal(text))
    yield Value("uuid", "", uuid.UUID("12345678-1234-5678-9234-567812345678"))
    yield Value("ordered-dict", "read back as a dict", OrderedDict([("b", 1), ("a", 2.0)]))
    yield Value("defaultdict", "read back as a dict", defaultdict(list, {"a": [1]}))
    yield Value("counter", "read back as a dict", Counter({"a": 2, "b": 1}))
    yield Value("deque", "no form", deque([1, 2]))
    yield Value("exception", "no form", ValueError("no", 3))


def _own_classes() -> Iterator[Value]:
    yield Value("class-plain", "no form", models.Product("a-1", 9.5))
    yield Value("class-slots", "no form", models.Slotted(3, 4))
    yield Value("class-list", "a list of its own class", models.Basket([1, 2.0], owner="ann"))
    yield Value("class-dict", "a dict of its own class", models.Preferences(theme="dark"))
    yield Value("class-str", "no form, as Markup has none", models.Slug("a-b"))
    yield Value("class-namedtuple", "a tuple of its own class", models.Point(1, 2.0))
    yield Value("enum", "its value", models.Color.RED)
    yield Value("enum-int", "its value", models.Level.HIGH)
    yield Value("class-itself", "no form", models.Product)
    yield Value("function", "no form", models.discount)
