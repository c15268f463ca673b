"""All functions by name."""

from __future__ import annotations

import difflib

from mabridge.sql.functions import (
    arithmetic,
    array_building,
    array_parts,
    array_sets,
    bitwise,
    characters,
    comparison,
    conditional,
    date_format,
    dates,
    encodings,
    fields,
    formatting,
    from_json,
    higher_order,
    json,
    like,
    maps,
    math,
    number_formats,
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

__all__ = ["CASE", "FUNCTIONS", "cast_function", "function_named", "nearest_names"]

FUNCTIONS: dict[str, Function] = {}
_MODULES = (
    arithmetic,
    array_building,
    array_parts,
    array_sets,
    bitwise,
    characters,
    comparison,
    conditional,
    date_format,
    dates,
    encodings,
    fields,
    formatting,
    from_json,
    higher_order,
    json,
    like,
    maps,
    math,
    number_formats,
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


def function_named(name: str) -> Function:
    """The function of this lower-case name.

    Raises:
        KeyError: there is none.
    """
    return FUNCTIONS[name]


def nearest_names(name: str) -> list[str]:
    """Up to three known functions whose names are close, nearest first."""
    return difflib.get_close_matches(name, [known for known in FUNCTIONS if known[0].isalpha()], n=3, cutoff=0.7)
