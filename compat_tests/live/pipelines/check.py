"""Hold mabridge to Spark over one fitted pipeline: the same columns, types, rows and values, and the same refusals."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.ml import PipelineModel
from pyspark.sql import SparkSession

import mabridge
from compat_tests.live.pipelines.grow import Grown
from compat_tests.replay import spark_table
from mabridge.errors import InvalidInputError, InvalidRowError, MissingColumnError
from mabridge.model import Model
from mabridge.parity import Answer, Answers, ParityReport, Rules, compare_tables
from mabridge.parity.compare import RefusalError
from mabridge.parity.data import find_data
from mabridge.parity.our_side import our_answers
from mabridge.parity.spark_side import SparkRun
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import from_arrow

#: What one side refuses and the other answers on purpose: which side, its words, the note that says why.
DELIBERATE: tuple[tuple[str, str, str], ...] = (
    ("mabridge", r"DCT.*refuses row", "0005-cosine-transform-of-infinity.md"),
    ("spark", r"Encountered null value while inferring lengths from the first row", "0002-vector-sizes.md"),
    ("spark", r"Encountered the first row empty|from an empty", "0002-vector-sizes.md"),
)

#: How often a pipeline also meets a schema that it was not fitted on, and what a column may become then.
TWISTED = 0.3
_OTHER_TYPES: dict[pa.DataType, tuple[pa.DataType, ...]] = {
    pa.float64(): (pa.float32(), pa.string()),
    pa.float32(): (pa.float64(), pa.string()),
    pa.int32(): (pa.int64(), pa.float64(), pa.string(), pa.decimal128(20, 1)),
    pa.int64(): (pa.float64(), pa.string()),
    pa.int16(): (pa.int32(), pa.float32()),
    pa.int8(): (pa.int16(), pa.float64()),
    pa.bool_(): (pa.int32(), pa.string()),
    pa.decimal128(10, 2): (pa.float64(), pa.decimal128(12, 4)),
}

#: Stages that are known to differ, and how it shows: Spark's LAPACK finds other last bits of the eigenvectors of a covariance than numpy's, and where the
#: covariance is almost singular they reach the shares (docs/adr/0008-almost-singular-covariances.md).
ALMOST_SINGULAR = 1e4

#: Rows that both sides refuse are tried one by one, up to so many.
ALONE = 2


@dataclass
class Outcome:
    """What a pipeline showed.

    Attributes:
        differences: texts; none where mabridge is Spark's equal.
        carried: differences of which no single stage is the cause: last bits that a later stage carries on.
        deliberate: notes under docs/adr that explain what differed.
        rows: rows compared; refusals: inputs that both sides refuse.
    """

    differences: list[str] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)
    deliberate: list[str] = field(default_factory=list)
    rows: int = 0
    refusals: int = 0


def check(session: SparkSession, grown: Grown, rng: random.Random, scratch: Path) -> Outcome:
    """Compare a pipeline's answers to the training rows, to the other rows, and to the rows that mabridge refuses, each on its own."""
    outcome = Outcome()
    try:
        model = mabridge.convert(grown.model)
    except mabridge.MabridgeError as error:
        outcome.differences.append(f"mabridge does not convert it: {error}")
        return outcome
    whole = pa.concat_tables([grown.rows.train, grown.rows.test])
    tables = [*_parts(model, whole), *(_parts(model, twisted(whole, rng)) if rng.random() < TWISTED else ())]
    for table in tables:
        report = compare(session, grown.model, model, table, grown.unordered)
        if report.ok:
            outcome.rows += report.actual_rows
            outcome.refusals += report.spark_refusal is not None
            continue
        note = deliberate(report)
        if note is not None:
            outcome.deliberate.append(note)
            continue
        place, cause = _cause(session, grown, table, scratch)
        if place is not None and report.spark_refusal is None and report.mabridge_refusal is None and almost_singular(grown.stages[place]):
            outcome.deliberate.append("a mixture with a covariance that is almost singular")
            continue
        if cause is None and report.spark_refusal is None and report.mabridge_refusal is None and report.expected_rows == report.actual_rows:
            outcome.carried.append(str(report))
        else:
            outcome.differences.append(f"{report}\n{cause or 'Each stage alone, on what Spark gives it, is equal.'}")
    return outcome


def _parts(model: Model, table: pa.Table) -> Iterator[pa.Table]:
    """The rows that mabridge takes, as one table, and some of those that it refuses, each alone; all rows where it does not say which it refuses."""
    taken, refused = _taken_rows(model, table)
    yield taken
    yield from (table.slice(row, 1) for row in refused[:ALONE])


