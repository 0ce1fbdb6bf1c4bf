"""One request to a Flask app whose sessions are on a Cluster or behind Sentinel.

    python topology_app.py cluster|cluster-by-setting|sentinel PORT [COOKIE]

PORT is a node's or a sentinel's. Prints as JSON what the request found in the session, the cookie
that came of it, and the class of the client that Flask-Session uses.
"""

import json
import sys
import warnings

from flask import Flask, session
from flask_session import Session
from redis.cluster import RedisCluster
from redis.sentinel import Sentinel

HOST = "127.0.0.1"


def make_app(topology, port):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="shared", SESSION_TYPE="redis")
    if topology == "sentinel":
        app.config["SESSION_REDIS"] = Sentinel([(HOST, port)]).master_for("main")
    elif topology == "cluster-by-setting":
        app.config["SESSION_REDIS"] = RedisCluster(host=HOST, port=port)
    Session(app)
    if topology == "cluster":
        # 0.8 takes no RedisCluster as SESSION_REDIS, but asks no more of it than it has.
        app.session_interface.client = RedisCluster(host=HOST, port=port)

    @app.get("/")
    def index():
        found = dict(session)
        session["flask"] = found.get("flask", 0) + 1
        return json.dumps(found)

    return app


def main(topology, port, cookie=None):
    warnings.simplefilter("ignore")
    app = make_app(topology, int(port))
    answer = {"client": type(app.session_interface.client).__name__}
    if topology != "cluster-by-setting":
        client = app.test_client(use_cookies=False)
        response = client.get("/", headers={"Cookie": cookie} if cookie else {})
        answer["found"] = json.loads(response.text)
        answer["cookie"] = response.headers.get("Set-Cookie", "").split(";")[0]
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
