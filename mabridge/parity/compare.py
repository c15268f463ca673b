"""Compare mabridge's table with Spark's: columns and their order, types, row count, nulls, then values.

Both are streams, and memory does not grow with their rows.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.parity.columns import ColumnComparison
from mabridge.parity.report import ColumnReport, ParityReport
from mabridge.parity.rules import Rules
from mabridge.parity.tally import Floats
from mabridge.plan.types import ArrayType, DataType, MapType, StructType, VectorType, from_arrow

#: How many rows are compared at once: the working memory is a few times theirs.
ROWS = 16_384


class RefusalError(Exception):
    """Raised while a side's rows are read: the side refuses the data, and the text says why. It is that side's answer."""


@dataclass(frozen=True)
class Answer:
    """Some rows of a side's answer.

    Attributes:
        batch: the rows.
        scales: s of DESIGN.md by column name: shape (rows,) for a double column, (rows, size) for a vector column. Only mabridge's side has them.
    """

    batch: pa.RecordBatch
    scales: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """A side's answer as a stream.

    Attributes:
        schema: of every batch.
        batches: the rows in order; reading it may raise `RefusalError`.
        types: Spark types of columns that the Arrow schema cannot tell, by name.
    """

    schema: pa.Schema
    batches: Iterator[Answer]
    types: Mapping[str, DataType] = field(default_factory=dict)

    @classmethod
    def of_table(cls, table: pa.Table | pa.RecordBatchReader | pa.RecordBatch, scales: Mapping[str, Floats] | None = None) -> Answers:
        """A table at hand; `scales` as in `Answer`, for all of its rows."""
        if isinstance(table, pa.RecordBatch):
            table = pa.Table.from_batches([table])

        def batches() -> Iterator[Answer]:
            start = 0
            for batch in table.to_batches() if isinstance(table, pa.Table) else table:
                yield Answer(batch, {name: scale[start : start + batch.num_rows] for name, scale in (scales or {}).items()})
                start += batch.num_rows

        return cls(table.schema, batches())


def compare_tables(
    expected: Answers | pa.Table | pa.RecordBatchReader | pa.RecordBatch,
    actual: Answers | pa.Table | pa.RecordBatchReader | pa.RecordBatch,
    rules: Rules | None = None,
) -> ParityReport:
    """Compare two tables row by row.

    Args:
        expected: Spark's answer.
        actual: mabridge's.
        rules: what counts as equal; by default every column's doubles may differ by 1e-12 relative.

    Returns:
        The report; it is `ok` where nothing differs. Nullability of columns is not compared: only nulls are.
    """
    started = time.perf_counter()
    expected = expected if isinstance(expected, Answers) else Answers.of_table(expected)
    actual = actual if isinstance(actual, Answers) else Answers.of_table(actual)
    rules = rules or Rules()
    pairs = _pairs(expected.schema.names, actual.schema.names)
    columns = {pair: _column(pair, expected, actual, rules) for pair in pairs if pair.expected is not None and pair.actual is not None}
    left, right = _Side(expected.batches), _Side(actual.batches)
    while True:
        rows = min(left.ready(), right.ready(), ROWS)
        if rows == 0:
            break
        a, b = left.take(rows), right.take(rows)
        for pair, column in columns.items():
            assert pair.expected is not None
            assert pair.actual is not None
            column.add(a.batch.column(pair.expected), b.batch.column(pair.actual), b.scales.get(pair.name))
    left.drain()
    right.drain()
    refused = left.refusal is not None or right.refusal is not None
    problems = list(_refusal_problems(left.refusal, right.refusal) if refused else _column_problems(expected.schema.names, actual.schema.names))
    # A side that refuses has no table: what was read of it until then says nothing.
    reports = [] if refused else [columns[pair].report() if pair in columns else _lonely(pair, expected, actual) for pair in pairs]
    first = min((report.first for report in reports if report.first is not None), default=None)
    if left.rows != right.rows and not refused:
        first = min(left.rows, right.rows) if first is None else first
        problems.append(
            f"Spark returns {counted(left.rows, 'row')} and mabridge {right.rows:,}; the first row that differs is row {first:,}, "
            "and what follows it pairs rows that do not belong together."
        )
    spent = {"spark": left.seconds, "mabridge": right.seconds}
    return ParityReport(
        columns=tuple(reports),
        expected_rows=left.rows,
        actual_rows=right.rows,
        problems=tuple(problems),
        first_difference=first,
        spark_refusal=left.refusal,
        mabridge_refusal=right.refusal,
        seconds={**spent, "compare": time.perf_counter() - started - sum(spent.values())},
    )


class _Side:
    """A stream cut to pieces of the length that the other side has ready."""

    def __init__(self, batches: Iterator[Answer]) -> None:
        self._batches = batches
        self._current: Answer | None = None
        self._used = 0
        self.rows = 0
        self.seconds = 0.0
        self.refusal: str | None = None

    def ready(self) -> int:
        """How many rows can be taken now; 0 at the end."""
        while self._current is None or self._used == self._current.batch.num_rows:
            started = time.perf_counter()
            try:
                self._current = next(self._batches, None)
            except RefusalError as refusal:
                self._current, self.refusal = None, str(refusal)
                self._batches = iter(())
            self.seconds += time.perf_counter() - started
            self._used = 0
            if self._current is None:
                return 0
            self.rows += self._current.batch.num_rows
        left: int = self._current.batch.num_rows - self._used
        return left

    def take(self, rows: int) -> Answer:
        """The next rows; there are that many."""
        assert self._current is not None
        start, self._used = self._used, self._used + rows
        scales = {name: scale[start : self._used] for name, scale in self._current.scales.items()}
        return Answer(self._current.batch.slice(start, rows), scales)

    def drain(self) -> None:
        """Count the rows that are left, and learn whether the side refuses one of them."""
        while self.ready():
            assert self._current is not None
            self._used = self._current.batch.num_rows


@dataclass(frozen=True)
class _Pair:
    """A column's places on both sides; a repeated name is paired in order."""

    name: str
    occurrence: int
    expected: int | None
    actual: int | None


