"""Arrays as sets, and arrays in order (collectionOperations.scala and higherOrderFunctions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, BooleanType, DataType, IntegerType
from mabridge.sql.arrays import Elements, Places, array_of, elements_of
from mabridge.sql.cells import expand, with_valid
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.array_parts import two_arrays
from mabridge.sql.functions.collections import MOST, array_kind, chained, comparable, expanded, gather, picked, present, spread
from mabridge.sql.functions.function import Args, Function, Lambdas, Signature, TypeMismatch, as_call
from mabridge.sql.ordering import hash_ranks, ranks
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant, TypedExpression


def _by_row(found: Elements, ranked: Places, size: int) -> Places:
    """One number for each element that only equal elements of the same row share."""
    return found.rows * (size + 1) + ranked + 1


def _firsts(codes: Places) -> Places:
    """The places of the first of each group of equal numbers, ascending."""
    return np.sort(np.unique(codes, return_index=True)[1])


def _distinct_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    comparable(args[0], kind.element)
    return Signature((kind,), kind)


def _distinct_of(running: Running, found: Elements) -> ScalarColumn:
    (order,) = hash_ranks(found.values)
    return picked(running.kind, found, _firsts(_by_row(found, order, int(order.max(initial=0)) + 1)))


def _distinct(running: Running) -> ScalarColumn:
    _, (array,) = expanded(running)
    return _distinct_of(running, elements_of(array))


def _pair_types(args: Args, session: Session) -> Signature:
    kind = two_arrays(args)
    return Signature((kind, kind), kind)


def _union(running: Running) -> ScalarColumn:
    _, columns = expanded(running)
    return _distinct_of(running, chained([elements_of(column) for column in columns]))


def _against(running: Running, *, shared: bool) -> ScalarColumn:
    """The distinct elements of the left array that the right one has, or has not."""
    _, (left, right) = expanded(running)
    one, other = elements_of(left), elements_of(right)
    first, second = hash_ranks(one.values, other.values)
    size = int(max(first.max(initial=0), second.max(initial=0))) + 1
    codes = _by_row(one, first, size)
    places = _firsts(codes)
    kept = places[np.isin(codes[places], _by_row(other, second, size), invert=not shared)]
    return with_valid(picked(running.kind, one, kept), right.valid)


def _sorted(running: Running, array: ScalarColumn, keys: Callable[[Elements, Places], Places]) -> ScalarColumn:
    found = elements_of(array)
    (order,) = ranks(found.values)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, found.lengths, gather(found.values, np.lexsort((keys(found, order), found.rows))), found.valid)


def _sort_array_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    comparable(args[0], kind.element)
    if len(args) > 1 and not (isinstance(args[1], Constant) and isinstance(args[1].kind, BooleanType) and args[1].value is not None):
        raise TypeMismatch(f"the order {args[1].shown} is no constant of true or false; Spark refuses this too.")
    return Signature((kind, *(BooleanType() for _ in args[1:])), kind)


def _sort_array(running: Running) -> ScalarColumn:
    """Nulls first, or last where the order is descending."""
    ascending = len(running.call.args) == 1 or bool(running.column(1).values[0])
    array = running.column(0)
    return _sorted(running, array, lambda _, order: order if ascending else -order)


def _array_sort_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    if len(args) == 1:
        comparable(args[0], kind.element)
        return Signature((kind,), kind)
    if not isinstance(args[1].kind, IntegerType):
        raise TypeMismatch(f"the lambda function gives {args[1].kind}, where int is expected; Spark refuses this too.")
    return Signature((kind, args[1].kind), kind, nullable=args[0].nullable, may_raise=True)


def _array_sort(running: Running) -> ScalarColumn:
    """Nulls last, or in the order of the lambda function."""
    if len(running.call.args) == 1:
        return _sorted(running, running.column(0), lambda _, order: np.where(order < 0, order.max(initial=0) + 1, order))
    return _sorted_by_lambda(running)


def _pairs(lengths: Places) -> tuple[Places, Places, Places]:
    """All ordered pairs of different places of each row: the row, one place, the other."""
    rows, inner = spread(lengths * lengths)
    one, other = inner // np.maximum(lengths[rows], 1), inner % np.maximum(lengths[rows], 1)
    different = one != other
    return rows[different], one[different], other[different]


def _sorted_by_lambda(running: Running) -> ScalarColumn:
    """Each element goes where the number of elements that it comes after puts it; where the comparison is no order, Java's steps decide."""
    rows = running.frame.num_rows
    found = elements_of(expand(running.column(0), rows))
    running.refuse(
        np.array([float((found.lengths.astype(np.float64) ** 2).sum()) > MOST]), "compares too many pairs of elements in one batch; make shorter arrays."
    )
    row, one, other = _pairs(found.lengths)
    left, right = found.starts[row] + one, found.starts[row] + other
    compared = running.apply(1, row, gather(found.values, left), gather(found.values, right))
    running.refuse(_rows_with(rows, row, ~present(compared)), "compares two elements by a lambda function that gives null, which Spark refuses.")
    sign = np.sign(compared.values.astype(np.int64))
    after: npt.NDArray[np.int64] = np.bincount(left, weights=sign > 0, minlength=len(found.rows)).astype(np.int64)
    wrong = np.sign(after[left] - after[right]) != sign
    disordered = _rows_with(rows, row, wrong)
    running.refuse(disordered & (found.lengths >= _SHORT), f"sorts {_SHORT} elements or more by a lambda function that contradicts itself; make it an order.")
    for place in np.flatnonzero(disordered):
        start, size = found.starts[place], int(found.lengths[place])
        pairs = slice(*np.searchsorted(row, [place, place + 1]))
        signs = np.zeros((size, size), dtype=np.int64)
        signs[one[pairs], other[pairs]] = sign[pairs]
        after[start + np.array(_java_order(signs.tolist()))] = np.arange(size)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, found.lengths, gather(found.values, np.lexsort((after, found.rows))), found.valid)


