"""Instances of an app's own classes, one for each way in which an object says how it is pickled."""

import dataclasses
import enum
from typing import Any, Callable, Iterator, Tuple

from shop import models


@dataclasses.dataclass
class Address:
    street: str
    tags: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Coordinates:
    latitude: float
    longitude: float


class Weekday(enum.IntFlag):
    MONDAY = 1
    SUNDAY = 64


class Number(int):
    """An int of its own class."""


class Ratio(float):
    """A float of its own class."""


class Names(set):
    """A set of its own class."""


class FixedNames(frozenset):
    pass


class Pair(tuple):
    pass


class Blob(bytes):
    pass


class Outer:
    class Inner:
        """Its name has a dot."""

        def __init__(self):
            self.x = 1

        def method(self):
            return self.x


class Empty:
    pass


class Singleton:
    """`__reduce__` gives a string: the object is a global of that name."""

    def __reduce__(self):
        return "SINGLETON"


SINGLETON = Singleton()


class SlotsAndDict(Outer.Inner):
    __slots__ = ("y",)


class Arguments:
    """Has `__getnewargs__`: NEWOBJ with arguments."""

    def __new__(cls, *args):
        self = super().__new__(cls)
        self.args = args
        return self

    def __getnewargs__(self):
        return self.args


class FalseState:
    """A state that is false is left out by `copyreg` of protocols 0 and 1."""

    def __getstate__(self):
        return 0

    def __setstate__(self, state):
        self.state = state


class Reduced:
    """`__reduce_ex__` gives whatever it was made with."""

    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce_ex__(self, protocol):
        return self.reduced


def set_state(value, state):
    value.state = state


def make(*args, **kwargs):
    return Empty()


def own_classes() -> Iterator[Tuple[str, Callable[[], Any]]]:
    yield "class/plain", lambda: models.Product("a-1", 9.5)
    yield "class/integral-float", lambda: models.Product("a-1", 9.0)
    yield "class/two-of-one", lambda: [models.Product("a", 1), models.Product("b", 2.0)]
    yield "class/empty", Empty
    yield "class/getstate", lambda: models.Voucher("x", 10)
    yield "class/false-state", FalseState
    yield "class/reduce", lambda: models.Money(5, "EUR")
    yield "class/slots", lambda: models.Slotted(3, 4)
    yield "class/slots-and-dict", _slots_and_dict
    yield "class/newargs", lambda: Arguments(1, "x", [2.0])
    yield "class/newargs-ex", lambda: models.Keyworded(size=3)
    yield "class/list", lambda: models.Basket([1, 2.0], owner="ann")
    yield "class/dict", lambda: models.Preferences(theme="dark", size=1.0)
    yield "class/str", lambda: models.Slug("a-b")
    yield "class/int", lambda: Number(5)
    yield "class/float", lambda: Ratio(0.5)
    yield "class/set", lambda: Names({1, 2})
    yield "class/frozenset", lambda: FixedNames({3})
    yield "class/tuple", lambda: Pair((1, 2))
    yield "class/bytes", lambda: Blob(b"x")
    yield "class/namedtuple", lambda: models.Point(1, 2.0)
    yield "class/dataclass", lambda: Address("Main", ["home"])
    yield "class/dataclass-frozen", lambda: Coordinates(48.1, 11.0)
    yield "class/inner", Outer.Inner
    yield "class/nested-name", lambda: Outer.Inner
    yield "class/bound-method", lambda: Outer.Inner().method
    yield "class/itself", lambda: models.Product
    yield "class/function", lambda: models.discount
    yield "class/singleton", lambda: SINGLETON
    yield "class/cycle", _cycle
    yield "class/shared", _shared
    yield "class/in-containers", lambda: {"a": [models.Slug("x")], "b": (Number(1),)}
    yield "enum/plain", lambda: models.Color.RED
    yield "enum/int", lambda: models.Level.HIGH
    yield "enum/flag", lambda: models.Access.READ | models.Access.WRITE
    yield "enum/int-flag", lambda: Weekday.MONDAY | Weekday.SUNDAY
    yield "enum/twice", lambda: [models.Color.RED, models.Color.RED]
    yield "reduce/call", lambda: Reduced(make, ())
    yield "reduce/arguments", lambda: Reduced(make, (1, "x", [2.0]))
    yield "reduce/state", lambda: Reduced(make, (), {"a": 1})
    yield "reduce/list-items", lambda: Reduced(models.Basket, (), None, iter([1, 2.0]))
    yield "reduce/dict-items", lambda: Reduced(dict, (), None, None, iter([("a", 1), ("b", 2.0)]))
    yield "reduce/state-setter", lambda: Reduced(make, (), {"a": 1}, None, None, set_state)
    yield "reduce/everything", lambda: Reduced(models.Basket, ([0],), {"owner": 1}, iter([1]))


def _slots_and_dict() -> Any:
    value = SlotsAndDict()
    value.y = 2
    return value


def _cycle() -> Any:
    value = models.Product("a", None)
    value.price = value
    return [value]


def _shared() -> Any:
    value = models.Product("a", 1)
    return [value, value]
