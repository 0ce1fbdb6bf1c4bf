"""Writes compat-fixtures/flask-wtf/<release>.json.

Runs the Flask-WTF of this environment, whichever release that is:

    <environment's python> python-harness/gen_flask_wtf.py
"""

import logging
import time
from collections.abc import Iterator
from importlib import metadata
from typing import Any, Optional

import flask
import flask_wtf.csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from determinism import NOW, fix_hash_seed
from fixture_files import DIRECTORY, write_fixture

Case = dict[str, Any]

RELEASE = metadata.version("flask-wtf")

SECRET_KEY = "a key of the fixtures"
RAW = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
"""What a session keeps, of which tokens are made."""

CONFIGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("defaults", {}),
    ("secret-key", {"WTF_CSRF_SECRET_KEY": "another key"}),
    ("field-name", {"WTF_CSRF_FIELD_NAME": "_token"}),
    ("time-limit", {"WTF_CSRF_TIME_LIMIT": 60}),
    ("no-time-limit", {"WTF_CSRF_TIME_LIMIT": None}),
    ("time-limit-0", {"WTF_CSRF_TIME_LIMIT": 0}),
)

ORIGINS = (
    ("same", "https://shop.example/a?b#c", "https://shop.example/"),
    ("no-path", "https://shop.example", "https://shop.example/"),
    ("query-alone", "https://shop.example?a", "https://shop.example/"),
    ("upper-case", "HTTPS://Shop.EXAMPLE/", "https://shop.example/"),
    ("http", "http://shop.example/", "https://shop.example/"),
    ("subdomain", "https://a.shop.example/", "https://shop.example/"),
    ("suffix", "https://shop.example.evil.example/", "https://shop.example/"),
    ("prefix", "https://evilshop.example/", "https://shop.example/"),
    ("port", "https://shop.example:8443/", "https://shop.example:8443/"),
    ("other-port", "https://shop.example:8443/", "https://shop.example/"),
    ("standard-port", "https://shop.example:443/", "https://shop.example/"),
    ("empty-port", "https://shop.example:/", "https://shop.example/"),
    ("padded-port", "https://shop.example:0443/", "https://shop.example:443/"),
    ("word-port", "https://shop.example:x/", "https://shop.example/"),
    ("high-port", "https://shop.example:99999/", "https://shop.example/"),
    ("user", "https://user:pw@shop.example/", "https://shop.example/"),
    ("two-at-signs", "https://a@b@shop.example/", "https://shop.example/"),
    ("user-is-host", "https://shop.example@evil.example/", "https://shop.example/"),
    ("ipv6", "https://[2001:db8::1]:1/", "https://[2001:db8::1]:1/"),
    ("ipv6-open", "https://[2001:db8::1/", "https://shop.example/"),
    ("empty", "", "https://shop.example/"),
    ("relative", "//shop.example/", "https://shop.example/"),
    ("no-slashes", "https:shop.example", "https://shop.example/"),
    ("blank-before", " https://shop.example/", "https://shop.example/"),
    ("trailing-dot", "https://shop.example./", "https://shop.example/"),
    ("word", "shop.example", "https://shop.example/"),
)


def main() -> None:
    fix_hash_seed()
    _set_clock(0)
    logging.disable(logging.CRITICAL)
    sources = ("flask-wtf", "flask", "itsdangerous", "wtforms")
    write_fixture(
        DIRECTORY / "flask-wtf" / f"{RELEASE}.json",
        {
            "schema": "flask-wtf/1",
            "source": {package: metadata.version(package) for package in sources},
            "generator": "python-harness/gen_flask_wtf.py",
            "now": NOW.isoformat(),
            "secretKey": SECRET_KEY,
            "raw": RAW,
            "tokens": [case for name, config in CONFIGS for case in _token_cases(name, config)],
            "requests": [_request_case(*request) for request in _requests()],
            "origins": [_origin_case(*origin) for origin in ORIGINS],
        },
    )


