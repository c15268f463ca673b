"""Check plain values against type hints: the closed world in which saved params and stored plans are read.

Values come from JSON that somebody else wrote. What fits comes back as the hinted type (lists become tuples, whole numbers become floats where a float
is meant); what does not fit is a `ValueError` that says what is accepted.
"""

from __future__ import annotations

import math
import types
import typing
from typing import Any, Literal, Union


def conform(value: Any, hint: Any) -> Any:
    """The value as `hint` wants it.

    Args:
        value: what JSON gave: None, bool, int, float, str, list, dict.
        hint: None, bool, int, float, str, Literal[...], tuple[X, ...], dict[str, X] or a union of these.

    Raises:
        ValueError: it does not fit; the text ends in what would.
    """
    origin = typing.get_origin(hint)
    if origin is Literal:
        if value in typing.get_args(hint) and isinstance(value, (str, int)) and not isinstance(value, bool):
            return value
    elif origin in (Union, types.UnionType):
        for option in typing.get_args(hint):
            try:
                return conform(value, option)
            except ValueError:
                continue
    elif origin is tuple:
        if isinstance(value, (list, tuple)):
            return tuple(conform(item, typing.get_args(hint)[0]) for item in value)
    elif origin is dict:
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {key: conform(item, typing.get_args(hint)[1]) for key, item in value.items()}
    elif hint is None or hint is type(None):
        if value is None:
            return None
    elif hint is float:
        if isinstance(value, str) and value in _SPECIAL:
            return _SPECIAL[value]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                return float(value)
            except OverflowError:
                pass
    elif hint is int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
    elif (hint is bool and isinstance(value, bool)) or (hint is str and isinstance(value, str)):
        return value
    raise ValueError(f"accepted: {describe(hint)}")


# Spark writes non-finite doubles as these strings, in params and so in plans.
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "Inf": math.inf, "-Inf": -math.inf}


def describe(hint: Any) -> str:
    """What a hint accepts, in words."""
    origin = typing.get_origin(hint)
    if origin is Literal:
        return ", ".join(repr(option) for option in typing.get_args(hint))
    if origin in (Union, types.UnionType):
        return " or ".join(describe(option) for option in typing.get_args(hint))
    if origin is tuple:
        return f"a list, each entry {describe(typing.get_args(hint)[0])}"
    if origin is dict:
        return f"an object, each value {describe(typing.get_args(hint)[1])}"
    return {float: "a number", int: "a whole number", bool: "true or false", str: "a string", None: "null", type(None): "null"}.get(hint, str(hint))
