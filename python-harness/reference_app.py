"""The reference Flask app, on whichever Flask-Session release its environment has.

    FLASK_CONFIG='{"SECRET_KEY": "x"}' REDIS_URL=redis://127.0.0.1:6379/0 python reference_app.py

The environment variables are those of app_server.py; SESSION_REDIS is made from REDIS_URL, and
SESSION_CACHELIB from the arguments of a FileSystemCache.

| request | what it does with the session |
| --- | --- |
| GET /untouched | nothing |
| GET /login, POST /login | shows a form; keeps its username in the session |
| GET /me | reads the username; JSON |
| POST /logout | clears the session |
| GET /session | JSON: the data as typed JSON, the sid and the flags, before the data was read |
| PATCH /session, DELETE /session | updates from a typed dict; clears |
| GET, PUT, DELETE /session/KEY | reads (404 when there is none), sets, removes a typed value |
| PUT /session/KEY/KEY | sets inside a dict; `?modified` says so, as Flask asks for |
| POST /append/KEY | appends to a list in the session; `?modified` likewise |
| PUT /permanent | sets `session.permanent` to a typed bool |
| POST /increment/KEY | reads a number and stores the next |
| POST /regenerate | gives the session a new sid; 404 where the release cannot |

`?delay=SECONDS` on any request waits after the view, before the session is saved.
"""

import json
import time

import flask
import flask_session
import redis
from cachelib.file import FileSystemCache
from flask.views import MethodView

from app_server import serve
from typed_json import to_typed
from typed_json_reader import from_typed

auth = flask.Blueprint("auth", __name__)
data = flask.Blueprint("data", __name__)


def create_app(config, redis_url=None):
    """The app with a configuration of its own."""
    app = flask.Flask(__name__)
    app.config.update(SECRET_KEY="a secret of the reference app", SESSION_TYPE="redis")
    if redis_url:
        app.config["SESSION_REDIS"] = redis.Redis.from_url(redis_url)
    app.config.update(config)
    if "SESSION_CACHELIB" in config:
        app.config["SESSION_CACHELIB"] = FileSystemCache(**config["SESSION_CACHELIB"])
    flask_session.Session(app)
    app.register_blueprint(auth)
    app.register_blueprint(data)
    app.after_request(_delay)
    return app


class Login(MethodView):
    """The login form, as many Flask apps have it."""

    def get(self):
        return (
            '<form method="post"><input name="username"><input name="password" type="password">'
            "<button>Log in</button></form>"
        )

    def post(self):
        if flask.request.form["password"] == "":
            return "no password", 401
        flask.session["username"] = flask.request.form["username"]
        return flask.redirect("/me")


auth.add_url_rule("/login", view_func=Login.as_view("login"))


@auth.route("/me")
def me():
    return _json({"username": flask.session.get("username")})


@auth.route("/logout", methods=["POST"])
def logout():
    flask.session.clear()
    return flask.redirect("/me")


@data.route("/untouched")
def untouched():
    return ""


@data.route("/session")
def dump():
    session = flask.session._get_current_object()  # the proxy itself counts as access
    flags = {name: getattr(session, name, None) for name in ("sid", "new", "accessed", "modified")}
    return _json({**flags, "permanent": session.permanent, "data": to_typed(dict(session))})


@data.route("/session", methods=["PATCH"])
def update():
    flask.session.update(_typed_body())
    return ""


@data.route("/session", methods=["DELETE"])
def clear():
    flask.session.clear()
    return ""


@data.route("/session/<key>")
def get(key):
    if key not in flask.session:
        flask.abort(404)
    return _json(to_typed(flask.session[key]))


@data.route("/session/<key>", methods=["PUT"])
def put(key):
    flask.session[key] = _typed_body()
    return ""


@data.route("/session/<key>", methods=["DELETE"])
def delete(key):
    flask.session.pop(key, None)
    return ""


@data.route("/session/<key>/<inner>", methods=["PUT"])
def put_inside(key, inner):
    flask.session[key][inner] = _typed_body()
    return _say_modified()


@data.route("/append/<key>", methods=["POST"])
def append(key):
    flask.session[key].append(_typed_body())
    return _say_modified()


@data.route("/permanent", methods=["PUT"])
def permanent():
    flask.session.permanent = _typed_body()
    return ""


@data.route("/increment/<key>", methods=["POST"])
def increment(key):
    flask.session[key] = flask.session.get(key, 0) + 1
    return ""


@data.route("/regenerate", methods=["POST"])
def regenerate():
    interface = flask.current_app.session_interface
    if not hasattr(interface, "regenerate"):
        flask.abort(404)
    interface.regenerate(flask.session)
    return ""


def _say_modified():
    if "modified" in flask.request.args:
        flask.session.modified = True
    return ""


def _typed_body():
    return from_typed(json.loads(flask.request.get_data(as_text=True)))


def _json(value):
    """ASCII, for a lone surrogate is no UTF-8."""
    return flask.Response(json.dumps(value), mimetype="application/json")


def _delay(response):
    time.sleep(float(flask.request.args.get("delay", 0)))
    return response


if __name__ == "__main__":
    serve(create_app)
