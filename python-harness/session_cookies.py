"""Session ids, signed cookies, and the Set-Cookie and Vary headers that a release answers with."""

from typing import Any, Optional

import itsdangerous

from determinism import FixedIds
from recorded_app import CAN_REGENERATE, KNOWS_ID_LENGTH, SECRET_KEY, RecordedApp
from session_walks import Request, Setting, Walk, apply, walks_and_settings

Case = dict[str, Any]

SECRET_KEYS = (
    ("short", "dev"),
    ("hex", "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"),
    ("longer-than-a-block", "0123456789abcdef" * 9),
    ("non-ascii", "Schlüssel 鍵 🔑"),
    ("bytes", b"\x00\xff\x80 not UTF-8 \xc3"),
)


def session_id_cases(ids: FixedIds, redis_url: str) -> list[Case]:
    """Ids that the release makes, by SESSION_ID_LENGTH where it knows that setting."""
    lengths = (None, 16, 32, 33, 64) if KNOWS_ID_LENGTH else (None,)
    cases = []
    for length in lengths:
        config = {} if length is None else {"SESSION_ID_LENGTH": length}
        app = RecordedApp(redis_url, config)
        ids.restart(f"length/{length}")
        sids = [app.request().sid for _ in range(3)]
        app.forget()
        cases.append({"id": f"length={length}", "config": config, "sids": sids})
    return cases


def signature_cases(ids: FixedIds, redis_url: str) -> list[Case]:
    """Cookie values with a signature: written by the release, and whether it takes others back."""
    cases = []
    for name, secret_key in SECRET_KEYS:
        app = RecordedApp(redis_url, {"SECRET_KEY": secret_key, "SESSION_USE_SIGNER": True})
        ids.restart(f"signature/{name}")
        response = app.request(_log_in)
        cookie = _cookie_value(response.set_cookie)
        cases.append(_signature_case(app, f"key={name}", secret_key, response.sid, cookie))
        app.forget()
    app = RecordedApp(redis_url, {"SESSION_USE_SIGNER": True})
    ids.restart("signature/altered")
    response = app.request(_log_in)
    for name, cookie in _altered(response.sid, _cookie_value(response.set_cookie)):
        cases.append(_signature_case(app, name, SECRET_KEY, response.sid, cookie))
    app.forget()
    return cases


def walk_cases(ids: FixedIds, redis_url: str) -> list[Case]:
    """Every walk with every setting that goes with it."""
    return [
        _walk_case(ids, redis_url, walk, setting)
        for walk, setting in walks_and_settings(can_regenerate=CAN_REGENERATE)
    ]


def _walk_case(ids: FixedIds, redis_url: str, walk: Walk, setting: Setting) -> Case:
    app = RecordedApp(redis_url, setting.config)
    ids.restart(walk.id)
    case = {"id": f"{setting.id}/{walk.id}", "note": walk.note, "config": setting.config}
    steps: list[Case] = []
    last = None
    for request in walk.requests:
        step = _step(app, request, _cookie_header(app, request, last))
        steps.append(step)
        if "error" in step:
            break
        last = _cookie_after(last, step["setCookie"])
    app.forget()
    return {**case, "expect": "reject" if "error" in steps[-1] else "valid", "steps": steps}


def _step(app: RecordedApp, request: Request, cookie: Optional[str]) -> Case:
    """A request, and what came of it; `error` is the class of what it raised."""
    step = {"cookie": cookie, "operations": list(request.operations)}

    def use(session: Any) -> None:
        apply(request.operations, session, app.interface)

    try:
        response = app.request(use if request.operations else None, cookie)
    except Exception as error:  # whatever the release raises is what is recorded
        return {**step, "error": type(error).__name__}
    return {
        **step,
        "sid": response.sid,
        "setCookie": response.set_cookie,
        "vary": response.vary,
        "ttlSeconds": response.ttl_seconds,
        "stored": {key: payload.hex() for key, payload in app.stored().items()},
    }


def _cookie_header(app: RecordedApp, request: Request, last: Optional[str]) -> Optional[str]:
    value = last if request.cookie == "last" else request.cookie
    if value is None or value == "none":
        return None
    return f"{app.app.config['SESSION_COOKIE_NAME']}={value}"


def _cookie_after(last: Optional[str], set_cookie: list[str]) -> Optional[str]:
    """What a browser holds after a response."""
    for line in set_cookie:
        last = None if "Max-Age=0" in line else _cookie_value([line])
    return last


def _cookie_value(set_cookie: list[str]) -> str:
    return set_cookie[0].split(";")[0].split("=", 1)[1]


def _signature_case(app: RecordedApp, name: str, secret_key: Any, sid: str, cookie: str) -> Case:
    seen = []
    app.request(lambda session: seen.append(session.get("username")), f"session={cookie}")
    secret = {"bytes": secret_key.hex()} if isinstance(secret_key, bytes) else {"str": secret_key}
    expect = "valid" if seen == [_USERNAME] else "reject"
    return {"id": name, "secretKey": secret, "sid": sid, "cookie": cookie, "expect": expect}


def _altered(sid: str, cookie: str) -> list[tuple[str, str]]:
    signature = cookie[len(sid) + 1 :]
    return [
        ("as-written", cookie),
        ("quoted", f'"{cookie}"'),
        ("unsigned", sid),
        ("signature-empty", f"{sid}."),
        ("signature-alone", f".{signature}"),
        ("signature-of-another-key", _signed(sid, secret_key="another key")),
        ("signature-of-another-salt", _signed(sid, salt="itsdangerous.Signer")),
        ("signature-cut", cookie[:-1]),
        ("signature-first-character", f"{sid}.{_other(signature[0])}{signature[1:]}"),
        ("signature-last-character", cookie[:-1] + _turned(cookie[-1], 0b000100)),
        ("signature-unused-bits", cookie[:-1] + _turned(cookie[-1], 0b000001)),
        ("signature-padded", f"{cookie}="),
        ("signature-with-junk", f"{sid}.{signature[:5]}!{signature[5:]}"),
        ("sid-changed", f"{_other(sid[0])}{sid[1:]}.{signature}"),
        ("signed-twice", _signed(cookie)),
        ("express-session", f"s:{cookie}"),
        ("separator-of-another-kind", f"{sid}:{signature}"),
    ]


def _signed(value: str, secret_key: str = SECRET_KEY, salt: str = "flask-session") -> str:
    return itsdangerous.Signer(secret_key, salt=salt, key_derivation="hmac").sign(value).decode()


def _other(character: str) -> str:
    return "A" if character != "A" else "B"


def _turned(character: str, bits: int) -> str:
    """The character of URL-safe Base64 whose six bits differ from the given one in these."""
    return _BASE64[_BASE64.index(character) ^ bits]


def _log_in(session: Any) -> None:
    session["username"] = _USERNAME


_USERNAME = 2222
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
