"""Cookie headers to be read, and cookies to be written, for gen_werkzeug.py."""

import itertools
from collections.abc import Iterator
from typing import Any

HEADERS = [
    *(
        "",
        "session=abc",
        "session=abc; other=1",
        "a=1;b=2;c=3",
        "a=1; a=2; a=3",
        "session=",
        "session",
    ),
    *(
        "=x",
        "=",
        ";",
        ";;",
        "a=1;;b=2",
        "a=1;",
        ";a=1",
        " a = 1 ; b = 2 ",
        "\ta\t=\t1\t",
        "a=1\t;\tb=2",
    ),
    *("a=b=c", "a==b", "a=b; =c; d=e", "a b=c; d=e", "a=b c; d=e", "a=b,c; d=e", "a,b=c", "a:b=c"),
    *('a="b"', 'a="b"; c=d', 'a="b" ; c=d', 'a="b"x; c=d', 'a=x"b"; c=d', 'a="b; c=d', 'a=b"; c=d'),
    *('a=""', 'a="', 'a="""', '"a"=b', 'a="b;c"; d=e', 'a="b; c"', 'a="b=c"', 'a=" b "', "a='b'"),
    *('a="\\""', 'a="\\\\"', 'a="\\"; b=c', 'a="\\a\\b"', 'a="\\073\\054"', 'a="\\303\\251"'),
    *('a="\\400"', 'a="\\377"', 'a="\\000"', 'a="\\12"', 'a="\\1234"', 'a="\\089"', 'a="\\\\073"'),
    *(
        'a="\\303"',
        'a="\\303\\303\\251"',
        'a="\\360\\237\\230\\200"',
        'a="\\357\\273\\277x"',
        'a="\\"',
    ),
    *('a="\\355\\240\\200"', 'a="\\300\\200"', 'a="\\360\\237"', 'a="\\xe9"', "a=\\073", "a=b\\"),
    *(
        "a=\xe9",
        "a=\xc3\xa9",
        'a="\xe9"',
        'a="\xc3\xa9"',
        "\xc3\xa9=1",
        "\xe9=1",
        "a=\x80",
        'a="\\\xe9"',
    ),
    *("a=\xa0b", "a=b\x85", "a=\xff\xfe", "a\xa0=b", "a=b\x0b", "a=b\x0c", "a=b\x00c", "a=\x01"),
    *("a=%20", "a=%C3%A9", "a=b+c", "a=<b>", "a=b&c=d", "a=[1]", 'a={"b":1}', 'a={"b":"c;d"}; e=f'),
    *(
        "__proto__=1; constructor=2",
        "toString=x",
        "$Version=1; a=b; $Path=/",
        "a=b; Path=/; Secure",
    ),
    *("a=1, b=2", "a=1,b=2; c=3", "a;b;c", "a; b=1", "a=;b=;c=", "a=b;c", "a=b ;c", "a = ; b = 1"),
    "session=0b0e4ba2-6a1f-4bd2-9f0b-6d1f0c1c8d2e.UOOlglGtLOKQM3OFkrI8bWIohNg",
    'remember_token="jo \\303\\251|abc"; session=x',
    "session=old; session=new; other=1",
    "_ga=GA1.2.3.4; session=abc; theme=dark",
    "session=abc; " + "x" * 300 + "=1",
    "a=1; " * 60 + "session=abc",
]

VALUES = [
    *(
        "",
        "abc",
        "0b0e4ba2-6a1f-4bd2-9f0b-6d1f0c1c8d2e",
        "a.b-c_d~e",
        "a b",
        " a",
        "a;b",
        "a,b",
        'a"b',
    ),
    *(
        "a\\b",
        '"',
        '"a"',
        "\\",
        "a=b",
        "a:b",
        "a/b",
        "a?b",
        "a@b",
        "a[b]",
        "a{b}",
        "a|b",
        "a<b>",
        "a&b",
    ),
    *(
        "a%b",
        "a+b",
        "a*b",
        "a'b",
        "a(b)",
        "a!b",
        "a#b",
        "a$b",
        "a^b",
        "a`b",
        "a~b",
        "\xe9",
        "\xff",
        "\x80",
    ),
    *(
        "\u20ac",
        "\U0001f600",
        "\x00",
        "\x01",
        "\t",
        "\n",
        "\r\n",
        "\x19",
        "\x1a",
        "\x1b",
        "\x1f",
        "\x7f",
    ),
    *("jo \xe9|abc", "x" * 4000, "a\x1fb;c", "\xa0", "\u2028", '{"a":1}', "\\073", "a\tb"),
]

