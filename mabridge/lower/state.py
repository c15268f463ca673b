"""What a batch is while a plan runs: its columns, and which input row each row came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidRowError
from mabridge.lower.columns import Bools, Column, Floats, ScalarColumn, VectorColumn
from mabridge.plan.op import StageRef


@dataclass(eq=False)
class State:
    """The columns of one batch between two ops.

    Attributes:
        columns: by column id; all have `num_rows` rows.
        num_rows: how many rows are left.
        first_row: the position in the whole input of the batch's first row.
        rows: int64, shape (num_rows,), the row in the batch as it was read; None while no row has been dropped.
        scales: where parity asked for them, the sums of absolute terms by column id; else None.
        names: the name that a user knows for a column id.
    """

    columns: dict[str, Column]
    num_rows: int
    first_row: int = 0
    rows: npt.NDArray[np.int64] | None = None
    scales: dict[str, Floats] | None = None
    names: dict[str, str] = field(default_factory=dict)

    def scalar(self, column_id: str) -> ScalarColumn:
        """A column that the plan's types say is scalar."""
        column = self.columns[column_id]
        assert isinstance(column, ScalarColumn)
        return column

    def vector(self, column_id: str) -> VectorColumn:
        """A column that the plan's types say holds vectors."""
        column = self.columns[column_id]
        assert isinstance(column, VectorColumn)
        return column

    def keep(self, wanted: Bools) -> None:
        """Keep the rows where the mask is true."""
        count = int(np.count_nonzero(wanted))
        if count == self.num_rows:
            return
        self.columns = {name: column.take(wanted) for name, column in self.columns.items()}
        if self.scales is not None:
            self.scales = {name: scale[wanted] for name, scale in self.scales.items()}
        self.rows = np.flatnonzero(wanted) if self.rows is None else self.rows[wanted]
        self.num_rows = count

    def input_row(self, row: int) -> int:
        """The position in the whole input of a row of this batch."""
        return self.first_row + (row if self.rows is None else int(self.rows[row]))

    def refuse(self, stage: StageRef, column_id: str, bad: Bools, reason: str) -> None:
        """Refuse the batch if any row is bad; the first bad row is named.

        Args:
            stage: the stage that refuses.
            column_id: the column whose value is refused.
            bad: shape (num_rows,).
            reason: a whole sentence: what is wrong and what to do.

        Raises:
            InvalidRowError: some row is bad.
        """
        if bad.any():
            self.refuse_row(stage, column_id, int(np.argmax(bad)), reason)

    def refuse_row(self, stage: StageRef, column_id: str, row: int, reason: str) -> NoReturn:
        """Refuse one row.

        Raises:
            InvalidRowError: always.
        """
        raise InvalidRowError(
            stage=str(stage), column=self.names.get(column_id, column_id), row=self.input_row(row), value=self._show(column_id, row), reason=reason
        )

    def _show(self, column_id: str, row: int) -> str:
        column = self.columns[column_id]
        if isinstance(column, VectorColumn):
            if column.valid is not None and not column.valid[row]:
                return "null"
            return f"a vector of {column.size}"
        try:
            value = column.arrow[row].as_py()
        except UnicodeDecodeError:
            return "bytes that are no UTF-8"
        if value is None:
            return "null"
        text = repr(value) if isinstance(value, str) else str(value)
        return text if len(text) <= 200 else text[:200] + "..."


#: An op made ready: labels hashed, coefficients cut to blocks. It changes the state in place and is safe to run in several threads at once.
Kernel = Callable[[State], None]
