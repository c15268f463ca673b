"""Casts, strings, and what ANSI mode refuses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from compat_tests.record.core import INF, NAN, Case, Table, one_column
from compat_tests.record.sql_tables import INTEGERS, LOGIC, NUMBERS, ONE, TEXTS, both, items, sql


def cases() -> list[Case]:
    return [*_casts(), *_texts(), *_ansi_errors()]


def _casts() -> list[Case]:
    kinds = ("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "decimal(10,2)", "decimal(38,18)", "decimal(5,5)")
    return [
        sql(
            "cast_by_way_of_float",
            "A cast to float between an integer and double is left out by Spark's optimizer.",
            items(
                "CAST(CAST(i AS float) AS double)",
                "CAST(CAST(l AS float) AS double)",
                "CAST(i AS float)",
                "sqrt(CAST(l AS float))",
                "CAST(CAST(l AS double) AS bigint)",
                "CAST(CAST(i AS float) AS int)",
                "CAST(CAST(16777217 AS float) AS double)",
                "CAST(CAST(CAST(i AS float) AS double) AS string)",
                "CAST(i AS float) + 0.5D",
                "CAST(i AS float) = i",
                "CAST(l AS float) = CAST(l AS double)",
                "CAST(CAST(i + 1 AS float) AS double)",
                "CAST(TRY_CAST(i AS float) AS double)",
                "CAST(CAST(CAST(d AS decimal(20,0)) AS float) AS double)",
            ),
            Table({**INTEGERS.columns, "d": "bigint"}, [(*row, row[3]) for row in INTEGERS.rows]),
        ),
        sql(
            "try_cast",
            "TRY_CAST follows ANSI mode without it: text with a point is no integer, a number beyond the range is null.",
            items(
                "TRY_CAST(s AS int)",
                "TRY_CAST(s AS double)",
                "TRY_CAST(s AS boolean)",
                "TRY_CAST(s AS decimal(10,2))",
                "TRY_CAST(s AS tinyint)",
                "TRY_CAST(CAST(s AS double) AS int)",
                "TRY_CAST(CAST(s AS double) AS decimal(5,2))",
                "TRY_CAST(CAST(s AS decimal(38,18)) AS string)",
                "CAST(CAST(s AS decimal(38,18)) AS string)",
                "TRY_CAST(CAST(s AS decimal(38,18)) AS bigint)",
                "TRY_CAST(CAST(s AS bigint) AS tinyint)",
                first="s, ",
            ),
            NUMBERS,
        ),
        sql("cast_text", "Strings to every type; what is none gives null.", items(*(f"CAST(s AS {kind})" for kind in kinds), first="s, "), NUMBERS),
        sql("try_cast_text", "TRY_CAST of strings in ANSI mode.", items(*(f"TRY_CAST(s AS {kind})" for kind in kinds), first="s, "), NUMBERS, ansi=True),
        sql("cast_double", "Doubles to every type; integers hold at their ends.", items(*(f"CAST(a AS {kind})" for kind in kinds), first="a, "), ONE),
        sql("try_cast_double_ansi", "TRY_CAST of doubles in ANSI mode.", items(*(f"TRY_CAST(a AS {kind})" for kind in kinds), first="a, "), ONE, ansi=True),
        *(
            sql(f"cast_{kind}", f"{kind} to every type; integers wrap.", items(*(f"CAST({column} AS {target})" for target in kinds)), INTEGERS)
            for column, kind in (("t", "tinyint"), ("i", "int"), ("l", "bigint"))
        ),
        sql(
            "cast_boolean",
            "Booleans to every type.",
            items(*(f"CAST(p AS {kind})" for kind in kinds), "CAST(NULL AS int)"),
            LOGIC,
        ),
    ]


def _texts() -> list[Case]:
    starts = (-3, -1, 0, 1, 2, 5)
    return [
        *both(
            "text_case_and_length",
            "upper, lower and lengths beyond ASCII.",
            items("upper(s)", "lower(s)", "ucase(s)", "lcase(s)", "length(s)", "char_length(s)", "character_length(s)", "reverse(s)", first="s, "),
            TEXTS,
        ),
        *both("text_trims", "trim takes off blanks alone.", items("trim(s)", "ltrim(s)", "rtrim(s)", "length(trim(s))"), TEXTS),
        sql(
            "text_parts",
            "substring, left and right by characters, from the end, beyond the ends.",
            items(
                *(f"substring(s, {k})" for k in starts),
                *(f"substring(s, {k}, 2)" for k in starts),
                "substr(s, 2, 0)",
                "substr(s, 1, -1)",
                "substring(s, 2147483647)",
                "substring(s, -2147483648, 2147483647)",
                "left(s, 2)",
                "left(s, 0)",
                "left(s, -1)",
                "right(s, 2)",
                "right(s, 0)",
                "right(s, 99)",
                "substring(s, length(s))",
                "substring(s, 2, length(s) - 2)",
            ),
            TEXTS,
        ),
        sql(
            "text_searches",
            "instr, startswith, endswith, contains, replace.",
            items(
                "instr(s, 'X')",
                "instr(s, '')",
                "startswith(s, 'a')",
                "endswith(s, 'b')",
                "contains(s, '本')",
                "contains(s, '')",
                "replace(s, 'X', 'yy')",
                "replace(s, '')",
                "replace(s, 'a')",
                "instr(s, NULL)",
                "replace(s, '😀', '')",
            ),
            TEXTS,
        ),
        sql(
            "text_pads",
            "lpad and rpad.",
            items("lpad(s, 4, 'xy')", "rpad(s, 4, 'xy')", "lpad(s, 1)", "rpad(s, 6)", "lpad(s, 0)", "lpad(s, -1, 'x')", "rpad(s, 3, '')", "lpad(s, 3, '日')"),
            TEXTS,
        ),
        sql(
            "text_concat",
            "concat and || with nulls and other types.",
            items("concat(s, '-', s)", "s || 'x'", "concat(s)", "concat(s, NULL)", "concat(s, 1, true, 1.50, 2.0D)", "'a' || 1", "concat(s, s, s)"),
            TEXTS,
        ),
        sql(
            "text_like",
            "LIKE: wildcards, escapes, line breaks.",
            items(
                "s LIKE 'a%'",
                "s LIKE '%b'",
                "s LIKE '_'",
                "s LIKE 'a_b'",
                r"s LIKE 'a\\_b'",
                r"s LIKE '100\\%'",
                "s LIKE '%'",
                "s LIKE ''",
                "s NOT LIKE '%a%'",
                "s LIKE NULL",
                "s LIKE '日__'",
                "s LIKE 'a/_b' ESCAPE '/'",
                "s LIKE '.*'",
                "s LIKE '(a'",
                r"s LIKE 'a\\\\b'",
                "s LIKE 'A%'",
            ),
            TEXTS,
        ),
        *both(
            "text_comparisons",
            "Strings compare by bytes.",
            items("s = 'a'", "s < 'b'", "s >= 'é'", "s <=> NULL", "s <> 'Ab'", "s > '\U0001f600'", "s BETWEEN 'A' AND 'b'"),
            TEXTS,
        ),
        sql("text_of_numbers", "String functions of numbers.", items("length(i)", "upper(p)", "concat(i, p)", "substring(i, 1, 1)", "reverse(i)"), LOGIC),
        sql("double_text", "Doubles as Java writes them.", items("CAST(a AS string)", "concat(a, '')", "length(a)"), ONE),
    ]


def _ansi_errors() -> list[Case]:
    def refused(name: str, expression: str, kind: str, value: Any) -> Case:
        return sql(
            f"ansi_{name}",
            f"In ANSI mode {expression} raises for {value!r}.",
            f"SELECT {expression} AS c FROM __THIS__",
            one_column("x", kind, [value]),
            "error",
            ansi=True,
        )

    def taken(name: str, expression: str, kind: str, values: Sequence[Any]) -> Case:
        return sql(
            f"ansi_{name}_taken",
            f"In ANSI mode {expression} does not raise for these.",
            f"SELECT {expression} AS c FROM __THIS__",
            one_column("x", kind, values),
            ansi=True,
        )

    most = 2**63 - 1
    return [
        refused("int_plus", "x + 1", "int", 2**31 - 1),
        refused("int_minus", "x - 2", "int", 1 - 2**31),
        refused("int_times", "x * 2", "int", 2**30),
        refused("bigint_plus", "x + 1L", "bigint", most),
        refused("bigint_times", "x * 2L", "bigint", 2**62),
        refused("bigint_times_near", "x * 3L", "bigint", 3074457345618258603),
        taken("bigint_times_near", "x * 3L", "bigint", [3074457345618258602, -3074457345618258602, 0, None]),
        refused("tinyint_plus", "x + CAST(1 AS tinyint)", "tinyint", 127),
        refused("smallint_times", "x * x", "smallint", 200),
        refused("negate", "-x", "int", -(2**31)),
        refused("abs", "abs(x)", "bigint", -most - 1),
        refused("div_overflow", "x div -1L", "bigint", -most - 1),
        refused("divide_by_zero", "1 / x", "double", 0.0),
        refused("divide_by_negative_zero", "1 / x", "double", -0.0),
        refused("remainder_by_zero", "5 % x", "int", 0),
        refused("pmod_by_zero", "pmod(5, x)", "int", 0),
        refused("div_by_zero", "5 div x", "int", 0),
        refused("decimal_by_zero", "1.5 / x", "decimal(10,2)", Decimal(0)),
        refused("decimal_overflow", "x * x", "decimal(38,0)", Decimal(10**37)),
        refused("decimal_sum_overflow", "x + x", "decimal(38,0)", Decimal(10**38 - 1)),
        refused("cast_text_int", "CAST(x AS int)", "string", "1.5"),
        refused("cast_text_double", "CAST(x AS double)", "string", "x"),
        refused("cast_text_boolean", "CAST(x AS boolean)", "string", "maybe"),
        refused("cast_text_decimal", "CAST(x AS decimal(5,2))", "string", "1234.5"),
        refused("cast_empty_text", "CAST(x AS bigint)", "string", ""),
        refused("cast_double_int", "CAST(x AS int)", "double", 2147483648.0),
        refused("cast_nan_int", "CAST(x AS int)", "double", NAN),
        refused("cast_double_bigint", "CAST(x AS bigint)", "double", 1e19),
        refused("cast_int_tinyint", "CAST(x AS tinyint)", "int", 128),
        refused("cast_double_decimal", "CAST(x AS decimal(5,2))", "double", 1000.0),
        taken("cast_nan_decimal", "CAST(x AS decimal(5,2))", "double", [NAN, INF, -INF, 1.005, None]),
        refused("round_overflow", "round(x, -1)", "int", 2**31 - 1),
        refused("text_plus_int", "x + 1", "string", "1.5"),
        refused("text_compare", "x = 1", "string", "a"),
        taken("cast_double_int", "CAST(x AS int)", "double", [2147483647.9, -2147483648.9, 0.5, -0.0, None]),
        taken("cast_largest_double", "CAST(x AS bigint)", "double", [9.223372036854775807e18, -9.223372036854775808e18]),
        taken("guarded_division", "CASE WHEN x <> 0 THEN 1 / x END", "double", [0.0, -0.0, 2.0, None, NAN]),
        taken("guarded_by_if", "if(x = 0, NULL, 10 div x)", "int", [0, 3, None]),
        taken("guarded_by_and", "x <> 0 AND 10 % x = 1", "int", [0, 3, None]),
        taken("guarded_by_nullif", "1 / nullif(x, 0)", "double", [0.0, 2.0, None]),
        taken("guarded_by_coalesce", "coalesce(x, 1 / 0)", "double", [0.5, 2.0]),
        taken("text_cast", "CAST(x AS int)", "string", [" 7 ", "-1", "+5", None]),
        refused("case_that_is_taken", "CASE WHEN x = 0 THEN 1 / x END", "double", 0.0),
        refused("constant", "1 / 0", "double", 1.0),
        refused("or_left_null", "x > 0 OR 1 / (x - x) > 0", "int", -1),
    ]
