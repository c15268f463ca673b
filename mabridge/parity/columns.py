"""One column compared batch after batch, and its report."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.parity.depth import compare_column
from mabridge.parity.report import ColumnReport, Example
from mabridge.parity.rules import Rules
from mabridge.parity.tally import Floats, Tally
from mabridge.plan.types import ArrayType, DataType, DoubleType, FloatType, MapType, StructType, VectorType, is_vector_struct

#: How many differing rows of a column are shown.
EXAMPLES = 5
#: How much of a value is shown, in characters.
SHOWN = 200


class ColumnComparison:
    """Compares a column as its rows come in.

    Args:
        name: the column.
        kind, actual_kind: Spark's type and mabridge's; text for an Arrow type that Spark does not have.
        rules: what counts as equal.
        problem: why values cannot be compared, if so.
    """

    def __init__(self, name: str, kind: DataType | str, actual_kind: DataType | str, rules: Rules, problem: str = "") -> None:
        self._name = name
        self._kind = kind
        self._actual_kind = actual_kind
        self._role = rules.role(name)
        self._rule = rules.of(name)
        self._problem = problem
        self._rows = 0
        self._nulls = [0, 0]
        self._null_rows = self._differing = self._layouts = 0
        self._first: int | None = None
        self._absolute = self._relative = self._scaled = self._ulp = 0.0
        self._worst: Example | None = None
        self._examples: list[Example] = []

    @property
    def is_comparable(self) -> bool:
        """Whether the two sides' values can be compared."""
        return not self._problem

    def add(self, expected: pa.Array, actual: pa.Array, scales: Floats | None) -> None:
        """Compare the next rows; the arrays have one length."""
        start, self._rows = self._rows, self._rows + len(expected)
        self._nulls[0] += expected.null_count
        self._nulls[1] += actual.null_count
        if self._problem:
            return
        assert isinstance(self._kind, DataType)
        try:
            tally = compare_column(self._kind, expected, actual, self._rule, scales)
        except pa.ArrowException as error:
            self._problem = f"values cannot be compared from row {start:,} on: {error}"
            return
        self._count(tally, start)
        self._show(tally, start, expected, actual)

    def _count(self, tally: Tally, start: int) -> None:
        self._null_rows += int(np.count_nonzero(tally.nulls))
        self._differing += int(np.count_nonzero(tally.values))
        self._layouts += int(np.count_nonzero(tally.layouts))
        self._absolute, self._relative = max(self._absolute, tally.absolute), max(self._relative, tally.relative)
        self._ulp = max(self._ulp, tally.ulp)
        worst = tally.worst
        if worst is not None and (self._worst is None or worst.scaled > self._scaled):
            self._scaled = worst.scaled
            self._worst = Example(
                row=start + worst.row,
                place=worst.place,
                expected=repr(worst.expected),
                actual=repr(worst.actual),
                absolute=worst.absolute,
                relative=worst.relative,
                scaled=worst.scaled,
                ulp=worst.ulp,
                scale=worst.scale,
            )

    def _show(self, tally: Tally, start: int, expected: pa.Array, actual: pa.Array) -> None:
        different = np.flatnonzero(tally.values | tally.layouts)
        if len(different) and self._first is None:
            self._first = start + int(different[0])
        for row in different[: EXAMPLES - len(self._examples)].tolist():
            self._examples.append(Example(row=start + row, expected=shown(expected[row]), actual=shown(actual[row])))

    def report(self) -> ColumnReport:
        """What has been found so far."""
        rule = self._rule
        tolerant = self._role == "computed" and isinstance(self._kind, DataType) and _has_doubles(self._kind, floats=rule.stated)
        return ColumnReport(
            name=self._name,
            type=str(self._kind),
            actual_type=str(self._actual_kind),
            role=self._role,
            tolerance=str(rule.tolerance) if tolerant else "exact",
            unordered=rule.unordered and isinstance(self._kind, ArrayType),
            rows=self._rows,
            nulls=self._nulls[0],
            actual_nulls=self._nulls[1],
            null_rows=self._null_rows,
            differing=self._differing,
            layouts=self._layouts,
            first=self._first,
            max_absolute=self._absolute,
            max_relative=self._relative,
            max_scaled=self._scaled,
            max_ulp=self._ulp,
            worst=self._worst,
            examples=tuple(self._examples),
            problem=self._problem,
        )


def _has_doubles(kind: DataType, *, floats: bool) -> bool:
    match kind:
        case ArrayType(element):
            return _has_doubles(element, floats=floats)
        case MapType(key, value):
            return _has_doubles(key, floats=floats) or _has_doubles(value, floats=floats)
        case StructType(inner):
            return any(_has_doubles(item, floats=floats) for _, item in inner)
    return isinstance(kind, (DoubleType, VectorType)) or (floats and isinstance(kind, FloatType))


def shown(value: pa.Scalar) -> str:
    """A value for a reader: Python's repr, vectors as Spark prints them, cut after `SHOWN` characters."""
    plain = value.as_py()
    if plain is None:
        text = "null"
    elif is_vector_struct(value.type):
        listed = "[" + ",".join(map(repr, plain["values"])) + "]"
        text = listed if plain["type"] == 1 else f"({plain['size']},[{','.join(map(str, plain['indices']))}],{listed})"
    else:
        text = repr(plain) if isinstance(plain, (str, float, list, dict, bytes)) else str(plain)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