def twisted(table: pa.Table, rng: random.Random) -> pa.Table:
    """The rows under another schema than the training rows': a column of another type, of a name in capitals, or gone."""
    place = rng.randrange(table.num_columns)
    name, column = table.column_names[place], table.column(place)
    to = rng.choice(_OTHER_TYPES.get(column.type, (None,)))
    if to is not None and rng.random() < 0.7:
        table = table.set_column(place, name, column.cast(to, safe=False))
    elif rng.random() < 0.5:
        table = table.rename_columns([name.upper() if other == name else other for other in table.column_names])
    else:
        table = table.remove_column(place)
    kinds = [(field.name, from_arrow(field.name, field.type)) for field in table.schema]
    return table.replace_schema_metadata({ROW_METADATA: row_metadata(kinds)})


def deliberate(report: ParityReport) -> str | None:
    """The note that explains a difference in refusals, where one does."""
    said = {"spark": report.spark_refusal, "mabridge": report.mabridge_refusal}
    for side, words, note in DELIBERATE:
        other = "mabridge" if side == "spark" else "spark"
        if said[side] is not None and said[other] is None and re.search(words, str(said[side])):
            return note
    return None


def compare(session: SparkSession, spark_model: Any, model: Model, table: pa.Table, unordered: Collection[str] = ()) -> ParityReport:
    """Both sides over one table, all columns."""
    with tempfile.TemporaryDirectory(prefix="pipelines-") as folder:
        data = find_data(table, Path(folder))
        spark = SparkRun(session, spark_model.transform, data, Path(folder)).answers()
        try:
            program = model.program(data.schema, backend="numpy")
        except (InvalidInputError, MissingColumnError) as error:
            ours, exact = Answers(pa.schema([]), _refusing(str(error))), frozenset[str]()
        else:
            ours, exact = our_answers(program, data), frozenset(program.exact)
        rules = Rules(passed_through=spark.passed_through, exact=spark.nominal | exact, unordered=frozenset(unordered))
        return compare_tables(spark.answers, ours, rules)


def _refusing(text: str) -> Iterator[Answer]:
    raise RefusalError(text)
    yield


def _taken_rows(model: Model, table: pa.Table) -> tuple[pa.Table, list[int]]:
    """The rows that mabridge takes, and the places of those that it refuses; all rows where it does not say which."""
    places = list(range(table.num_rows))
    refused: list[int] = []
    while True:
        kept = table.take(pa.array(places, pa.int64()))
        try:
            model.program(table.schema, backend="numpy").run(_batch(kept))
        except InvalidRowError as error:
            refused.append(places.pop(error.row))
            continue
        except (InvalidInputError, MissingColumnError):
            return table, []
        return kept, refused


def _batch(table: pa.Table) -> pa.RecordBatch:
    (batch,) = table.combine_chunks().to_batches() or [pa.RecordBatch.from_arrays([pa.array([], field.type) for field in table.schema], schema=table.schema)]
    return batch


def almost_singular(stage: Any) -> bool:
    """Whether a stage is a mixture of Gaussians of which one has a covariance that is almost singular."""
    if type(stage).__name__ != "GaussianMixtureModel":
        return False
    return any(np.linalg.cond(row.cov.toArray()) > ALMOST_SINGULAR for row in stage.gaussiansDF.collect())


def _cause(session: SparkSession, grown: Grown, table: pa.Table, scratch: Path) -> tuple[int | None, str | None]:
    """The first stage that differs on what Spark itself gives it, and how; None where each is equal."""
    for place, stage in enumerate(grown.stages):
        single = PipelineModel([stage])
        report = compare(session, single, mabridge.convert(single), table, grown.unordered)
        if not report.ok and deliberate(report) is None:
            return place, f"Stage {place} alone, on what Spark gives it: {grown.recipe[place]}\n{report}"
        following = _spark_output(session, stage, table, scratch / f"after{place}")
        if following is None:
            return None, None
        table = following
    return None, None


def _spark_output(session: SparkSession, stage: Any, table: pa.Table, folder: Path) -> pa.Table | None:
    """What Spark makes of a table, as a file of Spark's says it; None where Spark refuses."""
    folder.mkdir(exist_ok=True)
    source = folder / "input.parquet"
    pq.write_table(table, source)
    try:
        stage.transform(session.read.parquet(source.as_uri())).coalesce(1).write.mode("overwrite").parquet((folder / "output").as_uri())
    except Exception:  # whatever Spark says, there is no table to go on with
        return None
    (part,) = (folder / "output").glob("part-*.parquet")
    return spark_table(part)
