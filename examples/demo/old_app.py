"""The demo's old app: a tea shop on Flask and Flask-Session, as if it had stood here for years.

Its settings come from the environment, as JSON; where it listens is printed on the first line.
"""

import json
import logging
import os
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

import flask
import redis
from flask.views import MethodView
from flask_session import Session
from werkzeug.serving import make_server

CATALOGUE = json.loads(Path(__file__).with_name("catalogue.json").read_text())
VERSIONS = "Flask {}, Flask-Session {}".format(*map(metadata.version, ("flask", "flask-session")))

auth = flask.Blueprint("auth", __name__)
shop = flask.Blueprint("shop", __name__)


class LoginView(MethodView):
    """The login form, and what it does. Any name will do: this shop asks for no password."""

    def get(self):
        return flask.render_template("login.html")

    def post(self):
        username = flask.request.form.get("username", "").strip()
        if not username:
            flask.flash("Please tell us your name.", "error")
            return flask.redirect(flask.url_for("auth.login"))
        _start_session(username, permanent="keep" in flask.request.form)
        flask.flash(f"Welcome, {username}!", "info")
        return flask.redirect(flask.url_for("shop.index"))


auth.add_url_rule("/login", view_func=LoginView.as_view("login"))


@auth.post("/logout")
def logout():
    flask.session.clear()
    return flask.redirect(flask.url_for("shop.index"))


@shop.get("/")
def index():
    return flask.render_template("shop.html", catalogue=CATALOGUE, total=_total())


@shop.post("/cart")
def change_cart():
    item, change = flask.request.form["item"], int(flask.request.form.get("change", 1))
    if "username" not in flask.session or not any(item == tea["name"] for tea in CATALOGUE):
        flask.abort(400)
    cart = flask.session["cart"]
    cart[item] = cart.get(item, 0) + change
    if cart[item] <= 0:
        del cart[item]
    # The change is inside of a value, where Flask does not see it.
    flask.session.modified = True
    return flask.redirect(flask.url_for("shop.index"))


@shop.post("/note")
def leave_note():
    """Flash a message for whichever page comes next: the new app's."""
    flask.flash(flask.request.form.get("text", ""), "note")
    return flask.redirect("/next")


@shop.get("/session.json")
def describe_session():
    """What this app finds in its session, and which Python types."""
    values = dict(flask.session)
    return {
        "username": values.get("username"),
        "cart": values.get("cart"),
        "permanent": flask.session.permanent,
        "types": {key: type(value).__name__ for key, value in values.items()},
        "values": {key: repr(value) for key, value in values.items()},
    }


def create_app():
    """The app, with the settings that the new app has too."""
    app = flask.Flask(__name__)
    app.config.update(json.loads(os.environ["DEMO_SETTINGS"]))
    app.config["SESSION_REDIS"] = redis.Redis.from_url(
        os.environ["DEMO_REDIS_URL"], client_name="flask"
    )
    Session(app)
    app.register_blueprint(auth)
    app.register_blueprint(shop)
    app.add_template_filter(_clock, "clock")

    @app.context_processor
    def add_versions():
        return {"versions": VERSIONS}

    @app.after_request
    def sign_response(response):
        response.headers["X-Answered-By"] = VERSIONS
        return response

    return app


def _start_session(username, permanent):
    session = flask.session
    session.clear()
    session.permanent = permanent
    session["username"] = username
    session["cart"] = {}
    session["credit"] = 20.0
    session["delivery"] = (9, 12)
    session["since"] = datetime.now(timezone.utc)
    # Against fixation, in the releases that know how (0.7 and later).
    if hasattr(flask.current_app.session_interface, "regenerate"):
        flask.current_app.session_interface.regenerate(session)


def _total():
    prices = {tea["name"]: tea["price"] for tea in CATALOGUE}
    cart = flask.session.get("cart", {})
    return sum(prices[item] * count for item, count in cart.items())


def _clock(moment):
    """Hours and minutes; JSON sessions give back text where a datetime was put in."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return format(moment, "%H:%M")


def main():
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    print(f"listening at http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
