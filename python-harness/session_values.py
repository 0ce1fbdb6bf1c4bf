"""The session values that every release is asked to write, each with an id that never changes.

A value is built anew for each use, for some are mutable. Identity is part of a value: CPython
pickles an object met twice as a reference, so each builder shares and does not share on purpose.
No set holds two strings: their order follows the hash function, which differs between Pythons.
"""

import datetime
import decimal
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple

from markupsafe import Markup

from shop import models

Session = dict[Any, Any]


class SessionValue(NamedTuple):
    """What an app puts into its session, besides the `_permanent` that Flask-Session adds."""

    id: str
    note: str
    build: Callable[[], Session]


def session_values(format_name: str) -> list[SessionValue]:
    """Everything below that matters to a format, in a fixed order."""
    groups = (_apps, _text, _integers, _floats, _scalars, _containers, _keys, _sizes, _identity)
    groups += (_times, _library_classes, _own_classes)
    if format_name == "pickle":
        groups += (_pickle_batches,)
    return [value for group in groups for value in group()]


def _apps() -> Iterator[SessionValue]:
    """Sessions as Flask and its extensions leave them."""
    yield SessionValue("login", "a user's number", lambda: {"username": 2222})
    yield SessionValue(
        "flask-login",
        "keys of Flask-Login 0.6",
        lambda: {"_user_id": "2222", "_fresh": True, "_id": "9f86d081884c7d65" * 8},
    )
    yield SessionValue(
        "flashes",
        "flash() keeps a list of tuples",
        lambda: {"_flashes": [("message", "Saved."), ("error", "No such user.")]},
    )
    yield SessionValue(
        "csrf-token",
        "key of Flask-WTF",
        lambda: {"csrf_token": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    )
    yield SessionValue(
        "oauth-state",
        "key of Authlib, with a float of seconds",
        lambda: {
            "_state_google_x1": {
                "data": {"redirect_uri": "https://shop.example/cb", "nonce": "n-0S6"},
                "exp": 1767322445.123456,
            }
        },
    )
    yield SessionValue(
        "cart-index-keys",
        "str keys that look like array indices, not in numerical order",
        lambda: {"cart": {"10": 1, "9": 2}},
    )
    yield SessionValue(
        "index-keys-on-top",
        "the same in the session itself",
        lambda: {"10": "ten", "user": "ann", "9": "nine"},
    )
    yield SessionValue(
        "nested",
        "dicts and lists in each other",
        lambda: {"a": {"b": [{"c": [[], [1, [2, [3]]], {"d": {}}]}]}, "e": [None, True, "x"]},
    )


def _text() -> Iterator[SessionValue]:
    yield SessionValue("str-empty", "", lambda: {"text": ""})
    yield SessionValue(
        "str-unicode",
        "two, three and four bytes of UTF-8",
        lambda: {"name": "Zoë", "city": "京都", "mood": "🦊", "größe": "ß"},
    )
    yield SessionValue(
        "str-controls",
        "characters that line formats escape",
        lambda: {"text": 'nul\0 lf\n cr\r tab\t sub\x1a del\x7f quote" slash\\ ls\u2028 bom\ufeff'},
    )
    yield SessionValue("str-255", "longest short form", lambda: {"text": "s" * 255})
    yield SessionValue("str-256", "shortest long form", lambda: {"text": "s" * 256})
    yield SessionValue("str-lone-surrogate", "half a pair", lambda: {"text": "a\ud83dz"})
    yield SessionValue(
        "str-surrogate-pair",
        "a pair as two characters, which is not the character that it names",
        lambda: {"text": "\ud83e\udd8a"},
    )


def _integers() -> Iterator[SessionValue]:
    edges = [0, 1, -1, 127, 128, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -(2**31)]
    edges += [-128, -129, -32768, -32769, -(2**31) - 1, 2**32 - 1, 2**32, 2**53 - 1, 1 - 2**53]
    yield SessionValue("int-edges", "each width up to 53 bits", lambda: {"n": list(edges)})
    named = (
        ("int-2-40-negative", -(2**40), "read with the wrong sign by one JavaScript reader"),
        ("int-2-53", 2**53, "first that a double cannot tell from its neighbour"),
        ("int-2-53-plus-1", 2**53 + 1, "no double"),
        ("int-2-53-negative-minus-1", -(2**53) - 1, "no double"),
        ("int-2-63-minus-1", 2**63 - 1, "last int64"),
        ("int-2-63", 2**63, "first beyond int64"),
        ("int-2-63-negative", -(2**63), "first int64"),
        ("int-below-2-63-negative", -(2**63) - 1, "below int64"),
        ("int-2-64-minus-1", 2**64 - 1, "last uint64"),
        ("int-2-64", 2**64, "first beyond uint64"),
        ("int-2-100-negative", -(2**100), "13 bytes"),
        ("int-255-bytes", 2**2032, "longest LONG1"),
        ("int-256-bytes", 2**2040, "shortest LONG4"),
    )
    for name, number, note in named:
        yield SessionValue(name, note, lambda number=number: {"n": number})


def _floats() -> Iterator[SessionValue]:
    yield SessionValue("float-integral", "1.0 is not 1", lambda: {"price": 1.0, "count": 1})
    yield SessionValue(
        "float-integral-inside",
        "in each kind of container, beside an int",
        lambda: {
            "list": [2.0, 2, 3],
            "tuple": (3.0, 3),
            "dict": {"a": 4.0, "b": 4},
            "deep": [{"x": (5.0, [6.0])}],
        },
    )
    yield SessionValue("float-negative-zero", "", lambda: {"x": -0.0, "y": 0.0, "z": 0})
    yield SessionValue("float-nan", "", lambda: {"x": float("nan")})
    yield SessionValue("float-infinite", "", lambda: {"x": [float("inf"), float("-inf")]})
    yield SessionValue(
        "float-edges",
        "largest, smallest, and where a decimal form changes its shape",
        lambda: {"x": [1e308, 5e-324, 2.5, 0.1, 1e16, 1e21, 1e22, 1e-5, 1e-7, 2.0**53, -1e300]},
    )


def _scalars() -> Iterator[SessionValue]:
    yield SessionValue("none-and-bools", "", lambda: {"a": None, "b": True, "c": False})
    yield SessionValue("bytes", "all 256", lambda: {"blob": bytes(range(256))})
    yield SessionValue("bytes-empty", "", lambda: {"blob": b""})
    yield SessionValue("bytearray", "", lambda: {"blob": bytearray(b"\x00\x80\xff")})
    yield SessionValue("complex", "", lambda: {"z": complex(1.5, -2.0)})
    yield SessionValue("range", "", lambda: {"r": range(1, 10, 3)})


def _containers() -> Iterator[SessionValue]:
    yield SessionValue("dict-empty", "", lambda: {"d": {}})
    yield SessionValue("list-empty", "", lambda: {"l": []})
    yield SessionValue("tuple-empty", "", lambda: {"t": ()})
    yield SessionValue(
        "tuple-sizes",
        "one, two, three and four items, and a tuple in a tuple",
        lambda: {
            "t1": (1,),
            "t2": (1, 2),
            "t3": (1, 2, 3),
            "t4": (1, 2, 3, 4),
            "tt": ((), ((7,),)),
        },
    )
    yield SessionValue("set", "of ints", lambda: {"s": {3, 1, 2}})
    yield SessionValue("set-empty", "", lambda: {"s": set()})
    yield SessionValue("set-of-str", "", lambda: {"s": {"admin"}})
    yield SessionValue("set-of-tuples", "", lambda: {"s": {(1, 2)}})
    yield SessionValue("set-of-floats", "", lambda: {"s": {1.0, 2.5}})
    yield SessionValue("frozenset", "", lambda: {"s": frozenset({1, 2, 3})})
    yield SessionValue("frozenset-empty", "", lambda: {"s": frozenset()})


def _keys() -> Iterator[SessionValue]:
    yield SessionValue(
        "prototype-keys",
        "names that mean something on a JavaScript object",
        lambda: {
            "__proto__": {"admin": True},
            "constructor": "c",
            "toString": 1,
            "hasOwnProperty": None,
            "inner": {"__proto__": [1], "valueOf": 2},
        },
    )
    yield SessionValue(
        "method-keys",
        "names of the session's own methods, here and in Express",
        lambda: {"save": 1, "destroy": 2, "regenerate": 3, "cookie": 4, "id": 5, "clear": 6},
    )
    yield SessionValue("key-empty", "", lambda: {"": 1})
    yield SessionValue("key-int", "in a dict inside", lambda: {"d": {1: "one", 2: "two"}})
    yield SessionValue("key-int-and-str", "", lambda: {"d": {1: "int", "1": "str"}})
    yield SessionValue("key-float", "", lambda: {"d": {1.5: "a", 2.0: "b"}})
    yield SessionValue("key-none-and-bools", "", lambda: {"d": {None: 0, True: 1, False: 2}})
    yield SessionValue("key-tuple", "", lambda: {"d": {(1, "a"): "x"}})
    yield SessionValue("key-bytes", "", lambda: {"d": {b"k": "x"}})
    yield SessionValue("key-big-int", "", lambda: {"d": {2**64: "x"}})
    yield SessionValue("key-int-on-top", "in the session itself", lambda: {7: "seven"})
    yield SessionValue("key-none-on-top", "in the session itself", lambda: {None: "none"})


def _sizes() -> Iterator[SessionValue]:
    yield SessionValue("list-1000", "", lambda: {"l": _numbers(1000)})
    yield SessionValue("dict-1000", "", lambda: {"d": _numbered_keys(1000)})
    yield SessionValue(
        "str-66000", "its size needs more than 16 bits", lambda: {"text": "l" * 66000}
    )
    yield SessionValue("depth-60", "lists in lists", lambda: {"l": _nested_lists(60)})


def _pickle_batches() -> Iterator[SessionValue]:
    """CPython pickles in batches of 1000 items, and in frames of 64 KiB."""
    for size in (1001, 2500):
        yield SessionValue(f"list-{size}", "", lambda size=size: {"l": _numbers(size)})
        yield SessionValue(f"dict-{size}", "", lambda size=size: {"d": _numbered_keys(size)})
    yield SessionValue("bytes-66000", "longer than a frame", lambda: {"blob": b"l" * 66000})
    yield SessionValue("set-1001", "", lambda: {"s": set(range(1001))})
    yield SessionValue("session-of-1000", "one batch exactly", lambda: _numbered_keys(999))
    yield SessionValue(
        "frames",
        "70 KB in items that are shorter than a frame",
        lambda: {"l": [chr(0x41 + number) * 2000 for number in range(35)]},
    )


def _identity() -> Iterator[SessionValue]:
    def shared() -> Session:
        one = [1]
        return {"a": one, "b": one, "c": {"again": one}, "pair": (one, one)}

    def shared_text() -> Session:
        text = "the very same words"
        return {"a": text, "b": text}

    def equal_text() -> Session:
        return {"a": "".join(["the same", " words"]), "b": "".join(["the same", " words"])}

    def shared_times() -> Session:
        when = datetime.date(2026, 1, 2)
        return {"a": when, "b": when, "c": datetime.date(2026, 1, 2)}

    def list_cycle() -> Session:
        items: list[Any] = [1]
        items.append(items)
        return {"l": items}

    def dict_cycle() -> Session:
        node: Session = {"name": "n"}
        node["self"] = node
        return {"d": node}

    def tuple_cycle() -> Session:
        items: list[Any] = []
        pair = (1, items)
        items.append(pair)
        return {"t": pair}

    yield SessionValue("shared-list", "one list in five places", shared)
    yield SessionValue("shared-str", "one str object in two places", shared_text)
    yield SessionValue("equal-str", "two str objects with the same text", equal_text)
    yield SessionValue(
        "shared-date", "one date in two places, an equal one in a third", shared_times
    )
    yield SessionValue("cycle-list", "a list that holds itself", list_cycle)
    yield SessionValue("cycle-dict", "a dict that holds itself", dict_cycle)
    yield SessionValue("cycle-tuple", "a tuple in a list that it holds", tuple_cycle)


def _times() -> Iterator[SessionValue]:
    hour = datetime.timedelta(hours=1)
    plain = datetime.datetime(2026, 1, 2, 3, 4, 5)
    micro = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
    named = (
        ("datetime-naive", "", plain),
        ("datetime-microseconds", "", micro),
        ("datetime-utc", "", micro.replace(tzinfo=datetime.timezone.utc)),
        ("datetime-offset", "", plain.replace(tzinfo=datetime.timezone(5 * hour + hour / 2))),
        ("datetime-named-zone", "", plain.replace(tzinfo=datetime.timezone(-8 * hour, "PST"))),
        ("datetime-fold", "second of two equal times", plain.replace(fold=1)),
        ("datetime-min", "", datetime.datetime.min),
        ("datetime-max", "", datetime.datetime.max),
        ("date", "", datetime.date(2026, 1, 2)),
        ("time", "", datetime.time(23, 59, 59, 999999)),
        ("time-utc", "", datetime.time(1, 2, 3, tzinfo=datetime.timezone.utc)),
        ("timedelta", "", datetime.timedelta(days=31, seconds=5, microseconds=7)),
        ("timedelta-negative", "", datetime.timedelta(microseconds=-1)),
        ("timezone-utc", "", datetime.timezone.utc),
        ("timezone-offset", "", datetime.timezone(-hour / 2)),
    )
    for name, note, moment in named:
        yield SessionValue(name, note, lambda moment=moment: {"when": moment})


def _library_classes() -> Iterator[SessionValue]:
    """Classes of the standard library, and of what Flask itself brings."""
    texts = ("1.10", "-0", "1E+5", "123456789012345678901234567890.5")
    yield SessionValue("decimal", "", lambda: {"price": [decimal.Decimal(text) for text in texts]})
    yield SessionValue(
        "decimal-special",
        "",
        lambda: {"price": [decimal.Decimal("NaN"), decimal.Decimal("-Infinity")]},
    )
    yield SessionValue(
        "uuid", "", lambda: {"id": uuid.UUID("12345678-1234-5678-9234-567812345678")}
    )
    yield SessionValue("ordered-dict", "", lambda: {"o": OrderedDict([("b", 1), ("a", 2)])})
    yield SessionValue("defaultdict", "", lambda: {"o": defaultdict(list, {"a": [1]})})
    yield SessionValue("counter", "", lambda: {"o": Counter({"a": 2, "b": 1})})
    yield SessionValue("deque", "", lambda: {"o": deque([1, 2], maxlen=5)})
    yield SessionValue(
        "markup",
        "str of its own class; what flash(Markup()) keeps",
        lambda: {"html": Markup("<b>1</b>")},
    )
    yield SessionValue("exception", "", lambda: {"error": ValueError("no", 3)})


def _own_classes() -> Iterator[SessionValue]:
    """Classes of the app, which no reader outside of it has."""
    yield SessionValue("class-plain", "", lambda: {"o": models.Product("a-1", 9.5)})
    yield SessionValue(
        "class-twice", "the class is named once, then fetched", lambda: {"o": _two_products()}
    )
    yield SessionValue("class-getstate", "", lambda: {"o": models.Voucher("x", 10)})
    yield SessionValue("class-reduce", "", lambda: {"o": models.Money(5, "EUR")})
    yield SessionValue("class-slots", "", lambda: {"o": models.Slotted(3, 4)})
    yield SessionValue("class-newargs-ex", "", lambda: {"o": models.Keyworded(size=3)})
    yield SessionValue("class-list", "", lambda: {"o": models.Basket([1, 2.0], owner="ann")})
    yield SessionValue("class-dict", "", lambda: {"o": models.Preferences(theme="dark")})
    yield SessionValue("class-str", "", lambda: {"o": models.Slug("a-b")})
    yield SessionValue("class-namedtuple", "", lambda: {"o": models.Point(1, 2.0)})
    yield SessionValue("enum", "", lambda: {"o": models.Color.RED})
    yield SessionValue("enum-int", "", lambda: {"o": models.Level.HIGH})
    yield SessionValue("enum-flag", "", lambda: {"o": models.Access.READ | models.Access.WRITE})
    yield SessionValue("class-itself", "", lambda: {"o": models.Product})
    yield SessionValue("function", "", lambda: {"o": models.discount})


def _numbers(size: int) -> list[int]:
    return [number % 100 for number in range(size)]


def _numbered_keys(size: int) -> Session:
    return {f"k{number}": number % 100 for number in range(size)}


def _nested_lists(depth: int) -> list[Any]:
    outer: list[Any] = []
    for _ in range(depth - 1):
        outer = [outer]
    return outer


def _two_products() -> list[models.Product]:
    return [models.Product("a-1", 1), models.Product("b-2", 2.0)]
