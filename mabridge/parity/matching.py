"""Pair rows by what they hold, where Spark leaves their order open.

Two rows belong together that agree in the columns that are compared exactly; where several do, the doubles decide, in ascending order. Any pairing is fair:
if all pairs agree, the two tables hold the same rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.parity.answers import Answer, Answers, RefusalError
from mabridge.parity.depth import sort_key
from mabridge.parity.rules import Rule
from mabridge.parity.tally import Floats, Ints
from mabridge.plan.types import ArrayType, DataType, DoubleType, FloatType, MapType, StructType, VectorType


@dataclass(frozen=True)
class Key:
    """A column by which rows can be told apart: its places on both sides, its Spark type and how it is compared."""

    expected: int
    actual: int
    kind: DataType
    rule: Rule


@dataclass(frozen=True)
class Matched:
    """Both sides with their rows paired: the pairs in Spark's order, then what found no partner. `seconds` is what reading the two took."""

    expected: Answers
    actual: Answers
    seconds: tuple[float, float]


def matched(expected: Answers, actual: Answers, keys: Sequence[Key]) -> Matched:
    """Read both sides whole and pair their rows; a side's refusal still comes out of its stream."""
    left, right = _Whole(expected), _Whole(actual)
    if left.refusal is None and right.refusal is None:
        pairs = _pairs(left.table, right.table, keys)
        left.order, right.order = _with_rest(pairs[0], left.table.num_rows), _with_rest(pairs[1], right.table.num_rows)
    return Matched(left.answers(), right.answers(), (left.seconds, right.seconds))


class _Whole:
    """A side's rows, all of them, and its refusal."""

    def __init__(self, answers: Answers) -> None:
        self._given = answers
        self.refusal: RefusalError | None = None
        found: list[Answer] = []
        started = time.perf_counter()
        try:
            found.extend(answers.batches)
        except RefusalError as refusal:
            self.refusal = refusal
        self.seconds = time.perf_counter() - started
        batches = [pa.RecordBatch.from_arrays(answer.batch.columns, schema=answers.schema) for answer in found]
        self.table = pa.Table.from_batches(batches, schema=answers.schema).combine_chunks()
        self._scales: Mapping[str, Floats] = {name: np.concatenate([answer.scales[name] for answer in found]) for name in (found[0].scales if found else ())}
        self.order: Ints = np.arange(self.table.num_rows)

    def answers(self) -> Answers:
        """The rows in the order wanted."""
        return Answers(self._given.schema, self._batches(), self._given.types)

    def _batches(self) -> Iterator[Answer]:
        table = self.table.take(pa.array(self.order))
        start = 0
        for batch in table.to_batches():
            rows = self.order[start : start + batch.num_rows]
            start += batch.num_rows
            yield Answer(batch, {name: scale[rows] for name, scale in self._scales.items()})
        if self.refusal is not None:
            _again(self.refusal)


def _again(refusal: RefusalError) -> NoReturn:
    raise refusal


def _with_rest(first: Ints, rows: int) -> Ints:
    rest = np.ones(rows, dtype=np.bool_)
    rest[first] = False
    return np.concatenate([first, np.flatnonzero(rest)])


def _pairs(expected: pa.Table, actual: pa.Table, keys: Sequence[Key]) -> tuple[Ints, Ints]:
    """The rows that belong together, in the order of the expected ones."""
    count = expected.num_rows
    exact: list[Ints] = []
    soft: list[Floats] = []
    for key in keys:
        columns = [expected.column(key.expected), actual.column(key.actual)]
        valid = np.concatenate([column.is_valid().to_numpy() for column in columns])
        exact.append(valid.astype(np.int64))
        if isinstance(key.kind, (DoubleType, FloatType)):
            values = np.concatenate([column.cast(pa.float64()).fill_null(0.0).to_numpy() for column in columns])
            if key.rule.role == "computed":
                soft.append(values)
            else:
                # One bit pattern for NaN and one for zero.
                exact.append((np.where(np.isnan(values), np.nan, values) + 0.0).view(np.int64))
        elif isinstance(key.kind, VectorType):
            soft.append(np.concatenate([_sums(column) for column in columns]))
        elif not _holds_doubles(key.kind):
            exact.append(_codes(key, columns))
    total = count + actual.num_rows
    groups = _groups(exact, total)
    ranks = []
    for rows in (slice(0, count), slice(count, total)):
        order = np.lexsort([*(values[rows] for values in reversed(soft)), groups[rows]])
        ordered = groups[rows][order]
        first = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, dtype=np.bool_)
        starts = np.maximum.accumulate(np.where(first, np.arange(len(ordered)), 0))
        ranks.append((ordered * max(total, 1) + np.arange(len(ordered)) - starts, order))
    _, left, right = np.intersect1d(ranks[0][0], ranks[1][0], assume_unique=True, return_indices=True)
    left, right = ranks[0][1][left], ranks[1][1][right]
    # What found no partner is paired all the same, so that the report shows it.
    lonely_left, lonely_right = np.setdiff1d(np.arange(count), left), np.setdiff1d(np.arange(actual.num_rows), right)
    more = min(len(lonely_left), len(lonely_right))
    left, right = np.concatenate([left, lonely_left[:more]]), np.concatenate([right, lonely_right[:more]])
    by_place = np.argsort(left)
    return left[by_place], right[by_place]


def _groups(keys: Sequence[Ints], rows: int) -> Ints:
    """A number for each row, the same where all keys are."""
    if not keys or not rows:
        return np.zeros(rows, dtype=np.int64)
    order = np.lexsort(list(keys))
    changes = np.zeros(rows, dtype=np.int64)
    for key in keys:
        changes[1:] |= key[order][1:] != key[order][:-1]
    groups = np.empty(rows, dtype=np.int64)
    groups[order] = np.cumsum(changes)
    return groups


def _holds_doubles(kind: DataType) -> bool:
    match kind:
        case ArrayType(element):
            return _holds_doubles(element)
        case MapType(key, value):
            return _holds_doubles(key) or _holds_doubles(value)
        case StructType(inner):
            return any(_holds_doubles(item) for _, item in inner)
    return isinstance(kind, (DoubleType, FloatType, VectorType))


def _codes(key: Key, columns: Sequence[pa.ChunkedArray]) -> Ints:
    """A number for each distinct value; 0 stands for null too, which has a key of its own."""
    if isinstance(key.kind, (ArrayType, MapType, StructType)):
        texts = [[None if value is None else repr(_settled(value, key)) for value in column.to_pylist()] for column in columns]
        values = pa.array([text for side in texts for text in side], pa.string())
    else:
        # By Arrow's own type of the first: both stand for one Spark type.
        values = pa.chunked_array([chunk for column in columns for chunk in column.cast(columns[0].type).chunks], columns[0].type).combine_chunks()
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    codes: npt.NDArray[np.int64] = encoded.indices.fill_null(0).to_numpy().astype(np.int64)
    return codes


def _settled(value: object, key: Key) -> object:
    """The value with its order taken out where that means nothing."""
    if isinstance(key.kind, MapType) or (isinstance(key.kind, ArrayType) and key.rule.unordered):
        assert isinstance(value, list)
        return sorted(value, key=sort_key)
    return value


def _sums(column: pa.ChunkedArray) -> Floats:
    """The sum of each vector's values, which tells most vectors apart; 0.0 for null."""
    lists = column.combine_chunks()
    values = lists.field("values") if pa.types.is_struct(lists.type) else lists
    return np.array([0.0 if entries is None else float(np.sum(entries)) for entries in values.to_pylist()], dtype=np.float64)
