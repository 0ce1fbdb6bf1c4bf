"""Walks of Flask-Login: requests that log in and out, and requests that are sent to log in."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, Optional
from urllib.parse import unquote_to_bytes

import flask_login
from flask_login import utils

from flask_login_cases import ADDRESS, CLIENT, Case, Client, LoginApp, _User

HERE = Client("here", CLIENT)
ELSEWHERE = Client("elsewhere", {"User-Agent": "curl/8"}, "198.51.100.1")

_REMEMBERED = {"login": "2222", "remember": True}
_LOGIN = {"login": "2222"}

COOKIE_CONFIGS: tuple[dict[str, Any], ...] = (
    {},
    {"REMEMBER_COOKIE_NAME": "keep"},
    {"REMEMBER_COOKIE_DURATION": 3600},
    {"REMEMBER_COOKIE_DOMAIN": "shop.example"},
    {"REMEMBER_COOKIE_PATH": "/shop"},
    {"REMEMBER_COOKIE_SECURE": True},
    {"REMEMBER_COOKIE_HTTPONLY": False},
    {"REMEMBER_COOKIE_SAMESITE": "Lax"},
    {"REMEMBER_COOKIE_SAMESITE": "strict"},
    {"REMEMBER_COOKIE_REFRESH_EACH_REQUEST": True},
    {
        "REMEMBER_COOKIE_NAME": "k",
        "REMEMBER_COOKIE_DURATION": 90,
        "REMEMBER_COOKIE_DOMAIN": "shop.example",
        "REMEMBER_COOKIE_PATH": "/x",
        "REMEMBER_COOKIE_SECURE": True,
        "REMEMBER_COOKIE_SAMESITE": "None",
    },
)


def walk_cases(only: Optional[Sequence[str]]) -> list[Case]:
    """Requests of one visitor: what each does, and the session and cookies after it."""
    cases = []
    for name, config, requests in _walks():
        if only is not None and name not in only:
            continue
        steps: list[Case] = []
        session: dict[str, Any] = {}
        remembered: Optional[str] = None
        app = LoginApp(config)
        for request in requests:
            session = dict(request.get("session", session))
            cookie = request.get("cookie", remembered)
            client = ELSEWHERE if request.get("elsewhere") else HERE
            operation = {k: v for k, v in request.items() if k in _OPERATIONS or k in _ARGUMENTS}
            step = app.request(session, lambda op=operation: _apply(op), client, cookie)
            session = dict(app._session)
            for line in step["setCookie"]:
                remembered = None if "Max-Age=0" in line else line.split(";")[0]
            steps.append(
                {
                    "operation": operation,
                    "elsewhere": bool(request.get("elsewhere")),
                    "cookie": cookie,
                    "given": request.get("session"),
                    "setCookie": step["setCookie"],
                    "session": step["session"],
                    "seen": app.returned,
                }
            )
        cases.append({"id": name, "config": config, "steps": steps})
    return cases


def redirect_cases() -> list[Case]:
    """Requests without a login, and where they are sent."""
    cases = []
    for name, config, view, target, headers, scheme in _redirects():
        app = LoginApp(config, view)
        path, _, query = target.partition("?")
        environ = {
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "wsgi.url_scheme": scheme,
            "HTTP_HOST": headers.get("Host", "shop.example"),
        }
        client = Client("here", CLIENT, ADDRESS)
        response = app.request({}, flask_login.login_required(lambda: ""), client, None, environ)
        cases.append(
            {
                "id": name,
                "config": config,
                "loginView": view,
                "target": target,
                "host": environ["HTTP_HOST"],
                "scheme": scheme,
                "status": response["status"],
                "location": response["location"],
                "session": response["session"],
            }
        )
    return cases


def _walks() -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    look: dict[str, Any] = {}
    forget = {"session": {}}
    yield "nobody", {}, [look]
    yield "login", {}, [_LOGIN, look, {"logout": True}, look]
    yield "login-not-fresh", {}, [{"login": "7", "fresh": False}, {"confirm": True}, look]
    yield "login-twice", {}, [_LOGIN, {"login": "3333"}, look]
    yield "login-and-out", {}, [{**_REMEMBERED, "logout": True}, look]
    yield "remember-duration", {}, [{**_REMEMBERED, "duration": 90.5}, look]
    yield "remember-duration-long", {}, [{**_REMEMBERED, "duration": 7 * 86400.0}, {"logout": True}]
    yield "remembered-elsewhere", {}, [_REMEMBERED, {**forget, "elsewhere": True}, look]
    yield "non-ascii-id", {}, [{"login": "jo \xe9|x", "remember": True}, forget, look]
    yield "bad-cookie", {}, [{"cookie": "remember_token=2222|abc"}, look]
    yield "no-bar-cookie", {}, [{"cookie": "remember_token=2222"}]
    for mode in ("basic", "strong", None):
        config = {"SESSION_PROTECTION": mode}
        moved = {"elsewhere": True}
        yield f"moved-{mode}", config, [_LOGIN, moved, moved, look]
        yield f"moved-remembered-{mode}", config, [_REMEMBERED, moved, moved, look]
        yield f"restored-{mode}", config, [_REMEMBERED, forget, look, look]
    for number, config in enumerate(COOKIE_CONFIGS):
        walk = [_REMEMBERED, forget, look, {"logout": True}, look]
        yield f"cookie-config-{number}", config, walk


def _redirects() -> Iterator[tuple[str, dict[str, Any], Optional[str], str, dict[str, str], str]]:
    for name, target in (
        ("root", "/"),
        ("query", "/a/b?x=1&y=2"),
        ("unicode", "/caf%C3%A9?q=%C3%A9"),
        ("blank", "/a%20b?q=a%20b+c%26d"),
        ("not-utf-8", "/%FF?z=%FF"),
        ("encoded-slash", "/p%2Fq?a=%2F%3f"),
        ("reserved", '/p;x?a=[1]&b="<>'),
        ("encoded-question", "/a%3Fb%23c%25d"),
        ("double-encoded", "/a%2541?b=%2541"),
        ("two-slashes", "//evil.example/x"),
        ("empty-query", "/p?"),
        ("plus-and-tilde", "/~u+v?w=~u+v"),
    ):
        yield name, {}, "/login", target, {}, "http"
    for name, view in (
        ("none", None),
        ("with-query", "/login?x=1&x=2&e=&f"),
        ("with-next", "/login?next=old&a=1"),
        ("with-fragment", "/login#here"),
        ("with-plus", "/login?q=a+b%20c&r=%C3%A9"),
        ("same-host", "http://shop.example/in"),
        ("other-scheme", "https://shop.example/in"),
        ("other-host", "https://sso.example/in"),
        ("no-path", "https://sso.example"),
    ):
        yield f"view-{name}", {}, view, "/p?a=b", {}, "http"
    for name, host, scheme in (
        ("port", "shop.example:8080", "http"),
        ("default-port", "shop.example:80", "http"),
        ("tls-default-port", "shop.example:443", "https"),
        ("ipv6", "[2001:db8::1]:8080", "http"),
    ):
        yield f"host-{name}", {}, "https://sso.example/in", "/p", {"Host": host}, scheme
    forced = {"FORCE_HOST_FOR_REDIRECTS": "good.example"}
    yield "forced-host", forced, "/login", "/p", {"Host": "evil.example"}, "http"
    yield "forced-host-view", forced, "http://a.example/login", "/p", {}, "http"
    kept = {"USE_SESSION_FOR_NEXT": True}
    yield "session-next", kept, "/login", "/p?a=b", {}, "http"
    yield "session-next-host", kept, "https://sso.example/in?x=1", "/p?a=b", {}, "http"
    yield "disabled", {"LOGIN_DISABLED": True}, "/login", "/p", {}, "http"


def _apply(operation: dict[str, Any]) -> Case:
    """Looks who is there, does what the operation says, and tells who was there at first."""
    user = flask_login.current_user
    seen = {
        "userId": None if user.is_anonymous else user.get_id(),
        "fresh": bool(flask_login.login_fresh()) if not user.is_anonymous else False,
    }
    if "login" in operation:
        duration = operation.get("duration")
        options = {} if duration is None else {"duration": datetime.timedelta(seconds=duration)}
        remember, fresh = operation.get("remember", False), operation.get("fresh", True)
        utils.login_user(_User(operation["login"]), remember=remember, fresh=fresh, **options)
    if operation.get("logout"):
        utils.logout_user()
    if operation.get("confirm"):
        utils.confirm_login()
    return seen


_OPERATIONS = ("login", "logout", "confirm")
_ARGUMENTS = ("remember", "duration", "fresh")
