"""Says what Flask-Session reads in stored bytes, for tests that make bytes up as they go.

Reads a JSON list of hex from standard input, and writes a JSON list of what the serializer gives
for each, with SESSION_SERIALIZATION_FORMAT msgpack and json: the value, or the error's name.
Pickles are loaded: the bytes must come from someone whom this machine trusts.
"""

import json
import logging
import sys
from typing import Any, Dict

import flask
from flask_session.base import MsgSpecSerializer

from typed_json import to_typed


def main() -> None:
    app = flask.Flask("judge")
    app.logger.setLevel(logging.CRITICAL)
    serializers = {name: MsgSpecSerializer(app, name) for name in ("msgpack", "json")}
    judged = [
        {name: _read(serializer, bytes.fromhex(data)) for name, serializer in serializers.items()}
        for data in json.load(sys.stdin)
    ]
    json.dump(judged, sys.stdout)


def _read(serializer: MsgSpecSerializer, data: bytes) -> Dict[str, Any]:
    try:
        return {"expect": "valid", "value": to_typed(serializer.decode(data))}
    except Exception as error:
        return {"expect": "reject", "error": type(error).__name__}


if __name__ == "__main__":
    main()
