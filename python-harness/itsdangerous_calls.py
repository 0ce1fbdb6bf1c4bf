"""What gen_itsdangerous.py records: calls on objects, and signed texts that come back wrong."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from determinism import NOW

NOW_SECONDS = int(NOW.timestamp())
LAST_SECOND = 253402300799
"""The end of the year 9999, and of Python's datetime."""

Case = dict[str, Any]
Description = dict[str, Any]


class JsonBytes:
    """A serializer that writes bytes, as pickle would."""

    @staticmethod
    def dumps(value: Any) -> bytes:
        return json.dumps(value).encode("utf-16-le")

    @staticmethod
    def loads(data: bytes) -> Any:
        return json.loads(data.decode("utf-16-le"))


NAMED = {"json-bytes": JsonBytes}
"""Serializers, by the names that stand for them in a description."""


def describe(kind: str, secret_key: Any = "secret", **kwargs: Any) -> Description:
    """An object to be made: its class and arguments, with hashes and classes by their names."""
    return {"class": kind, "secret_key": secret_key, **kwargs}


def case(name: str, of: Description, call: str, *args: Any, **more: Any) -> Case:
    """A call on what is described, at a time in seconds; `since` is the first release that can."""
    at, since = more.pop("at", NOW_SECONDS), more.pop("since", (1, 1))
    made = {"id": name, "at": at, "since": since}
    return {**made, "of": of, "call": call, "args": args, "kwargs": more}


def tampered(signed: str) -> Iterator[Any]:
    """A signed text in all the ways in which it comes back wrong, or only looks wrong."""
    value, _, signature = signed.rpartition(".")
    yield "empty", ""
    yield "only-separator", "."
    yield "no-separator", value
    yield "no-signature", value + "."
    yield "no-value", "." + signature
    yield "no-value-no-separator", signature
    yield "other-value", "x" + signed
    yield "value-case", signed.swapcase()
    yield "doubled", signed + "." + signature
    for length in (1, 2, len(signature) // 2, len(signature) - 2, len(signature) - 1):
        yield f"signature-cut-to-{length}", f"{value}.{signature[:length]}"
    yield "signature-longer", signed + "A"
    yield "signature-longer-by-four", signed + "AAAA"
    for place in (0, len(signature) // 2, len(signature) - 1):
        letter = "A" if signature[place] != "A" else "B"
        changed = signature[:place] + letter + signature[place + 1 :]
        yield f"signature-changed-at-{place}", f"{value}.{changed}"
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = last[last.index(signature[-1]) ^ 1]
    yield "signature-spare-bit", signed[:-1] + spare
    yield "signature-padded", signed + "="
    yield "signature-padded-twice", signed + "=="
    yield "signature-after-padding", signed + "=AAAA"
    yield "signature-plain-base64", value + "." + signature.replace("-", "+").replace("_", "/")
    yield "signature-with-space", f"{value}.{signature[:5]} {signature[5:]}"
    yield "signature-with-four-spaces", f"{value}.{signature[:5]}    {signature[5:]}"
    yield "signature-with-newline", signed + "\n"
    yield "signature-with-e-acute", f"{value}.{signature[:5]}\u00e9{signature[5:]}"
    yield "signature-e-acute", f"{value}.\u00e9"
    yield "signature-nul", signed + "\x00"
    yield "value-e-acute", f"\u00e9.{signature}"
    yield "quoted", f'"{signed}"'
    yield "percent-encoded", signed.replace(".", "%2E")


def to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