def _pairs(expected: list[str], actual: list[str]) -> list[_Pair]:
    left, right = _numbered(expected), _numbered(actual)
    return [_Pair(*key, left.get(key), right.get(key)) for key in {**left, **right}]


def _numbered(names: list[str]) -> dict[tuple[str, int], int]:
    seen: Counter[str] = Counter()
    places = {}
    for place, name in enumerate(names):
        places[name, seen[name]] = place
        seen[name] += 1
    return places


def _column(pair: _Pair, expected: Answers, actual: Answers, rules: Rules) -> ColumnComparison:
    here, there = _type(pair.name, pair.expected, expected), _type(pair.name, pair.actual, actual)
    problem = ""
    if isinstance(here, str) or isinstance(there, str) or bare(here) != bare(there):
        problem = f"the type is {there} where Spark has {here}"
    return ColumnComparison(
        pair.name, bare(here) if isinstance(here, DataType) else here, bare(there) if isinstance(there, DataType) else there, rules, problem
    )


def _type(name: str, place: int | None, answers: Answers) -> DataType | str:
    """The Spark type; the Arrow type as text where Spark has none."""
    assert place is not None
    kind = answers.schema.field(place).type
    try:
        return answers.types.get(name) or from_arrow(name, kind)
    except InvalidInputError:
        return str(kind)


def bare(kind: DataType) -> DataType:
    """The type as Spark knows it: without the sizes of vectors."""
    match kind:
        case VectorType():
            return VectorType()
        case ArrayType(element):
            return ArrayType(bare(element))
        case MapType(key, value):
            return MapType(bare(key), bare(value))
        case StructType(inner):
            return replace(kind, fields=tuple((name, bare(item)) for name, item in inner))
    return kind


def _lonely(pair: _Pair, expected: Answers, actual: Answers) -> ColumnReport:
    """The report of a column that one side alone has."""
    if pair.actual is None:
        return ColumnReport(pair.name, str(_type(pair.name, pair.expected, expected)), "", problem="mabridge does not return it")
    return ColumnReport(pair.name, "", str(_type(pair.name, pair.actual, actual)), problem="Spark does not return it")


def _column_problems(expected: list[str], actual: list[str]) -> Iterator[str]:
    left, right = _numbered(expected), _numbered(actual)
    missing, added = [key[0] for key in left if key not in right], [key[0] for key in right if key not in left]
    if missing:
        yield f"Missing columns: {_listed(missing)}."
    if added:
        yield f"Columns that Spark does not return: {_listed(added)}."
    common = [key for key in left if key in right]
    if common != [key for key in right if key in left]:
        yield f"The columns stand in another order: Spark has {_listed(expected)}; mabridge has {_listed(actual)}."


def _refusal_problems(spark: str | None, mabridge: str | None) -> Iterator[str]:
    if spark is not None and mabridge is None:
        yield f"Spark refuses the data and mabridge does not. Spark says: {spark}"
    if mabridge is not None and spark is None:
        yield f"mabridge refuses the data and Spark does not. mabridge says: {mabridge}"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
