"""Names that Python 3.14 dropped and that Flask before 2.3 and Werkzeug before 2.3.4 still use.

environments.py has every program of an environment import this first, on Python 3.14 and newer.
Nothing that a session, cookie or payload depends on is touched: Werkzeug builds its routes from
these syntax nodes, and Flask finds an app's folder by the loader.
"""

import ast
import importlib.util
import pkgutil
import sys

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
        """The loader of a module that is imported already, as `__main__` is, or can be."""
        if name in sys.modules:
            return getattr(sys.modules[name], "__loader__", None)
        spec = importlib.util.find_spec(name)
        return spec and spec.loader

    pkgutil.get_loader = _get_loader
