"""Variations of an example's literal, seeded: its neighbours, and hard values of its type."""

from __future__ import annotations

import math
import random
from typing import Any

from compat_tests.record.sql_functions.hard_values import decimal_text, hard
from compat_tests.sql.cells import digits, is_decimal

#: Rows of a table of variations.
ROWS = 50
_TOPS = {"byte": 2**7, "short": 2**15, "integer": 2**31, "long": 2**63}


def column(kind: Any, value: Any, seed: str, *, tame: bool) -> list[Any]:
    """ROWS values, the example's own first.

    Args:
        kind: type as of Spark's schema JSON.
        value: the example's.
        seed: what is drawn depends on it alone.
        tame: whether integers stay small, as a function's result is as long as they say.
    """
    rng = random.Random(seed)
    found = [value]
    while len(found) < ROWS:
        found.append(_one(kind, value, rng, tame))
    return found


def _one(kind: Any, value: Any, rng: random.Random, tame: bool) -> Any:
    chance = rng.random()
    if chance < 0.07:
        return None
    if chance < 0.3:
        return value
    if chance < 0.7 and value is not None:
        return varied(kind, value, rng, tame)
    choices = hard(kind)
    if tame and isinstance(kind, str) and kind in _TOPS:
        choices = [choice for choice in choices if abs(choice) < 50]
    if tame and kind in ("date", "timestamp", "timestamp_ntz") and value is not None:
        return varied(kind, value, rng, tame)
    return rng.choice(choices) if choices else None


def varied(kind: Any, value: Any, rng: random.Random, tame: bool) -> Any:
    """A value near another one."""
    if value is None:
        return None
    if is_decimal(kind):
        precision, scale = digits(kind)
        whole = int(value.replace(".", ""))
        near = rng.choice([whole + 1, whole - 1, -whole, whole * 10, whole // 10, whole + 10**scale, 0])
        return decimal_text(near if abs(near) < 10**precision else whole, scale)
    if isinstance(kind, dict):
        return _nested(kind, value, rng, tame)
    if kind in _TOPS:
        near = rng.choice([value + 1, value - 1, -value, value + 2, value // 2, 0, *([] if tame else [value * 10, value * value])])
        return near if -_TOPS[kind] <= near < _TOPS[kind] else value
    if kind in ("double", "float"):
        if not math.isfinite(value):
            return -value
        near = rng.choice([value + 1, value - 1, -value, value / 2, value * 10, value + 0.5, float(round(value)), value * 1.0000001])
        # A float's values must be floats, or Spark would round them where we would not.
        return near if kind == "double" else _as_float(near)
    if kind == "boolean":
        return not value
    if kind == "string":
        return _text(value, rng)
    if kind == "binary":
        return rng.choice([value + "00", value[2:], value[:-2], value + value, "ff" + value])
    if kind == "date":
        return value + rng.choice([1, -1, 30, 365, -365, 7, 31])
    if kind in ("timestamp", "timestamp_ntz"):
        return value + rng.choice([1, -1, 1_000_000, 86_400_000_000, -86_400_000_000, 3_600_000_000, 31 * 86_400_000_000, 500_000])
    return value


def _as_float(value: float) -> float:
    import struct

    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return 0.5


def _text(value: str, rng: random.Random) -> str:
    at = rng.randint(0, len(value))
    return rng.choice(
        [
            value.upper(),
            value.lower(),
            value.swapcase(),
            value[::-1],
            value + value,
            value[:at],
            value[at:],
            value[:at] + value[at + 1 :],
            value[:at] + "é😀" + value[at:],
            value[:at] + value[at : at + 1] * 2 + value[at + 1 :],
            f" {value} ",
            value[:at] + "1" + value[at:],
            value[:at] + rng.choice([",", ".", "-", "%", " ", "\t", "ß", "x"]) + value[at:],
        ]
    )


def _nested(kind: dict[str, Any], value: list[Any], rng: random.Random, tame: bool) -> list[Any]:
    if kind["type"] == "struct":
        return [varied(field["type"], part, rng, tame) if rng.random() < 0.6 else part for field, part in zip(kind["fields"], value, strict=True)]
    at = rng.randint(0, len(value))
    if kind["type"] == "map":
        inner = [[key, varied(kind["valueType"], part, rng, tame)] for key, part in value]
        return rng.choice([value[:at], value[at:], value[::-1], inner, [[key, None] for key, _ in value], []])
    near = [varied(kind["elementType"], part, rng, tame) for part in value]
    return rng.choice([value[:at], value[at:], value[::-1], value + value, near, [*value[:at], None, *value[at:]], value[at:] + value[:at], []])
