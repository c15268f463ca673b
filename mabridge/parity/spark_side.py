"""Spark's answer, streamed in the order of the rows.

Spark reads many files largest first, so each file is a read of its own and their union is in path order: within a file, and within the union, partitions and
the part files that they write keep the order of the rows. Each group of files is transformed, written to scratch as parquet, read back and removed, so that
all columns are materialised and neither memory nor disk grows with the data.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from mabridge.errors import UnsupportedOptionError
from mabridge.parity.answers import Answer, Answers, RefusalError
from mabridge.parity.compare import ROWS
from mabridge.parity.data import Data, DataFile
from mabridge.parity.row_metadata import nominal_columns, spark_types
from mabridge.parity.spark_model import Transform, refusal_text
from mabridge.plan.types import VectorType, from_arrow

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

#: Files and bytes of input that go to Spark in one job.
GROUP_FILES = 16
GROUP_BYTES = 256 * 2**20


@dataclass(frozen=True)
class SparkAnswers:
    """Spark's answer and what Spark's own plan tells about its columns.

    Attributes:
        answers: the stream.
        passed_through: columns that are the input's own: Spark gives both the same attribute id.
        nominal: columns that Spark marks as categories.
    """

    answers: Answers
    passed_through: frozenset[str] = frozenset()
    nominal: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SparkRun:
    """What Spark is to do.

    Attributes:
        session: with the reference's settings.
        transform: the model's.
        data: the rows.
        scratch: a folder for Spark's output.
        columns: the output columns wanted, in the order wanted; None for all.
    """

    session: SparkSession
    transform: Transform
    data: Data
    scratch: Path
    columns: Sequence[str] | None = None

    def answers(self) -> SparkAnswers:
        """Run the first group of files now and the others as the rows are read.

        A refusal, the first group's too, comes as `RefusalError` out of the stream.

        Raises:
            UnsupportedOptionError: Spark stops for a reason that says nothing about the rows.
        """
        groups = groups_of(self.data.files)
        try:
            with spark_errors():
                schema = self._input_schema()
            first = self._run(schema, groups[0], 0)
        except RefusalError as refusal:
            return SparkAnswers(Answers(pa.schema([]), _refusing(refusal)))
        types = spark_types(first.spark_schema)
        return SparkAnswers(Answers(first.schema, self._batches(schema, first, groups), types), first.passed_through, nominal_columns(first.spark_schema))

    def _batches(self, schema: StructType, first: _Written, groups: list[list[DataFile]]) -> Iterator[Answer]:
        for number, group in enumerate(groups):
            written = first if number == 0 else self._run(schema, group, number)
            try:
                yield from written.rows()
            finally:
                shutil.rmtree(written.folder, ignore_errors=True)

    def _run(self, schema: StructType, files: list[DataFile], number: int) -> _Written:
        folder, copies = self.scratch / f"spark-{number}", self.scratch / f"input-{number}"
        paths = [file.local(copies) for file in files]
        try:
            return self._transform(schema, paths, folder)
        finally:
            shutil.rmtree(copies, ignore_errors=True)

    def _transform(self, schema: StructType, paths: list[Path], folder: Path) -> _Written:
        with spark_errors():
            source = self._read(schema, paths)
            output = self.transform(source)
            if self.columns is not None:
                output = output.select(*(_quoted(name) for name in self.columns))
            # By id: `select` may have given a column another case.
            inputs = {attribute for _, attribute in _attributes(source)}
            passed_through = frozenset(name for name, attribute in _attributes(output) if attribute in inputs)
            # Names that a file cannot hold, or holds once only, are no reason to refuse: they come back when the file is read.
            named = output.toDF(*(f"c{place}" for place in range(len(output.columns))))
            for place, entry in enumerate(output.schema):
                if entry.dataType.typeName() == "void":
                    named = named.withColumn(f"c{place}", named[f"c{place}"].cast("boolean"))
            named.write.mode("error").parquet(folder.as_uri())
        return _Written(folder, tuple(output.columns), output.schema.jsonValue(), passed_through)

    def _input_schema(self) -> StructType:
        """The schema of the first file, as Spark has it for a folder; structs and lists that stand for vectors are marked as such."""
        from pyspark.ml.linalg import VectorUDT
        from pyspark.sql.types import StructField, StructType

        copy = self.scratch / "input-schema"
        try:
            found = self.session.read.parquet(self.data.files[0].local(copy).absolute().as_uri()).schema
        finally:
            shutil.rmtree(copy, ignore_errors=True)
        vectors = {column.name for column in self.data.schema if _is_vector(column)}
        return StructType(
            [
                StructField(entry.name, VectorUDT(), True, entry.metadata) if entry.name in vectors and entry.dataType.typeName() == "struct" else entry
                for entry in found
            ]
        )

    def _read(self, schema: StructType, paths: list[Path]) -> DataFrame:
        from pyspark.ml.functions import array_to_vector
        from pyspark.sql.functions import col, when

        reads = [self.session.read.schema(schema).parquet(path.absolute().as_uri()) for path in paths]
        frame = reduce(lambda left, right: left.union(right), reads)
        lists = {column.name for column in self.data.schema if _is_vector(column) and pa.types.is_fixed_size_list(column.type)}
        if not lists:
            return frame
        parts = [(entry.name, col(_quoted(entry.name))) for entry in schema]
        return frame.select(*(when(part.isNotNull(), array_to_vector(part)).alias(name) if name in lists else part for name, part in parts))


@dataclass(frozen=True)
class _Written:
    """Spark's output for one group of files.

    Attributes:
        folder: the part files.
        names: the output's columns.
        spark_schema: its schema as Spark's JSON.
        passed_through: see `SparkAnswers`.
    """

    folder: Path
    names: tuple[str, ...]
    spark_schema: dict[str, Any]
    passed_through: frozenset[str]
    files: tuple[Path, ...] = field(init=False)

    def __post_init__(self) -> None:
        # One part file a partition, numbered from 0 in the partitions' order.
        object.__setattr__(self, "files", tuple(sorted(self.folder.glob("part-*.parquet"))))

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, under the output's own names."""
        return self._named(pq.read_schema(self.files[0]))

    def _named(self, schema: pa.Schema) -> pa.Schema:
        return pa.schema([column.with_name(name) for column, name in zip(schema, self.names, strict=True)])

    def rows(self) -> Iterator[Answer]:
        """The rows in order."""
        for path in self.files:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=ROWS):
                    yield Answer(pa.RecordBatch.from_arrays(batch.columns, schema=self._named(batch.schema)))