def _set_clock(seconds: float) -> None:
    """What itsdangerous takes the time from, so many seconds from the fixtures' own."""
    moment = NOW.timestamp() + seconds
    time.time = lambda: moment


def _app(config: dict[str, Any]) -> flask.Flask:
    app = flask.Flask(__name__)
    app.config.update({"SECRET_KEY": SECRET_KEY, "WTF_CSRF_CHECK_DEFAULT": False, **config})
    app.testing = True
    return app


def _token_cases(name: str, config: dict[str, Any]) -> Iterator[Case]:
    app = _app(config)
    key = config.get("WTF_CSRF_FIELD_NAME", "csrf_token")
    with app.test_request_context():
        flask.session[key] = RAW
        made = flask_wtf.csrf.generate_csrf()
    yield {"id": f"{name}/made", "config": config, "session": RAW, "age": 0, "token": made} | (
        _verdict(app, key, RAW, made, 0)
    )
    for label, session, token, age in _tokens(app, made):
        verdict = _verdict(app, key, session, token, age)
        case = {"id": f"{name}/{label}", "config": config, "session": session, "age": age}
        yield {**case, "token": token, **verdict}


def _tokens(app: flask.Flask, made: str) -> Iterator[tuple[str, Any, Optional[str], int]]:
    payload, timestamp, signature = made.split(".")
    secret_key = app.config.get("WTF_CSRF_SECRET_KEY", SECRET_KEY)
    yield "none", RAW, None, 0
    yield "empty", RAW, "", 0
    yield "no-session", None, made, 0
    yield "other-session", RAW[::-1], made, 0
    yield "raw", RAW, RAW, 0
    yield "no-timestamp", RAW, f"{payload}.{signature}", 0
    yield "cut", RAW, made[:-1], 0
    yield "longer", RAW, f"{made}A", 0
    yield "non-ascii", RAW, f"{made}\xe9", 0
    yield "long", RAW, "a." * 5000, 0
    yield "other-timestamp", RAW, f"{payload}.aVc0ZA.{signature}", 0
    for label, key, salt, value in (
        ("other-key", "yet another key", "wtf-csrf-token", RAW),
        ("other-salt", secret_key, "cookie-session", RAW),
        ("number", secret_key, "wtf-csrf-token", 5),
        ("list", secret_key, "wtf-csrf-token", [RAW]),
        ("other-text", secret_key, "wtf-csrf-token", "x"),
        ("empty-text", secret_key, "wtf-csrf-token", ""),
    ):
        yield label, RAW, URLSafeTimedSerializer(key, salt=salt).dumps(value), 0
    for age in (1, 59, 60, 61, 3600, 3601, 10_000_000, -1, -5000):
        yield f"age={age}", RAW, made, age


def _verdict(app: flask.Flask, key: str, session: Any, token: Optional[str], age: int) -> Case:
    _set_clock(age)
    try:
        with app.test_request_context():
            if session is not None:
                flask.session[key] = session
            flask_wtf.csrf.validate_csrf(token)
    except flask_wtf.csrf.ValidationError as error:
        return {"expect": "reject", "reason": error.args[0]}
    except Exception as error:  # whatever Flask-WTF raises is what is recorded
        return {"expect": "reject", "error": type(error).__name__}
    finally:
        _set_clock(0)
    return {"expect": "valid"}


