"""Writes compat-fixtures/werkzeug/<release>.json and <release>-passwords.json.

Reads and writes with the Werkzeug of this environment, whichever release that is:

    <environment's python> python-harness/gen_werkzeug.py
"""

import inspect
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import werkzeug.http
from werkzeug.wrappers import Request, Response

from determinism import NOW, fix_clock
from fixture_files import DIRECTORY, write_fixture
from werkzeug_cookie_cases import HEADERS, cookies, deletions
from werkzeug_password_cases import checks, hashes

RELEASE = version("werkzeug")
HAS_PARTITIONED = "partitioned" in inspect.signature(werkzeug.http.dump_cookie).parameters

SECONDS = [0, 1, 59.999, 1.9999996, -1, -0.5, 951782400, 1709164800, 1767323045, 2**31, 4102444799]
SECONDS += [253402300799, 253402300800, -62135596800, -62135596801, -1e-7]

RAISED = (ValueError, TypeError, ArithmeticError)


def main() -> None:
    warnings.simplefilter("ignore")  # about cookies that are too large, and methods that are old
    source = {"source": {"package": "werkzeug", "version": RELEASE}}
    source["generator"] = "python-harness/gen_werkzeug.py"
    dates = [outcome({"seconds": at}, werkzeug.http.http_date, at) for at in SECONDS]
    fix_clock(werkzeug.http)
    if getattr(werkzeug.http, "time", None) is time.time:  # before 2.0
        werkzeug.http.time = NOW.timestamp
    write_fixture(
        DIRECTORY / "werkzeug" / f"{RELEASE}.json",
        {
            "schema": "werkzeug-cookies/1",
            **source,
            "now": NOW.isoformat(),
            "parses": [outcome({"header": header}, parsed, header) for header in HEADERS],
            "dumps": [
                outcome(cookie, dumped, **cookie) for cookie in cookies() if is_known(cookie)
            ],
            "deletes": [
                outcome(cookie, deleted, **cookie) for cookie in deletions() if is_known(cookie)
            ],
            "dates": dates,
        },
    )
    write_fixture(
        DIRECTORY / "werkzeug" / f"{RELEASE}-passwords.json",
        {
            "schema": "werkzeug-passwords/1",
            **source,
            "hashes": list(hashes(outcome)),
            "checks": list(checks(outcome)),
        },
    )


def outcome(case: dict[str, Any], call: Callable[..., Any], *args: Any, **kwargs: Any):
    """The case with what its call gave, be it a value or an exception, by its kind: which class
    derived of it is raised differs between releases of CPython.
    """
    try:
        return {**case, "returns": call(*args, **kwargs)}
    except RAISED as error:
        kind = next(kind for kind in RAISED if isinstance(error, kind))
        return {**case, "raises": kind.__name__}


def is_known(cookie: dict[str, Any]) -> bool:
    return HAS_PARTITIONED or "partitioned" not in cookie


def parsed(header: str) -> list[list[str]]:
    """What an application finds in `request.cookies`."""
    environ = {"REQUEST_METHOD": "GET", "HTTP_COOKIE": header}
    found = Request({**environ, "wsgi.url_scheme": "http", "SERVER_NAME": "localhost"}).cookies
    pairs = found.items(multi=True) if hasattr(found, "getlist") else found.items()
    return [list(pair) for pair in pairs]


def dumped(key: str, value: str, **kwargs: Any) -> str:
    return werkzeug.http.dump_cookie(key, value, **kwargs)


def deleted(key: str, **kwargs: Any) -> str:
    response = Response()
    response.delete_cookie(key, **kwargs)
    return response.headers["Set-Cookie"]


if __name__ == "__main__":
    main()
