"""Scalar columns from Arrow: the one Arrow type of each Spark type."""

from __future__ import annotations

import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DataType, TimestampNTZType, TimestampType, arrow_type


def scalar_of_arrow(name: str, kind: DataType, array: pa.Array) -> ScalarColumn:
    """A scalar column in the Arrow type in which mabridge holds it.

    Dictionaries are decoded, large types narrowed, timestamps brought to microseconds (finer parts of a second are cut, as Spark has none).

    Raises:
        InvalidInputError: a value does not fit the Spark type.
    """
    target = arrow_type(kind)
    if array.type == target:
        return ScalarColumn.of_arrow(kind, array)
    try:
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if isinstance(kind, (TimestampType, TimestampNTZType)):
            array = array.cast(pa.timestamp("us", tz=getattr(array.type, "tz", None)), safe=False)
        return ScalarColumn.of_arrow(kind, array.cast(target))
    except pa.ArrowException as error:
        raise InvalidInputError(f"Column `{name}` cannot be read as Spark's {kind}: {error}") from error
