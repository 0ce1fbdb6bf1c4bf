"""The values that every CPython is asked to pickle, each with an id that never changes.

A value is built anew for each use. Identity is part of a value: CPython pickles an object that it
meets twice as a reference, so a builder shares, or does not share, on purpose. No set holds two
strings: their order follows the hash function, which differs between Pythons.

Ids of values whose pickles are long begin with `large/`; these share nothing.
"""

import array
import collections
import datetime
import decimal
import fractions
import functools
import ipaddress
import operator
import pathlib
import re
import sys
import types
import uuid
from typing import Any, Callable, Dict, Iterator, Tuple

from pickle_models import own_classes

Value = Tuple[str, Callable[[], Any]]


def all_values() -> Iterator[Value]:
    """Everything below that this Python has, in a fixed order."""
    groups = (_scalars, _texts, _bytes, _containers, _sizes, _memo, _identity, _times)
    groups += (_numbers, _collections, _addresses, _library, _globals, _sessions, own_classes)
    for group in groups:
        yield from group()


def _constant(prefix: str, values: Dict[str, Any]) -> Iterator[Value]:
    for name, value in values.items():
        yield f"{prefix}/{name}", lambda value=value: value


def _scalars() -> Iterator[Value]:
    yield from _constant("scalar", {"none": None, "true": True, "false": False})
    edges = [0, 1, 2, 10, 127, 128, 254, 255, 256, 257, 32767, 32768, 65535, 65536, 2**24]
    edges += [2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**39, 2**53 - 1, 2**53, 2**53 + 1]
    edges += [2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**100, 10**30]
    for number in edges:
        yield f"int/{number}", lambda number=number: number
        if number:
            yield f"int/-{number}", lambda number=number: -number
    for bits in (2031, 2032, 2039, 2040, 2047, 2048):
        for sign, name in ((1, "positive"), (-1, "negative")):
            yield f"int/{name}-2-{bits}", lambda sign=sign, bits=bits: sign * 2**bits
            yield f"int/{name}-2-{bits}-less-1", lambda s=sign, bits=bits: s * (2**bits - 1)
    floats = ["0.0", "-0.0", "1.0", "-1.0", "0.1", "1.5", "1e16", "1e21", "1e22", "123456789.0"]
    floats += ["1e-5", "1e-7", "5e-324", "2.2250738585072014e-308", "1.7976931348623157e+308"]
    floats += ["inf", "-inf", "nan", "9007199254740992.0", "9007199254740994.0", "1e100", "3e-10"]
    for text in floats:
        yield f"float/{text}", lambda text=text: [float(text)]
    yield "float/alone", lambda: 1.0
    yield "float/in-containers", lambda: [1.0, (2.0, 2), {"a": 3.0, "b": 3}, {4.0}, {5.0: 5}]
    yield "float/negative-zero-key", lambda: {-0.0: 0.0}


def _texts() -> Iterator[Value]:
    texts = {
        "empty": "",
        "ascii": "hello",
        "latin": "Zoë",
        "three-bytes": "京都",
        "four-bytes": "🦊",
        "nul": "a\0b",
        "newlines": "a\nb\rc\r\n",
        "backslash": "a\\b\\\\u0041\\",
        "quotes": "'\"",
        "ctrl-z": "a\x1ab",
        "controls": "".join(map(chr, range(32))),
        "high-latin": "".join(map(chr, range(127, 256))),
        "separators": "\u2028\u2029\ufeff\ufffe\uffff",
        "lone-high": "a\ud83dz",
        "lone-low": "\udc80",
        "wrong-order": "\udd8a\ud83e",
        "escape-like": "\\u20ac \\N{DIGIT ONE} \\x41",
        "last": "\U0010ffff",
    }
    yield from _constant("str", texts)
    for length in (254, 255, 256, 257):
        yield _sized("str", length), lambda length=length: "s" * length
    for length in (127, 128, 255, 256):
        yield f"str/two-bytes-{length}", lambda length=length: "é" * length
    for length in (65_536,):
        yield f"large/str-{length}", lambda length=length: "s" * length


