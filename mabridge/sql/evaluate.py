"""Evaluate a resolved expression on the columns of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NoReturn, Protocol

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.lower.arrow_vectors import vectors_to_struct
from mabridge.lower.columns import Bools, Column, ScalarColumn, VectorColumn
from mabridge.plan.types import DataType, VectorType
from mabridge.sql.cells import expand, join, take
from mabridge.sql.typed import Constant, TypedCall, TypedColumn, TypedExpression, TypedLambda

if TYPE_CHECKING:
    from mabridge.plan.op import StageRef


class Batch(Protocol):
    """The rows on which an expression is evaluated; `mabridge.lower.state.State` is one."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """By column id."""

    @property
    def num_rows(self) -> int:
        """How many rows there are."""

    def refuse_row(self, stage: StageRef, column_id: str, row: int, reason: str) -> NoReturn:
        """Refuse one row."""


def evaluate(typed: TypedExpression, batch: Batch, stage: StageRef | None = None) -> Column:
    """The values of an expression, one for each row of the batch.

    A row's values depend on that row alone, bit for bit.

    Args:
        typed: what `resolve` made.
        batch: the columns that it reads (`typed.columns`), by id.
        stage: for messages.

    Raises:
        InvalidRowError: the session is ANSI and Spark would refuse a row.
    """
    if isinstance(typed, TypedColumn):
        return batch.columns[typed.id]
    with np.errstate(all="ignore"):
        return expand(Frame(batch, stage).evaluate(typed), batch.num_rows)


class Frame:
    """The rows on which a part of an expression is evaluated: all of a batch, or those where a branch is taken.

    Attributes:
        num_rows: how many there are.
    """

    def __init__(self, batch: Batch, stage: StageRef | None, rows: npt.NDArray[np.int64] | None = None) -> None:
        self._batch = batch
        self._stage = stage
        self._rows = rows
        self.num_rows = batch.num_rows if rows is None else len(rows)
        self._taken: dict[str, ScalarColumn] = {}

    def evaluate(self, typed: TypedExpression) -> ScalarColumn:
        """The values of an expression in these rows; one row stands for a constant."""
        if isinstance(typed, Constant):
            return typed.column
        if isinstance(typed, TypedColumn):
            return self.column(typed.id)
        assert isinstance(typed, TypedCall)
        return typed.function.kernel(Running(typed, self))

    def column(self, column_id: str) -> ScalarColumn:
        """The values of one column in these rows; a vector is its struct."""
        column = self._batch.columns[column_id]
        if isinstance(column, VectorColumn):
            if column_id not in self._taken:
                struct = ScalarColumn.of_arrow(VectorType(column.size), vectors_to_struct(column))
                self._taken[column_id] = struct if self._rows is None else take(struct, self._rows)
            return self._taken[column_id]
        if self._rows is None:
            return column
        if column_id not in self._taken:
            self._taken[column_id] = take(column, self._rows)
        return self._taken[column_id]

    def valid(self, typed: TypedExpression) -> Bools | None:
        """Where an expression is not null in these rows; None where it is null nowhere. One row stands for a constant."""
        if isinstance(typed, TypedColumn) and self._rows is None:
            # A vector's entries need not be looked at.
            return self._batch.columns[typed.id].valid
        return self.evaluate(typed).valid

    def only(self, wanted: Bools) -> tuple[Frame, npt.NDArray[np.int64]]:
        """The frame of the rows where the mask is true, and their places in this one."""
        places = np.flatnonzero(np.broadcast_to(wanted, (self.num_rows,)))
        return Frame(self._batch, self._stage, places if self._rows is None else self._rows[places]), places

    def inside(self, call: TypedExpression, rows: npt.NDArray[np.int64], parameters: Mapping[str, ScalarColumn]) -> Frame:
        """The frame in which a lambda function's body is evaluated.

        Args:
            call: the call of the higher-order function.
            rows: for each element, its place in this frame.
            parameters: the values of the lambda function's parameters, one for each element, by id.
        """
        return Frame(_Elements(self, call, rows, parameters), self._stage)

    def refuse(self, typed: TypedExpression, bad: Bools, reason: str) -> None:
        """Refuse the batch if any row is bad; the first bad row is named.

        Args:
            typed: the expression whose value is refused.
            bad: shape (num_rows,) or (1,).
            reason: what is wrong with the value, as the end of a sentence that begins with the expression.

        Raises:
            InvalidRowError: some row is bad.
            InvalidInputError: the same, where the expression reads no column.
        """
        if not self.num_rows or not bad.any():
            return
        text = f"The expression {typed.shown} {reason}"
        if not typed.columns:
            raise InvalidInputError(f"{self._stage}: {text}" if self._stage is not None else text)
        place = int(np.argmax(bad))
        row = place if self._rows is None else int(self._rows[place])
        assert self._stage is not None
        self._batch.refuse_row(self._stage, typed.columns[0], row, text)


class _Elements:
    """The elements of arrays as a batch: a lambda function's parameters beside the columns around it."""

    def __init__(self, outer: Frame, call: TypedExpression, rows: npt.NDArray[np.int64], parameters: Mapping[str, ScalarColumn]) -> None:
        self._outer = outer
        self._call = call
        self._rows = rows
        self.num_rows = len(rows)
        self.columns: Mapping[str, Column] = _Columns(outer, rows, parameters)

    def refuse_row(self, stage: StageRef, column_id: str, row: int, reason: str) -> NoReturn:  # noqa: ARG002 - the call around it knows both
        """Refuse the row that the element is of."""
        bad = np.zeros(self._outer.num_rows, dtype=np.bool_)
        bad[self._rows[row]] = True
        self._outer.refuse(self._call, bad, f"refuses an element: {reason}")
        raise AssertionError("a bad row is refused")


