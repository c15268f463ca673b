"""INTERVAL: constants and types as Spark's parser reads them (AstBuilder.visitInterval, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

from mabridge.plan.types import DataType
from mabridge.sql.expression import Expression
from mabridge.sql.literals import LiteralError


def interval_literal(words: Sequence[str]) -> Expression:
    """`INTERVAL amount unit ...`, or `INTERVAL amount unit TO unit`.

    Args:
        words: amounts and units in turn, as written and in upper case; an odd last word is the unit behind TO.

    Raises:
        LiteralError: it is none of Spark's, or not supported.
    """
    raise LiteralError(f"INTERVAL {' '.join(words)} is not supported; compute the date or the number of units with a function instead.")


def interval_type(units: Sequence[str]) -> DataType:
    """The type `INTERVAL unit` or `INTERVAL unit TO unit`; no unit is CalendarIntervalType.

    Raises:
        LiteralError: it is none of Spark's, or not supported.
    """
    raise LiteralError(f"The type INTERVAL {' TO '.join(units)} is not supported.")
