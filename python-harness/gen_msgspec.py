"""Writes compat-fixtures/msgspec/<release>.json: what msgspec writes, and what it reads in bytes.

For the msgspec of an environment, whichever release that is:

    <environment's python> python-harness/gen_msgspec.py
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from fixture_files import DIRECTORY, write_fixture
from msgspec_inputs import all_inputs
from msgspec_values import Value, all_values
from typed_json import to_typed

FORMATS = {"msgpack": msgspec.msgpack, "json": msgspec.json}
"""Used as Flask-Session uses them: encoders and decoders without arguments."""


def main() -> None:
    encoded = [case for value in all_values() for case in _encoded(value)]
    decoded = [
        {**each._asdict(), **_read(each.format, bytes.fromhex(each.hex))} for each in all_inputs()
    ]
    document = {
        "schema": "msgspec/1",
        "source": {"package": "msgspec", "version": msgspec.__version__},
        "generator": "python-harness/gen_msgspec.py",
        "encoded": encoded,
        "decoded": decoded,
    }
    for cases in (encoded, decoded):
        ids = [case["id"] for case in cases]
        assert len(ids) == len(set(ids)), "two cases with one id"
    write_fixture(DIRECTORY / "msgspec" / f"{msgspec.__version__}.json", document)


def _encoded(value: Value) -> Iterator[dict[str, Any]]:
    """What a value is in each format; `reads` is what msgspec makes of it again, if it can."""
    for name, module in FORMATS.items():
        case = {"id": f"{name}/{value.id}", "note": value.note, "format": name}
        case["value"] = to_typed(value.value)
        try:
            data = module.Encoder().encode(value.value)
        except Exception as error:
            yield {**case, "expect": "reject", "error": type(error).__name__}
        else:
            again = _read(name, data)
            yield {**case, "expect": "valid", "hex": data.hex(), "reads": again.get("value")}


def _read(name: str, data: bytes) -> dict[str, Any]:
    """What msgspec makes of bytes."""
    try:
        value = FORMATS[name].Decoder().decode(data)
    except Exception as error:
        return {"expect": "reject", "error": type(error).__name__}
    return {"expect": "valid", "value": to_typed(value)}


if __name__ == "__main__":
    main()
