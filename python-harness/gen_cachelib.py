"""Writes compat-fixtures/cachelib/<release>.json: what FileSystemCache does in its directory.

For the cachelib of an environment, whichever release that is:

    <environment's python> python-harness/gen_cachelib.py
"""

import logging
import os
import pathlib
import pickle
import struct
import tempfile
from importlib import metadata
from typing import Any, Dict, Iterator, List, Tuple

import cachelib.file
from cachelib.file import FileSystemCache

from determinism import NOW
from fixture_files import DIRECTORY, write_fixture
from typed_json import to_typed

RELEASE = metadata.version("cachelib")
START = int(NOW.timestamp())
DAYS = 24 * 3600

SESSION = {"_permanent": True, "username": "ada", "cart": [1, 2.0, b"\xff", ("a", None)]}


class Clock:
    """Stands in for `time.time` in cachelib."""

    now: float = START

    def __call__(self) -> float:
        return self.now


clock = Clock()


def main() -> None:
    logging.disable(logging.CRITICAL)
    cachelib.file.time = clock
    listdir = os.listdir
    os.listdir = lambda path: sorted(listdir(path))
    document = {
        "schema": "cachelib/1",
        "source": {"package": "cachelib", "version": RELEASE},
        "generator": "python-harness/gen_cachelib.py",
        "clock": START,
        "files": list(files()),
        "reads": list(reads()),
        "listed": list(listed()),
        "walks": list(walks()),
    }
    write_fixture(DIRECTORY / "cachelib" / f"{RELEASE}.json", document)


def files() -> Iterator[Dict[str, Any]]:
    """The file that a key's value becomes: its name, bytes and mode."""
    cases = [
        ("session", "session:3a1f7e9c-5f0b-4c57-9d47-0a5b5f8f3c11", SESSION, 31 * DAYS, 0o600),
        ("mode", "session:mode", SESSION, 600, 0o640),
        ("empty-dict", "session:empty", {}, 1, 0o600),
        ("without-end", "session:without-end", SESSION, 0, 0o600),
        ("non-ascii-key", "sitzung:grün", {"_permanent": False}, 600, 0o600),
        ("path-in-key", "session:../../etc/passwd", {"_permanent": True}, 600, 0o600),
        ("long", "session:long", {"text": "x" * 300}, 600, 0o600),
    ]
    for name, key, value, timeout, mode in cases:
        with tempfile.TemporaryDirectory() as directory:
            cache = FileSystemCache(directory, threshold=0, mode=mode)
            assert cache.set(key, value, timeout)
            (path,) = pathlib.Path(directory).iterdir()
            yield {
                "id": name,
                "key": key,
                "timeout": timeout,
                "value": to_typed(value),
                "name": path.name,
                "mode": oct(path.stat().st_mode & 0o7777),
                "hex": path.read_bytes().hex(),
            }


def reads() -> Iterator[Dict[str, Any]]:
    """What a file is read as, at a time, and whether it is still there afterwards."""
    whole = bytes_of(SESSION, timeout=600)
    without_end = bytes_of(SESSION, timeout=0)
    value_at = len(whole) - len(pickle.dumps(SESSION, pickle.HIGHEST_PROTOCOL))
    of_old_form = pickle.dumps(START + 600, 1) + pickle.dumps(SESSION, 4)
    of_new_form = struct.pack("I", START + 600) + pickle.dumps(SESSION, 4)
    cases: List[Tuple[str, float, bytes]] = [
        ("before-its-end", 599.5, whole),
        ("as-it-ends", 600, whole),
        ("after-its-end", 600.5, whole),
        ("long-after-its-end", 1e6, whole),
        ("without-end", 1e6, without_end),
        ("no-bytes", 0, b""),
        ("half-a-header", 0, whole[:2]),
        ("no-value", 0, whole[:value_at]),
        ("half-a-value", 0, whole[: value_at + 20]),
        ("header-up-to-0.4", 0, of_old_form),
        ("header-since-0.7", 0, of_new_form),
    ]
    for name, later, data in cases:
        with tempfile.TemporaryDirectory() as directory:
            cache = FileSystemCache(directory, threshold=0)
            cache.set("key", 0)
            (path,) = pathlib.Path(directory).iterdir()
            path.write_bytes(data)
            clock.now = START + later
            try:
                read = {"value": to_typed(cache.get("key"))}
            except Exception as error:
                read = {"error": type(error).__name__}
            clock.now = START
            case = {"id": name, "now": START + later, "hex": data.hex(), **read}
            yield {**case, "remains": path.exists()}


