"""A Flask app on the Flask-Session of this environment, driven one request at a time.

What a request does to the session is given by the caller; what came out of it, in the response and
in Redis, is handed back. Redis is a real server, and only keys of this app's own are ever touched.
"""

from importlib import metadata
from typing import Any, Callable, NamedTuple, Optional

import flask
import flask_session
import redis

RELEASE = metadata.version("flask-session")
"""Version of Flask-Session in this environment."""

_NUMBERS = tuple(map(int, RELEASE.split(".")))

KNOWS_ID_LENGTH = _NUMBERS >= (0, 6)
"""Whether ids come from `secrets.token_urlsafe`, with SESSION_ID_LENGTH, and not from `uuid4`."""

SERIALIZES_WITH_MSGSPEC = _NUMBERS >= (0, 7)
"""Whether MessagePack and JSON are this release's formats, and pickle is only read."""

CAN_REGENERATE = _NUMBERS >= (0, 7)
"""Whether the interface has `regenerate`."""

FORMATS = ("msgpack", "json") if SERIALIZES_WITH_MSGSPEC else ("pickle",)
"""Formats that this release writes, its default first."""

SECRET_KEY = "a key of the fixtures"

_SOURCES = ("flask-session", "flask", "werkzeug", "itsdangerous", "redis", "msgspec")


def sources() -> dict[str, str]:
    """Versions of the packages that decide about what a fixture holds."""
    versions = {}
    for package in _SOURCES:
        if package != "msgspec" or SERIALIZES_WITH_MSGSPEC:
            versions[package] = metadata.version(package)
    return versions


class Response(NamedTuple):
    """What one request left behind."""

    set_cookie: list[str]
    vary: Optional[str]
    sid: str
    """The session's id when the request was over."""
    key: str
    """Where that session lives in Redis."""
    ttl_seconds: Optional[int]
    """Lifetime that was asked of Redis during the request, or None if nothing was stored."""


class RecordedApp:
    """A Flask app with its own configuration, on a Redis that notes what is asked of it."""

    def __init__(self, redis_url: str, config: Optional[dict[str, Any]] = None):
        self.redis = _RecordingRedis.from_url(redis_url)
        self._use: Optional[Callable[[Any], None]] = None
        self._session: Any = None
        self.app = self._build(config or {})
        self.interface = self.app.session_interface

    @property
    def opened_sid(self) -> str:
        """The id of the session that the last request opened."""
        return self._session.sid

    def request(
        self, use: Optional[Callable[[Any], None]] = None, cookie: Optional[str] = None
    ) -> Response:
        """Sends one request with a Cookie header, in which `use`, if given, gets the session.

        Whatever Flask or Flask-Session raise is raised here.
        """
        self._use = use
        self.redis.stored_for = {}
        headers = {} if cookie is None else {"Cookie": cookie}
        response = self.app.test_client(use_cookies=False).get("/", headers=headers)
        sid = self.opened_sid
        key = self.interface.key_prefix + sid
        return Response(
            set_cookie=response.headers.getlist("Set-Cookie"),
            vary=response.headers.get("Vary"),
            sid=sid,
            key=key,
            ttl_seconds=self.redis.stored_for.get(key),
        )

    def stored(self) -> dict[str, bytes]:
        """What Redis holds now under keys of this app."""
        found = ((key, self.redis.get(key)) for key in sorted(self.redis.touched))
        return {key: payload for key, payload in found if payload is not None}

    def forget(self) -> None:
        """Deletes every key of this app."""
        for key in self.redis.touched:
            self.redis.delete(key)
        self.redis.touched.clear()

    def _build(self, config: dict[str, Any]) -> flask.Flask:
        app = flask.Flask(__name__)
        app.config.update(SECRET_KEY=SECRET_KEY, SESSION_TYPE="redis", SESSION_REDIS=self.redis)
        app.config.update(config)
        app.testing = True
        flask_session.Session(app)

        @app.route("/")
        def view() -> str:
            if self._use:
                self._use(flask.session)
            return ""

        self._note_opened_sessions(app.session_interface)
        return app

    def _note_opened_sessions(self, interface) -> None:
        open_session = interface.open_session

        def noted(app, request):
            self._session = open_session(app, request)
            return self._session

        interface.open_session = noted


class _RecordingRedis(redis.Redis):
    """A client of the real server that notes the keys and lifetimes of what it stores."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.stored_for: dict[str, int] = {}
        self.touched: set[str] = set()

    def execute_command(self, *args, **options):
        if args[0] == "SET":
            self._note(key=args[1], ttl_seconds=args[args.index("EX") + 1])
        elif args[0] == "SETEX":
            self._note(key=args[1], ttl_seconds=args[2])
        return super().execute_command(*args, **options)

    def _note(self, key: str, ttl_seconds: int) -> None:
        self.stored_for[key] = ttl_seconds
        self.touched.add(key)
