"""Python values as JSON that no language's numbers can bend: each is an object with a single tag.

    none, bool               null; true or false
    int, float               text: digits; Python's repr, such as "1.0", "nan", "-inf"
    str, bytes, bytearray    text; hex; hex
    codepoints               a str as a list of numbers, where JSON would take two characters,
                             the halves of a surrogate pair, for the one that they name
    list, tuple              list of values
    set, frozenset           list of values, sorted by their JSON text
    dict                     list of pairs of values, in the dict's order
    datetime, time           list: ISO text without the zone, fold, the zone as a value
    date                     ISO text
    timedelta                list: days, seconds, microseconds
    timezone                 list: its offset as a value, its name as a value
    decimal, uuid            text
    global                   a class or function: text, its module, a dot and its name
    object                   an instance of any other class, in the pieces that pickle takes it
                             apart into: `call`, a `global`, with `args`; or `new`, a `global`,
                             with `args` and maybe `kwargs`. Then, where there are any, `state`,
                             `items` and `pairs`
    shared                   list: a number, and a value that is met again elsewhere
    same                     number of the `shared` value that stands here too

Numbers of shared values count from 1, in the order in which values are met again.
"""

import copyreg
import datetime
import decimal
import json
import pickle
import re
import types
import uuid
from typing import Any, Dict, List

Typed = Dict[str, Any]


def to_typed(value: Any) -> Typed:
    """The typed JSON of a value; what is shared or cyclic in it stays so."""
    return _Writer().value(value)


_IDENTITY_COUNTS = (list, dict, set, bytearray, datetime.date, datetime.time)
_IDENTITY_COUNTS += (decimal.Decimal, uuid.UUID)
"""Types, with those derived of them, of which two equal values are still two."""

_IDENTITY_COUNTS_IF_FILLED = (tuple, frozenset)
"""The same, but the empty value exists once in all of CPython."""


_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class _Writer:
    def __init__(self):
        self._met: Dict[int, Typed] = {}
        self._kept_alive: List[Any] = []
        self._shared = 0

    def value(self, value: Any) -> Typed:
        write = _WRITERS.get(type(value))
        if write is not None and not self._has_identity(value):
            return write(self, value)
        if _is_global(value):
            return {"global": f"{value.__module__}.{value.__qualname__}"}
        if id(value) in self._met:
            return {"same": self._number(self._met[id(value)])}
        typed: Typed = {}
        self._met[id(value)] = typed
        self._kept_alive.append(value)
        content = (write or _Writer._object)(self, value)
        if typed:  # met again inside itself
            typed["shared"].append(content)
        else:
            typed.update(content)
        return typed

    def _has_identity(self, value: Any) -> bool:
        if isinstance(value, _IDENTITY_COUNTS_IF_FILLED):
            return len(value) > 0
        return isinstance(value, _IDENTITY_COUNTS)

    def _number(self, typed: Typed) -> int:
        if "shared" not in typed:
            self._shared += 1
            content = [dict(typed)] if typed else []
            typed.clear()
            typed["shared"] = [self._shared, *content]
        return typed["shared"][0]

    def _values(self, values) -> List[Typed]:
        return [self.value(value) for value in values]

    def _pairs(self, pairs) -> List[List[Typed]]:
        return [self._values(pair) for pair in pairs]

    def _sorted(self, values) -> List[Typed]:
        return sorted(self._values(values), key=json.dumps)

    def _zoned(self, moment) -> List[Any]:
        iso = moment.replace(tzinfo=None).isoformat()
        return [iso, moment.fold, self.value(moment.tzinfo)]

    def _timezone(self, zone: datetime.timezone) -> Typed:
        offset, name = (*zone.__getinitargs__(), None)[:2]
        return {"timezone": [self.value(offset), self.value(name)]}

    def _object(self, value: Any) -> Typed:
        reduced = _reduce(value)
        if isinstance(reduced, str):
            return {"global": f"{pickle.whichmodule(value, reduced)}.{reduced}"}
        call, args, state, items, pairs = (*reduced, None, None, None)[:5]
        pieces: Dict[str, Any] = {}
        if call is copyreg.__newobj__:
            pieces.update(new=self.value(args[0]), args=self._values(args[1:]))
        elif call is copyreg.__newobj_ex__:
            pieces.update(new=self.value(args[0]), args=self._values(args[1]))
            pieces.update(kwargs=self.value(args[2]))
        else:
            pieces.update(call=self.value(call), args=self._values(args))
        if state is not None:
            pieces.update(state=self.value(state))
        if items is not None:
            pieces.update(items=self._values(items))
        if pairs is not None:
            pieces.update(pairs=self._pairs(pairs))
        return {"object": pieces}


def _is_global(value: Any) -> bool:
    """Whether a name leads to it; a built-in method of an object is made of its two parts."""
    if isinstance(value, types.BuiltinFunctionType):
        return isinstance(value.__self__, types.ModuleType)
    return isinstance(value, (type, types.FunctionType))


def _text(value: str) -> Typed:
    if _SURROGATE_PAIR.search(value):
        return {"codepoints": [ord(character) for character in value]}
    return {"str": value}


def _reduce(value: Any) -> Any:
    registered = copyreg.dispatch_table.get(type(value))
    return registered(value) if registered else value.__reduce_ex__(4)


_WRITERS = {
    type(None): lambda self, value: {"none": None},
    bool: lambda self, value: {"bool": value},
    int: lambda self, value: {"int": str(value)},
    float: lambda self, value: {"float": repr(value)},
    str: lambda self, value: _text(value),
    bytes: lambda self, value: {"bytes": value.hex()},
    bytearray: lambda self, value: {"bytearray": value.hex()},
    list: lambda self, value: {"list": self._values(value)},
    tuple: lambda self, value: {"tuple": self._values(value)},
    set: lambda self, value: {"set": self._sorted(value)},
    frozenset: lambda self, value: {"frozenset": self._sorted(value)},
    dict: lambda self, value: {"dict": self._pairs(value.items())},
    datetime.datetime: lambda self, value: {"datetime": self._zoned(value)},
    datetime.time: lambda self, value: {"time": self._zoned(value)},
    datetime.date: lambda self, value: {"date": value.isoformat()},
    datetime.timedelta: lambda self, value: {
        "timedelta": [value.days, value.seconds, value.microseconds]
    },
    datetime.timezone: lambda self, value: self._timezone(value),
    decimal.Decimal: lambda self, value: {"decimal": str(value)},
    uuid.UUID: lambda self, value: {"uuid": str(value)},
}
