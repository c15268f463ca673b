"""What the battery runs on: for each registered translator some recorded cases of its class, and for the example plug-in a pipeline written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

import mabridge
from compat_tests.plug_ins import plugged_in, write_log_scaler_pipeline, write_stage
from compat_tests.record.folders import folder_of
from compat_tests.replay import CASES, is_of_a_line, spark_table
from mabridge.model import Model
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import DoubleType

#: Cases of one class that the battery takes; they are spread over all of the class's.
CASES_PER_CLASS = 4


@dataclass(frozen=True, eq=False)
class Subject:
    """A model and rows that it answers.

    Attributes:
        name: for messages.
        model: converted.
        table: its input, one chunk a column.
        columns: the output columns that the case asks for; None for all.
    """

    name: str
    model: Model
    table: pa.Table
    columns: tuple[str, ...] | None = None


@cache
def recorded_subjects(spark_class: str) -> tuple[Subject, ...]:
    """Cases of a class in which Spark returned rows, at most `CASES_PER_CLASS`; never none.

    Raises:
        AssertionError: there is no such case.
    """
    root = CASES / folder_of(spark_class)
    found = []
    for path in sorted(root.glob("*/case.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if is_of_a_line(path.parent):
            continue
        if case["expect"] == "rows" and path.parent.relative_to(CASES).as_posix() not in _deliberate():
            found.append((path.parent, case))
    assert found, f"{spark_class} has no recorded case with rows under {root}; the battery needs at least one"
    # Cases that ask for all columns come first: some checks need one.
    found.sort(key=lambda entry: entry[1]["columns"] is not None)
    return tuple(_subject(folder, case) for folder, case in _spread(found, CASES_PER_CLASS))


def _subject(folder: Path, case: dict[str, object]) -> Subject:
    settings = {name: case[name] for name in ("ansi", "time_zone", "case_sensitive")}
    model = mabridge.convert(folder / "model", as_spark=str(case["spark_version"]), **settings)  # type: ignore[arg-type]
    columns = case["columns"]
    return Subject(folder.name, model, spark_table(folder / "input.parquet").combine_chunks(), tuple(columns) if isinstance(columns, list) else None)


def plug_in_subject(site: Path, folder: Path) -> Subject:
    """The example plug-in's stage, with the plug-in installed in `site` and the saved model written to `folder`."""
    with plugged_in(site):
        model = mabridge.convert(write_log_scaler_pipeline(folder))
    values = [0.0, None, -0.5, float("nan"), 1e308, -1.0, -0.0, float("inf")]
    return Subject("log_scaler", model, pa.table({"x": pa.array(values, pa.float64()), "name": pa.array(list("abcdefgh"))}))


def old_encoder_subject(folder: Path) -> Subject:
    """The OneHotEncoder of Spark 2, of which there is no recorded case, over a column that declares three categories."""
    write_stage(folder, "org.apache.spark.ml.feature.OneHotEncoder", "oneHot_1", {"inputCol": "i", "outputCol": "v"}, {"dropLast": True}, spark_version="2.4.8")
    metadata = {ROW_METADATA: row_metadata([("i", DoubleType())], [{"ml_attr": {"type": "nominal", "num_vals": 3}}])}
    table = pa.table([pa.array([0.0, 2.0, 1.0, 1.5, 0.0])], schema=pa.schema([("i", pa.float64())], metadata=metadata))
    return Subject("old_encoder", mabridge.convert(folder), table)


def _spread(cases: Sequence[tuple[Path, dict[str, object]]], count: int) -> list[tuple[Path, dict[str, object]]]:
    """The first and the last, and others from all over the list."""
    if len(cases) <= count:
        return list(cases)
    places = sorted({round(place * (len(cases) - 1) / (count - 1)) for place in range(count)})
    return [cases[place] for place in places]


@cache
def _deliberate() -> frozenset[str]:
    return frozenset(json.loads((CASES / "deliberate_differences.json").read_text(encoding="utf-8")))
