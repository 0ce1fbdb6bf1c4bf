"""Logins of Flask-Login: what each request leaves in the session and sends as cookies."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

import flask
import flask_login
from flask_login import utils
from werkzeug.test import EnvironBuilder, run_wsgi_app

from typed_json import to_typed

Case = dict[str, Any]

SECRET_KEY = "a key of the fixtures"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
CLIENT = {"User-Agent": USER_AGENT}
ADDRESS = "192.0.2.7"

KEYS = (
    ("text", "a key of the fixtures"),
    ("latin-1", "Schl\xfcssel"),
    ("bytes", b"\x00\xff\x80"),
    ("long", "0123456789abcdef" * 9),
)
USER_IDS = ("2222", "ann@shop.example", "jo \xe9", "a|b", "", "\u4eac\U0001f600", "0;x=1")


class Client(NamedTuple):
    """What a request tells about who sent it."""

    id: str
    headers: dict[str, str]
    address: Optional[str] = ADDRESS


class LoginApp:
    """A Flask app with Flask-Login, whose session is given and taken for each request."""

    def __init__(self, config: dict[str, Any], login_view: Optional[str] = None):
        self.app = flask.Flask(__name__)
        self.app.config.update({"SECRET_KEY": SECRET_KEY, **config})
        self.app.testing = True
        self.app.session_interface = self
        self.manager = flask_login.LoginManager(self.app)
        self.manager.login_view = login_view
        self.manager.refresh_view = login_view
        self.manager.user_loader(_User)
        self.app.add_url_rule("/", view_func=self._view, defaults={"path": ""})
        self.app.add_url_rule("/<path:path>", view_func=self._view)
        self._session: Any = None
        self._use: Any = None
        self.returned: Any = None

    def request(
        self,
        session: dict[str, Any],
        use,
        client: Client,
        cookie: Optional[str] = None,
        environ: Optional[dict[str, Any]] = None,
    ) -> Case:
        """Sends one request; what `use` returns is the response, or kept in `returned`."""
        self._session = flask.sessions.SecureCookieSession(session)
        self._use = use
        headers = dict(client.headers)
        if cookie is not None:
            headers["Cookie"] = cookie
        built = EnvironBuilder("/", headers=headers).get_environ()
        if "User-Agent" not in headers:
            built.pop("HTTP_USER_AGENT", None)
        if client.address is not None:
            built["REMOTE_ADDR"] = client.address
        built.update(environ or {})
        _, status, response_headers = run_wsgi_app(self.app, built)
        return {
            "session": to_typed(dict(self._session)),
            "setCookie": response_headers.getlist("Set-Cookie"),
            "status": int(status.split()[0]),
            "location": response_headers.get("Location"),
        }

    def open_session(self, app, request):
        return self._session

    def save_session(self, app, session, response):
        pass

    def is_null_session(self, session):
        return False

    def _view(self, path: str):
        self.returned = self._use()
        return self.returned if isinstance(self.returned, flask.Response) else ""


class _User(flask_login.UserMixin):
    def __init__(self, id):
        self.id = id

    def get_id(self):
        return self.id


CLIENTS = (
    Client("plain", CLIENT),
    Client("no-user-agent", {}),
    Client("empty-user-agent", {"User-Agent": ""}),
    Client("no-address", CLIENT, None),
    Client("ipv6", CLIENT, "2001:db8::1"),
    Client("forwarded", {**CLIENT, "X-Forwarded-For": "203.0.113.9"}),
    Client("forwarded-list", {**CLIENT, "X-Forwarded-For": " 203.0.113.9 , 10.0.0.1, 10.0.0.2"}),
    Client("forwarded-empty", {**CLIENT, "X-Forwarded-For": ""}),
    Client("forwarded-comma", {**CLIENT, "X-Forwarded-For": ",10.0.0.1"}),
    Client("single-quote", {"User-Agent": "it's"}),
    Client("double-quote", {"User-Agent": 'say "a"'}),
    Client("both-quotes", {"User-Agent": 'it\'s "a"'}),
    Client("backslash", {"User-Agent": "a\\b\\x41"}),
    Client("tab", {"User-Agent": "a\tb"}),
    Client("latin-1", {"User-Agent": "caf\xe9 \x80\xff"}),
    Client("tilde-and-delete", {"User-Agent": "~\x7f"}),
)


def identifier_cases() -> list[Case]:
    """Clients, and the `_id` of a login from there."""
    app = LoginApp({})
    cases = []
    for client in CLIENTS:
        app.request({}, utils._create_identifier, client)
        cases.append({**client._asdict(), "identifier": app.returned})
    return cases


def encoded_cases() -> list[Case]:
    """Ids and keys, and the remember-me cookie's value."""
    return [
        {
            "id": f"{name}/{user_id}",
            "key": {"bytes": key.hex()} if isinstance(key, bytes) else {"str": key},
            "payload": user_id,
            "cookie": utils.encode_cookie(user_id, key),
        }
        for name, key in KEYS
        for user_id in USER_IDS
    ]