def _bytes() -> Iterator[Value]:
    values = {"empty": b"", "all": bytes(range(256)), "ascii": b"hello", "one-high": b"\xff"}
    yield from _constant("bytes", values)
    for length in (255, 256, 257, 66_000):
        yield _sized("bytes", length), lambda length=length: b"b" * length
    yield "bytearray/empty", lambda: bytearray()
    yield "bytearray/filled", lambda: bytearray(b"\x00\x80\xff")
    yield "large/bytearray-3000", lambda: bytearray(3000)
    yield "bytearray/shared", lambda: [bytearray(b"x")] * 2
    yield "bytes/in-list", lambda: [b"a", b"b", bytearray(b"c")]


def _sized(kind: str, length: int) -> str:
    return f"{kind}/length-{length}" if length < 1000 else f"large/{kind}-{length}"


def _containers() -> Iterator[Value]:
    for size in range(5):
        yield f"tuple/{size}", lambda size=size: tuple(range(size))
        yield f"list/{size}", lambda size=size: list(range(size))
        yield f"dict/{size}", lambda size=size: {f"k{n}": n for n in range(size)}
        yield f"set/{size}", lambda size=size: set(range(size))
        yield f"frozenset/{size}", lambda size=size: frozenset(range(size))
    yield "nested/lists", lambda: [[], [[]], [[[1]]]]
    yield "nested/tuples", lambda: ((), ((),), (((1,),),), (1, 2, 3, (4,)))
    yield "nested/dicts", lambda: {"a": {"b": {"c": {}}}, "d": [{"e": ()}]}
    yield "nested/frozensets", lambda: frozenset({frozenset({frozenset()})})
    yield "nested/mixed", lambda: {"l": [1, (2, {3}), {"x": frozenset({4})}], "t": ([],)}
    for depth in (10, 60, 100):
        yield f"nested/depth-{depth}", lambda depth=depth: _nested(depth)
    keys = {
        "int": {1: "a", -1: "b"},
        "index-like": {"10": 1, "9": 2, "-1": 3, "01": 4, "1.0": 5, "x": 6, "0": 7},
        "int-and-str": {1: "int", "1": "str"},
        "none-and-bools": {None: 0, True: 1, False: 2},
        "float": {1.5: "a", 2.0: "b"},
        "tuple": {(1, "a"): "x", (): "y"},
        "bytes": {b"k": "x"},
        "big-int": {2**64: "x"},
        "frozenset": {frozenset({1}): "x"},
        "empty": {"": 1},
        "nan": {float("nan"): 1},
        "prototype": {"__proto__": {"admin": True}, "constructor": 1, "toString": None},
        "prototype-nested": {"a": {"__proto__": [1], "hasOwnProperty": 2, "__defineGetter__": 3}},
        "length": {"length": 1, "name": 2, "then": 3, "toJSON": 4},
        "lone-surrogate": {"\ud800": 1},
        "date": {datetime.date(2026, 1, 2): "x"},
        "decimal": {decimal.Decimal("1.10"): "x"},
    }
    yield from _constant("keys", keys)


def _nested(depth: int) -> list:
    outer: list = []
    for _ in range(depth - 1):
        outer = [outer]
    return outer


def _sizes() -> Iterator[Value]:
    """CPython pickles in batches of 1000 items, and in frames of 64 KiB."""
    for size in (999, 1000, 1001, 2001, 2500):
        yield f"large/list-{size}", lambda size=size: [0] * size
    for size in (999, 1000, 1001, 2001):
        yield f"large/dict-{size}", lambda size=size: {n: 0 for n in range(size)}
        yield f"large/set-{size}", lambda size=size: set(_sorted_range(size))
    yield "large/frozenset-1001", lambda: frozenset(_sorted_range(1001))
    yield "large/dict-of-str-1001", lambda: {f"k{n}": None for n in range(1001)}
    yield "large/tuple-1001", lambda: (None,) * 1001
    yield "large/deque-1001", lambda: collections.deque([0] * 1001)
    yield "large/frames", lambda: [chr(0x41 + number) * 2000 for number in range(40)]
    yield "large/frame-then-str", lambda: ["a" * 60_000, "b" * 5_000, "c" * 600, "d" * 66_000, 1]


