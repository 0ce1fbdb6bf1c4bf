"""Classes that an app keeps in its sessions: one for each way in which CPython pickles them."""

import collections
import enum


class Model:
    """Compares by what it holds, so that a copy read back can be told from a changed one."""

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None


class Product(Model):
    """A plain class: pickled as NEWOBJ and BUILD with the dict of its attributes."""

    def __init__(self, sku, price):
        self.sku = sku
        self.price = price


class Voucher(Model):
    """Has `__getstate__` and `__setstate__`: its state is no dict."""

    def __init__(self, code, percent):
        self.code = code
        self.percent = percent

    def __getstate__(self):
        return (self.code, self.percent)

    def __setstate__(self, state):
        self.code, self.percent = state


class Money(Model):
    """Has `__reduce__`: pickled as a call with arguments."""

    def __init__(self, amount, currency):
        self.amount = amount
        self.currency = currency

    def __reduce__(self):
        return (Money, (self.amount, self.currency))


class Slotted:
    """Has slots: its state is a pair, of None and the dict of its slots."""

    __slots__ = ("height", "width")

    def __init__(self, width, height):
        self.width = width
        self.height = height

    def __eq__(self, other):
        return type(other) is Slotted and (self.width, self.height) == (other.width, other.height)

    __hash__ = None


class Keyworded(Model):
    """Has `__getnewargs_ex__`: pickled as NEWOBJ_EX from protocol 4 on."""

    def __new__(cls, *, size):
        self = super().__new__(cls)
        self.size = size
        return self

    def __getnewargs_ex__(self):
        return ((), {"size": self.size})


class Basket(list):
    """A list of its own class, with an attribute beside the items."""

    def __init__(self, items=(), owner=None):
        super().__init__(items)
        self.owner = owner


class Preferences(dict):
    """A dict of its own class."""


class Slug(str):
    """A str of its own class."""


Point = collections.namedtuple("Point", ("x", "y"))


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Access(enum.Flag):
    READ = 1
    WRITE = 2


def discount(price):
    """A function: pickled as the name that leads to it."""
    return price
