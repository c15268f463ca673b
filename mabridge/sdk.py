"""All that a translator may import: the contract between mabridge and the packages, ours and others', that teach it Spark classes.

A package adds a translator with one entry point in its pyproject.toml:

    [project.entry-points."mabridge.translators"]
    "com.acme.spark.LogScaler" = "acme_mabridge.log_scaler:TRANSLATOR"

The name is the Spark class, exactly as a saved stage's metadata gives it; the value is a `Translator`. A function that statements of SQLTransformer call is an
entry point of the group `mabridge.sql_functions`: its name is the function's, its value a `SqlFunction`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import MalformedModelError, UnsupportedStageError
from mabridge.plan import ops, types
from mabridge.plan.op import Op
from mabridge.plan.predictors import (
    BellScorer,
    Centers,
    CenterTreeScorer,
    CountScorer,
    FactorScorer,
    GaussianMixtureScorer,
    Head,
    JointScorer,
    LinearScorer,
    MeanFunction,
    Measure,
    NearestCenterScorer,
    PerceptronScorer,
    PiecewiseLinearScorer,
    Scorer,
    TreeScorer,
)
from mabridge.plan.reference import Reference, major_minor
from mabridge.saved import SavedStage
from mabridge.sql.user_functions import SqlFunction

P_co = TypeVar("P_co", covariant=True)

__all__ = [
    "BellScorer",
    "CenterTreeScorer",
    "Centers",
    "CountScorer",
    "FactorScorer",
    "GaussianMixtureScorer",
    "Head",
    "JointScorer",
    "LinearScorer",
    "MalformedModelError",
    "MeanFunction",
    "Measure",
    "NearestCenterScorer",
    "Op",
    "PerceptronScorer",
    "PiecewiseLinearScorer",
    "Reference",
    "SavedStage",
    "Scorer",
    "SqlFunction",
    "Stage",
    "Translator",
    "TreeScorer",
    "UnsupportedStageError",
    "check_java_pattern",
    "counted",
    "major_minor",
    "matrix_value",
    "ops",
    "parse_sql",
    "saved_name",
    "stored_entries",
    "types",
    "vector_value",
]


def saved_name(name: str, **kwargs: Any) -> Any:
    """A Params field whose name in Spark is not its own in camelCase."""
    return field(metadata={"saved_name": name}, **kwargs)


@dataclass(frozen=True)
class Stage(Generic[P_co]):
    """One saved stage while it is translated.

    Attributes:
        params: the stage's params, checked against the translator's `params` class.
        saved: the stage on disk, for its data tables.
        given: the names of the params that were set on the stage (in Spark `isSet`), in snake_case.
        reference: whose answers are meant.
    """

    params: P_co
    saved: SavedStage
    given: frozenset[str]
    reference: Reference

    @property
    def spark_version(self) -> tuple[int, int]:
        """Major and minor version of the Spark that saved the stage."""
        return major_minor(self.saved.spark_version)

    def refuse(self, what: str, instead: str) -> UnsupportedStageError:
        """The error for something that this stage holds and mabridge does not do; `raise` it.

        Args:
            what: what is there, as a sentence without its stop.
            instead: what to do about it, as a sentence without its stop.
        """
        return UnsupportedStageError(f"{what}. {instead}.")

    def malformed(self, what: str) -> MalformedModelError:
        """The error for a stage whose files contradict themselves; `raise` it."""
        return MalformedModelError(f"{self.saved.path}: {what}")

    def ops_of(self, saved: SavedStage) -> tuple[Op, ...]:
        """The ops of a model nested in this stage, for a stage that makes something else of them; to let them stand for themselves, yield the model instead.

        Raises:
            UnsupportedPipelineError: something in it is refused.
        """
        from mabridge.plan.translate import translate

        return tuple(step.op for step in translate(saved, self.reference))

    def row(self, name: str = "data") -> dict[str, Any]:
        """The one row of a data table, as Python values.

        Raises:
            MalformedModelError: the table has another number of rows.
        """
        table = self.saved.table(name)
        if table.num_rows != 1:
            raise self.malformed(f"`{name}` holds {counted(table.num_rows, 'row')} where one is expected.")
        row: dict[str, Any] = table.to_pylist()[0]
        return row

    def field(self, row: dict[str, Any], name: str) -> Any:
        """A column of such a row.

        Raises:
            MalformedModelError: it is absent or null.
        """
        if row.get(name) is None:
            raise self.malformed(f"the saved data lacks `{name}`; it has {', '.join(row) or 'nothing'}.")
        return row[name]


@dataclass(frozen=True)
class Translator:
    """How one Spark class becomes ops.

    Attributes:
        spark_class: the class name in saved metadata.
        params: a frozen dataclass, one field for each param that changes what `transform` returns, typed with what is accepted and defaulted as in Spark.
        translate: from a stage to its ops in order; a nested saved stage stands for that stage's own ops.
        training_only: the params that matter in `fit` alone.
        since: the first Spark version that has the class.
        also: other class names of the same meaning and layout.
    """

    spark_class: str
    params: type[Any]
    translate: Callable[[Stage[Any]], Iterator[Op | SavedStage]]
    training_only: frozenset[str]
    since: str
    also: tuple[str, ...] = ()


def parse_sql(statement: str, spark: tuple[int, int] = (3, 5)) -> Any:
    """A SQLTransformer statement, parsed for `ops.Project` with the grammar of a version of Spark.

    Raises:
        UnsupportedExpressionError: it does not parse, or holds what mabridge refuses.
    """
    from mabridge.sql import parse_statement

    return parse_statement(statement, spark)


def check_java_pattern(pattern: str) -> str | None:
    """What keeps mabridge from matching a pattern as `java.util.regex` of Java 17 does, as half a sentence; None where nothing does."""
    from mabridge.java_regex import RefusedPatternError, compile_java

    try:
        compile_java(pattern)
    except RefusedPatternError as error:
        return str(error)
    return None


def vector_value(value: Any) -> npt.NDArray[np.float64]:
    """A saved vector (VectorUDT's struct as a Python value), dense.

    Raises:
        ValueError: the struct contradicts itself.
    """
    if not isinstance(value, dict) or value.get("values") is None:
        raise ValueError("a vector is missing its values")
    values = np.array(value["values"], dtype=np.float64)
    if value.get("type") == 1:
        return values
    size, indices = value.get("size"), np.array(value.get("indices") or [], dtype=np.int64)
    if value.get("type") != 0 or size is None or size < 0 or len(indices) != len(values) or (len(indices) and (indices.min() < 0 or indices.max() >= size)):
        raise ValueError("a sparse vector's indices do not fit its size")
    if size > MAX_DENSE:
        raise ValueError(f"a vector claims {counted(size, 'entry', 'entries')}; at most {MAX_DENSE} are read")
    out = np.zeros(size, dtype=np.float64)
    out[indices] = values
    return out


#: The largest sparse vector that is made dense (2^24 doubles are 128 MiB, and a stage may have several), and the largest matrix.
MAX_DENSE = 2**24
MAX_MATRIX = 2**26


def matrix_value(value: Any) -> npt.NDArray[np.float64]:
    """A saved matrix (MatrixUDT's struct as a Python value), dense, shape (numRows, numCols).

    Raises:
        ValueError: the struct contradicts itself.
    """
    if not isinstance(value, dict) or value.get("values") is None:
        raise ValueError("a matrix is missing its values")
    rows, columns = value.get("numRows"), value.get("numCols")
    values = np.array(value["values"], dtype=np.float64)
    if (
        not isinstance(rows, int)
        or not isinstance(columns, int)
        or rows < 0
        or columns < 0
        or rows * columns > (MAX_MATRIX if value.get("type") == 0 else 2**31)
    ):
        raise ValueError(f"a matrix claims {rows} x {columns} entries")
    transposed = bool(value.get("isTransposed"))
    if value.get("type") == 1:
        if len(values) != rows * columns:
            raise ValueError(f"a matrix of {rows} x {columns} has {len(values)} values")
        return values.reshape(rows, columns) if transposed else np.ascontiguousarray(values.reshape(columns, rows).T)
    starts = np.array(value.get("colPtrs") or [], dtype=np.int64)
    inner = np.array(value.get("rowIndices") or [], dtype=np.int64)
    major, minor = (rows, columns) if transposed else (columns, rows)
    if (
        len(starts) != major + 1
        or len(inner) != len(values)
        or starts[0] != 0
        or starts[-1] != len(values)
        or (np.diff(starts) < 0).any()
        or (len(inner) and (inner.min() < 0 or inner.max() >= minor))
    ):
        raise ValueError("a sparse matrix's pointers do not fit its values")
    out = np.zeros((rows, columns), dtype=np.float64)
    outer = np.repeat(np.arange(major), np.diff(starts))
    out[(outer, inner) if transposed else (inner, outer)] = values
    return out


def stored_entries(value: Any) -> npt.NDArray[np.bool_] | None:
    """Which entries a saved vector or matrix stores, in its own shape; None where it is dense.

    Raises:
        ValueError: the struct contradicts itself.
    """
    if not isinstance(value, dict) or value.get("type") == 1:
        return None
    ones = {**value, "values": [1.0] * len(value.get("values") or [])}
    stored: npt.NDArray[np.bool_] = (matrix_value(ones) if "numRows" in value else vector_value(ones)) != 0
    return stored


def strings(values: list[str]) -> pa.Array:
    """Labels as ops hold them."""
    return pa.array(values, type=pa.string())
