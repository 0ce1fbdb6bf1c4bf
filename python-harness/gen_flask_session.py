"""Writes compat-fixtures/flask-session/<release>.json and <release>-cookies.json.

Runs the Flask-Session of this environment, whichever release that is, on a real Redis:

    REDIS_URL=redis://127.0.0.1:6379/0 <environment's python> python-harness/gen_flask_session.py

The first file has `cases`, what the release stored for each value and read again, or refused, and
`reads`, what it made of bytes that others stored. The second has `sessionIds`, `signatures` and
`walks`: the requests of a visitor, what each did to the session, and what was answered and stored.
"""

import logging
import os

import flask.sessions
import flask_session

import session_cookies
import session_payloads
from determinism import NOW, FixedIds, fix_clock, fix_hash_seed, fix_pickle_protocol
from fixture_files import DIRECTORY, write_fixture
from recorded_app import RELEASE, SECRET_KEY, sources


def main() -> None:
    fix_hash_seed()
    fix_clock(flask.sessions)
    fix_pickle_protocol()
    ids = FixedIds()
    ids.install(getattr(flask_session, "sessions", flask_session))
    logging.disable(logging.CRITICAL)  # what a release refuses is recorded, not logged
    redis_url = os.environ["REDIS_URL"]

    source = {"source": sources(), "generator": "python-harness/gen_flask_session.py"}
    directory = DIRECTORY / "flask-session"
    write_fixture(
        directory / f"{RELEASE}.json",
        {
            "schema": "flask-session/1",
            **source,
            "cases": session_payloads.written_cases(redis_url, ids),
            "reads": session_payloads.read_cases(redis_url),
        },
    )
    write_fixture(
        directory / f"{RELEASE}-cookies.json",
        {
            "schema": "flask-session-cookies/1",
            **source,
            "now": NOW.isoformat(),
            "secretKey": SECRET_KEY,
            "sessionIds": session_cookies.session_id_cases(ids, redis_url),
            "signatures": session_cookies.signature_cases(ids, redis_url),
            "walks": session_cookies.walk_cases(ids, redis_url),
        },
    )


if __name__ == "__main__":
    main()
