"""Several files under one schema: the first file's columns, read from the others by name, as `spark.read.parquet` does (Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from mabridge.errors import InvalidInputError, MalformedDataError
from mabridge.plan.types import from_arrow


def check_fits(first: str, schema: pa.Schema, other: str, found: pa.Schema) -> None:
    """Refuse a file that cannot be read under the first file's schema.

    Another order, columns beside those of the schema and columns that are not there (they are null) are fine, as in Spark. So are Arrow types that stand for
    one Spark type. Spark refuses another type too; a name that differs by case alone it reads or not by the session, and here it is refused.

    Args:
        first, schema: the file that gives the columns, and these.
        other, found: the file that is checked, and its columns.

    Raises:
        MalformedDataError: a column is of another type, or stands under a name of another case.
    """
    by_case = {name.lower(): name for name in found.names}
    for field in schema:
        if field.name not in found.names:
            name = by_case.get(field.name.lower())
            if name is not None:
                raise MalformedDataError(f"The column `{field.name}` of {first} is called `{name}` in {other}; give it one name in all input files.")
            continue
        place = found.get_field_index(field.name)
        if place >= 0 and not _same_type(field, found.field(place)):
            raise MalformedDataError(
                f"The column `{field.name}` is {field.type} in {first} and {found.field(place).type} in {other}, which Spark refuses too; "
                "write all input files with one type, or name those of one type with a glob."
            )


def _same_type(left: pa.Field, right: pa.Field) -> bool:
    if left.type == right.type:
        return True
    try:
        return from_arrow(left.name, left.type) == from_arrow(right.name, right.type)
    except InvalidInputError:
        return False


def names_there(schema: pa.Schema, found: pa.Schema) -> list[str]:
    """The names of a schema that a file has; its first column where it has none, for the rows to be counted."""
    return [name for name in schema.names if name in found.names] or found.names[:1]


def under(batch: pa.RecordBatch, schema: pa.Schema, path: str) -> pa.RecordBatch:
    """A batch under the schema: its columns by name and of the schema's types, null where the file has no such column.

    Args:
        batch: as it was read.
        schema: the columns wanted; without any, the batch stays as it is.
        path: the file, for messages.

    Raises:
        MalformedDataError: a value does not fit the schema's type.
    """
    if not len(schema) or (batch.schema.types == schema.types and batch.schema.names == schema.names):
        return batch
    arrays = []
    for field in schema:
        if field.name not in batch.schema.names:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        array = batch.column(field.name)
        try:
            arrays.append(array if array.type == field.type else array.cast(field.type))
        except pa.ArrowException as error:
            raise MalformedDataError(f"The column `{field.name}` of {path} cannot be read as {field.type}: {str(error).splitlines()[0]}.") from error
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(list(schema)))


def schema_of(schema: pa.Schema, names: Sequence[str]) -> pa.Schema:
    """The fields of these names, in this order."""
    return pa.schema([schema.field(name) for name in names])
