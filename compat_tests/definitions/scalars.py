"""Stages that change single numbers: Binarizer, Bucketizer, Imputer."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from compat_tests.definitions.core import Definition, DroppedError, Fitted, RefusedError, Row, compressed, dense, float32


def binarizer(stage: Fitted) -> Definition:
    """1.0 where the number is above the threshold, else 0.0; NaN is not above it, and null stays null.

    In a vector under a threshold below 0 Spark starts from ones and clears what is at most the threshold, so NaN stays 1.0 there.
    """
    pairs = stage.columns()
    # Spark 4 takes null for a number that is not above it.
    null = None if int(stage.metadata["sparkVersion"].split(".")[0]) < 4 else 0.0
    thresholds = stage.params["thresholds"] if stage.params.get("inputCols") and stage.params.get("thresholds") else [stage.params["threshold"]] * len(pairs)

    def define(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for (source, target), threshold in zip(pairs, thresholds, strict=True):
            if row.type(source) != "vector":
                value = row.number(source)
                found[target] = null if value is None else 1.0 if value > threshold else 0.0
            elif threshold < 0:
                found[target] = compressed(dense([0.0 if value <= threshold else 1.0 for value in row.vector(source).values]))
            else:
                found[target] = compressed(dense([1.0 if value > threshold else 0.0 for value in row.vector(source).values]))
        return found

    return define


def bucketizer(stage: Fitted) -> Definition:
    """The number of the interval [low, high) that the value falls in; the last one holds its upper end, too. -0.0 is below 0.0, as java.util.Arrays orders."""
    pairs, how = stage.columns(), stage.params["handleInvalid"]
    cuts = stage.params["splitsArray"] if stage.params.get("inputCols") else [stage.params["splits"]]

    def below(left: float, right: float) -> bool:
        return left < right or (left == right == 0 and math.copysign(1, left) < math.copysign(1, right))

    def bucket(value: float | None, splits: list[float]) -> float | None:
        if how == "skip" and (value is None or math.isnan(value)):
            raise DroppedError
        if value is None:
            return None
        if math.isnan(value):
            if how == "error":
                raise RefusedError("NaN")
            return len(splits) - 1.0
        if value == splits[-1]:
            return len(splits) - 2.0
        for place in range(len(splits) - 1):
            if not below(value, splits[place]) and below(value, splits[place + 1]):
                return float(place)
        raise RefusedError("outside of all intervals")

    return lambda row: {target: bucket(row.number(source), splits) for (source, target), splits in zip(pairs, cuts, strict=True)}


def imputer(stage: Fitted) -> Definition:
    """Null and the missing value (0.0 is -0.0, NaN is NaN) become the surrogate, cast to the column's type."""
    missing, surrogates = stage.params["missingValue"], stage.data

    def filled(row: Row, source: str) -> Any:
        number = row.number(source)
        gone = number is None or number == missing or (math.isnan(number) and math.isnan(missing))
        return cast(float(surrogates[source]) if gone else number, row.type(source))

    return lambda row: {target: filled(row, source) for source, target in stage.columns()}


def cast(value: Any, kind: str) -> Any:
    """A double cast to a numeric type without ANSI."""
    if kind == "double":
        return value
    if kind == "float":
        return float32(value)
    if kind.startswith("decimal"):
        return _decimal(value, kind)
    bits = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}[kind]
    wide = max(bits, 32)
    # Java cuts towards zero and stops at the ends of int or long; a shorter type then takes the low bits.
    whole = 0 if math.isnan(value) else int(min(max(value, -(2.0 ** (wide - 1))), 2.0 ** (wide - 1)))
    whole = min(whole, 2 ** (wide - 1) - 1)
    return (whole + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)


def _decimal(value: float, kind: str) -> Decimal | None:
    digits, scale = (int(part) for part in kind[kind.index("(") + 1 : -1].split(","))
    if not math.isfinite(value):
        return None
    found = Decimal(repr(value)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, Context(prec=400))
    return found if abs(found) < Decimal(10) ** (digits - scale) else None