def listed() -> Iterator[Dict[str, Any]]:
    """Which files count, and may be pruned."""
    with tempfile.TemporaryDirectory() as directory:
        cache = FileSystemCache(directory)
        cache.set("key", 0)
        names = set(os.listdir(directory))
        key_name = os.path.basename(cache._get_filename("key"))
        (count_name,) = names - {key_name}
        cases = [
            ("key", key_name),
            ("count", count_name),
            ("temporary", "tmpa1b2c3d4.__wz_cache"),
            ("lock", f"{key_name}.lock.__wz_cache"),
            ("lock-set-aside", f"{key_name}.lock.0-1-2.__wz_cache"),
            ("foreign", "README.txt"),
        ]
        for _, name in cases:
            pathlib.Path(directory, name).touch()
        counted = {os.path.basename(path) for path in cache._list_dir()}
        yield from ({"id": id, "name": name, "counts": name in counted} for id, name in cases)


def walks() -> Iterator[Dict[str, Any]]:
    """Steps in one directory with a threshold of 3; after each, the keys and the count file."""
    steps = {
        "oldest-go": [("set", f"k{n}", 1000 + 10 * n, 0) for n in range(7)],
        "those-that-end-first-go": [("set", f"k{n}", 1000 - 10 * n, 0) for n in range(7)],
        "ended-ones-go": [
            *(("set", f"k{n}", 5, 0) for n in range(3)),
            ("set", "k3", 1000, 0),
            ("set", "k4", 1000, 60),
            ("set", "k5", 1001, 0),
        ],
        "endless-ones-go-first": [
            ("set", "k0", 10, 0),
            ("set", "k1", 0, 0),
            ("set", "k2", 20, 0),
            ("set", "k3", 30, 0),
            ("set", "k4", 40, 0),
        ],
        "count-follows": [
            ("set", "k0", 10, 0),
            ("set", "k1", 20, 0),
            ("delete", "k0", None, 0),
            ("delete", "k0", None, 0),
            ("set", "k1", 30, 0),
            ("set", "k2", 40, 0),
        ],
    }
    for name, walk in steps.items():
        with tempfile.TemporaryDirectory() as directory:
            yield {"id": name, "threshold": 3, "steps": list(_walked(directory, walk))}
        clock.now = START


def _walked(directory: str, walk) -> Iterator[Dict[str, Any]]:
    cache = FileSystemCache(directory, threshold=3)
    count = pathlib.Path(cache._get_filename(cache._fs_count_file))
    for operation, key, timeout, later in walk:
        clock.now += later
        if operation == "set":
            cache.set(key, key, timeout)
        else:
            cache.delete(key)
        names = {os.path.basename(cache._get_filename(f"k{n}")): f"k{n}" for n in range(7)}
        keys = sorted(names[name] for name in os.listdir(directory) if name in names)
        yield {
            "operation": operation,
            "key": key,
            "timeout": timeout,
            "now": clock.now,
            "keys": keys,
            "count": count.read_bytes().hex(),
        }


def bytes_of(value: Any, timeout: int) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        FileSystemCache(directory, threshold=0).set("key", value, timeout)
        (path,) = pathlib.Path(directory).iterdir()
        return path.read_bytes()


if __name__ == "__main__":
    main()
