"""Flask's client-side session: the cookies that it reads and writes."""

import time
from collections.abc import Iterator
from typing import Any, Optional

import flask
from itsdangerous import URLSafeTimedSerializer

from determinism import NOW
from session_walks import Request, Setting, Walk, apply, walks_and_settings
from typed_json import to_typed

Case = dict[str, Any]

SECRET_KEY = "a key of the fixtures"
LIFETIME_SECONDS = 2_678_400

HAS_FALLBACKS = "SECRET_KEY_FALLBACKS" in flask.Flask.default_config
HAS_PARTITIONED = "SESSION_COOKIE_PARTITIONED" in flask.Flask.default_config


def fix_time() -> None:
    """What itsdangerous and Werkzeug take the time from."""
    time.time = NOW.timestamp


def cookie_cases() -> list[Case]:
    """Cookie headers, and what the session holds that they open."""
    app = CookieApp({})
    return [_cookie_case(app, name, header) for name, header in _cookie_headers(app)]


def rotation_cases() -> list[Case]:
    """Cookies that are signed with one key and read with others."""
    cases = []
    keys = (("old", "older"), ("old", "old"), ("new", "old"), ("old", "new"))
    for signed_with, first in keys if HAS_FALLBACKS else ():
        config = {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": [first, "oldest"]}
        cookie = _serializer(signed_with).dumps({"username": 2222})
        opened = CookieApp(config).opened(f"session={cookie}")
        cases.append(
            {
                "id": f"signed-{signed_with}-fallback-{first}",
                "config": config,
                "cookie": cookie,
                "value": to_typed(opened),
                "writes": CookieApp(config).request(_log_in, None)["setCookie"],
            }
        )
    return cases


def walk_cases() -> list[Case]:
    """Walks of one visitor, with each setting that shapes the cookie or decides when to send it."""
    return [
        _walk_case(walk, setting)
        for walk, setting in walks_and_settings(can_regenerate=False)
        if _concerns(walk, setting)
    ]


class CookieApp:
    """A Flask app with its own client-side session, driven one request at a time."""

    def __init__(self, config: dict[str, Any]):
        self.app = flask.Flask(__name__)
        self.app.config.update({"SECRET_KEY": SECRET_KEY, **config})
        self.app.testing = True
        self._use = None
        self.app.add_url_rule("/", view_func=self._view)

    def request(self, use, cookie_header: Optional[str]) -> Case:
        self._use = use
        headers = {} if cookie_header is None else {"Cookie": cookie_header}
        response = self.app.test_client(use_cookies=False).get("/", headers=headers)
        return {
            "setCookie": response.headers.getlist("Set-Cookie"),
            "vary": response.headers.get("Vary"),
        }

    def opened(self, cookie_header: Optional[str]) -> dict[str, Any]:
        seen: list[dict[str, Any]] = []
        self.request(lambda session: seen.append(dict(session)), cookie_header)
        return seen[0]

    def _view(self) -> str:
        if self._use:
            self._use(flask.session)
        return ""


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    app = flask.Flask(__name__)
    app.secret_key = secret_key
    return app.session_interface.get_signing_serializer(app)


def _cookie_headers(app: CookieApp) -> Iterator[tuple[str, Optional[str]]]:
    serializer = _serializer(SECRET_KEY)
    good = serializer.dumps({"username": 2222})
    payload, timestamp, signature = good.split(".")
    yield "none", None
    yield "empty", ""
    yield "good", f"session={good}"
    yield "quoted", f'session="{good}"'
    yield "second", f"other=1; session={good}"
    yield "twice", f"session={good}; session=x"
    yield "twice-first-bad", f"session=x; session={good}"
    yield "other-name", f"sessions={good}"
    yield "empty-value", "session="
    yield "no-signature", f"session={payload}"
    yield "no-timestamp", f"session={payload}.{signature}"
    yield "other-key", f"session={_serializer('another key').dumps({'username': 2222})}"
    yield "other-payload", f"session=e30.{timestamp}.{signature}"
    yield "other-timestamp", f"session={payload}.aVc0ZA.{signature}"
    yield "non-ascii", f"session={good}\xe9"
    yield "junk", "session=....."
    yield "long-junk", f"session={'a.' * 3000}"
    for length in range(0, len(good), 7):
        yield f"cut-at-{length}", f"session={good[:length]}"
    for index in range(0, len(good), 5):
        other = "A" if good[index] != "A" else "B"
        yield f"changed-at-{index}", f"session={good[:index]}{other}{good[index + 1 :]}"
    for name, age in (
        ("just-young-enough", LIFETIME_SECONDS),
        ("just-too-old", LIFETIME_SECONDS + 1),
        ("very-old", 10 * LIFETIME_SECONDS),
        ("from-the-future", -1),
        ("from-the-far-future", -10 * LIFETIME_SECONDS),
    ):
        yield name, f"session={_signed_at(serializer, NOW.timestamp() - age)}"
    yield "compressed", f"session={serializer.dumps({'x': 'spam ' * 200})}"
    yield "compressed-broken", f"session={_signed(serializer, b'.AAAA')}"
    yield "no-base64", f"session={_signed(serializer, b'!')}"
    yield "no-json", f"session={_signed(serializer, b'e30x')}"
    yield "no-dict", f"session={_signed(serializer, b'WzFd')}"
    yield "number", f"session={_signed(serializer, b'NQ')}"
    yield "null", f"session={_signed(serializer, b'bnVsbA')}"


def _signed(serializer: URLSafeTimedSerializer, payload: bytes) -> str:
    return serializer.make_signer(serializer.salt).sign(payload).decode()


def _signed_at(serializer: URLSafeTimedSerializer, timestamp: float) -> str:
    time.time = lambda: timestamp
    try:
        return serializer.dumps({"username": 2222})
    finally:
        fix_time()


def _cookie_case(app: CookieApp, name: str, header: Optional[str]) -> Case:
    case = {"id": name, "header": header}
    try:
        return {**case, "expect": "valid", "value": to_typed(app.opened(header))}
    except Exception as error:  # whatever Flask raises is what is recorded
        return {**case, "expect": "reject", "error": type(error).__name__}


def _concerns(walk: Walk, setting: Setting) -> bool:
    """Leaves out what only Flask-Session knows."""
    own = ("SESSION_USE_SIGNER", "SESSION_PERMANENT", "SESSION_KEY_PREFIX")
    if any(key in setting.config for key in own) or walk.id.startswith("unknown"):
        return False
    return HAS_PARTITIONED or "SESSION_COOKIE_PARTITIONED" not in setting.config


def _walk_case(walk: Walk, setting: Setting) -> Case:
    app = CookieApp(setting.config)
    case = {"id": f"{setting.id}/{walk.id}", "note": walk.note, "config": setting.config}
    steps: list[Case] = []
    last: Optional[str] = None
    try:
        for request in walk.requests:
            steps.append(_step(app, request, last))
            for line in steps[-1]["setCookie"]:
                last = None if "Max-Age=0" in line else line.split(";")[0].split("=", 1)[1]
    except Exception as error:  # whatever Flask raises is what is recorded
        return {**case, "expect": "reject", "error": type(error).__name__, "steps": steps}
    return {**case, "expect": "valid", "steps": steps}


def _step(app: CookieApp, request: Request, last: Optional[str]) -> Case:
    value = last if request.cookie == "last" else request.cookie
    name = app.app.config["SESSION_COOKIE_NAME"]
    cookie = None if value is None or value == "none" else f"{name}={value}"

    def use(session: Any) -> None:
        apply(request.operations, session, None)

    response = app.request(use if request.operations else None, cookie)
    return {"cookie": cookie, "operations": list(request.operations), **response}


def _log_in(session: Any) -> None:
    session["username"] = 2222
