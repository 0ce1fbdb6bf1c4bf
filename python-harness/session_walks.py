"""Walks: requests of one visitor, one after the other, and the settings that they are taken with.

Each request says what it does to the session, in operations that a test in another language can do
too, and which cookie it sends.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

Operation = dict[str, Any]
Config = dict[str, Any]


class Request(NamedTuple):
    """One request of a walk."""

    operations: tuple[Operation, ...] = ()
    cookie: str = "last"
    """`last`: the session cookie that was set last, if any; `none`; or the cookie's own value."""


class Walk(NamedTuple):
    id: str
    note: str
    requests: tuple[Request, ...]


class Setting(NamedTuple):
    """Keys of `app.config` that differ from Flask's defaults."""

    id: str
    config: Config


def walks_and_settings(can_regenerate: bool) -> Iterator[tuple[Walk, Setting]]:
    """Every walk with the settings that decide when to store, a few with each cookie setting."""
    every_walk = _walks() + (_regenerate_walks() if can_regenerate else [])
    for setting in _storing_settings():
        for walk in every_walk:
            yield walk, setting
    few = [walk for walk in every_walk if walk.id in ("changed", "cleared")]
    for setting in _cookie_settings():
        for walk in few:
            yield walk, setting


def apply(operations: tuple[Operation, ...], session: Any, interface: Any) -> None:
    """Does what a request's operations say."""
    for operation in operations:
        for name, argument in operation.items():
            _OPERATIONS[name](session, argument, interface)


_OPERATIONS = {
    "get": lambda session, key, _: session.get(key),
    "has": lambda session, key, _: key in session,
    "keys": lambda session, _argument, _: list(session),
    "set": lambda session, items, _: session.update(items),
    "delete": lambda session, key, _: session.pop(key),
    "append": lambda session, item, _: session["list"].append(item),
    "modified": lambda session, flag, _: setattr(session, "modified", flag),
    "permanent": lambda session, flag, _: setattr(session, "permanent", flag),
    "clear": lambda session, _argument, _: session.clear(),
    "regenerate": lambda session, _argument, interface: interface.regenerate(session),
}

_LOGIN = Request(({"set": {"username": 2222}},))
_LIST = Request(({"set": {"list": [1]}},))
_PERMANENT = Request(({"permanent": True},))
_NOT_PERMANENT = Request(({"permanent": False},))

_UNKNOWN_SIDS = (
    ("uuid", "3d0f7c9e-6f0a-4b2e-8c1d-0a1b2c3d4e5f"),
    ("token", "Zm9yZ2VkLWJ5LWEtY2xpZW50LW5vdC1zdG9yZWQtMDE"),
    ("form", "a.b.c"),
)


def _walks() -> list[Walk]:
    walks = [
        Walk("untouched-new", "nothing read, nothing set", (Request(),)),
        Walk("read-new", "a key read that is not there", (Request(({"get": "username"},)),)),
        Walk("asked-new", "`in` on a new session", (Request(({"has": "username"},)),)),
        Walk("changed", "set, then set again", (_LOGIN, Request(({"set": {"username": 3}},)))),
        Walk("untouched", "set, then nothing", (_LOGIN, Request())),
        Walk("read", "set, then read", (_LOGIN, Request(({"get": "username"},)))),
        Walk("asked", "set, then `in`", (_LOGIN, Request(({"has": "username"},)))),
        Walk("listed", "set, then its keys listed", (_LOGIN, Request(({"keys": True},)))),
        Walk("same-value", "set to what it is", (_LOGIN, Request(({"set": {"username": 2222}},)))),
        Walk("nested", "changed inside", (_LIST, Request(({"append": 2},)), Request())),
        Walk(
            "nested-modified",
            "changed inside, and said so",
            (_LIST, Request(({"append": 2}, {"modified": True}))),
        ),
        Walk("permanent-on", "", (_LOGIN, Request(({"permanent": True},)), Request())),
        Walk("permanent-off", "", (_LOGIN, Request(({"permanent": False},)), Request())),
        Walk("permanent-only", "a new session, only made permanent", (_PERMANENT, Request())),
        Walk("not-permanent-only", "a new session, only made not permanent", (_NOT_PERMANENT,)),
        Walk("cleared", "logged out by clear()", (_LOGIN, Request(({"clear": True},)), Request())),
        Walk("cleared-new", "a new session cleared", (Request(({"clear": True},)),)),
        Walk(
            "cleared-and-set",
            "cleared and filled in one request",
            (_LOGIN, Request(({"clear": True}, {"set": {"username": 4}}))),
        ),
        Walk("deleted-last-key", "", (_LOGIN, Request(({"delete": "username"},)), Request())),
        Walk(
            "deleted-one-key",
            "",
            (Request(({"set": {"a": 1, "b": 2}},)), Request(({"delete": "a"},))),
        ),
        Walk("no-cookie-sent", "the browser lost it", (_LOGIN, Request(cookie="none"))),
        Walk("empty-cookie", "", (_LOGIN, Request(cookie=""))),
    ]
    for name, sid in _UNKNOWN_SIDS:
        note = "a session id that the store does not hold"
        walks.append(Walk(f"unknown-{name}", note, (Request(cookie=sid),)))
        walks.append(Walk(f"unknown-{name}-set", note, (Request(_LOGIN.operations, cookie=sid),)))
    return walks


