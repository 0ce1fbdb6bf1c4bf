"""Python values from the JSON of typed_json.py, type for type and identity for identity.

Calls whatever a `global` names, so it reads what the harness itself wrote and nothing else.
"""

import datetime
import decimal
import pkgutil
import uuid
from typing import Any, Dict, Optional

from typed_json import Typed


def from_typed(typed: Typed) -> Any:
    """The value of typed JSON.

    Raises ValueError for what is not in typed_json's table, and for a tuple, a frozenset or the
    arguments of an object that are met again inside themselves.
    """
    return _Reader().value(typed)


class _Reader:
    def __init__(self):
        self._shared: Dict[int, Any] = {}

    def value(self, typed: Typed, number: Optional[int] = None) -> Any:
        """One value; with a number, that under which it is met again, maybe inside itself."""
        if not isinstance(typed, dict) or len(typed) != 1:
            raise ValueError("typed JSON is an object with a single tag")
        [(tag, content)] = typed.items()
        if tag == "shared":
            return self.value(content[1], content[0])
        if tag == "same" and content in self._shared:
            return self._shared[content]
        if tag in _FILLED_LATER:
            return self._container(tag, content, number)
        if tag == "object":
            return self._object(content, number)
        if tag not in _READERS:
            raise ValueError(f"cannot read typed JSON here: {tag}")
        return self._note(_READERS[tag](self, content), number)

    def _note(self, value: Any, number: Optional[int]) -> Any:
        if number is not None:
            self._shared[number] = value
        return value

    def _container(self, tag: str, content: Any, number: Optional[int]) -> Any:
        """What can be met again inside itself is made before what is in it."""
        empty = self._note(_FILLED_LATER[tag](), number)
        if tag == "dict":
            empty.update((self.value(key), self.value(value)) for key, value in content)
        elif tag == "list":
            empty.extend(self._values(content))
        else:
            empty.update(self._values(content))
        return empty

    def _object(self, pieces: Dict[str, Any], number: Optional[int]) -> Any:
        """Puts an instance together as an unpickler does."""
        args = self._values(pieces["args"])
        if "new" in pieces:
            cls = self.value(pieces["new"])
            kwargs = self.value(pieces["kwargs"]) if "kwargs" in pieces else {}
            value = cls.__new__(cls, *args, **kwargs)
        else:
            value = self.value(pieces["call"])(*args)
        self._note(value, number)
        for item in pieces.get("items", ()):
            value.append(self.value(item))
        for key, item in pieces.get("pairs", ()):
            value[self.value(key)] = self.value(item)
        if "state" in pieces:
            _set_state(value, self.value(pieces["state"]))
        return value

    def _values(self, contents) -> list:
        return [self.value(content) for content in contents]

    def _zoned(self, cls, content) -> Any:
        iso, fold, zone = content
        return cls.fromisoformat(iso).replace(fold=fold, tzinfo=self.value(zone))

    def _timezone(self, content) -> datetime.timezone:
        offset, name = self._values(content)
        return datetime.timezone(offset) if name is None else datetime.timezone(offset, name)


def _set_state(value: Any, state: Any) -> None:
    if hasattr(value, "__setstate__"):
        value.__setstate__(state)
        return
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    if attributes:
        vars(value).update(attributes)
    for name, content in (slots or {}).items():
        setattr(value, name, content)


def _global(name: str) -> Any:
    """A class or function by module and qualified name; the module is imported."""
    return pkgutil.resolve_name(name)


_FILLED_LATER = {"list": list, "dict": dict, "set": set}

_READERS = {
    "none": lambda self, content: None,
    "bool": lambda self, content: bool(content),
    "int": lambda self, content: int(content),
    "float": lambda self, content: float(content),
    "str": lambda self, content: content,
    "bytes": lambda self, content: bytes.fromhex(content),
    "bytearray": lambda self, content: bytearray.fromhex(content),
    "tuple": lambda self, content: tuple(self._values(content)),
    "frozenset": lambda self, content: frozenset(self._values(content)),
    "datetime": lambda self, content: self._zoned(datetime.datetime, content),
    "time": lambda self, content: self._zoned(datetime.time, content),
    "date": lambda self, content: datetime.date.fromisoformat(content),
    "timedelta": lambda self, content: datetime.timedelta(*content),
    "timezone": lambda self, content: self._timezone(content),
    "decimal": lambda self, content: decimal.Decimal(content),
    "uuid": lambda self, content: uuid.UUID(content),
    "global": lambda self, content: _global(content),
}
