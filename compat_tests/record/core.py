"""What a case is, and the data that goes into it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pyspark.ml.base import Transformer
from pyspark.ml.linalg import DenseVector, SparseVector, Vectors, VectorUDT
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DataType, FractionalType, StructField, StructType, _parse_datatype_string

NAN = math.nan
INF = math.inf
#: The smallest positive double.
DENORMAL = 5e-324
HUGE = 1e308

#: Doubles that break careless arithmetic: null, not a number, both infinities, both zeros, the largest and the smallest.
HARD_DOUBLES: tuple[float | None, ...] = (None, NAN, INF, -INF, 0.0, -0.0, HUGE, -HUGE, DENORMAL, -DENORMAL, 1.0, -1.5)


def above(value: float) -> float:
    """The next double."""
    return math.nextafter(value, INF)


def below(value: float) -> float:
    """The double before."""
    return math.nextafter(value, -INF)


def dense(*values: float) -> DenseVector:
    """A dense vector."""
    return Vectors.dense([float(value) for value in values])


def sparse(size: int, entries: Mapping[int, float] | None = None) -> SparseVector:
    """A sparse vector that stores exactly these entries, zeros too."""
    return Vectors.sparse(size, dict(entries or {}))


@dataclass(frozen=True)
class Table:
    """Rows written down by hand.

    Attributes:
        columns: name -> Spark type as SQL writes it, or `vector`.
        rows: one tuple a row.
        metadata: column name -> column metadata (ML attributes).
    """

    columns: Mapping[str, str]
    rows: Sequence[tuple[Any, ...]]
    metadata: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def frame(self, spark: SparkSession) -> DataFrame:
        """The rows as a DataFrame of one partition, in order."""
        schema = StructType([StructField(name, _data_type(kind), True, dict(self.metadata.get(name, {}))) for name, kind in self.columns.items()])
        rows = [tuple(_value(value, part.dataType) for value, part in zip(row, schema, strict=True)) for row in self.rows]
        return spark.createDataFrame(rows, schema).coalesce(1)

    def with_metadata(self, column: str, metadata: Mapping[str, Any]) -> Table:
        """The same rows with ML attributes on a column."""
        return replace(self, metadata={**self.metadata, column: metadata})

    def head(self, count: int) -> Table:
        """The first rows."""
        return replace(self, rows=self.rows[:count])

    def empty(self) -> Table:
        """The same columns without a row."""
        return replace(self, rows=())


def one_column(name: str, kind: str, values: Sequence[Any]) -> Table:
    """A table of one column."""
    return Table({name: kind}, [(value,) for value in values])


def _data_type(kind: str) -> DataType:
    return VectorUDT() if kind == "vector" else _parse_datatype_string(kind)


def _value(value: Any, kind: DataType) -> Any:
    # Only Decimal columns take Decimals and only floating ones take floats; an int written for a float means that float.
    return float(value) if isinstance(kind, FractionalType) and isinstance(value, int) else value


def nominal(count: int, name: str | None = None) -> dict[str, Any]:
    """ML attributes of a column of `count` categories."""
    attribute: dict[str, Any] = {"type": "nominal", "vals": [f"v{i}" for i in range(count)]}
    return {"ml_attr": attribute | ({} if name is None else {"name": name})}


def vector_size(size: int) -> dict[str, Any]:
    """ML attributes of a vector column that tell its size alone."""
    return {"ml_attr": {"num_attrs": size}}


def vector_attributes(*categories: int) -> dict[str, Any]:
    """ML attributes of a vector column, feature by feature: the number of categories, 0 for a numeric feature."""
    numeric = [{"idx": i, "name": f"f{i}"} for i, count in enumerate(categories) if count == 0]
    nominals = [{"idx": i, "name": f"f{i}", "vals": [f"v{k}" for k in range(count)]} for i, count in enumerate(categories) if count]
    attributes: dict[str, Any] = {}
    if numeric:
        attributes["numeric"] = numeric
    if nominals:
        attributes["nominal"] = nominals
    return {"ml_attr": {"attrs": attributes, "num_attrs": len(categories)}}


@dataclass(frozen=True)
class Case:
    """One model, one table, and what Spark makes of them.

    Attributes:
        folder: `<spark package>/<snake_class>` of the stage.
        name: the case's own folder.
        title: what it shows, as a sentence.
        model: makes the fitted stage; it is saved, loaded again, and the loaded one transforms.
        rows: the table to transform (Spark writes and reads it first), or what makes it.
        expect: whether Spark returns rows or raises; the recorder fails where Spark does the other.
        columns: the columns to materialise, None for all.
        ansi, time_zone, case_sensitive: the session.
        spark: the Spark version that records it, as far as it matters.
    """

    folder: str
    name: str
    title: str
    model: Callable[[SparkSession], Transformer]
    rows: Table | Callable[[SparkSession], DataFrame]
    expect: Literal["rows", "error"] = "rows"
    columns: tuple[str, ...] | None = None
    ansi: bool = False
    time_zone: str = "UTC"
    case_sensitive: bool = False
    spark: str = "3.5"

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}"
