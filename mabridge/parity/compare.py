"""Compare mabridge's table with Spark's: columns and their order, types, row count, nulls, then values.

Both are streams, and memory does not grow with their rows, unless Spark leaves the order of the rows open.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.parity.answers import Answer, Answers, RefusalError
from mabridge.parity.columns import ColumnComparison
from mabridge.parity.matching import Key, matched
from mabridge.parity.report import BY_CONTENT, BY_POSITION, ColumnReport, ParityReport
from mabridge.parity.rules import Rules
from mabridge.plan.types import ArrayType, DataType, MapType, StructType, VectorType, from_arrow

#: How many rows are compared at once: the working memory is a few times theirs.
ROWS = 16_384


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
    reading = (0.0, 0.0)
    if rules.rows_in_any_order:
        both = matched(expected, actual, list(_keys(columns, expected, rules)))
        expected, actual, reading = both.expected, both.actual, both.seconds
    left, right = _Side(expected.batches, reading[0]), _Side(actual.batches, reading[1])
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
        follows = "the pairs of rows are those that hold the same" if rules.rows_in_any_order else "what follows it pairs rows that do not belong together"
        problems.append(f"Spark returns {counted(left.rows, 'row')} and mabridge {right.rows:,}; the first row that differs is row {first:,}, and {follows}.")
    spent = {"spark": left.seconds, "mabridge": right.seconds}
    return ParityReport(
        columns=tuple(reports),
        expected_rows=left.rows,
        actual_rows=right.rows,
        problems=tuple(problems),
        first_difference=first,
        matched_by=BY_CONTENT if rules.rows_in_any_order else BY_POSITION,
        spark_refusal=left.refusal,
        mabridge_refusal=right.refusal,
        seconds={**spent, "compare": time.perf_counter() - started - sum(spent.values())},
    )


def _keys(columns: dict[_Pair, ColumnComparison], expected: Answers, rules: Rules) -> Iterator[Key]:
    """The columns by which rows can be paired: those that both sides have, of one type."""
    for pair, column in columns.items():
        assert pair.expected is not None
        assert pair.actual is not None
        kind = _type(pair.name, pair.expected, expected)
        if column.is_comparable and isinstance(kind, DataType):
            yield Key(pair.expected, pair.actual, bare(kind), rules.of(pair.name))


class _Side:
    """A stream cut to pieces of the length that the other side has ready."""

    def __init__(self, batches: Iterator[Answer], seconds: float = 0.0) -> None:
        self._batches = batches
        self._current: Answer | None = None
        self._used = 0
        self.rows = 0
        self.seconds = seconds
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
