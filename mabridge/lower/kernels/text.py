"""The text of a column, as Spark's cast to string gives it."""

from __future__ import annotations

import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.reference import Reference
from mabridge.plan.types import StringType


def as_text(column: ScalarColumn, reference: Reference) -> pa.Array:
    """The column cast to string (Spark's CAST; 1.0E10 for doubles, as Java 17 prints them)."""
    if isinstance(column.kind, StringType):
        return column.arrow
    from mabridge.sql import cast_column

    return cast_column(column, StringType(), reference).arrow
