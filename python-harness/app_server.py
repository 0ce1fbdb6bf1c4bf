"""Serves an app to the tests: configuration from the environment, one line when it is up.

FLASK_CONFIG is the app's configuration as JSON, and REDIS_URL the server for its sessions. PORT is
the port to listen on, any free one by default. A line `listening on URL` says that requests are
served.
"""

import json
import logging
import os

from werkzeug.serving import WSGIRequestHandler, make_server


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        """Says nothing."""


def serve(create_app):
    """Serve what `create_app(config, redis_url)` gives, until the process is ended."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(json.loads(os.environ.get("FLASK_CONFIG", "{}")), os.environ.get("REDIS_URL"))
    port = int(os.environ.get("PORT", "0"))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_QuietHandler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
