"""A side's answer: a stream of rows, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from mabridge.parity.tally import Floats
from mabridge.plan.types import DataType


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
