"""RLIKE, regexp_... and split (regexpExpressions.scala, Spark 3.5), by Java 17's regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mabridge.java_regex import JavaPattern, RefusedPatternError, UnitsError, compile_java
from mabridge.java_regex.linear import Linear
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, StringType
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, NotSupported, Show, Signature, TypeMismatch, as_call
from mabridge.sql.functions.rules import BOOL, INT, TEXT, takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant, TypedExpression

#: After which the search in one text is given up.
SECONDS = 2.0


def compiled(pattern: str) -> JavaPattern:
    """The pattern for one row.

    Raises:
        RefusedRow: Java refuses it, or mabridge cannot match it as Java does.
    """
    try:
        return compile_java(pattern)
    except RefusedPatternError as error:
        raise RefusedRow(f"has the pattern {pattern!r}, which is refused: {error}.") from error


def searched(compute: Callable[..., Any]) -> Callable[..., Any]:
    """The function of one row with its refusals named: no answer in time, halves of characters, groups that are not certain."""

    def found(*args: Any) -> Any:
        try:
            return compute(*args)
        except TimeoutError as error:
            raise RefusedRow(f"looks for a pattern for more than {SECONDS:g} s in one text, which is refused; write a pattern that backtracks less.") from error
        except UnitsError as error:
            raise RefusedRow(f"gives another answer in Java, which is refused: {error}.") from error
        except RefusedPatternError as error:
            raise RefusedRow(f"has a pattern that is refused: {error}.") from error

    return found


def check_pattern(arg: TypedExpression, *, groups: bool = False) -> bool:
    """Check a constant pattern; whether some row's pattern may yet be refused.

    Raises:
        NotSupported: mabridge cannot match it as Java does, or Java refuses it.
    """
    if not isinstance(arg, Constant):
        return True
    if isinstance(arg.value, str):
        try:
            pattern = compile_java(arg.value)
            if groups and pattern.group_count:
                _ = pattern.groups
        except RefusedPatternError as error:
            raise NotSupported(f"the pattern {arg.value!r} is refused: {error}.") from error
    return False


def _regular(*targets: Any, gives: Any, groups: bool = False, nullable: bool | None = None, sure: bool = False) -> Callable[[Args, Session], Signature]:
    rule = takes(*targets, gives=gives)

    def types(args: Args, session: Session) -> Signature:
        signature = rule(args, session)
        some = check_pattern(args[1], groups=groups and not _is_zero(args))
        return Signature(signature.takes, gives, nullable, may_raise=some or not sure)

    return types


def _is_zero(args: Args) -> bool:
    return len(args) > 2 and isinstance(args[2], Constant) and args[2].value == 0


def _function(
    names: tuple[str, ...],
    arity: tuple[int, int],
    types: Callable[[Args, Session], Signature],
    compute: Callable[..., Any],
    show: Show = as_call,
    defaults: tuple[Any, ...] = (),
) -> Function:
    """A function of single rows; `defaults` stand for arguments that are left out."""
    guarded = searched(compute)

    def kernel(running: Running) -> ScalarColumn:
        return over_distinct(running, guarded)

    most = arity[1]

    def shown(name: str, args: Sequence[str]) -> str:
        missing = most - len(args)
        return show(name, [*args, *(str(default) for default in defaults[len(defaults) - missing :])] if missing and defaults else args)

    return Function(names, arity, types, kernel, shown)


# Whether it matches ---------------------------------------------------------------------------------------------------------------------------------------


def _rlike(running: Running) -> ScalarColumn:
    pattern = running.call.args[1]
    if isinstance(pattern, Constant) and isinstance(pattern.value, str):
        found = _vectorised(running, compile_java(pattern.value))
        if found is not None:
            return found
    return over_distinct(running, _matches)


@lru_cache(maxsize=256)
def _linear(pattern: JavaPattern) -> Linear | None:
    """The pattern for RE2, None where RE2 does not take it."""
    found = pattern.linear
    if found is not None:
        try:
            pc.match_substring_regex(pa.array([""]), pattern=found.pattern)
        except pa.ArrowInvalid:
            return None
    return found


def _vectorised(running: Running, pattern: JavaPattern) -> ScalarColumn | None:
    """By Arrow's RE2, where the pattern says the same there."""
    linear = _linear(pattern)
    if linear is None:
        return None
    texts = running.column(0).arrow
    if linear.unless is not None and pc.any(pc.match_substring_regex(texts, pattern=linear.unless)).as_py():
        return None
    return ScalarColumn.of_arrow(running.kind, pc.match_substring_regex(texts, pattern=linear.pattern))


