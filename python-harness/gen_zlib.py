"""Writes compat-fixtures/zlib/zlib.json, with the zlib that this Python is linked to:

    python3 python-harness/gen_zlib.py

Only zlib itself writes these bytes. A Python that is linked to zlib-ng writes others.
"""

import hashlib
import json
import zlib
from typing import Any, Dict, Iterator, List, Tuple

from fixture_files import DIRECTORY, write_fixture

Piece = List[Any]


def main() -> None:
    document = {
        "schema": "zlib/1",
        "source": {"package": "zlib", "version": zlib.ZLIB_RUNTIME_VERSION},
        "generator": "python-harness/gen_zlib.py",
        "cases": [compressed(name, pieces) for name, pieces in cases()],
    }
    write_fixture(DIRECTORY / "zlib" / "zlib.json", document)


def cases() -> Iterator[Tuple[str, List[Piece]]]:
    """Pieces of data: bytes in hex and how often, or pseudo-random bytes."""
    for length in (0, 1, 2, 3, 4, 10):
        yield f"letters-{length}", [text("abcdefghij"[:length], 1)]
    for length in (3, 4, 257, 258, 259, 260, 516, 32768, 65536, 70000):
        yield f"one-letter-{length}", [text("a", length)]
    session = {"_user_id": "7", "_fresh": True, "csrf_token": "0f" * 20, "cart": list(range(20))}
    yield "session", [text(json.dumps(session, separators=(",", ":")), 1)]
    yield "sentence", [text("Flask and Express on one Redis. ", 20)]
    for symbols in (1, 2, 3, 5, 16, 64, 256):
        for length in (5, 50, 500, 5000, 20000):
            yield f"noise-{symbols}-{length}", [noise(symbols, length, seed=symbols + length)]
    for length in (40000, 66000, 140000):
        yield f"noise-4-{length}", [noise(4, length, seed=length)]
        yield f"noise-256-{length}", [noise(256, length, seed=length)]
    for distance in (4095, 4096, 4097, 32505, 32506, 32507, 32768, 65274, 65275):
        again = noise(256, 40, seed=1)
        between = noise(256, distance - 40, seed=2)
        yield f"match-at-distance-{distance}", [again, between, again, noise(256, 300, seed=3)]
        shortest = text("#+~", 1)
        between = noise(32, distance - 3, seed=4)
        yield f"shortest-match-at-{distance}", [shortest, between, shortest]
    fibonacci = [1, 1]
    while len(fibonacci) < 20:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    yield "deep-tree", [[bytes([65 + n]).hex(), times] for n, times in enumerate(fibonacci)]
    halves = [[bytes([65 + n, 97 + n]).hex(), times] for n, times in enumerate(fibonacci[:18])]
    yield "deep-tree-of-pairs", halves


def text(characters: str, times: int) -> Piece:
    return [characters.encode().hex(), times]


def noise(symbols: int, length: int, seed: int) -> Piece:
    """Bytes below `symbols` from a linear congruential generator, the same in any language."""
    return ["noise", symbols, length, seed]


def expanded(piece: Piece) -> bytes:
    if piece[0] != "noise":
        return bytes.fromhex(piece[0]) * piece[1]
    _, symbols, length, state = piece
    made = bytearray()
    for _ in range(length):
        state = (state * 16807) % 2147483647
        made.append((state >> 8) % symbols)
    return bytes(made)


def compressed(name: str, pieces: List[Piece]) -> Dict[str, Any]:
    data = zlib.compress(b"".join(expanded(piece) for piece in pieces))
    digest = hashlib.sha256(data).hexdigest()
    return {"id": name, "pieces": pieces, "length": len(data), "sha256": digest}


if __name__ == "__main__":
    main()
