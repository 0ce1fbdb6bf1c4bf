"""Writes compat-fixtures/pickle/<Python>.json: what a CPython, such as 3.8, pickles values to.

    python3.8 python-harness/gen_pickle.py

Each value by each protocol, by the C pickler and by the one in Python. The files of later Pythons
hold only what 3.8 wrote otherwise, or not at all.
"""

import hashlib
import io
import json
import pickle
import platform
from typing import Any, Callable, Dict, List

from determinism import fix_hash_seed
from fixture_files import DIRECTORY, write_fixture
from pickle_values import all_values
from typed_json import to_typed

Case = Dict[str, Any]

BASE = DIRECTORY / "pickle" / "3.8.json"
LONG = 2048
"""Bytes from which on the pickle of a `large/` value is written down as its digest alone."""


def main() -> None:
    fix_hash_seed()
    assert platform.python_implementation() == "CPython"
    version = ".".join(platform.python_version_tuple()[:2])
    cases = [case for name, build in all_values() for case in _cases(name, build)]
    path = DIRECTORY / "pickle" / f"{version}.json"
    if path != BASE:
        cases = _without(cases, json.loads(BASE.read_text(encoding="utf-8"))["cases"])
    document = {
        "schema": "pickle/1",
        "source": {"package": "cpython", "version": version},
        "generator": "python-harness/gen_pickle.py",
        "cases": cases,
    }
    write_fixture(path, document)


def _cases(name: str, build: Callable[[], Any]) -> List[Case]:
    """The pickles of one value: a case for all of them, or as many as they are read differently."""
    cases: Dict[str, Case] = {}
    for protocol in range(6):
        pickles: Dict[bytes, List[str]] = {}
        for pickler, dumps in PICKLERS.items():
            try:
                data = dumps(build(), protocol)
            except Exception:  # such as of an object that the protocol has no opcodes for
                continue
            pickles.setdefault(data, []).append(pickler)
        for data, picklers in pickles.items():
            value = to_typed(pickle.loads(data))
            case = cases.setdefault(json.dumps(value), {"id": name, "value": value, "pickles": []})
            case["pickles"].append({"protocol": protocol, "by": picklers, **_bytes(name, data)})
    return list(cases.values())


def _without(cases: List[Case], known: List[Case]) -> List[Case]:
    """The cases without the pickles that are known already."""
    keys = {_key(case, each) for case in known for each in case["pickles"]}
    left = []
    for case in cases:
        pickles = [each for each in case["pickles"] if _key(case, each) not in keys]
        if pickles:
            left.append({**case, "pickles": pickles})
    return left


def _key(case: Case, each: Any) -> str:
    return json.dumps([case["id"], case["value"], each])


def _dumps_in_python(value: Any, protocol: int) -> bytes:
    file = io.BytesIO()
    pickle._Pickler(file, protocol).dump(value)
    return file.getvalue()


def _bytes(name: str, data: bytes) -> Dict[str, Any]:
    if len(data) < LONG or not name.startswith("large/"):
        return {"hex": data.hex()}
    return {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}


PICKLERS = {"c": pickle.dumps, "python": _dumps_in_python}

if __name__ == "__main__":
    main()
