"""What typed_json writes, typed_json_reader reads: type for type, identity for identity."""

import datetime
import decimal
import fractions
import json
import unittest
import uuid
from collections import Counter, OrderedDict, deque

from shop import models
from typed_json import to_typed
from typed_json_reader import from_typed

INDIA = datetime.timezone(datetime.timedelta(hours=5, minutes=30), "IST")

VALUES = [
    *(None, True, False, 0, -1, 2**63, -(2**200)),
    *(1.0, -0.0, 0.1, 1e308, 5e-324, float("inf"), float("-inf"), float("nan")),
    *("", "caf\xe9 \U0001f600", "lone \ud800", "\x00", b"", b"\x00\xff", bytearray(b"\x80")),
    *([], [1, [1.0, True]], (), (1,), ((), []), set(), {1, "a"}, frozenset(), frozenset([(1, 2)])),
    *({}, {"b": 1, "a": 2}, {1: "int", "1": "str", None: 0, (1, 2): 3, 1.5: 4}),
    datetime.datetime(2026, 1, 2, 3, 4, 5, 6),
    datetime.datetime(2026, 10, 25, 2, 30, tzinfo=datetime.timezone.utc, fold=1),
    datetime.datetime(1, 1, 1, tzinfo=INDIA),
    *(datetime.date(9999, 12, 31), datetime.time(23, 59, 59, 999999, fold=1)),
    *(datetime.timedelta(-1, 3, 5), datetime.timezone.utc, INDIA),
    *(decimal.Decimal("1.10"), decimal.Decimal("-0E+5"), decimal.Decimal("NaN"), uuid.UUID(int=7)),
    *(OrderedDict(b=1, a=2), Counter("aab"), deque([1, 2], 5), fractions.Fraction(1, 3), 1 - 2j),
    *(models.Product("A1", 1.5), models.Voucher("X", 10), models.Money(decimal.Decimal(5), "EUR")),
    *(models.Slotted(1, 2), models.Keyworded(size=3), models.Slug("a-b"), models.Point(1, 2)),
    *(models.Basket([1], "ann"), models.Preferences(a=1), models.Color.RED, models.Level.HIGH),
    *(models.Product, models.discount),
]


def copy(value):
    """The value after a journey as text."""
    return from_typed(json.loads(json.dumps(to_typed(value))))


class RoundTrip(unittest.TestCase):
    def test_keeps_type_and_value(self):
        for value in VALUES:
            with self.subTest(repr(value)):
                self.assertIs(type(copy(value)), type(value))
                self.assertEqual(to_typed(copy(value)), to_typed(value))
                if not isinstance(value, (float, decimal.Decimal)):
                    self.assertEqual(copy(value), value)

    def test_tells_apart_what_python_finds_equal(self):
        equals = [1, 1.0, True, decimal.Decimal(1)]
        self.assertEqual(len({json.dumps(to_typed(value)) for value in equals}), len(equals))
        self.assertNotEqual(to_typed(0.0), to_typed(-0.0))
        self.assertNotEqual(to_typed({"a": 1, "b": 2}), to_typed({"b": 2, "a": 1}))

    def test_keeps_identity(self):
        shared = ["x"]
        first, second, equal = copy([shared, shared, ["x"]])
        self.assertIs(first, second)
        self.assertIsNot(first, equal)

    def test_keeps_cycles(self):
        knot = []
        knot.append({"knot": knot})
        untied = copy(knot)
        self.assertIs(untied[0]["knot"], untied)

    def test_refuses_what_is_no_typed_json(self):
        for typed in ({}, {"int": "1", "str": "a"}, {"number": "1"}, {"same": 1}, [], "1"):
            with self.subTest(typed), self.assertRaises(ValueError):
                from_typed(typed)


if __name__ == "__main__":
    unittest.main()
