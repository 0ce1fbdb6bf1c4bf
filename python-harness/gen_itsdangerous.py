"""Writes compat-fixtures/itsdangerous/<release>.json.

Each case is one call on the itsdangerous of this environment, whichever release that is:

    <environment's python> python-harness/gen_itsdangerous.py
"""

import hashlib
import time
from importlib.metadata import version
from typing import Any

import itsdangerous

from fixture_files import DIRECTORY, write_fixture
from itsdangerous_calls import NAMED, NOW_SECONDS, Case, Description
from itsdangerous_serializer_cases import serializer_cases
from itsdangerous_signer_cases import signer_cases
from typed_json import Typed, to_typed

RELEASE = version("itsdangerous")

RAISED = (itsdangerous.BadData, ArithmeticError, LookupError, TypeError, ValueError)
"""Its own exceptions, and those of Python that it lets through."""


def main() -> None:
    release = tuple(int(part) for part in RELEASE.split(".")[:2])
    calls = [*signer_cases(sign), *serializer_cases(sign)]
    cases = [recorded(case) for case in calls if case["since"] <= release]
    ids = [case["id"] for case in cases]
    assert len(ids) == len(set(ids)), "two cases with one id"
    source = {"package": "itsdangerous", "version": RELEASE}
    document = {
        "schema": "itsdangerous/1",
        "source": source,
        "generator": "python-harness/gen_itsdangerous.py",
        "cases": cases,
    }
    write_fixture(DIRECTORY / "itsdangerous" / f"{RELEASE}.json", document)


def sign(of: Description, method: str, *args: Any, at: int = NOW_SECONDS, **kwargs: Any) -> Any:
    """What a method returns for an object that is made for the call."""
    time.time = lambda: at
    return getattr(made(of), method)(*args, **kwargs)


def made(of: Description) -> Any:
    """The object that a description stands for."""
    if of["class"] == "module":
        return itsdangerous
    kwargs = {name: _argument(name, value) for name, value in of.items() if name != "class"}
    return getattr(itsdangerous, of["class"])(**kwargs)


def _argument(name: str, value: Any) -> Any:
    if name == "digest_method":
        return getattr(hashlib, value)
    if name == "algorithm":
        kind, _, digest = value.partition(":")
        return getattr(itsdangerous, kind)(*([getattr(hashlib, digest)] if digest else []))
    if name == "serializer":
        return NAMED[value]
    if name == "signer":
        return getattr(itsdangerous, value)
    if name == "signer_kwargs":
        return {inner: _argument(inner, content) for inner, content in value.items()}
    if name == "fallback_signers":
        return [_fallback(fallback) for fallback in value]
    return value


def _fallback(fallback: Any) -> Any:
    if isinstance(fallback, str):
        return _argument("signer", fallback)
    if isinstance(fallback, dict):
        return _argument("signer_kwargs", fallback)
    return _argument("signer", fallback[0]), _argument("signer_kwargs", fallback[1])


def recorded(case: Case) -> dict[str, Any]:
    """The case with what its call gave, be it a value or an exception."""
    of = {name: _described(value) for name, value in case["of"].items()}
    record = {"id": case["id"], "at": case["at"], "of": of, "call": case["call"]}
    record["args"] = [to_typed(arg) for arg in case["args"]]
    record["kwargs"] = {name: _described(value) for name, value in case["kwargs"].items()}
    try:
        value = sign(case["of"], case["call"], *case["args"], at=case["at"], **case["kwargs"])
    except RAISED as error:
        record["raises"] = _raised(error)
    else:
        record["returns"] = to_typed(value)
    return record


def _described(value: Any) -> Any:
    """Text stays text in a description; bytes become typed JSON."""
    if isinstance(value, list):
        return [_described(item) for item in value]
    return to_typed(value) if isinstance(value, bytes) else value


def _raised(error: Exception) -> Typed:
    raised: Typed = {"class": type(error).__name__}
    for name in ("payload", "date_signed"):
        if hasattr(error, name):
            raised[name] = to_typed(getattr(error, name))
    return raised


if __name__ == "__main__":
    main()