@contextmanager
def spark_errors() -> Iterator[None]:
    """Turn what Spark raises into `RefusalError` where it is an answer.

    Raises:
        UnsupportedOptionError: it is none.
    """
    try:
        yield
    except Exception as error:
        text = refusal_text(error)
        if text is not None:
            raise RefusalError(text) from error
        raise UnsupportedOptionError(f"Spark cannot run here: {str(error).strip()[:1000]}") from error


def _refusing(refusal: RefusalError) -> Iterator[Answer]:
    """A stream whose reading is refused."""
    yield from (_raise(refusal) for _ in range(1))


def _raise(refusal: RefusalError) -> NoReturn:
    raise refusal


def _is_vector(column: pa.Field) -> bool:
    return isinstance(from_arrow(column.name, column.type), VectorType)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _attributes(frame: DataFrame) -> list[tuple[str, int]]:
    """The columns with the ids that Spark's analyser gave them: a column that a stage computes has an id of its own."""
    output = frame._jdf.queryExecution().analyzed().output()
    attributes = (output.apply(place) for place in range(output.size()))
    return [(attribute.name(), attribute.exprId().id()) for attribute in attributes]


def groups_of(files: Sequence[DataFile]) -> list[list[DataFile]]:
    """The files in order, cut so that one job's output stays small."""
    groups: list[list[DataFile]] = [[]]
    size = 0
    for file in files:
        if groups[-1] and (len(groups[-1]) == GROUP_FILES or size + file.size > GROUP_BYTES):
            groups.append([])
            size = 0
        groups[-1].append(file)
        size += file.size
    return groups