def _sorted_range(size: int) -> range:
    """Numbers whose order is the same in a set, by their value and by their digits."""
    return range(16_384, 16_384 + size)


def _memo() -> Iterator[Value]:
    for size in (254, 255, 256, 257, 300):
        yield f"memo/{size}-lists", lambda size=size: _twice([[] for _ in range(size)])
    yield "memo/300-strings", lambda: _twice([f"s{number}" for number in range(300)])


def _twice(items: list) -> list:
    return items + items[-3:]


def _identity() -> Iterator[Value]:
    def shared_everywhere() -> Any:
        one = [1]
        return {"a": one, "b": one, "c": {"again": one}, "pair": (one, one)}

    def shared(value: Any) -> Any:
        return [value, value, (value,)]

    def list_cycle() -> Any:
        items: list = [1]
        items.append(items)
        return items

    def dict_cycle() -> Any:
        node: dict = {"name": "n"}
        node["self"] = node
        return node

    def tuple_cycle(size: int) -> Any:
        items: list = []
        pair = (items, *range(size - 1))
        items.append(pair)
        return pair

    def two_nodes() -> Any:
        a: dict = {"name": "a"}
        a["next"] = {"name": "b", "next": a}
        return a

    yield "shared/everywhere", shared_everywhere
    builders = {
        "list": lambda: shared([]),
        "dict": lambda: shared({}),
        "set": lambda: shared({1}),
        "frozenset": lambda: shared(frozenset({1})),
        "tuple": lambda: shared((1, 2)),
        "tuple-4": lambda: shared((1, 2, 3, 4)),
        "empty-tuple": lambda: shared(()),
        "str": lambda: shared("the very same words"),
        "bytes": lambda: shared(b"the very same bytes"),
        "int": lambda: shared(5),
        "big-int": lambda: shared(2**70),
        "float": lambda: shared(1.5),
        "date": lambda: shared(datetime.date(2026, 1, 2)),
        "datetime": lambda: shared(datetime.datetime(2026, 1, 2, 3, 4, 5)),
        "decimal": lambda: shared(decimal.Decimal("1.5")),
        "uuid": lambda: shared(uuid.UUID(int=5)),
        "class": lambda: shared(collections.OrderedDict),
        "ordered-dict": lambda: shared(collections.OrderedDict(a=1)),
    }
    for name, build in builders.items():
        yield f"shared/{name}", build
    yield "equal/lists", lambda: [[1], [1]]
    yield "equal/tuples", lambda: [(1, [2]), (1, [2])]
    yield "equal/strings", lambda: ["".join(["a", " b"]), "".join(["a", " b"])]
    yield "equal/dates", lambda: [datetime.date(2026, 1, 2), datetime.date(2026, 1, 2)]
    yield "equal/dicts-of-keys", lambda: [{"id": n, "name": f"n{n}"} for n in range(5)]
    yield "cycle/list", list_cycle
    yield "cycle/dict", dict_cycle
    yield "cycle/two-nodes", two_nodes
    for size in (1, 2, 3, 4):
        yield f"cycle/tuple-{size}", lambda size=size: tuple_cycle(size)


