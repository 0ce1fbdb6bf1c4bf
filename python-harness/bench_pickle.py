"""Times CPython's C pickle for bench/codec.ts: reads one request a line, answers with one.

`sessions` gives the pickles of the bench; `loads NAME COUNT` and `dumps NAME COUNT` run that often
and give the nanoseconds that took.
"""

import datetime
import decimal
import json
import pickle
import sys
import time
import uuid

PROTOCOL = 4


def tiny():
    return {"_permanent": True, "user_id": 42}


def login():
    """What Flask-Login, Flask-WTF and a shop leave in a session."""
    return {
        "_permanent": True,
        "_fresh": True,
        "_user_id": "1042",
        "_id": "3f9a" * 32,
        "csrf_token": "9d4e8c1b7a" * 4,
        "lang": "de",
        "theme": "dark",
        "last_seen": 1767323045,
        "next": "/account/orders?page=2",
        "_flashes": [("info", "Willkommen zurück!")],
        "cart": [{"sku": "A-1001", "qty": 2, "price": 19.99}],
    }


def typed():
    """Values that JSON does not have."""
    utc = datetime.timezone.utc
    return {
        "_permanent": True,
        "login_at": datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, utc),
        "birthday": datetime.date(1990, 5, 17),
        "total": decimal.Decimal("1299.95"),
        "order": uuid.UUID("12345678-1234-5678-1234-567812345678"),
        "position": (52.52, 13.405),
        "roles": {"admin", "editor", "viewer"},
        "token": bytes(range(32)),
        "serial": 2**80 + 1,
    }


def large():
    """A cart with far too much in it, 46 KB."""
    return {
        "_permanent": True,
        "_user_id": "1042",
        "cart": [
            {
                "id": 100000 + index * 7,
                "name": f"Article {index:04}",
                "qty": index % 9 + 1,
                "price": (index * 37 % 10000) / 100 + 0.01,
            }
            for index in range(1068)
        ],
    }


SESSIONS = {make.__name__: make() for make in (tiny, login, typed, large)}
PICKLES = {name: pickle.dumps(session, PROTOCOL) for name, session in SESSIONS.items()}


def measure(verb: str, name: str, count: int) -> int:
    if verb == "loads":
        function, argument = pickle.loads, PICKLES[name]
        start = time.perf_counter_ns()
        for _ in range(count):
            function(argument)
    else:
        function, argument = pickle.dumps, SESSIONS[name]
        start = time.perf_counter_ns()
        for _ in range(count):
            function(argument, PROTOCOL)
    return time.perf_counter_ns() - start


def main() -> None:
    for line in sys.stdin:
        verb, *arguments = line.split()
        if verb == "sessions":
            answer = {name: data.hex() for name, data in PICKLES.items()}
        else:
            answer = measure(verb, arguments[0], int(arguments[1]))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