@searched
def _matches(text: str, pattern: str) -> bool:
    return compiled(pattern).first(text, seconds=SECONDS) is not None


def _rlike_types(args: Args, session: Session) -> Signature:
    signature = _regular(TEXT, TEXT, gives=BOOL)(args, session)
    pattern = args[1].value if isinstance(args[1], Constant) else None
    sure = isinstance(pattern, str) and (linear := _linear(compile_java(pattern))) is not None and linear.unless is None
    return Signature(signature.takes, BOOL, None, may_raise=not sure)


# What matches ---------------------------------------------------------------------------------------------------------------------------------------------


def _check_group(pattern: JavaPattern, index: int, name: str) -> None:
    """Refuse an index that no group has; Spark looks at it when something matches."""
    if not 0 <= index <= pattern.group_count:
        raise RefusedRow(f"asks {name} for the group {index} of a pattern with {pattern.group_count} groups, which Spark refuses too.")


def _extract(text: str, pattern: str, index: int = 1) -> str:
    java = compiled(pattern)
    found = java.first(text, groups=0 < index <= java.group_count, seconds=SECONDS)
    if found is None:
        return ""
    _check_group(java, index, "regexp_extract")
    return found[index] or ""


def _extract_all(text: str, pattern: str, index: int = 1) -> list[str]:
    java = compiled(pattern)
    matches = list(java.matches(text, groups=0 < index <= java.group_count, seconds=SECONDS))
    if matches:
        _check_group(java, index, "regexp_extract_all")
    return [match[index] or "" for match in matches]


def _count(text: str, pattern: str) -> int:
    return sum(1 for _ in compiled(pattern).matches(text, seconds=SECONDS))


def _place(text: str, pattern: str, _: int = 0) -> int:
    found = compiled(pattern).first(text, seconds=SECONDS)
    if found is None:
        return 0
    before = text[: found.start()]
    # Java counts UTF-16 units.
    return len(before) + sum(character > "\uffff" for character in before) + 1


def _first_text(text: str, pattern: str) -> str | None:
    found = compiled(pattern).first(text, seconds=SECONDS)
    return None if found is None else found[0] or None


# Replacing ------------------------------------------------------------------------------------------------------------------------------------------------


def _replace(text: str, pattern: str, by: str, position: int = 1) -> str:
    java = compiled(pattern)
    start = position - 1
    if start and start >= len(text) + sum(character > "\uffff" for character in text):
        return text
    head = text[:start]
    if head and max(head) > "\uffff":
        raise RefusedRow("begins behind a character beyond U+FFFF, whose halves Java counts, which is refused.")
    body = text[start:]
    parts = _replacement(by, java)
    groups = not isinstance(parts, str) and any(isinstance(part, int) and part for part in parts)
    pieces = [head]
    last = 0
    for match in java.matches(body, groups=groups, seconds=SECONDS):
        if isinstance(parts, str):
            raise RefusedRow(parts)
        pieces.append(body[last : match.start()])
        pieces.extend(part if isinstance(part, str) else match[part] or "" for part in parts)
        last = match.end()
    return "".join([*pieces, body[last:]])


