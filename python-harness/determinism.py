"""Fixes what would make two runs of a generator differ: clock, ids, hash seed, pickle protocol."""

import datetime
import functools
import hashlib
import os
import pickle
import secrets
import sys
import uuid

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
"""What every clock shows."""

PICKLE_PROTOCOL = 4
"""What CPython 3.8 to 3.13 write when nobody asks; 3.14 writes 5."""


def fix_hash_seed() -> None:
    """Starts this program again with a fixed hash seed, unless it has one."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        environment = dict(os.environ, PYTHONHASHSEED="0")
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)


def fix_pickle_protocol() -> None:
    """Pins the protocol that `pickle.dumps` takes by default; the C code has its own constant."""
    pickle.dumps = functools.partial(pickle.dumps, protocol=PICKLE_PROTOCOL)


def fix_clock(*modules) -> None:
    """Replaces the name `datetime` in modules that took the class from its module."""
    for module in modules:
        module.datetime = _FixedDatetime


class FixedIds:
    """Stands in for the system's randomness, with a stream that depends on a label alone."""

    def __init__(self):
        self.restart("")

    def restart(self, label: str) -> None:
        """Begins the stream that belongs to a label, so that no case depends on those before it."""
        self._label = label
        self._taken = 0

    def token_bytes(self, nbytes=None) -> bytes:
        """Stands in for `secrets.token_bytes`, on which the real `token_urlsafe` builds."""
        seed = f"{self._label}/{self._taken}".encode()
        self._taken += 1
        return hashlib.shake_128(seed).digest(32 if nbytes is None else nbytes)

    def uuid4(self) -> uuid.UUID:
        return uuid.UUID(bytes=self.token_bytes(16), version=4)

    def install(self, *modules) -> None:
        """Takes effect in `secrets`, in `uuid`, and in modules that took `uuid4` by name."""
        secrets.token_bytes = self.token_bytes
        for module in (uuid, *modules):
            if hasattr(module, "uuid4"):
                module.uuid4 = self.uuid4


class _FixedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW.astimezone(tz) if tz else NOW.replace(tzinfo=None)

    @classmethod
    def utcnow(cls):
        return NOW.replace(tzinfo=None)
