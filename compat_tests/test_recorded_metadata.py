"""The row metadata of every recorded case: what Spark wrote about its columns, against what mabridge writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import mabridge
from compat_tests.replay import CASES, case_folders, spark_table
from mabridge.parity.row_metadata import schema_json
from mabridge.plan.spark_schema import ROW_METADATA

#: Spark reads the first row of the data to learn a vector's size that no metadata tells; mabridge knows the schema alone when it writes.
FIRST_ROW = "The size of the input's vectors is in no metadata: Spark read it from the first row."

#: What cannot be reproduced: the case, the column, and why.
DIFFERENT: dict[tuple[str, str], str] = {
    ("feature/vector_assembler/nan_in_vector_is_not_refused", "v"): FIRST_ROW,
    ("feature/vector_assembler/null_vector_in_first_row_skip", "v"): FIRST_ROW,
    ("feature/vector_assembler/null_vector_skip", "v"): FIRST_ROW,
    ("feature/vector_assembler/ragged_vectors", "v"): FIRST_ROW,
    ("feature/vector_assembler/stored_zeros_are_dropped", "v"): FIRST_ROW,
    ("feature/vector_assembler/two_vector_columns_one_with_metadata", "v"): FIRST_ROW,
    ("feature/vector_assembler/vectors_alone_are_compressed", "v"): FIRST_ROW,
    ("feature/vector_assembler/vectors_of_size_from_first_row", "v"): FIRST_ROW,
    ("ml/pipeline_model/size_from_the_first_row_after_where", "v"): FIRST_ROW,
}


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


FOLDERS = [folder for folder in case_folders() if (folder / "expected.parquet").exists()]


def declared(text: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Name, type and metadata of each field. Whether a column is nullable is left out: Spark reads every column of a file as nullable, whatever it says."""
    return [(field["name"], without_nullable(field["type"]), field["metadata"]) for field in text["fields"]]


def without_nullable(kind: Any) -> Any:
    if isinstance(kind, list):
        return [without_nullable(item) for item in kind]
    if not isinstance(kind, dict):
        return kind
    return {key: without_nullable(value) for key, value in kind.items() if key not in ("nullable", "containsNull", "valueContainsNull")}


def both_sides(folder: Path, model_of: Path | None = None) -> tuple[list[tuple[str, Any, Any]], list[tuple[str, Any, Any]]]:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    settings = {name: case[name] for name in ("ansi", "time_zone", "case_sensitive") if name in case}
    model = mabridge.convert((model_of or folder) / "model", as_spark=case["spark_version"], **settings)
    program = model.program(spark_table(folder / "input.parquet").schema, columns=case["columns"])
    theirs = schema_json(pq.read_schema(folder / "expected.parquet").metadata)
    assert theirs is not None, "expected.parquet was not written by Spark"
    return declared(json.loads(program.output_schema.metadata[ROW_METADATA])), declared(theirs)


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_row_metadata_is_what_spark_wrote(folder: Path) -> None:
    ours, theirs = both_sides(folder)
    assert [field[:2] for field in ours] == [field[:2] for field in theirs]
    different = {name for (name, _, mine), (_, _, spark) in zip(ours, theirs, strict=True) if mine != spark}
    listed = {column for case, column in DIFFERENT if case == name_of(folder)}
    assert different == listed, [(mine, spark) for mine, spark in zip(ours, theirs, strict=True) if mine[0] in different ^ listed]


@pytest.mark.parametrize(("name", "first"), [("regression/gbt_regression_model", "4_0"), ("feature/vector_indexer_model", "4_3")])
def test_the_line_decides_where_spark_changed_its_metadata(name: str, first: str) -> None:
    root = CASES / name
    old, new = root / "saved_by_spark_3_5", root / f"saved_by_spark_{first}"
    assert both_sides(old)[1] != both_sides(new)[1]
    for folder, model_of in ((new, old), (old, new)):
        ours, theirs = both_sides(folder, model_of)
        assert ours == theirs


def test_every_listed_difference_names_a_recorded_case_and_says_why() -> None:
    cases = {name_of(folder) for folder in FOLDERS}
    assert all(case in cases and why for (case, _), why in DIFFERENT.items())
