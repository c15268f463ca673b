"""Functions that take lambda functions (higherOrderFunctions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, BooleanType, DataType, DoubleType, FloatType, MapType, NullType
from mabridge.sql.arrays import array_of, elements_of, entries_of, map_of
from mabridge.sql.cells import both, expand, is_true, join
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.collections import any_in_row, array_kind, comparable, gather, map_kind, present, spread
from mabridge.sql.functions.function import Args, Function, Lambdas, Signature, TypeMismatch, as_call, column_of
from mabridge.sql.functions.maps import key_kind, made_map
from mabridge.sql.functions.rules import BOOL, INT
from mabridge.sql.ordering import ranks, stack
from mabridge.sql.scope import Session
from mabridge.sql.typed import TypedExpression

Written = Sequence[TypedExpression | None]
Parameters = Sequence[tuple[DataType, ...]]


def _at(args: Written, place: int) -> TypedExpression:
    found = args[place]
    assert found is not None
    return found


def _of_parameters(count: int, allowed: tuple[int, ...], what: str) -> None:
    # An expression without parameters may stand for any lambda function.
    if count and count not in allowed:
        raise TypeMismatch(f"the lambda function has {count} parameters, where {what} is to be had; Spark refuses this too.")


def _element_and_place(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    kind = array_kind(_at(args, 0))
    _of_parameters(counts[0], (1, 2), "the element and its place")
    return [(kind.element, INT)]


def _element(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    kind = array_kind(_at(args, 0))
    _of_parameters(counts[0], (1,), "the element")
    return [(kind.element,)]


def _key_and_value(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    kind = map_kind(_at(args, 0))
    _of_parameters(counts[0], (2,), "the key and its value")
    return [(kind.key, kind.value)]


def _transform_types(args: Args, session: Session) -> Signature:
    return Signature((array_kind(args[0]), args[1].kind), ArrayType(args[1].kind), nullable=args[0].nullable)


def _transform(running: Running) -> ScalarColumn:
    found = elements_of(expand(running.column(0), running.frame.num_rows))
    values = running.apply(1, found.rows, found.values, column_of(INT, found.places, None))
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, found.lengths, values, found.valid)


def _boolean(arg: TypedExpression) -> None:
    if not isinstance(arg.kind, (BooleanType, NullType)):
        raise TypeMismatch(f"the lambda function gives {arg.kind}, where boolean is expected; Spark refuses this too.")


def _filter_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    _boolean(args[1])
    return Signature((kind, BOOL), kind, nullable=args[0].nullable)


def _filter(running: Running) -> ScalarColumn:
    found = elements_of(expand(running.column(0), running.frame.num_rows))
    kept = is_true(running.apply(1, found.rows, found.values, column_of(INT, found.places, None)))
    lengths = np.bincount(found.rows[kept], minlength=len(found.lengths)).astype(np.int64)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, gather(found.values, np.flatnonzero(kept)), found.valid)


def _test_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    _boolean(args[1])
    return Signature((kind, BOOL), BOOL, nullable=any(arg.nullable for arg in args))


def _tested(decides: Callable[[ScalarColumn], Bools], *, result: bool) -> Callable[[Running], ScalarColumn]:
    """`exists` and `forall`: one element may decide, and a null without such an element makes the result null."""

    def kernel(running: Running) -> ScalarColumn:
        found = elements_of(expand(running.column(0), running.frame.num_rows))
        told = running.apply(1, found.rows, found.values)
        decided = any_in_row(found, decides(told))
        unknown = any_in_row(found, ~present(told))
        return column_of(BOOL, decided if result else ~decided, both(found.valid, decided | ~unknown))

    return kernel


def _is_false(column: ScalarColumn) -> Bools:
    found: Bools = ~column.values & present(column)
    return found


def _aggregate_parameters(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    kind, zero = array_kind(_at(args, 0)), _at(args, 1)
    _of_parameters(counts[0], (2,), "the value so far and the element")
    if len(counts) > 1:
        _of_parameters(counts[1], (1,), "the value")
    return [(zero.kind, kind.element), (zero.kind,)][: len(counts)]


def _aggregate_types(args: Args, session: Session) -> Signature:
    kind, zero, merge = array_kind(args[0]), args[1].kind, args[2].kind
    if merge != zero:
        raise TypeMismatch(f"the lambda function gives {merge}, where the first value is {zero}; cast one to the type of the other, as Spark wants too.")
    return Signature((kind, *(arg.kind for arg in args[1:])), args[-1].kind, nullable=True)


def _aggregate(running: Running) -> ScalarColumn:
    """Place by place: the first elements of all arrays, then the second ones where there are such."""
    rows = running.frame.num_rows
    found = elements_of(expand(running.column(0), rows))
    so_far = expand(running.column(1), rows)
    for place in range(int(found.lengths.max(initial=0))):
        active = np.flatnonzero(found.lengths > place)
        merged = running.apply(2, active, gather(so_far, active), gather(found.values, found.starts[active] + place))
        rest = np.flatnonzero(found.lengths <= place)
        so_far = merged if not len(rest) else join(so_far.kind, rows, [(active, merged), (rest, gather(so_far, rest))])
    known = np.flatnonzero(present(expand(running.column(0), rows)))
    ended = gather(so_far, known)
    if len(running.call.args) > 3:
        ended = running.apply(3, known, ended)
    return join(running.kind, rows, [(known, ended)])


def _pair(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    left, right = array_kind(_at(args, 0)), array_kind(_at(args, 1))
    _of_parameters(counts[0], (2,), "an element of each array")
    return [(left.element, right.element)]


def _zip_types(args: Args, session: Session) -> Signature:
    return Signature((array_kind(args[0]), array_kind(args[1]), args[2].kind), ArrayType(args[2].kind), nullable=args[0].nullable or args[1].nullable)


def _zip_with(running: Running) -> ScalarColumn:
    rows = running.frame.num_rows
    one, other = (elements_of(expand(running.column(place), rows)) for place in (0, 1))
    valid = both(one.valid, other.valid)
    lengths = np.maximum(one.lengths, other.lengths)
    if valid is not None:
        lengths = np.where(valid, lengths, 0)
    owner, places = spread(lengths)
    values = running.apply(2, owner, *(gather(part.values, part.starts[owner] + places, places < part.lengths[owner]) for part in (one, other)))
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, values, valid)


def _map_filter_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    _boolean(args[1])
    return Signature((kind, BOOL), kind, nullable=args[0].nullable)


def _map_filter(running: Running) -> ScalarColumn:
    found = entries_of(expand(running.column(0), running.frame.num_rows))
    kept = np.flatnonzero(is_true(running.apply(1, found.rows, found.keys, found.values)))
    lengths = np.bincount(found.rows[kept], minlength=len(found.lengths)).astype(np.int64)
    assert isinstance(running.kind, MapType)
    return map_of(running.kind, lengths, gather(found.keys, kept), gather(found.values, kept), found.valid)


def _transform_keys_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    key_kind(args[1].kind, "the new key")
    return Signature((kind, args[1].kind), MapType(args[1].kind, kind.value), nullable=args[0].nullable, may_raise=True)


def _transform_keys(running: Running) -> ScalarColumn:
    found = entries_of(expand(running.column(0), running.frame.num_rows))
    keys = running.apply(1, found.rows, found.keys, found.values)
    assert isinstance(running.kind, MapType)
    return made_map(running, running.kind, found.lengths, keys, found.values, found.valid)


def _transform_values_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    return Signature((kind, args[1].kind), MapType(kind.key, args[1].kind), nullable=args[0].nullable)


def _transform_values(running: Running) -> ScalarColumn:
    found = entries_of(expand(running.column(0), running.frame.num_rows))
    values = running.apply(1, found.rows, found.keys, found.values)
    assert isinstance(running.kind, MapType)
    return map_of(running.kind, found.lengths, found.keys, values, found.valid)


def _two_maps(args: Written, counts: tuple[int, ...], session: Session) -> Parameters:
    left, right = map_kind(_at(args, 0)), map_kind(_at(args, 1))
    _of_parameters(counts[0], (3,), "a key and its values in both maps")
    if left.key != right.key:
        raise TypeMismatch(f"the keys are {left.key} and {right.key}, where one type is expected; cast one map, as Spark wants too.")
    comparable(_at(args, 0), left.key)
    return [(left.key, left.value, right.value)]


def _map_zip_types(args: Args, session: Session) -> Signature:
    left, right = map_kind(args[0]), map_kind(args[1])
    return Signature((left, right, args[2].kind), MapType(left.key, args[2].kind), nullable=args[0].nullable or args[1].nullable)


def _map_zip_with(running: Running) -> ScalarColumn:
    """The keys of the left map and then those that only the right one has."""
    rows = running.frame.num_rows
    left, right = (entries_of(expand(running.column(place), rows)) for place in (0, 1))
    valid = both(left.valid, right.valid)
    known = np.ones(rows, np.bool_) if valid is None else valid
    first, second = ranks(left.keys, right.keys)
    size = int(max(first.max(initial=0), second.max(initial=0))) + 2
    codes, others = left.rows * size + first, right.rows * size + second
    order = np.argsort(others, kind="stable")
    spot = np.searchsorted(others[order], codes)
    spot = np.minimum(spot, max(len(order) - 1, 0))
    partner = order[spot] if len(order) else np.zeros(len(codes), np.int64)
    matched = others[partner] == codes if len(order) else np.zeros(len(codes), np.bool_)
    alone = ~np.isin(others, codes)
    if isinstance(left.keys.kind, (DoubleType, FloatType)):
        # Spark looks for the partner by Scala's equality, to which no NaN equals another.
        matched = matched & ~np.isnan(left.keys.values)
        alone = alone | np.isnan(right.keys.values)
    only = np.flatnonzero(alone & known[right.rows])
    mine = np.flatnonzero(known[left.rows])
    owner = np.concatenate([left.rows[mine], right.rows[only]])
    keys = stack([gather(left.keys, mine), gather(right.keys, only)])
    nothing = np.zeros(len(only), np.int64)
    ours = gather(left.values, np.concatenate([mine, nothing]), np.concatenate([np.ones(len(mine), np.bool_), nothing.astype(np.bool_)]))
    theirs = gather(right.values, np.concatenate([partner[mine], only]), np.concatenate([matched[mine], ~nothing.astype(np.bool_)]))
    order = np.argsort(owner, kind="stable")
    owner, keys, ours, theirs = owner[order], gather(keys, order), gather(ours, order), gather(theirs, order)
    values = running.apply(2, owner, keys, ours, theirs)
    lengths = np.bincount(owner, minlength=rows).astype(np.int64)
    assert isinstance(running.kind, MapType)
    return map_of(running.kind, lengths, keys, values, valid)


def _show_aggregate(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 3 else [*args, "lambdafunction(namedlambdavariable(), namedlambdavariable())"])


FUNCTIONS = (
    Function(("transform",), (2, 2), _transform_types, _transform, lambdas=Lambdas((1,), _element_and_place)),
    Function(("filter",), (2, 2), _filter_types, _filter, lambdas=Lambdas((1,), _element_and_place)),
    Function(("exists",), (2, 2), _test_types, _tested(is_true, result=True), lambdas=Lambdas((1,), _element)),
    Function(("forall",), (2, 2), _test_types, _tested(_is_false, result=False), lambdas=Lambdas((1,), _element)),
    Function(("aggregate", "reduce"), (3, 4), _aggregate_types, _aggregate, _show_aggregate, lambdas=Lambdas((2, 3), _aggregate_parameters)),
    Function(("zip_with",), (3, 3), _zip_types, _zip_with, lambdas=Lambdas((2,), _pair)),
    Function(("map_filter",), (2, 2), _map_filter_types, _map_filter, lambdas=Lambdas((1,), _key_and_value)),
    Function(("transform_keys",), (2, 2), _transform_keys_types, _transform_keys, lambdas=Lambdas((1,), _key_and_value)),
    Function(("transform_values",), (2, 2), _transform_values_types, _transform_values, lambdas=Lambdas((1,), _key_and_value)),
    Function(("map_zip_with",), (3, 3), _map_zip_types, _map_zip_with, lambdas=Lambdas((2,), _two_maps)),
)