def _requests() -> Iterator[tuple[str, dict[str, Any], str, str, dict[str, str], dict[str, str]]]:
    """Label, settings, method, URL, headers and form; TOKEN stands for a good token."""
    http, https = "http://shop.example/", "https://shop.example/"
    form = {"csrf_token": "TOKEN"}
    header = {"X-CSRFToken": "TOKEN"}
    referer = {"Referer": "https://shop.example/form"}
    for method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        yield f"safe-{method}", {}, method, http, {}, {}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        yield f"bare-{method}", {}, method, http, {}, {}
        yield f"header-{method}", {}, method, http, header, {}
    yield "form", {}, "POST", http, {}, form
    yield "form-prefix", {}, "POST", http, {}, {"login-csrf_token": "TOKEN"}
    yield "form-prefix-empty", {}, "POST", http, {}, {"a-csrf_token": "", "b-csrf_token": "TOKEN"}
    yield "form-before-header", {}, "POST", http, header, {"csrf_token": "x"}
    yield "form-empty-header", {}, "POST", http, header, {"csrf_token": ""}
    yield "form-other-field", {}, "POST", http, {}, {"token": "TOKEN"}
    yield "second-header", {}, "POST", http, {"X-CSRF-Token": "TOKEN"}, {}
    yield "other-header", {}, "POST", http, {"X-Token": "TOKEN"}, {}
    own = {"WTF_CSRF_HEADERS": ["X-Token"]}
    yield "own-header", own, "POST", http, {"X-Token": "TOKEN"}, {}
    yield "own-header-only", own, "POST", http, header, {}
    named = {"WTF_CSRF_FIELD_NAME": "_t"}
    yield "own-field", named, "POST", http, {}, {"_t": "TOKEN"}
    yield "own-field-only", named, "POST", http, {}, form
    methods = {"WTF_CSRF_METHODS": ["PUT"]}
    yield "own-methods-post", methods, "POST", http, {}, {}
    yield "own-methods-put", methods, "PUT", http, {}, {}
    yield "json", {}, "POST", http, {"Content-Type": "application/json"}, {}
    yield "tls-no-referer", {}, "POST", https, {}, form
    yield "tls-referer", {}, "POST", https, referer, form
    yield "tls-other-referer", {}, "POST", https, {"Referer": "https://evil.example/"}, form
    yield "tls-http-referer", {}, "POST", https, {"Referer": http}, form
    yield "tls-bad-token", {}, "POST", https, referer, {"csrf_token": "x"}
    yield "tls-not-strict", {"WTF_CSRF_SSL_STRICT": False}, "POST", https, {}, form
    yield "tls-get", {}, "GET", https, {}, {}
    yield "tls-port", {}, "POST", "https://shop.example:8443/", referer, form
    yield "disabled", {"WTF_CSRF_ENABLED": False}, "POST", http, {}, {}
    yield "not-by-default", {"WTF_CSRF_CHECK_DEFAULT": False}, "POST", http, {}, {}


def _request_case(name, config, method, url, headers, form) -> Case:
    """Whether the protection lets a request pass, and what it says when it does not."""
    app = _app({"WTF_CSRF_CHECK_DEFAULT": True, **config})
    flask_wtf.csrf.CSRFProtect(app)
    key = app.config["WTF_CSRF_FIELD_NAME"]
    with app.test_request_context():
        flask.session[key] = RAW
        token = flask_wtf.csrf.generate_csrf()

    @app.route("/", methods=["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE"])
    def view() -> str:
        return ""

    good_headers = {key: token if value == "TOKEN" else value for key, value in headers.items()}
    good_form = {key: token if value == "TOKEN" else value for key, value in form.items()}
    data: Any = good_form or None
    if headers.get("Content-Type") == "application/json":
        data = flask.json.dumps({"csrf_token": token})
    client = app.test_client()
    with client.session_transaction(base_url=url) as session:
        session[key] = RAW
    case = {
        "id": name,
        "config": config,
        "method": method,
        "url": url,
        "headers": good_headers,
        "form": good_form,
    }
    reasons: list[Any] = []
    app.register_error_handler(HTTPException, lambda error: (reasons.append(error), ("", 400))[1])
    response = client.open("/", method=method, base_url=url, headers=good_headers, data=data)
    if response.status_code == 200:
        return {**case, "expect": "valid"}
    return {**case, "expect": "reject", "reason": reasons[0].description}


def _origin_case(name: str, current: str, compare: str) -> Case:
    try:
        same = flask_wtf.csrf.same_origin(current, compare)
    except ValueError:
        same = None
    return {"id": name, "current": current, "compare": compare, "same": same}


if __name__ == "__main__":
    main()
