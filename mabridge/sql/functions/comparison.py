"""= <=> < IN, IS NULL and AND OR NOT (Spark 3.5). NaN equals NaN and is above every other double; -0.0 equals 0.0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import BooleanType, DataType, DoubleType, FloatType, NullType, NumericType
from mabridge.sql.cells import Values, both, constant, datum, in_arrow, is_true, join, nulls
from mabridge.sql.coercion import structurally, wider, widest
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, as_infix, column_of
from mabridge.sql.functions.rules import boolean, compared_operands
from mabridge.sql.ordering import is_ranked, orderable, ranks
from mabridge.sql.scope import Session

_BOOLEAN = BooleanType()


def _ordered_types(args: Args, session: Session) -> Signature:
    kind = compared_operands(args, session)
    _comparable(args, kind)
    return Signature((kind, kind), _BOOLEAN)


def _equal_types(args: Args, session: Session) -> Signature:
    kinds = [arg.kind for arg in args]
    for one, other in (kinds, kinds[::-1]):
        # BooleanEquality: the boolean becomes a number.
        if isinstance(one, BooleanType) and isinstance(other, NumericType) and not session.ansi:
            return Signature((other, other), _BOOLEAN)
    return _ordered_types(args, session)


def _null_safe_types(args: Args, session: Session) -> Signature:
    found = _equal_types(args, session)
    return Signature(found.takes, _BOOLEAN, nullable=False)


def _comparable(args: Args, kind: DataType) -> None:
    if not orderable(kind):
        raise TypeMismatch(f"{args[0].shown} is {kind}, which has no order and no equality; Spark refuses this too, but for a vector, whose parts it compares.")


def _floats(kind: DataType) -> bool:
    return isinstance(kind, (DoubleType, FloatType))


def equal(left: ScalarColumn, right: ScalarColumn, rows: int) -> Values:
    """Where two columns of one type are equal; null rows unspecified."""
    if is_ranked(left.kind):
        return np.equal(*ranks(left, right))
    if in_arrow(left.kind):
        return _arrow(pc.equal, left, right, rows)
    a, b = left.values, right.values
    same: Values = np.equal(a, b)
    if _floats(left.kind) and not _one_number(b):
        same |= np.isnan(a) & np.isnan(b)
    return same


def less(left: ScalarColumn, right: ScalarColumn, rows: int) -> Values:
    """Where the left one is less; null rows unspecified."""
    if is_ranked(left.kind):
        return np.less(*ranks(left, right))
    if in_arrow(left.kind):
        return _arrow(pc.less, left, right, rows)
    a, b = left.values, right.values
    below: Values = np.less(a, b)
    if _floats(left.kind) and not _one_number(b):
        below |= np.isnan(b) if _one_number(a) else np.isnan(b) & ~np.isnan(a)
    return below


def _one_number(values: Values) -> bool:
    return len(values) == 1 and not np.isnan(values[0])


def _arrow(compare: Callable[[Any, Any], Any], left: ScalarColumn, right: ScalarColumn, rows: int) -> Values:
    if len(left) == 1 and len(right) == 1:
        rows = 1
    found = compare(datum(left, rows), datum(right, rows))
    if not hasattr(found, "null_count"):
        return np.array([found.as_py() is True])
    values: Values = (found.fill_null(False) if found.null_count else found).to_numpy(zero_copy_only=False)
    return values


Comparison = Callable[[ScalarColumn, ScalarColumn, int], Values]


def _kernel(compare: Comparison) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        left, right = running.columns_up_to_null()
        if isinstance(left.kind, NullType):
            return nulls(_BOOLEAN)
        return column_of(_BOOLEAN, compare(left, right, running.frame.num_rows), both(left.valid, right.valid))

    return kernel


def _null_safe_equal(running: Running) -> ScalarColumn:
    left, right = running.columns()
    if isinstance(left.kind, NullType):
        return constant(_BOOLEAN, True)
    values = equal(left, right, running.frame.num_rows)
    if left.valid is None and right.valid is None:
        return column_of(_BOOLEAN, values, None)
    here = np.ones(1, np.bool_) if left.valid is None else left.valid
    there = np.ones(1, np.bool_) if right.valid is None else right.valid
    return column_of(_BOOLEAN, np.where(here & there, values, ~here & ~there), None)


def _in_types(args: Args, session: Session) -> Signature:
    kinds = [arg.kind for arg in args]
    kind = kinds[0] if all(structurally(other) == structurally(kinds[0]) for other in kinds) else widest(kinds, wider, ansi=session.ansi)
    if kind is None:
        raise TypeMismatch(f"the value and the list of IN have no common type ({', '.join(dict.fromkeys(map(str, kinds)))}); Spark refuses this too.")
    _comparable(args, kind)
    return Signature((kind,) * len(args), _BOOLEAN)


def _in(running: Running) -> ScalarColumn:
    value, *options = running.columns()
    rows = running.frame.num_rows
    if isinstance(value.kind, NullType):
        return nulls(_BOOLEAN)
    found: Bools = np.zeros(1, np.bool_)
    unknown: Bools | None = None
    for option in options:
        same = equal(value, option, rows)
        if option.valid is not None:
            same = same & option.valid
            unknown = ~option.valid if unknown is None else unknown | ~option.valid
        found = found | same
    valid = value.valid
    if unknown is not None:
        # Not found, but a null was among the options.
        valid = both(valid, found | ~unknown)
    return column_of(_BOOLEAN, found, valid)


def _show_in(_: str, args: Sequence[str]) -> str:
    return f"({args[0]} IN ({', '.join(args[1:])}))"


def _logic_types(args: Args, session: Session) -> Signature:
    for arg in args:
        boolean(arg, arg.shown)
    return Signature((_BOOLEAN,) * len(args), _BOOLEAN)


def _not(running: Running) -> ScalarColumn:
    column = running.column(0)
    return column_of(_BOOLEAN, ~column.values, column.valid)


def _is_false(column: ScalarColumn) -> Bools:
    values: Bools = ~column.values
    return values if column.valid is None else values & column.valid


def _logic(decides: Callable[[ScalarColumn], Bools], *, result: bool) -> Callable[[Running], ScalarColumn]:
    """AND and OR: `decides` says where one side alone gives the result."""

    def kernel(running: Running) -> ScalarColumn:
        left = running.column(0)
        here = decides(left)
        if running.call.args[1].raises:
            # Spark does not look at the right side where the left decides.
            frame, places = running.frame.only(~here)
            right = join(_BOOLEAN, running.frame.num_rows, [(places, frame.evaluate(running.call.args[1]))])
        else:
            right = running.column(1)
        decided = here | decides(right)
        if left.valid is None and right.valid is None:
            return column_of(_BOOLEAN, decided if result else ~decided, None)
        known = both(left.valid, right.valid)
        assert known is not None
        return column_of(_BOOLEAN, decided if result else ~decided, known | decided)

    return kernel


def _any_types(args: Args, session: Session) -> Signature:
    return Signature(tuple(arg.kind for arg in args), _BOOLEAN, nullable=False)


def _is_null(running: Running) -> ScalarColumn:
    valid = running.valid(0)
    return constant(_BOOLEAN, False) if valid is None else column_of(_BOOLEAN, ~valid, None)


def _is_not_null(running: Running) -> ScalarColumn:
    valid = running.valid(0)
    return constant(_BOOLEAN, True) if valid is None else column_of(_BOOLEAN, valid, None)


def _show_not(_: str, args: Sequence[str]) -> str:
    return f"(NOT {args[0]})"


def _show_is(what: str) -> Callable[[str, Sequence[str]], str]:
    return lambda _, args: f"({args[0]} IS {what})"


FUNCTIONS = (
    Function(("=",), (2, 2), _equal_types, _kernel(equal), as_infix("=")),
    Function(("<=>",), (2, 2), _null_safe_types, _null_safe_equal, as_infix("<=>")),
    Function(("<",), (2, 2), _ordered_types, _kernel(less), as_infix("<")),
    Function((">",), (2, 2), _ordered_types, _kernel(lambda a, b, rows: less(b, a, rows)), as_infix(">")),
    Function(("<=",), (2, 2), _ordered_types, _kernel(lambda a, b, rows: ~less(b, a, rows)), as_infix("<=")),
    Function((">=",), (2, 2), _ordered_types, _kernel(lambda a, b, rows: ~less(a, b, rows)), as_infix(">=")),
    Function(("in",), (2, None), _in_types, _in, _show_in),
    Function(("and",), (2, 2), _logic_types, _logic(_is_false, result=False), as_infix("AND")),
    Function(("or",), (2, 2), _logic_types, _logic(is_true, result=True), as_infix("OR")),
    Function(("not",), (1, 1), _logic_types, _not, _show_not),
    Function(("isnull",), (1, 1), _any_types, _is_null, _show_is("NULL")),
    Function(("isnotnull",), (1, 1), _any_types, _is_not_null, _show_is("NOT NULL")),
)
