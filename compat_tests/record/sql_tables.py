"""Tables of hard values for SQL expressions, and how expressions become statements."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any, Literal

from compat_tests.record.core import HARD_DOUBLES, INF, NAN, Case, Table, above, below, one_column
from compat_tests.record.sql_transformer import FOLDER, statement

PAIRS = Table({"a": "double", "b": "double"}, [*itertools.product((None, NAN, INF, -INF, 0.0, -0.0, 1.0, -2.5, 1e308), repeat=2)])
ONE = one_column(
    "a",
    "double",
    [
        *HARD_DOUBLES,
        *(
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            0.1,
            1 / 3,
            2.0,
            10.0,
            100.0,
            1e16,
            1e17,
            1e-5,
            0.001,
            9.9999999e6,
            1e7,
            12345678.9,
            709.0,
            710.0,
            -745.0,
            3.141592653589793,
        ),
        *(
            above(1.0),
            below(1.0),
            1.005,
            2.675,
            0.285,
            1e15 + 0.5,
            4503599627370497.5,
            9007199254740993.0,
            -9.5,
            1e22,
            1.7976931348623157e308,
            2.2250738585072014e-308,
        ),
    ],
)
FLOATS = one_column(
    "f", "float", [None, NAN, INF, -INF, 0.0, -0.0, 1.5, -2.5, 0.1, 16777216.0, 3.4028234663852886e38, 1.401298464324817e-45, 1e10, 1e-3, 1e7, 123456.79]
)
_LIMITS = {"t": (-128, 127), "h": (-32768, 32767), "i": (-(2**31), 2**31 - 1), "l": (-(2**63), 2**63 - 1)}
INTEGERS = Table(
    {"t": "tinyint", "h": "smallint", "i": "int", "l": "bigint", "k": "int"},
    [
        *((*(_LIMITS[name][side] for name in "thil"), k) for side in (0, 1) for k in (0, 1, -1, 7, -7)),
        *((value, value * 3, value * 1001, value * 10_000_000_019, k) for value in (0, 1, -1, 5, -42) for k in (0, 1, -1, 2, -3, 31, 33, 64)),
        (None, None, None, None, 1),
        (1, 2, 3, 4, None),
    ],
)
DECIMALS = Table(
    {"d": "decimal(10,2)", "w": "decimal(38,18)", "n": "decimal(38,0)", "s": "decimal(4,4)", "i": "int"},
    [
        (Decimal("1.10"), Decimal("1.000000000000000001"), Decimal(3), Decimal("0.1234"), 2),
        (Decimal("99999999.99"), Decimal("99999999999999999999.999999999999999999"), Decimal(10**38 - 1), Decimal("0.9999"), 2**31 - 1),
        (Decimal("-99999999.99"), Decimal("-99999999999999999999.999999999999999999"), Decimal(1 - 10**38), Decimal("-0.9999"), -(2**31)),
        (Decimal("0.00"), Decimal(0), Decimal(0), Decimal(0), 0),
        (Decimal("-0.05"), Decimal("0.000000000000000005"), Decimal(-7), Decimal("0.0005"), -1),
        (Decimal("2.50"), Decimal("0.333333333333333333"), Decimal(10**19), Decimal("0.0001"), 7),
        (None, None, None, None, None),
        (Decimal("12.34"), None, Decimal(12345678901234567890), None, 3),
    ],
)
TEXTS = one_column(
    "s",
    "string",
    [
        *(
            None,
            "",
            " ",
            "a",
            "Ab",
            "aXbX",
            "  pad  ",
            "\t tab\n",
            "é",
            "É",
            "ß",
            "ŉ",
            "İ",
            "ı",
            "ΑΣ",
            "ΑΣ Β",
            "ǆ",
            "日本語",
            "😀x",
            "x😀y",
            "e\u0301",
            "\u00a0nbsp\u00a0",
            "null",
        ),
        *("a%b", "a_b", "100%", "a\\b", "\\", "%", "_", ".*", "(a", "a\nb", "0", "-0", "NaN", "ﬁ", "Ⱥ", "ẞ", "K"),
    ],
)
NUMBERS = one_column(
    "s",
    "string",
    [
        *(
            None,
            "",
            " ",
            "0",
            "1",
            "-1",
            "+7",
            " 42 ",
            "\t5\n",
            "007",
            "1.5",
            "-1.9",
            ".5",
            "5.",
            ".",
            "-",
            "+",
            "1e3",
            "1E-2",
            "1e400",
            "-1e400",
            "1e-400",
            "0x1F",
            "1_000",
            "1,000",
        ),
        *(
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "127",
            "128",
            "32768",
        ),
        *(
            "NaN",
            "nan",
            "Infinity",
            "-Infinity",
            "inf",
            "+inf",
            "INF",
            "1d",
            "1f",
            "1.0D",
            "1L",
            "99999999999999999999999999999999999999",
            "123456789012345678901234567890.123456789",
        ),
        *(
            "0.000000000000000001",
            "1.005",
            "2.5",
            "-0",
            "-0.0",
            "1e38",
            "1e37",
            "٣",
            "１",
            "\u00a01",
            "t",
            "true",
            "TRUE",
            " yes ",
            "y",
            "n",
            "f",
            "False",
            "no",
            "on",
            "off",
            "10",
        ),
        *(
            "4.9e-324",
            "2.4703282292062327e-324",
            "1.7976931348623159e308",
            "0.1e",
            "1e+",
            "--1",
            "1 2",
            "0x1p3",
            "1.4e-45",
            "3.4028236e38",
            "16777217",
            "1.00000017881393432617187499",
            "1e-99999999999",
            "1e99999999999",
            "1e-2147483648",
            "1e-40",
            "0e2147483648",
            "1e000000000000001",
            "1.5e-2147483647",
            "１.５e１",
            "०.५",
        ),
    ],
)
LOGIC = Table({"p": "boolean", "q": "boolean", "i": "int"}, [*itertools.product((True, False, None), (True, False, None), (0, 1, None))])


def items(*expressions: str, first: str = "") -> str:
    """SELECT of expressions, each named by its place."""
    listed = ", ".join(f"{expression} AS c{place}" for place, expression in enumerate(expressions))
    return f"SELECT {first}{listed} FROM __THIS__"


MATH = (
    *("log", "ln", "log10", "log2", "log1p", "exp", "expm1", "sqrt", "cbrt", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "degrees", "radians", "signum", "sign", "rint"),
)
ARITHMETIC = ("+", "-", "*", "/", "%", "div")


def sql(name: str, title: str, text: str, rows: Any, expect: Literal["rows", "error"] = "rows", **more: Any) -> Case:
    """A case of one statement."""
    return Case(FOLDER, name, title, statement(text), rows, expect, **more)


def both(name: str, title: str, text: str, rows: Any) -> list[Case]:
    """The same with ANSI off and on."""
    return [sql(name, title, text, rows), sql(f"{name}_ansi", f"{title} In ANSI mode.", text, rows, ansi=True)]
