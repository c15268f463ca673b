"""All functions by name."""

from __future__ import annotations

import difflib

from mabridge.sql.functions import (
    arithmetic,
    array_building,
    array_parts,
    array_sets,
    attempts,
    bits,
    bitwise,
    characters,
    comparison,
    conditional,
    date_format,
    dates,
    digests,
    encodings,
    fields,
    formatting,
    from_json,
    higher_order,
    json,
    like,
    maps,
    math,
    misc,
    number_formats,
    numerals,
    regular,
    rounding,
    schema_of_json,
    string,
    text,
    text_maps,
    time_arithmetic,
    time_literals,
    time_units,
    timestamps,
    urls,
)
from mabridge.sql.functions.cast import cast_function
from mabridge.sql.functions.conditional import CASE
from mabridge.sql.functions.function import Function
from mabridge.sql.user_functions import user_function

__all__ = ["CASE", "FUNCTIONS", "cast_function", "find_function", "function_named", "nearest_names"]

FUNCTIONS: dict[str, Function] = {}
_MODULES = (
    arithmetic,
    array_building,
    array_parts,
    array_sets,
    attempts,
    bits,
    bitwise,
    characters,
    comparison,
    conditional,
    date_format,
    dates,
    digests,
    encodings,
    fields,
    formatting,
    from_json,
    higher_order,
    json,
    like,
    maps,
    math,
    misc,
    number_formats,
    numerals,
    regular,
    rounding,
    schema_of_json,
    string,
    text,
    text_maps,
    time_arithmetic,
    time_literals,
    time_units,
    timestamps,
    urls,
)
for _module in _MODULES:
    for _function in _module.FUNCTIONS:
        for _name in _function.names:
            assert _name not in FUNCTIONS, _name
            FUNCTIONS[_name] = _function


def find_function(name: str) -> Function | None:
    """The function of this lower-case name: Spark's, or one that an installed package brings; None where there is none.

    Raises:
        UnsupportedExpressionError: the package's function cannot be had.
    """
    return FUNCTIONS.get(name) or user_function(name)


def function_named(name: str) -> Function:
    """The function of this lower-case name.

    Raises:
        KeyError: there is none.
    """
    found = find_function(name)
    if found is None:
        raise KeyError(name)
    return found


def nearest_names(name: str) -> list[str]:
    """Up to three known functions whose names are close, nearest first."""
    return difflib.get_close_matches(name, [known for known in FUNCTIONS if known[0].isalpha()], n=3, cutoff=0.7)
