"""Says what msgspec makes of bytes, for tests that make bytes up as they go.

Reads a JSON list of [format, hex] from standard input, and writes a JSON list of what came of each:
the value that was read and the bytes that msgspec writes for it, or the error's name.
"""

import json
import sys
from typing import Any

import msgspec

from typed_json import to_typed

FORMATS = {"msgpack": msgspec.msgpack, "json": msgspec.json}


def main() -> None:
    inputs = json.load(sys.stdin)
    json.dump([_judged(FORMATS[name], bytes.fromhex(data)) for name, data in inputs], sys.stdout)


def _judged(module: Any, data: bytes) -> dict[str, Any]:
    try:
        value = module.Decoder().decode(data)
    except Exception as error:
        return {"expect": "reject", "error": type(error).__name__}
    return {"expect": "valid", "value": to_typed(value), "written": _written(module, value)}


def _written(module: Any, value: Any) -> Any:
    try:
        return module.Encoder().encode(value).hex()
    except Exception:
        return None


if __name__ == "__main__":
    main()