#: Java sorts fewer elements than this by insertion alone.
_SHORT = 32


def _java_order(signs: list[list[int]]) -> list[int]:
    """The places of the elements in the order that `java.util.Arrays.sort` of Java 17 leaves fewer than 32 elements in.

    Args:
        signs: what the comparison says of each two elements.
    """
    size = len(signs)
    order = list(range(size))
    run = 2
    falls = signs[1][0] < 0
    while run < size and (signs[run][run - 1] < 0) == falls:
        run += 1
    if falls:
        order[:run] = order[:run][::-1]
    for pivot in range(run, size):
        low, high = 0, pivot
        while low < high:
            middle = (low + high) // 2
            if signs[pivot][order[middle]] < 0:
                high = middle
            else:
                low = middle + 1
        order[low : pivot + 1] = [pivot, *order[low:pivot]]
    return order


def _rows_with(rows: int, row: Places, which: Bools) -> Bools:
    out = np.zeros(rows, dtype=np.bool_)
    out[row[which]] = True
    return out


def _two_elements(args: Sequence[TypedExpression | None], counts: tuple[int, ...], session: Session) -> list[tuple[DataType, ...]]:
    array = args[0]
    assert array is not None
    element = array_kind(array).element
    if counts[0] not in (0, 2):
        raise TypeMismatch(f"the lambda function has {counts[0]} parameters, where two elements are compared; Spark refuses this too.")
    return [(element, element)]


_NAMED = "namedlambdavariable()"
#: The comparison that array_sort has of itself.
_DEFAULT = (
    f"lambdafunction((IF((({_NAMED} IS NULL) AND ({_NAMED} IS NULL)), 0, (IF(({_NAMED} IS NULL), 1, (IF(({_NAMED} IS NULL), -1, "
    f"(IF(({_NAMED} < {_NAMED}), -1, (IF(({_NAMED} > {_NAMED}), 1, 0)))))))))), {_NAMED}, {_NAMED})"
)


def _show_sort_array(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 1 else [*args, "true"])


def _show_array_sort(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 1 else [*args, _DEFAULT])


FUNCTIONS = (
    Function(("array_distinct",), (1, 1), _distinct_types, _distinct),
    Function(("array_union",), (2, 2), _pair_types, _union),
    Function(("array_intersect",), (2, 2), _pair_types, lambda running: _against(running, shared=True)),
    Function(("array_except",), (2, 2), _pair_types, lambda running: _against(running, shared=False)),
    Function(("sort_array",), (1, 2), _sort_array_types, _sort_array, _show_sort_array),
    Function(("array_sort",), (1, 2), _array_sort_types, _array_sort, _show_array_sort, lambdas=Lambdas((1,), _two_elements)),
)
