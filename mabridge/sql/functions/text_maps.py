"""Maps from texts (StringToMap, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mabridge.java_regex import JavaPattern, RefusedPatternError, UnitsError, compile_java
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import MapType, NullType, StringType, arrow_type
from mabridge.sql.arrays import entries_of
from mabridge.sql.cells import nulls
from mabridge.sql.distinct import over_distinct_columns
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, as_call
from mabridge.sql.functions.maps import made_map
from mabridge.sql.functions.rules import TEXT
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_DEFAULTS = (",", ":")


def _pattern(args: Args, place: int) -> JavaPattern | None:
    """The regular expression of a delimiter; None where it is NULL."""
    arg = args[place] if place < len(args) else None
    if arg is not None and (not isinstance(arg, Constant) or arg.value == ""):
        raise NotSupported(f"the delimiter {arg.shown} is no constant text, or an empty one, which is not supported; write it out.")
    text = _DEFAULTS[place - 1] if arg is None else arg.value
    try:
        return None if text is None else compile_java(text)
    except RefusedPatternError as error:
        raise NotSupported(f"the delimiter, which is a regular expression, is not supported: {error}") from error


def _types(args: Args, session: Session) -> Signature:
    for arg in args:
        if not isinstance(arg.kind, (StringType, NullType)):
            raise TypeMismatch(f"{arg.shown} is {arg.kind}, where a string is expected; Spark refuses this too.")
    for place in (1, 2):
        _pattern(args, place)
    return Signature((TEXT,) * len(args), MapType(TEXT, TEXT), may_raise=True)


def _split(pattern: JavaPattern, text: str, most: int | None = None) -> list[str]:
    """`String.split` with all empty texts kept, or with so many parts at most."""
    parts: list[str] = []
    start = 0
    for begin, end in pattern.spans(text):
        if most is not None and len(parts) == most - 1:
            break
        if end == 0:
            continue
        parts.append(text[start:begin])
        start = end
    return [*parts, text[start:]]


def _pairs(between: JavaPattern, inside: JavaPattern) -> Callable[..., list[tuple[str, str | None]] | None]:
    def compute(text: str, *_: str) -> list[tuple[str, str | None]] | None:
        try:
            parts = [_split(inside, entry, 2) for entry in _split(between, text)]
        except UnitsError:
            return None
        return [(part[0], part[1] if len(part) > 1 else None) for part in parts]

    return compute


def _str_to_map(running: Running) -> ScalarColumn:
    between, inside = (_pattern(running.call.args, place) for place in (1, 2))
    kind = running.kind
    assert isinstance(kind, MapType)
    if between is None or inside is None:
        return nulls(kind)
    text = running.column(0)
    found = ScalarColumn.of_arrow(kind, over_distinct_columns([text], len(text), arrow_type(kind), _pairs(between, inside)))
    lost = found.arrow.is_null().to_numpy(zero_copy_only=False) & ~text.arrow.is_null().to_numpy(zero_copy_only=False)
    running.refuse(lost, "splits a text by a pattern that looks at halves of its characters, which is not supported.")
    entries = entries_of(found)
    return made_map(running, kind, entries.lengths, entries.keys, entries.values, found.valid)


def _show(name: str, args: Sequence[str]) -> str:
    return as_call(name, [*args, *_DEFAULTS[len(args) - 1 :]])


FUNCTIONS = (Function(("str_to_map",), (1, 3), _types, _str_to_map, _show),)
