"""Hard values of each Spark type, as the JSON values of `compat_tests.sql.cells`."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from compat_tests.sql.cells import digits, is_decimal

NAN, INF = float("nan"), float("inf")
TEXTS = [
    *(
        "",
        " ",
        "a",
        "Spark SQL",
        "  padded\t\n",
        "ÄÖÜß éà",
        "straße İI ıi",
        "日本語テキスト",
        "😀👍🏽 flag",
        "e\u0301 combining",
        "\u0130\u03a3\u03c2\u03c3",
        "a,b,,c",
        "key:1,b:2",
    ),
    *("0", "-0", "12", "-3.5", "1e3", "NaN", "Infinity", " 7 ", "+9", "0x1F", "99999999999999999999", "1.7976931348623157E309", "true", "No", "null"),
    *("2020-02-29", "2021-02-29", "1582-10-10", "+10000-01-01", "2016-12-31 23:59:59.999999", "2016-12-31T23:59:59Z", "12:30:45", "Mon", "UTC", "2020-2-3 4:5"),
    *(
        '{"a":1,"b":[1,2,{"c":null}]}',
        "[1,2,3]",
        "<a><b>1</b><b>2</b></a>",
        "http://user:pw@spark.apache.org:80/p/a?query=1&k=%20#ref",
        "c%20d+e%ZZ",
        "SGVsbG8=",
        "a\\b'c\"d",
        "%_x%",
    ),
    *("aaaaaaaaaa", "ABCdefGHI 123", "\x00\x01", "xyz" * 20),
]
_DAY = 86_400_000_000
DAYS = [
    0,
    1,
    -1,
    59,
    18321,
    18322,
    11016,
    -25508,
    -141428,
    -141427,
    -719162,
    -719163,
    -719528,
    2932896,
    2932897,
    16801,
    16800,
    17166,
    19782,
    10957,
    20088,
    -365,
]
INSTANTS = [
    *(
        0,
        1,
        -1,
        999_999,
        -999_999,
        1_000_000,
        1_483_228_799_999_999,
        1_582_934_400_000_000,
        951_782_400_000_001,
        -2_208_988_800_000_000,
        -12_219_292_800_000_000,
    ),
    *(
        -12_219_379_200_000_001,
        -62_135_596_800_000_000,
        -62_135_596_800_000_001,
        253_402_300_799_999_999,
        253_402_300_800_000_000,
        1_616_891_400_000_000,
        1_635_643_800_123_456,
    ),
    *(_DAY, -_DAY, 1_700_000_000_123_000, 43_200_000_000),
]
_INTEGERS = {"byte": 7, "short": 15, "integer": 31, "long": 63}
#: Values of a decimal's digits: none, all, halves.
_DIGITS: list[Callable[[int, int], int]] = [
    lambda p, s: 0,
    lambda p, s: 1,
    lambda p, s: -1,
    lambda p, s: 10**p - 1,
    lambda p, s: -(10**p - 1),
    lambda p, s: 10 ** min(s, p - 1),
    lambda p, s: 5 * 10 ** max(s - 1, 0),
    lambda p, s: -5 * 10 ** max(s - 1, 0),
    lambda p, s: 25 * 10 ** max(s - 1, 0),
    lambda p, s: 123456789 % 10**p,
    lambda p, s: -(987654321 % 10**p),
    lambda p, s: 10 ** (p - 1),
]


def hard(kind: Any) -> list[Any]:
    """Hard values of a type, null not among them.

    Raises:
        KeyError: the type has none here.
    """
    if is_decimal(kind):
        precision, scale = digits(kind)
        whole = [make(precision, scale) for make in _DIGITS]
        return [decimal_text(value, scale) for value in dict.fromkeys(value for value in whole if abs(value) < 10**precision)]
    if isinstance(kind, dict):
        return _nested(kind)
    if kind in _INTEGERS:
        top = 2 ** _INTEGERS[kind]
        small = [0, 1, -1, 2, 3, 5, 7, -7, 10, 12, 29, 31, 32, 63, 64, 100, -100]
        return [
            *small,
            top - 1,
            -top,
            top - 2,
            -top + 1,
            *([2**31, 2**53 + 1, 10**18, -(2**31) - 1, 1_600_000_000] if kind == "long" else []),
            *([366, 1000, 2024, 65536] if kind == "integer" else []),
        ]
    if kind == "float":
        return [
            NAN,
            INF,
            -INF,
            0.0,
            -0.0,
            1.0,
            -1.5,
            0.5,
            2.5,
            -2.5,
            0.10000000149011612,
            3.4028234663852886e38,
            1.401298464324817e-45,
            1e10,
            16777216.0,
            123.45600128173828,
        ]
    return {
        "void": [],
        "boolean": [True, False],
        "double": [
            NAN,
            INF,
            -INF,
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            0.1,
            1 / 3,
            1e-5,
            0.001,
            1e7,
            123456.789,
            1e16,
            1e300,
            -1e300,
            1.7976931348623157e308,
            5e-324,
            2147483647.5,
            -2147483649.0,
            9.223372036854776e18,
            3.141592653589793,
            710.0,
            1.005,
            2.675,
        ],
        "string": TEXTS,
        "binary": ["", "00", "ff", "537061726b2053514c", "00017f80ff", "c3a4e697a5", "f09f9880", "61" * 20, "3132"],
        "date": DAYS,
        "timestamp": INSTANTS,
        "timestamp_ntz": INSTANTS,
    }[kind]


def decimal_text(whole: int, scale: int) -> str:
    """The decimal of these digits, `scale` of them behind the point."""
    text = str(abs(whole)).rjust(scale + 1, "0")
    shown = text if scale == 0 else f"{text[:-scale]}.{text[-scale:]}"
    return f"-{shown}" if whole < 0 else shown


def _nested(kind: dict[str, Any]) -> list[Any]:
    rng = random.Random(str(kind))
    if kind["type"] == "array":
        element = hard(kind["elementType"])
        if not element:
            return [[], [None], [None, None]]
        drawn = [[rng.choice([*element, None]) for _ in range(rng.randint(1, 6))] for _ in range(8)]
        first = element[: 3 + len(element) // 4]
        return [[], [None], [first[0]], [first[0], None, first[0]], first, first[::-1], [first[-1], first[0], first[-1], None], *drawn]
    if kind["type"] == "map":
        keys, values = hard(kind["keyType"]), [*hard(kind["valueType"]), None]
        # Spark takes -0.0 and 0.0 for one key.
        keys = [key for key in keys if repr(key) != "-0.0"]
        sizes = [0, 1, 1, 2, 2, 3, 3, 4, 5]
        return [[[key, rng.choice(values)] for key in rng.sample(keys, min(size, len(keys)))] for size in sizes]
    return [[rng.choice([*hard(field["type"]), None]) for field in kind["fields"]] for _ in range(10)]


#: The columns of the table of hard values: each type twice, in another order, so that two arguments meet in many pairs.
KINDS: dict[str, Any] = {
    "bool": "boolean",
    "tiny": "byte",
    "small": "short",
    "int": "integer",
    "big": "long",
    "float": "float",
    "double": "double",
    "dec": "decimal(10,2)",
    "wide": "decimal(38,18)",
    "whole": "decimal(38,0)",
    "text": "string",
    "bytes": "binary",
    "date": "date",
    "ts": "timestamp",
    "ntz": "timestamp_ntz",
    "ints": {"type": "array", "elementType": "integer"},
    "doubles": {"type": "array", "elementType": "double"},
    "texts": {"type": "array", "elementType": "string"},
    "lists": {"type": "array", "elementType": {"type": "array", "elementType": "integer"}},
    "map": {"type": "map", "keyType": "string", "valueType": "integer"},
    "counts": {"type": "map", "keyType": "integer", "valueType": "double"},
    "pair": {"type": "struct", "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]},
    "pairs": {"type": "array", "elementType": {"type": "struct", "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}},
}
ROWS = 56
COPIES = 3


def hard_table() -> dict[str, tuple[Any, list[Any]]]:
    """Column name -> type and values: `int_1`, `int_2`, `int_3` and so on, and `few_1` ... of small integers, for functions whose result is as long as they say."""
    found: dict[str, tuple[Any, list[Any]]] = {}
    for name, kind in KINDS.items():
        for copy in range(1, COPIES + 1):
            found[f"{name}_{copy}"] = (kind, spread(hard(kind), random.Random(f"{name}_{copy}"), ordered=copy == 1))
    for copy in range(1, COPIES + 1):
        found[f"few_{copy}"] = ("integer", spread([0, 1, 2, 3, 5, 8, 12, 40, -1, -3], random.Random(f"few_{copy}"), ordered=copy == 1))
    return found


def spread(values: list[Any], rng: random.Random, *, ordered: bool) -> list[Any]:
    """ROWS values: all of them where they fit, the rest drawn, some null."""
    pool = [*values] if ordered else rng.sample(values, len(values))
    pool = [None, *pool][:ROWS]
    while len(pool) < ROWS:
        pool.append(rng.choice([*values, None]) if rng.random() < 0.95 else None)
    if not ordered:
        rng.shuffle(pool)
    return pool
