"""Says what itsdangerous and Werkzeug make of texts, for tests that make texts up as they go.

Reads a JSON object from standard input: lists of `tokens`, of [hash, password] in `passwords`, and
of Cookie headers in `cookies`. Writes what came of each: for a token the value and the text that
itsdangerous writes for it at the same time, or the exception's name.
"""

import json
import sys
import time
from typing import Any

import itsdangerous
from werkzeug.sansio.http import parse_cookie
from werkzeug.security import check_password_hash

from typed_json import to_typed

SECRET_KEY = "a key of the tests"
NOW = 1767323045


def main() -> None:
    time.time = lambda: NOW
    asked = json.load(sys.stdin)
    answer = {
        "tokens": [_loaded(token) for token in asked.get("tokens", [])],
        "passwords": [check_password_hash(*pair) for pair in asked.get("passwords", [])],
        "cookies": [
            list(parse_cookie(header).items(multi=True)) for header in asked.get("cookies", [])
        ],
    }
    json.dump(answer, sys.stdout)


def _loaded(token: str) -> dict[str, Any]:
    serializer = itsdangerous.URLSafeTimedSerializer(SECRET_KEY)
    try:
        value = serializer.loads(token, max_age=60)
    except (itsdangerous.BadData, ArithmeticError, ValueError) as error:
        return {"raises": type(error).__name__}
    return {"value": to_typed(value), "written": serializer.dumps(value)}


if __name__ == "__main__":
    main()