@lru_cache(maxsize=256)
def _replacement(by: str, java: JavaPattern) -> tuple[str | int, ...] | str:
    """Texts and numbers of groups in turn, as `Matcher.appendReplacement` reads them; what is wrong, where Java raises at the first match."""
    wrong = f"has the replacement {by!r}, which Java refuses: "
    parts: list[str | int] = []
    place = 0
    while place < len(by):
        character = by[place]
        place += 1
        if character == "\\":
            if place == len(by):
                return wrong + "nothing stands behind the last backslash."
            parts.append(by[place])
            place += 1
        elif character != "$":
            parts.append(character)
        elif by[place : place + 1] == "{":
            end = by.find("}", place)
            name = by[place + 1 : end] if end > 0 else ""
            if name not in java.groups.names:
                return wrong + "there is no group of that name."
            parts.append(java.groups.names[name])
            place = end + 1
        else:
            if not ("0" <= by[place : place + 1] <= "9"):
                return wrong + "a `$` names no group."
            number = int(by[place])
            place += 1
            if number > java.group_count:
                return wrong + f"there is no group {number}."
            while "0" <= by[place : place + 1] <= "9" and number * 10 + int(by[place]) <= java.group_count:
                number = number * 10 + int(by[place])
                place += 1
            parts.append(number)
    return tuple(parts)


def _replace_types(args: Args, session: Session) -> Signature:
    signature = takes(TEXT, TEXT, TEXT, INT, gives=TEXT)(args, session)
    if len(args) > 3 and not (isinstance(args[3], Constant) and (args[3].value is None or (isinstance(args[3].value, int) and args[3].value > 0))):
        raise TypeMismatch(f"the position {args[3].shown} is no constant above 0; Spark refuses this too.")
    replaces = args[2].value if isinstance(args[2], Constant) else "$1"
    check_pattern(args[1], groups=isinstance(replaces, str) and "$" in replaces)
    return Signature(signature.takes, TEXT, may_raise=True)


# Splitting ------------------------------------------------------------------------------------------------------------------------------------------------


def _split(text: str, pattern: str, limit: int = -1) -> list[str]:
    if not pattern and text:
        # UTF8String.split: single characters, and what is beyond the limit goes.
        return list(text)[:limit] if 0 < limit < len(text) else list(text)
    pieces: list[str] = []
    place = 0
    for match in compiled(pattern).matches(text, seconds=SECONDS):
        start, end = match.span()
        if place == 0 and start == end == 0:
            continue
        if 0 < limit <= len(pieces) + 1:
            break
        pieces.append(text[place:start])
        place = end
    return [text] if place == 0 else [*pieces, text[place:]]


def _show_upper(name: str, args: Sequence[str]) -> str:
    return as_call(name.upper(), args)


_TEXTS = ArrayType(StringType())
FUNCTIONS = (
    Function(("rlike", "regexp", "regexp_like"), (2, 2), _rlike_types, _rlike, _show_upper),
    _function(("regexp_extract",), (2, 3), _regular(TEXT, TEXT, INT, gives=TEXT, groups=True), _extract, defaults=(1,)),
    _function(("regexp_extract_all",), (2, 3), _regular(TEXT, TEXT, INT, gives=_TEXTS, groups=True), _extract_all, defaults=(1,)),
    _function(("regexp_count",), (2, 2), _regular(TEXT, TEXT, gives=INT), _count),
    _function(("regexp_instr",), (2, 3), _regular(TEXT, TEXT, INT, gives=INT), _place, defaults=(0,)),
    _function(("regexp_substr",), (2, 2), _regular(TEXT, TEXT, gives=TEXT, nullable=True), _first_text),
    _function(("regexp_replace",), (3, 4), _replace_types, _replace, defaults=(1,)),
    _function(("split",), (2, 3), _regular(TEXT, TEXT, INT, gives=_TEXTS), _split, defaults=(-1,)),
)
