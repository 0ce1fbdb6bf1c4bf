"""Writes compat-fixtures/pickle/2.7.18-read.json: what Python 3 reads in the pickles of Python 2.

    python3 python-harness/gen_pickle_python2_reads.py

Each pickle of compat-fixtures/pickle/2.7.18.json is read with each `encoding` that an app may ask
for; pickles of one value that Python 3 reads alike are one case.
"""

import json
import pickle
import sys
import types
from typing import Any, Dict

from fixture_files import DIRECTORY, write_fixture
from typed_json import to_typed

ENCODINGS = ("ASCII", "latin1", "bytes")
"""The default of `pickle.loads`, and the two others that read every pickle."""


class Old:
    """The class that the pickles name, as far as reading needs it."""


class New(Old):
    pass


def main() -> None:
    _install_models()
    pickles = json.loads((DIRECTORY / "pickle" / "2.7.18.json").read_text(encoding="utf-8"))
    reads: Dict[str, Dict[str, Any]] = {}
    for case in pickles["cases"]:
        for encoding in ENCODINGS:
            read = _read(bytes.fromhex(case["hex"]), encoding)
            known = reads.setdefault(
                json.dumps([case["id"], encoding, read]),
                {"id": case["id"], "encoding": encoding, "hex": [], **read},
            )
            known["hex"].append(case["hex"])
    document = {
        "schema": "pickle-read/1",
        "source": {"package": "cpython", "version": "3"},
        "generator": "python-harness/gen_pickle_python2_reads.py",
        "cases": list(reads.values()),
    }
    write_fixture(DIRECTORY / "pickle" / "2.7.18-read.json", document)


def _install_models() -> None:
    """The pickles name `shop.models`, whose real module has other classes."""
    models = types.ModuleType("shop.models")
    for cls in (Old, New):
        cls.__module__ = models.__name__
        setattr(models, cls.__name__, cls)
    sys.modules.update({"shop": types.ModuleType("shop"), "shop.models": models})


def _read(data: bytes, encoding: str) -> Dict[str, Any]:
    try:
        value = pickle.loads(data, encoding=encoding)
    except Exception as error:
        return {"expect": "reject", "error": type(error).__name__}
    return {"expect": "valid", "value": to_typed(value)}


if __name__ == "__main__":
    main()