def decoded_cases() -> list[Case]:
    """Values of a remember-me cookie, and the id that they are good for."""
    cases = []
    for name, cookie in _altered(utils.encode_cookie("2222", SECRET_KEY)):
        try:
            outcome = {"payload": utils.decode_cookie(cookie, SECRET_KEY)}
        except Exception as error:  # whatever Flask-Login raises is what is recorded
            outcome = {"payload": None, "error": type(error).__name__}
        cases.append({"id": name, "cookie": cookie, **outcome})
    return cases


def _altered(cookie: str) -> Iterator[tuple[str, str]]:
    payload, digest = cookie.split("|")
    yield "good", cookie
    yield "empty", ""
    yield "no-bar", payload + digest
    yield "bar-alone", "|"
    yield "no-digest", f"{payload}|"
    yield "no-payload", f"|{digest}"
    yield "other-payload", f"2223|{digest}"
    yield "payload-with-bar", f"x|{cookie}"
    yield "upper-case", f"{payload}|{digest.upper()}"
    yield "longer", f"{cookie}0"
    yield "shorter", cookie[:-1]
    yield "blank", f"{cookie} "
    yield "other-key", utils.encode_cookie("2222", "another key")
    yield "non-ascii-digest", f"{payload}|{digest[:-1]}\xe9"
    yield "non-ascii-payload", f"\xe9|{digest}"
    yield "long", f"{'9' * 10000}|{digest}"
    for index in range(0, len(digest), 16):
        other = "0" if digest[index] != "0" else "1"
        yield f"changed-at-{index}", f"{payload}|{digest[:index]}{other}{digest[index + 1 :]}"


def protection_cases() -> list[Case]:
    """Sessions that come from here or elsewhere, with each mode of protection."""
    here = _identifier(Client("here", CLIENT))
    base = {"_user_id": "2222", "_fresh": True, "_id": here}
    sessions = (
        ("empty", {}),
        ("permanent-only", {"_permanent": True}),
        ("cart", {"cart": [1]}),
        ("login", base),
        ("stale-login", {**base, "_fresh": False}),
        ("elsewhere", {**base, "_id": "0" * 128}),
        ("elsewhere-stale", {**base, "_id": "0" * 128, "_fresh": False}),
        ("elsewhere-permanent", {**base, "_id": "0" * 128, "_permanent": True}),
        ("elsewhere-not-permanent", {**base, "_id": "0" * 128, "_permanent": False}),
        ("without-id", {"_user_id": "2222", "_fresh": True}),
        (
            "elsewhere-with-all",
            {
                **base,
                "_id": "0" * 128,
                "_remember": "set",
                "_remember_seconds": 5.0,
                "next": "/x",
                "cart": [1],
            },
        ),
    )
    cases = []
    for mode in ("basic", "strong", None):
        for name, session in sessions:
            app = LoginApp({"SESSION_PROTECTION": mode})
            failed = app.manager._session_protection_failed
            kept = dict(session)

            def use(failed=failed, kept=kept):
                result = failed()
                kept.clear()
                kept.update(flask.session)
                return result

            app.request(session, use, Client("here", CLIENT))
            cases.append(
                {
                    "id": f"{mode}/{name}",
                    "config": {"SESSION_PROTECTION": mode},
                    "before": to_typed(session),
                    "after": to_typed(kept),
                    "failed": bool(app.returned),
                }
            )
    return cases


def _identifier(client: Client) -> str:
    app = LoginApp({})
    app.request({}, utils._create_identifier, client)
    return app.returned
