"""Functions that take lambda functions (higherOrderFunctions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BooleanType, DataType
from mabridge.sql.arrays import array_of, elements_of
from mabridge.sql.cells import expand, is_true
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Lambdas, Signature, TypeMismatch, column_of
from mabridge.sql.functions.rules import INT
from mabridge.sql.scope import Session
from mabridge.sql.typed import TypedExpression


def _element_and_place(args: Sequence[TypedExpression | None], counts: tuple[int, ...], session: Session) -> list[tuple[DataType, ...]]:
    array = args[0]
    assert array is not None
    if not isinstance(array.kind, ArrayType):
        raise TypeMismatch(f"{array.shown} is {array.kind}, where an array is expected; Spark refuses this too.")
    if counts[0] > 2:
        raise TypeMismatch(f"the lambda function has {counts[0]} parameters, where the element and its place are to be had; Spark refuses this too.")
    return [(array.kind.element, INT)]


_OVER_ELEMENTS = Lambdas((1,), _element_and_place)


def _transform_types(args: Args, session: Session) -> Signature:
    return Signature((args[0].kind, args[1].kind), ArrayType(args[1].kind), nullable=args[0].nullable)


def _transform(running: Running) -> ScalarColumn:
    found = elements_of(expand(running.column(0), running.frame.num_rows))
    values = running.apply(1, found.rows, found.values, column_of(INT, found.places, None))
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, found.lengths, values, found.valid)


def _filter_types(args: Args, session: Session) -> Signature:
    if not isinstance(args[1].kind, BooleanType):
        raise TypeMismatch(f"the lambda function gives {args[1].kind}, where boolean is expected; Spark refuses this too.")
    return Signature((args[0].kind, args[1].kind), args[0].kind, nullable=args[0].nullable)


def _filter(running: Running) -> ScalarColumn:
    found = elements_of(expand(running.column(0), running.frame.num_rows))
    kept = is_true(running.apply(1, found.rows, found.values, column_of(INT, found.places, None)))
    lengths = np.bincount(found.rows[kept], minlength=len(found.lengths)).astype(np.int64)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, found.values.take(kept), found.valid)


FUNCTIONS = (
    Function(("transform",), (2, 2), _transform_types, _transform, lambdas=_OVER_ELEMENTS),
    Function(("filter",), (2, 2), _filter_types, _filter, lambdas=_OVER_ELEMENTS),
)
