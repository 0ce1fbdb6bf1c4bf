"""Names that Python 3.14 dropped and the Flask of Flask-Session 0.3.2 still uses.

Import this before Flask. It changes nothing on an older Python, and nothing that a session, cookie
or payload depends on: Werkzeug 1.0 builds its routes from these syntax nodes, and Flask 1.1 finds
the app's folder by the loader.
"""

import ast
import importlib.util
import pkgutil

if not hasattr(ast, "Str"):

    class _Str(ast.Constant):
        """The node of a string, as Python 3.7 had it."""

        def __init__(self, s):
            super().__init__(value=s)

        @property
        def s(self):
            return self.value

    ast.Str = _Str

if not hasattr(pkgutil, "get_loader"):

    def _get_loader(name):
        spec = importlib.util.find_spec(name)
        return spec and spec.loader

    pkgutil.get_loader = _get_loader