PATHS = [
    "/",
    "/app",
    "/app/",
    "",
    "app",
    "/a b",
    "/\xe9",
    "/a;b",
    "/a%20b",
    "/a?b#c",
    '/"',
    "/\u20ac",
    None,
]
PATHS += [
    "/a=b&c,d:e@f!g$h'i(j)k*l+m",
    "/a\\b",
    "/a|b",
    "/~a-b_c.d",
    "/[a]",
    "/\x00",
    "/\n",
    "/\U0001f600",
]

DOMAINS = [None, "example.com", ".example.com", "..example.com", "example.com:5000", "localhost"]
DOMAINS += [
    "sub.example.com",
    "EXAMPLE.com",
    "b\xfccher.example",
    "B\xdcCHER.Example",
    "example.com.",
]
DOMAINS += [
    "stra\xdfe.de",
    "\u4f8b\u3048.jp",
    "\u4f8b\u3002jp",
    "xn--bcher-kva.example",
    "127.0.0.1",
]
DOMAINS += [
    "_dmarc.example.com",
    "a" * 63 + ".com",
    "",
    ".",
    "\u03c3\u03c2.gr",
    "a\u200db.com",
    "[::1]",
]

REFUSED_DOMAINS = ["a..b", "a" * 64 + ".com", "\xfc" * 64 + ".com", "\u2028.com"]

NAMES = [
    "session",
    "__Host-session",
    "__Secure-id",
    "a.b",
    "a_b",
    "\xe9",
    "\u20ac",
    "a!#$%&'*+^`|~",
]


def cookies() -> Iterator[dict[str, Any]]:
    """The arguments of `dump_cookie`: key, value and keyword arguments; the last may delete it."""
    for name in NAMES:
        yield {"key": name, "value": "v"}
    for value in VALUES:
        yield {"key": "session", "value": value}
    yield from _flags()
    for path in PATHS:
        yield {"key": "session", "value": "v", "path": path}
    for domain in [*DOMAINS, *REFUSED_DOMAINS]:
        yield {"key": "session", "value": "v", "domain": domain}
    for max_age, expires in itertools.product(
        (None, 0, 1, -1, 3600, 2678400, 10**9), (None, 0, 1, 1e9, 1767323045.5, -1, 253402300799)
    ):
        yield {"key": "session", "value": "v", "max_age": max_age, "expires": expires}
    for samesite in ("lax", "STRICT", "nOnE", "", "Default", "Lax ", "No"):
        yield {"key": "session", "value": "v", "samesite": samesite}
    yield {"key": "session", "value": "v", "expires": 253402300800}
    yield {"key": "session", "value": "v", "expires": -62135596801}
    yield {"key": "session", "value": "\ud800"}
    yield {"key": "session", "value": "v", "path": "/\ud800"}


def deletions() -> Iterator[dict[str, Any]]:
    """The arguments of `Response.delete_cookie`."""
    for flags in _flags():
        yield {name: value for name, value in flags.items() if name not in ("value", "expires")}
    for path, domain in itertools.product(
        ("/", "/app", None), (None, "example.com", ".example.com")
    ):
        yield {"key": "session", "path": path, "domain": domain}


def _flags() -> Iterator[dict[str, Any]]:
    """Every combination of SESSION_COOKIE_SECURE, HTTPONLY, SAMESITE and PARTITIONED."""
    for secure, httponly, samesite, partitioned in itertools.product(
        (False, True), (False, True), (None, "Lax", "Strict", "None"), (False, True)
    ):
        flags = {"secure": secure, "httponly": httponly, "samesite": samesite}
        cookie = {"key": "session", "value": "v", "expires": 1769915045, **flags}
        yield {**cookie, "path": "/app", **({"partitioned": True} if partitioned else {})}