class _Columns(Mapping[str, Column]):
    """Columns by id; one from around the lambda function is repeated for each element when it is first asked for."""

    def __init__(self, outer: Frame, rows: npt.NDArray[np.int64], parameters: Mapping[str, ScalarColumn]) -> None:
        self._outer = outer
        self._rows = rows
        self._known: dict[str, Column] = dict(parameters)

    def __getitem__(self, column_id: str) -> Column:
        if column_id not in self._known:
            column = expand(self._outer.column(column_id), self._outer.num_rows)
            self._known[column_id] = take(column, self._rows) if len(column) != 1 else expand(column, len(self._rows))
        return self._known[column_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class Running:
    """One call while it is evaluated.

    Attributes:
        call: the call.
        frame: the rows.
    """

    def __init__(self, call: TypedCall, frame: Frame) -> None:
        self.call = call
        self.frame = frame

    @property
    def kind(self) -> DataType:
        """The type of the result."""
        return self.call.kind

    @property
    def ansi(self) -> bool:
        """Whether what Spark refuses under ANSI is refused."""
        return self.call.session.ansi

    def columns(self) -> list[ScalarColumn]:
        """All arguments' values."""
        return [self.frame.evaluate(arg) for arg in self.call.args]

    def strict_columns(self) -> list[ScalarColumn]:
        """All arguments' values, each evaluated only where those before it are not null, as Spark does for functions that are null where any argument is."""
        args = self.call.args
        if not any(arg.raises for arg in args[1:]):
            return self.columns()
        found: list[ScalarColumn] = []
        rest, places = self.frame, np.arange(self.frame.num_rows)
        for arg in args:
            column = expand(rest.evaluate(arg), rest.num_rows)
            found.append(column if rest is self.frame else join(arg.kind, self.frame.num_rows, [(places, column)]))
            if column.valid is not None:
                rest, _ = rest.only(column.valid)
                places = places[column.valid]
        return found

    def column(self, place: int) -> ScalarColumn:
        """One argument's values."""
        return self.frame.evaluate(self.call.args[place])

    def apply(self, place: int, rows: npt.NDArray[np.int64], *values: ScalarColumn) -> ScalarColumn:
        """A lambda function's values.

        Args:
            place: of the argument that is the lambda function.
            rows: for each element, the place of its row in the frame.
            values: of the parameters, one for each element; the lambda function may have fewer.

        Returns:
            one value for each element.
        """
        function = self.call.args[place]
        assert isinstance(function, TypedLambda)
        own = {parameter.id: value for parameter, value in zip(function.parameters, values, strict=False)}
        return expand(self.frame.inside(self.call, rows, own).evaluate(function.body), len(rows))

    def valid(self, place: int) -> Bools | None:
        """Where one argument is not null; see `Frame.valid`."""
        return self.frame.valid(self.call.args[place])

    def refuse(self, bad: Bools, reason: str) -> None:
        """Refuse the batch if any row is bad; see `Frame.refuse`."""
        self.frame.refuse(self.call, bad, reason)
