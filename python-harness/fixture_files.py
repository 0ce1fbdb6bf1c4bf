"""Writes fixture files: one line to each field of a case, so that a diff shows what changed."""

import json
import pathlib
from typing import Any, Dict

DIRECTORY = pathlib.Path(__file__).resolve().parent.parent / "compat-fixtures"


def write_fixture(path: pathlib.Path, document: Dict[str, Any]) -> None:
    """Writes a document whose lists of cases hold flat objects; the order of keys is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = [f"{_json(name)}: {_field(value)}" for name, value in document.items()]
    path.write_text("{\n  " + ",\n  ".join(fields) + "\n}\n", encoding="utf-8")


def _field(value: Any) -> str:
    is_cases = isinstance(value, list) and value and all(isinstance(case, dict) for case in value)
    return _cases(value) if is_cases else _json(value)


def _cases(cases) -> str:
    written = []
    for case in cases:
        lines = [f"{_json(name)}: {_json(value)}" for name, value in case.items()]
        written.append("    {\n      " + ",\n      ".join(lines) + "\n    }")
    return "[\n" + ",\n".join(written) + "\n  ]"


def _json(value: Any) -> str:
    """ASCII alone, for a lone surrogate is no UTF-8."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
