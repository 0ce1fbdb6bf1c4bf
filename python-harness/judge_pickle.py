"""Says what CPython makes of pickles, for tests that make them up as they go.

Reads a JSON object from standard input and writes a JSON list, an answer to each question:

    {"same": [[hex, hex], ...]}  whether two pickles hold values of the same types, in the same
                                 order, with the same sharing; `null` if this Python cannot load the
                                 first, the name of an error if it cannot load the second
    {"accepts": [hex, ...]}      `true`, or the error as [class, text]
    {"cut": [hex, ...]}          the lengths to which a pickle can be cut and still be loaded
"""

import io
import json
import pickle
import resource
import sys
from typing import Any, List, Optional, Union

from typed_json import to_typed

MEMORY = 4 * 1024**3
"""Damaged pickles ask for memo slots that no machine has the memory for."""

MODULES = {"datetime", "decimal", "uuid", "collections", "copyreg", "copy_reg", "shop.models"}
MODULES |= {"pickle_models", "fractions", "ipaddress"}
HARMLESS = {"complex", "range", "slice", "bytearray", "bytes", "set", "frozenset", "object", "list"}
HARMLESS |= {"dict", "tuple", "int", "float", "str", "getattr"}


class _Unpickler(pickle.Unpickler):
    """Finds nothing that could do harm when a damaged pickle calls it."""

    def find_class(self, module: str, name: str) -> Any:
        known = module in MODULES or (module in ("builtins", "__builtin__") and name in HARMLESS)
        if not known:
            raise LookupError("not among the classes that are called here")
        return super().find_class(module, name)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    questions = json.load(sys.stdin)
    answers: List[Any] = [_same(*pair) for pair in questions.get("same", ())]
    answers += [_accepts(bytes.fromhex(data)) for data in questions.get("accepts", ())]
    answers += [_lengths(bytes.fromhex(data)) for data in questions.get("cut", ())]
    json.dump(answers, sys.stdout)


def _same(original: str, written: str) -> Union[bool, str, None]:
    try:
        expected = to_typed(pickle.loads(bytes.fromhex(original)))
    except Exception:
        return None
    try:
        return to_typed(pickle.loads(bytes.fromhex(written))) == expected
    except Exception as error:
        return type(error).__name__


def _lengths(data: bytes) -> List[int]:
    return [length for length in range(len(data)) if _accepts(data[:length]) is True]


def _accepts(data: bytes) -> Union[bool, List[Optional[str]]]:
    try:
        _Unpickler(io.BytesIO(data)).load()
    except BaseException as error:
        return [type(error).__name__, str(error)]
    return True


if __name__ == "__main__":
    main()