def _times() -> Iterator[Value]:
    hour = datetime.timedelta(hours=1)
    zone = datetime.timezone
    plain = datetime.datetime(2026, 1, 2, 3, 4, 5)
    micro = plain.replace(microsecond=678901)
    values = {
        "datetime-naive": plain,
        "datetime-microseconds": micro,
        "datetime-utc": micro.replace(tzinfo=zone.utc),
        "datetime-offset": plain.replace(tzinfo=zone(5.5 * hour)),
        "datetime-named-zone": plain.replace(tzinfo=zone(-8 * hour, "PST")),
        "datetime-zone-of-seconds": plain.replace(tzinfo=zone(datetime.timedelta(seconds=1))),
        "datetime-zone-of-microseconds": plain.replace(tzinfo=zone(datetime.timedelta(0, 1, 7))),
        "datetime-fold": plain.replace(fold=1),
        "datetime-fold-utc": plain.replace(fold=1, tzinfo=zone.utc),
        "datetime-min": datetime.datetime.min,
        "datetime-max": datetime.datetime.max,
        "datetime-1970": datetime.datetime(1970, 1, 1),
        "date": datetime.date(2026, 1, 2),
        "date-min": datetime.date.min,
        "date-max": datetime.date.max,
        "date-leap": datetime.date(2024, 2, 29),
        "time": datetime.time(23, 59, 59, 999999),
        "time-zero": datetime.time(),
        "time-fold": datetime.time(1, 2, 3, fold=1),
        "time-utc": datetime.time(1, 2, 3, tzinfo=zone.utc),
        "time-fold-offset": datetime.time(1, 2, tzinfo=zone(hour), fold=1),
        "timedelta": datetime.timedelta(31, 5, 7),
        "timedelta-zero": datetime.timedelta(),
        "timedelta-negative": datetime.timedelta(microseconds=-1),
        "timedelta-min": datetime.timedelta.min,
        "timedelta-max": datetime.timedelta.max,
        "timezone-utc": zone.utc,
        "timezone-offset": zone(-hour / 2),
        "timezone-named": zone(hour, "CET"),
        "timezone-utc-named": zone(0 * hour, "Z"),
    }
    yield from _constant("time", values)
    yield "time/zone-shared", lambda: _of_one_zone(zone(2 * hour))
    if sys.version_info >= (3, 9):
        import zoneinfo

        # By a file, for not every machine has a database; the pickle holds the key alone.
        berlin = functools.partial(zoneinfo.ZoneInfo, "UTC")
        yield "time/zoneinfo", berlin
        yield "time/datetime-zoneinfo", lambda: plain.replace(tzinfo=berlin(), fold=1)


def _of_one_zone(zone: datetime.tzinfo) -> list:
    return [datetime.datetime(2026, 1, day, tzinfo=zone) for day in (1, 2)]


def _numbers() -> Iterator[Value]:
    texts = ["0", "-0", "1.10", "1E+5", "1E-7", "123456789012345678901234567890.5", "NaN", "sNaN"]
    texts += ["-NaN12", "Infinity", "-Infinity", "0E-20", "9.99E+999", "0.000001", "0.0000001"]
    for text in texts:
        yield f"decimal/{text}", lambda text=text: decimal.Decimal(text)
    values = {
        "complex": complex(1.5, -2.0),
        "complex-integral": complex(1, 2),
        "complex-special": complex(float("inf"), float("-0.0")),
        "fraction": fractions.Fraction(1, 3),
        "fraction-negative": fractions.Fraction(-(10**20), 7),
        "range": range(10),
        "range-step": range(10, -1, -3),
        "slice": slice(1, None, 2),
        "uuid": uuid.UUID("12345678-1234-5678-9234-567812345678"),
        "uuid-zero": uuid.UUID(int=0),
        "uuid-last": uuid.UUID(int=2**128 - 1),
    }
    yield from _constant("number", values)


def _collections() -> Iterator[Value]:
    yield "ordered-dict/empty", lambda: collections.OrderedDict()
    yield "ordered-dict/filled", lambda: collections.OrderedDict([("b", 1), ("a", 2.0)])
    yield "ordered-dict/attribute", _ordered_with_attribute
    yield "defaultdict/list", lambda: collections.defaultdict(list, {"a": [1]})
    yield "defaultdict/none", lambda: collections.defaultdict(None, {1: 2})
    yield "counter/empty", lambda: collections.Counter()
    yield "counter/filled", lambda: collections.Counter({"a": 2, "b": 1})
    yield "deque/empty", lambda: collections.deque()
    yield "deque/filled", lambda: collections.deque([1, 2.0, "x"])
    yield "deque/maxlen", lambda: collections.deque([1, 2], maxlen=5)
    yield "deque/cycle", _deque_cycle
    yield "chain-map", lambda: collections.ChainMap({"a": 1}, {"b": 2})
    yield "user-dict", lambda: collections.UserDict(a=1)
    yield "user-list", lambda: collections.UserList([1])
    yield "user-string", lambda: collections.UserString("x")
    yield "namespace", lambda: types.SimpleNamespace(a=1, b=[2.0])
    yield "array/ints", lambda: array.array("i", [1, -2])
    yield "array/doubles", lambda: array.array("d", [1.5])
    yield "iterator/list", lambda: iter([1, 2, 3])
    yield "iterator/range", lambda: iter(range(3))


