"""CASE, if, coalesce and their kin, greatest and least (Spark 3.5): a branch is evaluated only where it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import BooleanType, DataType, DoubleType, FloatType, NullType
from mabridge.sql.cells import Values, choose, expand, is_true, join, nulls
from mabridge.sql.coercion import wider_without_strings
from mabridge.sql.evaluate import Frame, Running
from mabridge.sql.functions.comparison import equal, less
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, as_call, column_of
from mabridge.sql.functions.rules import boolean, common
from mabridge.sql.ordering import orderable
from mabridge.sql.scope import Session
from mabridge.sql.typed import TypedExpression

_BOOLEAN = BooleanType()


def _case_types(args: Args, session: Session) -> Signature:
    conditions, values = args[:-1:2], [*args[1::2], *args[len(args) - 1 :][: len(args) % 2]]
    for condition in conditions:
        # Spark casts NULL to boolean in IF and not in CASE WHEN.
        boolean(condition, f"The condition {condition.shown}", null=False)
    kind = common(values, session)
    takes = [kind] * len(args)
    takes[: len(args) - 1 : 2] = [_BOOLEAN] * len(conditions)
    return Signature(tuple(takes), kind, any(value.nullable for value in values) or len(args) % 2 == 0)


def _case(running: Running) -> ScalarColumn:
    args = running.call.args
    branches = list(zip(args[:-1:2], args[1::2], strict=False))
    otherwise = args[-1] if len(args) % 2 else None
    return _branches(running, branches, otherwise)


def _if_types(args: Args, session: Session) -> Signature:
    boolean(args[0], f"The condition {args[0].shown}")
    kind = common(args[1:], session)
    return Signature((_BOOLEAN, kind, kind), kind, any(arg.nullable for arg in args[1:]))


def _if(running: Running) -> ScalarColumn:
    condition, then, otherwise = running.call.args
    return _branches(running, [(condition, then)], otherwise)


def _branches(running: Running, branches: Sequence[tuple[TypedExpression, TypedExpression]], otherwise: TypedExpression | None) -> ScalarColumn:
    frame, kind = running.frame, running.kind
    if running.call.raises:
        return _guarded(frame, kind, branches, otherwise)
    conditions = [is_true(frame.evaluate(condition)) for condition, _ in branches]
    found = nulls(kind) if otherwise is None else frame.evaluate(otherwise)
    for condition, (_, value) in zip(reversed(conditions), reversed(branches), strict=True):
        found = choose(condition, frame.evaluate(value), found)
    return found


def _guarded(frame: Frame, kind: DataType, branches: Sequence[tuple[TypedExpression, TypedExpression]], otherwise: TypedExpression | None) -> ScalarColumn:
    """Each condition and value only in the rows that come to it."""
    parts = []
    rest, places = frame, np.arange(frame.num_rows)
    for condition, value in branches:
        taken = np.broadcast_to(is_true(rest.evaluate(condition)), (rest.num_rows,))
        here, _ = rest.only(taken)
        if here.num_rows:
            parts.append((places[taken], here.evaluate(value)))
        rest, _ = rest.only(~taken)
        places = places[~taken]
    if otherwise is not None and rest.num_rows:
        parts.append((places, rest.evaluate(otherwise)))
    return join(kind, frame.num_rows, parts)


def _coalesce_types(args: Args, session: Session) -> Signature:
    kind = common(args, session)
    return Signature((kind,) * len(args), kind, all(arg.nullable for arg in args))


def _coalesce(running: Running) -> ScalarColumn:
    frame, kind = running.frame, running.kind
    args = running.call.args
    if any(arg.raises for arg in args[1:]):
        return _guarded_coalesce(frame, kind, args)
    columns: list[ScalarColumn] = []
    for arg in args:
        columns.append(frame.evaluate(arg))
        if columns[-1].valid is None:
            break
    found = columns[-1]
    for column in reversed(columns[:-1]):
        assert column.valid is not None
        found = choose(column.valid, column, found)
    return found


def _guarded_coalesce(frame: Frame, kind: DataType, args: Args) -> ScalarColumn:
    parts = []
    rest, places = frame, np.arange(frame.num_rows)
    for arg in args:
        if not rest.num_rows:
            break
        column = expand(rest.evaluate(arg), rest.num_rows)
        valid = np.ones(rest.num_rows, np.bool_) if column.valid is None else column.valid
        parts.append((places[valid], _filter(column, valid)))
        rest, _ = rest.only(~valid)
        places = places[~valid]
    return join(kind, frame.num_rows, parts)


def _filter(column: ScalarColumn, wanted: Bools) -> ScalarColumn:
    return column if wanted.all() else column.take(wanted)


def _nvl2_types(args: Args, session: Session) -> Signature:
    kind = common(args[1:], session)
    return Signature((args[0].kind, kind, kind), kind, any(arg.nullable for arg in args[1:]))


def _nvl2(running: Running) -> ScalarColumn:
    frame = running.frame
    tested, then, otherwise = running.call.args
    column = frame.evaluate(tested)
    present = np.ones(1, np.bool_) if column.valid is None else column.valid
    if not running.call.raises:
        return choose(present, frame.evaluate(then), frame.evaluate(otherwise))
    here, places = frame.only(present)
    there, others = frame.only(~present)
    return join(running.kind, frame.num_rows, [(places, here.evaluate(then)), (others, there.evaluate(otherwise))])


def _nan_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if isinstance(kind, (DoubleType, FloatType)):
        return Signature((kind,), _BOOLEAN, nullable=False)
    # Any other number is cast to double.
    from mabridge.sql.functions.rules import takes

    return takes(DoubleType(), gives=_BOOLEAN, nullable=False)(args, session)


def _isnan(running: Running) -> ScalarColumn:
    column = running.column(0)
    values = np.isnan(column.values)
    return column_of(_BOOLEAN, values if column.valid is None else values & column.valid, None)


def _nanvl_types(args: Args, session: Session) -> Signature:
    kinds = [arg.kind for arg in args]
    kind: DataType = FloatType() if all(isinstance(kind, (FloatType, NullType)) for kind in kinds) else DoubleType()
    from mabridge.sql.functions.rules import takes

    return takes(kind, gives=kind)(args, session)


def _nanvl(running: Running) -> ScalarColumn:
    left, right = running.columns()
    keep = ~np.isnan(left.values)
    if left.valid is not None:
        keep = keep | ~left.valid
    return choose(keep, left, right)


def _extreme_types(args: Args, session: Session) -> Signature:
    kind: DataType | None = NullType()
    for arg in args:
        kind = None if kind is None else wider_without_strings(kind, arg.kind, ansi=session.ansi)
    if kind is None or not orderable(kind):
        raise TypeMismatch(f"there is no common type for {', '.join(dict.fromkeys(str(arg.kind) for arg in args))}; Spark refuses this too.")
    return Signature((kind,) * len(args), kind, all(arg.nullable for arg in args))


def _extreme(replaces: Callable[[ScalarColumn, ScalarColumn, int], Values]) -> Callable[[Running], ScalarColumn]:
    """Greatest or least of the values that are not null; the first of equal ones."""

    def kernel(running: Running) -> ScalarColumn:
        rows = running.frame.num_rows
        if isinstance(running.kind, NullType):
            return nulls(running.kind)
        first, *others = running.columns()
        for other in others:
            better = replaces(other, first, rows)
            if first.valid is not None:
                better = better | ~first.valid
            if other.valid is not None:
                better = better & other.valid
            first = choose(better, other, first)
        return first

    return kernel


def _nullif_types(args: Args, session: Session) -> Signature:
    from mabridge.sql.functions.rules import compared_operands

    # The value keeps its own type while the comparison widens it.
    kind = compared_operands(args, session)
    return Signature((kind, kind, args[0].kind), args[0].kind, nullable=True)


def _show_if(_: str, args: Sequence[str]) -> str:
    return f"(IF({args[0]}, {args[1]}, {args[2]}))"


def show_case(_: str, args: Sequence[str]) -> str:
    """CASE WHEN a THEN b ELSE c END."""
    branches = "".join(f" WHEN {condition} THEN {value}" for condition, value in zip(args[:-1:2], args[1::2], strict=False))
    return f"CASE{branches}{f' ELSE {args[-1]}' if len(args) % 2 else ''} END"


def _nullif(running: Running) -> ScalarColumn:
    left, right = running.column(0), running.column(1)
    value = running.column(2)
    if isinstance(left.kind, NullType):
        return nulls(running.kind)
    same = equal(left, right, running.frame.num_rows)
    for column in (left, right):
        if column.valid is not None:
            same = same & column.valid
    return choose(same, nulls(running.kind), value)


CASE = Function(("case",), (2, None), _case_types, _case, show_case)

FUNCTIONS = (
    Function(("if",), (3, 3), _if_types, _if, _show_if),
    Function(("coalesce",), (1, None), _coalesce_types, _coalesce, as_call),
    Function(("ifnull",), (2, 2), _coalesce_types, _coalesce, as_call),
    Function(("nvl",), (2, 2), _coalesce_types, _coalesce, as_call),
    Function(("nvl2",), (3, 3), _nvl2_types, _nvl2, as_call),
    Function(("nullif",), (2, 2), _nullif_types, _nullif, arguments=lambda args: [args[0], args[1], args[0]]),
    Function(("isnan",), (1, 1), _nan_types, _isnan, as_call),
    Function(("nanvl",), (2, 2), _nanvl_types, _nanvl, as_call),
    Function(("greatest",), (2, None), _extreme_types, _extreme(lambda new, old, rows: less(old, new, rows)), as_call),
    Function(("least",), (2, None), _extreme_types, _extreme(less), as_call),
)