def _regenerate_walks() -> list[Walk]:
    again = Request(({"regenerate": True},))
    both = Request(({"set": {"username": 5}}, {"regenerate": True}))
    return [
        Walk("regenerated", "a new id for the same data", (_LOGIN, again, Request())),
        Walk("regenerated-and-set", "", (_LOGIN, both, Request())),
        Walk("regenerated-new", "an empty session keeps its id", (again,)),
    ]


def _storing_settings() -> Iterator[Setting]:
    """Settings that decide whether a request stores the session and sends the cookie."""
    yield Setting("defaults", {})
    yield Setting("signer", {"SESSION_USE_SIGNER": True})
    yield Setting("not-permanent", {"SESSION_PERMANENT": False})
    yield Setting("no-refresh", {"SESSION_REFRESH_EACH_REQUEST": False})
    yield Setting(
        "not-permanent-no-refresh",
        {"SESSION_PERMANENT": False, "SESSION_REFRESH_EACH_REQUEST": False},
    )


def _cookie_settings() -> Iterator[Setting]:
    """Settings that shape the Set-Cookie line or the key."""
    one_key = (
        ("name", "SESSION_COOKIE_NAME", ("shop_session", "__Host-shop")),
        ("domain", "SESSION_COOKIE_DOMAIN", ("shop.example", ".shop.example", "localhost", False)),
        ("path", "SESSION_COOKIE_PATH", ("/shop", "/a b;c")),
        ("root", "APPLICATION_ROOT", ("/app",)),
        ("httponly", "SESSION_COOKIE_HTTPONLY", (False,)),
        ("secure", "SESSION_COOKIE_SECURE", (True,)),
        ("samesite", "SESSION_COOKIE_SAMESITE", ("Lax", "Strict", "None", "lax", "bad")),
        ("partitioned", "SESSION_COOKIE_PARTITIONED", (True,)),
        ("lifetime", "PERMANENT_SESSION_LIFETIME", (1, 60, 86400, 90.5, 0)),
        ("prefix", "SESSION_KEY_PREFIX", ("shop:", "", "ключ:")),
    )
    for name, key, values in one_key:
        for value in values:
            yield Setting(f"{name}={value}", {key: value})
    yield Setting("root-and-path", {"APPLICATION_ROOT": "/app", "SESSION_COOKIE_PATH": "/x"})
    yield Setting(
        "everything",
        {
            "SESSION_COOKIE_NAME": "s",
            "SESSION_COOKIE_DOMAIN": "shop.example",
            "SESSION_COOKIE_PATH": "/x",
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_SAMESITE": "Strict",
            "SESSION_COOKIE_PARTITIONED": True,
            "SESSION_USE_SIGNER": True,
            "SESSION_KEY_PREFIX": "p:",
            "PERMANENT_SESSION_LIFETIME": 3600,
        },
    )
    yield Setting(
        "everything-not-permanent",
        {
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": False,
            "SESSION_COOKIE_SAMESITE": "None",
            "SESSION_PERMANENT": False,
            "PERMANENT_SESSION_LIFETIME": 3600,
        },
    )