def _ordered_with_attribute() -> Any:
    value = collections.OrderedDict(a=1)
    value.note = "x"
    return value


def _deque_cycle() -> Any:
    value: Any = collections.deque([1])
    value.append(value)
    return value


def _addresses() -> Iterator[Value]:
    values = {
        "ipv4": ipaddress.ip_address("192.168.0.1"),
        "ipv6": ipaddress.ip_address("2001:db8::1"),
        "ipv4-network": ipaddress.ip_network("10.0.0.0/8"),
        "ipv6-network": ipaddress.ip_network("2001:db8::/32"),
        "ipv4-interface": ipaddress.ip_interface("10.0.0.1/8"),
        "pure-posix-path": pathlib.PurePosixPath("/a/b.txt"),
        "pure-windows-path": pathlib.PureWindowsPath("C:/a/b"),
        "posix-path": pathlib.PosixPath("a/b"),
    }
    yield from _constant("address", values)


def _library() -> Iterator[Value]:
    errors = {
        "value-error": ValueError("no", 3),
        "empty": Exception(),
        "key-error": KeyError("k"),
        "os-error": OSError(2, "No such file"),
        "unicode-error": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        "stop": StopIteration(1),
    }
    for name, error in errors.items():
        yield f"exception/{name}", lambda error=error: error
    yield "exception/attribute", _error_with_attribute
    yield "pattern", lambda: re.compile("a+", re.IGNORECASE)
    yield "partial", lambda: functools.partial(int, base=2)
    yield "getter/attribute", lambda: operator.attrgetter("a.b")
    yield "getter/item", lambda: operator.itemgetter(1, "x")
    yield "method/of-list", lambda: [3, 1].count
    yield "method/of-class", lambda: dict.fromkeys


def _error_with_attribute() -> Exception:
    error = ValueError("no")
    error.code = 42  # type: ignore[attr-defined]
    return error


def _globals() -> Iterator[Value]:
    values = {
        "len": len,
        "int": int,
        "object": object,
        "range": range,
        "value-error": ValueError,
        "os-error": OSError,
        "ordered-dict": collections.OrderedDict,
        "default-dict": collections.defaultdict,
        "datetime": datetime.datetime,
        "ellipsis": ...,
        "not-implemented": NotImplemented,
        "reduce": functools.reduce,
        "static-method": str.maketrans,
        "unbound-method": str.join,
    }
    yield from _constant("global", values)
    # `type(None)` and its like are left out: typed JSON would name what is pickled as a call.


def _sessions() -> Iterator[Value]:
    yield "session/tiny", lambda: {"_permanent": True}
    yield "session/user", lambda: {"_permanent": True, "username": 2222}
    yield (
        "session/login",
        lambda: {
            "_permanent": True,
            "_user_id": "2222",
            "_fresh": True,
            "_id": "9f86d081884c7d65" * 8,
            "_flashes": [("message", "Saved."), ("error", "No such user.")],
            "csrf_token": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "cart": {"10": 2, "9": 1},
        },
    )
    yield (
        "session/typed",
        lambda: {
            "when": datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc),
            "price": decimal.Decimal("19.90"),
            "id": uuid.UUID(int=7),
            "pair": (1, 2.0),
            "roles": {"admin"},
            "blob": b"\x00\xff",
            "big": 2**70,
            "float": 1.0,
        },
    )
    yield "session/int-key", lambda: {7: "seven", None: "none"}
