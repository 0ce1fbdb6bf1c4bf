"""A Flask app with logins, as many are: Flask-Login and Flask-WTF on top of Flask-Session.

    FLASK_CONFIG='{"SECRET_KEY": "x"}' REDIS_URL=redis://127.0.0.1:6379/0 python login_app.py

The environment variables are those of app_server.py. The users' table is the Redis hash whose key
the setting USERS_KEY names: a password hash of Werkzeug by each user's name, which is the id too.

| request | what it does |
| --- | --- |
| GET /login, POST /login | shows Flask-WTF's form; logs in, remembered if asked, and flashes |
| POST /confirm | makes the login fresh again, after a look at the password |
| POST /logout | logs out |
| GET /who | JSON: the id of the user, or null, and whether the login is fresh |
| GET /account, GET /settings | for those logged in; for those freshly logged in |
| GET /notes, POST /notes | shows a form with a CSRF token; flashes `text` with `category` |
| GET /messages | JSON: the flashed messages as pairs of category and text |
| POST /password | keeps the hash of `password`, made by `method`, for `username` |
"""

import os

import flask
import flask_login
import flask_session
import flask_wtf
import flask_wtf.csrf
import redis
import wtforms
from werkzeug.security import check_password_hash, generate_password_hash

from app_server import serve

pages = flask.Blueprint("pages", __name__)
login_manager = flask_login.LoginManager()
login_manager.login_view = login_manager.refresh_view = "pages.login"
csrf = flask_wtf.csrf.CSRFProtect()

LOGIN_PAGE = """
<form method="post">
  {{ form.hidden_tag() }} {{ form.username }} {{ form.password }} {{ form.remember }}
  <button>Log in</button>
</form>
"""

NOTES_PAGE = """
<form method="post">
  <input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
  <input name="text"> <input name="category"> <button>Keep</button>
</form>
"""


def create_app(config, redis_url):
    """The app with a configuration of its own."""
    # Both paths are given, for old Flask finds them in ways that new Python lacks.
    here = os.path.dirname(os.path.abspath(__file__))
    app = flask.Flask(__name__, root_path=here, instance_path=here)
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=redis.Redis.from_url(redis_url))
    app.config.update(config)
    flask_session.Session(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    app.register_blueprint(pages)
    return app


class User(flask_login.UserMixin):
    """A row of the users' table."""

    def __init__(self, name):
        self.id = name


class LoginForm(flask_wtf.FlaskForm):
    """What one logs in with."""

    username = wtforms.StringField()
    password = wtforms.PasswordField()
    remember = wtforms.BooleanField()


@login_manager.user_loader
def load_user(user_id):
    return None if _password_hash(user_id) is None else User(user_id)


@pages.app_errorhandler(flask_wtf.csrf.CSRFError)
def say_why(error):
    return error.description, 400


@pages.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if not form.validate_on_submit():
        return flask.render_template_string(LOGIN_PAGE, form=form)
    if not _is_password_of(form.username.data, form.password.data):
        return "wrong password", 403
    flask_login.login_user(User(form.username.data), remember=form.remember.data)
    flask.flash("Welcome.", "success")
    return flask.redirect("/account")


@pages.route("/confirm", methods=["POST"])
@flask_login.login_required
def confirm():
    if not _is_password_of(flask_login.current_user.get_id(), flask.request.form["password"]):
        return "wrong password", 403
    flask_login.confirm_login()
    return ""


@pages.route("/logout", methods=["POST"])
def logout():
    flask_login.logout_user()
    return ""


@pages.route("/who")
def who():
    user = flask_login.current_user.get_id()
    return flask.jsonify({"user": user, "fresh": flask_login.login_fresh()})


@pages.route("/account")
@flask_login.login_required
def account():
    return "account"


@pages.route("/settings")
@flask_login.fresh_login_required
def settings():
    return "settings"


@pages.route("/notes", methods=["GET", "POST"])
def notes():
    if flask.request.method == "GET":
        return flask.render_template_string(NOTES_PAGE)
    flask.flash(flask.request.form["text"], flask.request.form["category"])
    return ""


@pages.route("/messages")
def messages():
    return flask.jsonify(flask.get_flashed_messages(with_categories=True))


@pages.route("/password", methods=["POST"])
def set_password():
    form = flask.request.form
    _users().hset(
        flask.current_app.config["USERS_KEY"],
        form["username"],
        generate_password_hash(form["password"], form["method"]),
    )
    return ""


def _is_password_of(name, password):
    password_hash = _password_hash(name)
    return password_hash is not None and check_password_hash(password_hash, password)


def _password_hash(name):
    password_hash = _users().hget(flask.current_app.config["USERS_KEY"], name)
    return password_hash and password_hash.decode()


def _users():
    return flask.current_app.config["SESSION_REDIS"]


if __name__ == "__main__":
    serve(create_app)
