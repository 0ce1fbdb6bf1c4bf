"""Writes compat-fixtures/flask-login/<release>.json.

Runs the Flask-Login of this environment, whichever release that is:

    <environment's python> python-harness/gen_flask_login.py
"""

import logging
from importlib import metadata
from typing import Any

import flask_login.login_manager

import flask_login_cases
import flask_login_walks
from determinism import NOW, fix_clock, fix_hash_seed
from fixture_files import DIRECTORY, write_fixture

RELEASE = metadata.version("flask-login")

IS_LEGACY = RELEASE.startswith("0.4.")
"""Whether logins have keys of which only reading concerns us."""

_SOURCES = ("flask-login", "flask", "werkzeug")


_LEGACY_WALKS = ("login", "login-not-fresh", "login-twice")

WERKZEUG = tuple(map(int, metadata.version("werkzeug").split(".")[:2]))
"""Decides how a URL is spelt; Flask-Login itself has not changed in that."""


def main() -> None:
    fix_hash_seed()
    fix_clock(flask_login.login_manager)
    logging.disable(logging.CRITICAL)

    write_fixture(
        DIRECTORY / "flask-login" / f"{RELEASE}.json",
        {
            "schema": "flask-login/1",
            "source": {package: metadata.version(package) for package in _SOURCES},
            "generator": "python-harness/gen_flask_login.py",
            "now": NOW.isoformat(),
            "secretKey": flask_login_cases.SECRET_KEY,
            "clients": {
                "here": flask_login_walks.HERE._asdict(),
                "elsewhere": flask_login_walks.ELSEWHERE._asdict(),
            },
            "identifiers": flask_login_cases.identifier_cases(),
            "walks": flask_login_walks.walk_cases(only=_LEGACY_WALKS if IS_LEGACY else None),
            **({} if IS_LEGACY else _other_cases()),
        },
    )


def _other_cases() -> dict[str, Any]:
    return {
        "encoded": flask_login_cases.encoded_cases(),
        "decoded": flask_login_cases.decoded_cases(),
        "protection": flask_login_cases.protection_cases(),
        "redirects": flask_login_walks.redirect_cases() if WERKZEUG >= (3, 1) else [],
    }


if __name__ == "__main__":
    main()
