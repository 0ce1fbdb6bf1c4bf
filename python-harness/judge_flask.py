"""Says what Flask, Flask-Login and Flask-WTF make of cookies and tokens that a test made up.

Reads {"secretKey", "sessions", "remembered", "tokens"} in JSON from standard input: values of the
session cookie and of the remember-me cookie, and [secret of a session, token] pairs. Writes the
same keys with what came of each: the session that Flask opens and the text that it would sign for
it, the user's id or null, and whether the token is good.
"""

import json
import sys
from typing import Any

import flask
import flask_login.utils
import flask_wtf.csrf

from typed_json import to_typed


def main() -> None:
    asked = json.load(sys.stdin)
    app = flask.Flask(__name__)
    app.secret_key = asked["secretKey"]
    with app.app_context():
        answer = {
            "sessions": [_opened(app, cookie) for cookie in asked["sessions"]],
            "remembered": [flask_login.utils.decode_cookie(text) for text in asked["remembered"]],
        }
    answer["tokens"] = [_is_good(app, secret, token) for secret, token in asked["tokens"]]
    json.dump(answer, sys.stdout)


def _opened(app: flask.Flask, cookie: str) -> Any:
    serializer = app.session_interface.get_signing_serializer(app)
    session = serializer.loads(cookie)
    text = app.session_interface.serializer.dumps(session)
    return {"value": to_typed(session), "text": text}


def _is_good(app: flask.Flask, secret: str, token: str) -> bool:
    with app.test_request_context():
        flask.session["csrf_token"] = secret
        try:
            flask_wtf.csrf.validate_csrf(token)
        except flask_wtf.csrf.ValidationError:
            return False
    return True


if __name__ == "__main__":
    main()
