"""Writes compat-fixtures/flask/<release>.json and <release>-cookies.json.

Runs the Flask of this environment, whichever release that is:

    <environment's python> python-harness/gen_flask.py
"""

import importlib
import logging
import pathlib
from importlib import metadata
from typing import Any

import flask
import flask.sessions

import flask_cookie_cases
import flask_tagged_cases
from determinism import NOW, fix_clock, fix_hash_seed
from fixture_files import DIRECTORY, write_fixture
from typed_json import to_typed

Case = dict[str, Any]

RELEASE = metadata.version("flask")

_SOURCES = ("flask", "werkzeug", "itsdangerous")

_FLASHES: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    ("none", [{"take": {}}]),
    ("one", [{"flash": ["Saved."]}, {"take": {}}]),
    ("taken-twice", [{"flash": ["Saved."]}, {"take": {}}, {"take": {}}]),
    ("category", [{"flash": ["No.", "error"]}, {"take": {"with_categories": True}}]),
    (
        "filter",
        [
            {"flash": ["a", "error"]},
            {"flash": ["b", "info"]},
            {"flash": ["c", "error"]},
            {"take": {"category_filter": ["error"]}},
            {"take": {"category_filter": ["info"], "with_categories": True}},
            {"take": {"category_filter": ["info", "error"], "with_categories": True}},
            {"take": {"category_filter": ["other"]}},
            {"take": {"category_filter": []}},
        ],
    ),
    ("flashed-after-taken", [{"take": {}}, {"flash": ["later"]}, {"take": {}}]),
    (
        "message-no-text",
        [{"flash": [{"a": [1, None]}, "data"]}, {"take": {"with_categories": True}}],
    ),
)


def main() -> None:
    fix_hash_seed()
    fix_clock(flask.sessions)
    flask_cookie_cases.fix_time()
    logging.disable(logging.CRITICAL)  # what a release refuses is recorded, not logged

    versions = {package: metadata.version(package) for package in _SOURCES}
    source = {"source": versions, "generator": "python-harness/gen_flask.py"}
    write_fixture(
        DIRECTORY / "flask" / f"{RELEASE}.json",
        {
            "schema": "flask/1",
            **source,
            "defaultConfig": {
                name: _setting(value) for name, value in sorted(_default_config().items())
            },
            **_flask_session_defaults(),
            "tagged": flask_tagged_cases.tagged_cases(),
            "untagged": flask_tagged_cases.untagged_cases(),
            "flashes": [_flash_case(name, steps) for name, steps in _FLASHES],
        },
    )
    write_fixture(
        DIRECTORY / "flask" / f"{RELEASE}-cookies.json",
        {
            "schema": "flask-cookies/1",
            **source,
            "now": NOW.isoformat(),
            "secretKey": flask_cookie_cases.SECRET_KEY,
            "cookies": flask_cookie_cases.cookie_cases(),
            "rotations": flask_cookie_cases.rotation_cases(),
            "walks": flask_cookie_cases.walk_cases(),
        },
    )


def _default_config() -> dict[str, Any]:
    return dict(flask.Flask(__name__).default_config)


def _flask_session_defaults() -> dict[str, Any]:
    """What Flask-Session takes where the app sets nothing, in the environment that has it."""
    try:
        defaults = vars(importlib.import_module("flask_session.defaults").Defaults)
    except ModuleNotFoundError:
        return {}
    settings = {name: value for name, value in sorted(defaults.items()) if name.isupper()}
    directory = pathlib.Path(settings["SESSION_FILE_DIR"])
    settings["SESSION_FILE_DIR"] = str(directory.relative_to(pathlib.Path.cwd()))
    return {"flaskSessionDefaults": settings}


def _setting(value: Any) -> Any:
    return value.total_seconds() if hasattr(value, "total_seconds") else value


def _flash_case(name: str, steps: list[dict[str, Any]]) -> Case:
    """Messages flashed and taken within one request, and what is left in the session."""
    app = flask.Flask(__name__)
    app.secret_key = "k"
    with app.test_request_context():
        taken = []
        for step in steps:
            if "flash" in step:
                flask.flash(*step["flash"])
            else:
                taken.append(to_typed(flask.get_flashed_messages(**step["take"])))
        return {
            "id": name,
            "steps": steps,
            "taken": taken,
            "session": to_typed(dict(flask.session)),
        }


if __name__ == "__main__":
    main()
