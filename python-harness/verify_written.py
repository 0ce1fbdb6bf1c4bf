"""Reads sessions that another program stored, through the Flask-Session of this environment.

    REDIS_URL=... <environment's python> python-harness/verify_written.py < cookies > readings

Each line of the input is a Cookie header as a JSON string. The line of output for it is an object:
`value`, what the session held, as typed JSON; or `error`, the class of what was raised. Nothing is
stored: a session is opened, and that is all.
"""

import argparse
import json
import logging
import os
import sys
from typing import Any

from werkzeug.test import EnvironBuilder

from recorded_app import RecordedApp
from typed_json import to_typed


def main() -> None:
    logging.disable(logging.CRITICAL)  # what a release refuses is in the output
    app = RecordedApp(os.environ["REDIS_URL"], _config())
    for line in sys.stdin:
        print(json.dumps(_reading(app, json.loads(line))))


def _config() -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--prefix", default="session:", help="SESSION_KEY_PREFIX")
    parser.add_argument("--signer", action="store_true", help="SESSION_USE_SIGNER")
    options = parser.parse_args()
    return {"SESSION_KEY_PREFIX": options.prefix, "SESSION_USE_SIGNER": options.signer}


def _reading(app: RecordedApp, cookie: str) -> dict[str, Any]:
    environ = EnvironBuilder(headers={"Cookie": cookie}).get_environ()
    try:
        session = app.interface.open_session(app.app, app.app.request_class(environ))
    except Exception as error:  # whatever the release raises is what is reported
        return {"error": type(error).__name__}
    return {"value": to_typed(dict(session))}


if __name__ == "__main__":
    main()
