"""LIKE, ILIKE, and both with ANY and ALL (regexpExpressions.scala, Spark 3.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BooleanType
from mabridge.sql.cells import constant, expand
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.case_mapping import lower_text
from mabridge.sql.functions.function import Args, Function, Kernel, Signature, TypeMismatch
from mabridge.sql.functions.rules import BOOL, TEXT, takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

#: A character, `_`, or what stands between two `%`.
_ANY_ONE = None
_Run = tuple[str | None, ...]


class EscapeError(ValueError):
    """The escape character stands where Spark refuses it; the text is the end of a sentence."""


@lru_cache(maxsize=512)
def runs_of(pattern: str, escape: str = "\\") -> tuple[_Run, ...]:
    """The runs of characters between the `%` of a pattern; None is any one character.

    Raises:
        EscapeError: see there.
    """
    runs: list[list[str | None]] = [[]]
    place = 0
    while place < len(pattern):
        character = pattern[place]
        place += 1
        if character == escape:
            if place == len(pattern) or pattern[place] not in ("_", "%", escape):
                raise EscapeError(f"has the LIKE pattern {pattern!r}, whose escape character stands where Spark refuses it: `_`, `%` or itself have to follow.")
            runs[-1].append(pattern[place])
            place += 1
        elif character == "%":
            runs.append([])
        else:
            runs[-1].append(_ANY_ONE if character == "_" else character)
    return tuple(map(tuple, runs))


def is_like(text: str, pattern: str, escape: str = "\\") -> bool:
    """Whether a text is LIKE a pattern, in time that grows with the product of their lengths at most.

    Raises:
        RefusedRow: the escape character stands where Spark refuses it.
    """
    try:
        runs = runs_of(pattern, escape)
    except EscapeError as error:
        raise RefusedRow(str(error)) from error
    first, last = runs[0], runs[-1]
    if len(runs) == 1:
        return len(text) == len(first) and _fits(text, 0, first)
    end = len(text) - len(last)
    if end < len(first) or not _fits(text, 0, first) or not _fits(text, end, last):
        return False
    place = len(first)
    for run in runs[1:-1]:
        if run:
            found = _finder(run).search(text, place, end)
            if found is None:
                return False
            place = found.end()
    return True


def _fits(text: str, place: int, run: _Run) -> bool:
    return all(wanted is None or text[place + at] == wanted for at, wanted in enumerate(run))


@lru_cache(maxsize=512)
def _finder(run: _Run) -> re.Pattern[str]:
    # A run has one length, so that nothing is tried twice.
    return re.compile("".join("." if wanted is None else re.escape(wanted) for wanted in run), re.DOTALL)


def like_regex(pattern: str, escape: str = "\\") -> str:
    """A LIKE pattern as a regular expression for RE2.

    Raises:
        EscapeError: see there.
    """
    runs = ("".join("." if wanted is None else _literal(wanted) for wanted in run) for run in runs_of(pattern, escape))
    return rf"(?s)\A{'.*'.join(runs)}\z"


def _literal(character: str) -> str:
    return f"\\{character}" if character in r"\.+*?()|[]{}^$" else character


# One pattern ----------------------------------------------------------------------------------------------------------------------------------------------


def _escape(args: Args) -> str:
    """The escape character of LIKE and ILIKE."""
    if len(args) < 3:
        return "\\"
    if not (isinstance(args[2], Constant) and isinstance(args[2].value, str) and len(args[2].value) == 1):
        raise TypeMismatch("the escape is not one character; Spark refuses this too.")
    return args[2].value


def _types(args: Args, session: Session) -> Signature:
    signature = takes(TEXT, gives=BOOL)(args, session)
    return Signature(signature.takes, BOOL, None, may_raise=_may_raise(args[1:2], _escape(args)))


def _may_raise(patterns: Args, escape: str = "\\") -> bool:
    """Whether some row's pattern may be refused; refuses a constant one itself."""
    for pattern in patterns:
        if isinstance(pattern, Constant) and isinstance(pattern.value, str):
            try:
                runs_of(pattern.value, escape)
            except EscapeError as error:
                raise TypeMismatch(f"it {error}") from error
    return any(not isinstance(pattern, Constant) for pattern in patterns)


