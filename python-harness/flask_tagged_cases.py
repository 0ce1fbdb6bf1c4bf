"""What Flask's tagged JSON makes of values, and of texts."""

import pickle
from collections.abc import Iterator
from typing import Any

import flask
import flask.sessions

from session_values import session_values
from typed_json import to_typed

Case = dict[str, Any]

_TOO_LONG = ("list-1000", "dict-1000", "str-66000")
"""Sessions that no cookie holds."""

TAGS = (" di", " t", " b", " m", " u", " d")


def tagged_cases() -> list[Case]:
    """Values that go into a session, and the text that they become within a request."""
    return [_tagged_case(name, note, build) for name, note, build in _values()]


def untagged_cases() -> list[Case]:
    """Texts, and what is read from them."""
    serializer = flask.sessions.session_json_serializer
    cases = []
    for name, text in _texts():
        try:
            cases.append({"id": name, "text": text, "value": to_typed(serializer.loads(text))})
        except Exception as error:  # whatever Flask raises is what is recorded
            cases.append({"id": name, "text": text, "error": type(error).__name__})
    return cases


def _values() -> Iterator[tuple[str, str, Any]]:
    for value in session_values("tagged"):
        if value.id not in _TOO_LONG:
            yield value.id, value.note, value.build
    for tag in TAGS:
        yield f"dict-like-tag{tag}", "a key that is a tag", lambda tag=tag: {"x": {tag: [1.0]}}
        twice = f"{tag}__"
        yield f"dict-like-escaped-tag{tag}", "", lambda key=twice: {"x": {key: {key: 1}}}
    yield "dict-of-tags", "two keys that are tags", lambda: {"x": {" t": 1, " b": 2}}
    yield "top-level-tag", "the session itself looks tagged", lambda: {" t": "x"}
    yield "tag-in-tuple", "", lambda: {"x": ({" u": (1.0, 2)},)}
    yield "sorted-keys", "by code point", lambda: {"\uffff": 1, "\U00010000": 2, "b": 3, "B": 4}
    yield "sorted-int-keys", "by number", lambda: {"x": {10: 1, 9: 2, -1: 3}}
    yield "sorted-float-keys", "", lambda: {"x": {1.5: 1, -0.5: 2, 10.25: 3}}
    yield "unsortable-keys", "str and int", lambda: {"x": {1: 1, "1": 2}}
    yield "none-key", "", lambda: {"x": {None: 1}}
    yield "repeated-text", "shrinks when compressed", lambda: {"x": "spam and eggs " * 40}
    yield "empty", "", dict


def _tagged_case(name: str, note: str, build) -> Case:
    value = build()
    case = {"id": name, "note": note}
    try:
        case["pickle"] = pickle.dumps(value, protocol=4).hex()
    except Exception:  # no way to hand the value to another language
        case["pickle"] = None
    try:
        with flask.Flask(__name__).app_context():
            text = flask.sessions.session_json_serializer.dumps(value)
            read = flask.sessions.session_json_serializer.loads(text)
            again = flask.sessions.session_json_serializer.dumps(read)
    except Exception as error:  # whatever Flask raises is what is recorded
        return {**case, "expect": "reject", "error": type(error).__name__}
    return {**case, "expect": "valid", "text": text, "value": to_typed(read), "again": again}


def _texts() -> Iterator[tuple[str, str]]:
    yield "no-json", "{"
    yield "trailing", "{} x"
    yield "list", "[1,2.0]"
    yield "numbers", '{"a":1.0,"b":[1e2,-0.0,-0,1E400,NaN],"c":123456789012345678901}'
    yield "repeated-key", '{"a":1,"b":2,"a":3}'
    yield "proto", '{"__proto__":{"x":1},"constructor":2}'
    yield "index-keys", '{"b":1,"10":2,"9":3}'
    yield "unicode", '{"a":"\\ud83d\\ude00\\ud800\\u0000é"}'
    for name, content in (
        ("date-http", '"Fri, 02 Jan 2026 03:04:05 GMT"'),
        ("date-wrong-weekday", '"Mon, 02 Jan 2026 03:04:05 GMT"'),
        ("date-no-date", '"yesterday"'),
        ("date-of-february-30", '"Mon, 30 Feb 2026 03:04:05 GMT"'),
        ("date-of-hour-24", '"Fri, 02 Jan 2026 24:00:00 GMT"'),
        ("date-empty", '""'),
        ("date-number", "5"),
    ):
        yield name, f'{{" d":{content}}}'
    for name, content in (
        ("bytes", '"AP+A"'),
        ("bytes-empty", '""'),
        ("bytes-with-blanks", '"AP +\\nA"'),
        ("bytes-padded", '"AA=="'),
        ("bytes-not-padded", '"AA"'),
        ("bytes-no-base64", '"A"'),
        ("bytes-number", "5"),
    ):
        yield name, f'{{" b":{content}}}'
    for name, content in (
        ("uuid", '"12345678123456781234567812345678"'),
        ("uuid-hyphens", '"12345678-1234-5678-1234-567812345678"'),
        ("uuid-short", '"1234"'),
        ("uuid-number", "5"),
    ):
        yield name, f'{{" u":{content}}}'
    yield "markup", '{" m":"<b>&amp;</b>"}'
    yield "tuple", '{" t":[1.0,{" t":[]}]}'
    yield "tuple-number", '{" t":5}'
    yield "dict", '{" di":{" t__":[1.0]}}'
    yield "dict-of-dict", '{" di":{" di__":{" di":{" t__":1}}}}'
    yield "dict-empty", '{" di":{}}'
    yield "dict-number", '{" di":5}'
    yield "unknown-tag", '{" x":1}'
    yield "tag-beside-key", '{" t":[1],"a":2}'
