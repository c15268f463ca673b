"""mabridge's answer, streamed in the order of the rows, with the scales that its ops declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.parity.answers import Answer, Answers, RefusalError
from mabridge.parity.data import Data


class BoundProgram(Protocol):
    """What is needed of `mabridge.lower.program.Program`."""

    input_columns: tuple[str, ...]

    @property
    def output_schema(self) -> pa.Schema: ...

    def run(self, batch: pa.RecordBatch, first_row: int = 0, scales: dict[str, npt.NDArray[np.float64]] | None = None) -> pa.RecordBatch: ...


def our_answers(program: BoundProgram, data: Data) -> Answers:
    """Run a program over the data; a row that it refuses comes as `RefusalError` out of the stream."""

    def batches() -> Iterator[Answer]:
        first_row = 0
        for batch in data.batches(program.input_columns):
            scales: dict[str, npt.NDArray[np.float64]] = {}
            try:
                output = program.run(batch, first_row, scales)
            except InvalidInputError as error:
                raise RefusalError(str(error)) from error
            yield Answer(output, scales)
            first_row += batch.num_rows

    return Answers(program.output_schema, batches())