def _lower(text: str) -> str:
    found: str = lower_text(pa.array([text]))[0].as_py()
    return found


def _one(texts: pa.Array, pattern: str, escape: str) -> Any:
    return pc.match_substring_regex(texts, pattern=like_regex(pattern, escape))


def _kernel(*, any_case: bool) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        pattern, escape = running.call.args[1], _escape(running.call.args)
        if isinstance(pattern, Constant):
            texts = running.column(0)
            if pattern.value is None:
                return constant(BooleanType(), None) if len(texts) == 1 else expand(_null(), len(texts))
            if any_case:
                return ScalarColumn.of_arrow(running.kind, _one(lower_text(texts.arrow), _lower(pattern.value), escape))
            return ScalarColumn.of_arrow(running.kind, _one(texts.arrow, pattern.value, escape))
        if any_case:
            return over_distinct(running, lambda text, like, *_: is_like(_lower(text), _lower(like), escape))
        return over_distinct(running, lambda text, like, *_: is_like(text, like, escape))

    return kernel


def _null() -> ScalarColumn:
    return ScalarColumn.of_numpy(BOOL, np.zeros(1, np.bool_), np.zeros(1, np.bool_))


def _show_like(_: str, args: Sequence[str]) -> str:
    # Spark's name leaves out the escape character.
    return f"{args[0]} LIKE {args[1]}"


def _show_ilike(_: str, args: Sequence[str]) -> str:
    return f"ilike({args[0]}, {args[1]})"


# Several patterns -----------------------------------------------------------------------------------------------------------------------------------------


def _several_types(args: Args, session: Session) -> Signature:
    signature = takes(TEXT, gives=BOOL)(args, session)
    return Signature(signature.takes, BOOL, None, may_raise=_may_raise(args[1:]))


def _several(*, every: bool, negated: bool, any_case: bool) -> Kernel:
    join = pc.and_kleene if every else pc.or_kleene

    def row(text: str | None, *patterns: str | None) -> bool | None:
        if text is None:
            return None
        text = _lower(text) if any_case else text
        missing = False
        for pattern in patterns:
            if pattern is None:
                missing = True
            elif (is_like(text, _lower(pattern) if any_case else pattern) != negated) != every:
                return not every
        return None if missing else every

    def kernel(running: Running) -> ScalarColumn:
        patterns = running.call.args[1:]
        if not all(isinstance(pattern, Constant) for pattern in patterns):
            return over_distinct(running, row, nulls=True)
        texts = running.column(0).arrow
        if any_case:
            texts = lower_text(texts)
        found: Any = None
        for pattern in patterns:
            assert isinstance(pattern, Constant)
            if pattern.value is None:
                one = pa.nulls(len(texts), pa.bool_())
            else:
                one = _one(texts, _lower(pattern.value) if any_case else pattern.value, "\\")
                one = pc.invert(one) if negated else one
            found = one if found is None else join(found, one)
        return ScalarColumn.of_arrow(running.kind, found)

    return kernel


FUNCTIONS = (
    Function(("like",), (2, 3), _types, _kernel(any_case=False), _show_like),
    Function(("ilike",), (2, 3), _types, _kernel(any_case=True), _show_ilike),
    *(
        # The name hangs on how many patterns there are and whether they are constants.
        Function(
            (f"{'not ' if negated else ''}{word} {how}",),
            (2, None),
            _several_types,
            _several(every=how == "all", negated=negated, any_case=word == "ilike"),
            None,
        )
        for word in ("like", "ilike")
        for how in ("any", "all")
        for negated in (False, True)
    ),
)
