"""What the recorded cases of a class show, read from the cases themselves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compat_tests.catalogue.coverage import asked_kinds, missing_kinds
from compat_tests.catalogue.gaps import Gaps, known, lines, shrunk
from compat_tests.repo.translators import CASES, PACKAGE, translator_of

BUCKETIZER = translator_of(PACKAGE / "feature" / "bucketizer.py")
SVC = translator_of(PACKAGE / "classification" / "linear_svc_model.py")
BUCKETS = "feature/bucketizer"
MACHINES = "classification/linear_svc_model"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A copy of the recorded cases of two classes."""
    for family in (BUCKETS, MACHINES):
        shutil.copytree(CASES / family, tmp_path / family)
    return tmp_path


def change_params(folder: Path, **params: object) -> None:
    """Set saved params of every case in a folder."""
    for part in folder.glob("*/model/metadata/part-*"):
        metadata = json.loads(part.read_text(encoding="utf-8"))
        metadata["paramMap"] |= params
        part.write_text(json.dumps(metadata), encoding="utf-8")


def test_nothing_is_missing_where_the_cases_are_whole(cases: Path) -> None:
    assert missing_kinds(BUCKETIZER, cases) == missing_kinds(SVC, cases) == ()


def test_a_class_without_cases_lacks_everything(tmp_path: Path) -> None:
    assert missing_kinds(SVC, tmp_path) == tuple(sorted(asked_kinds(SVC, floats=False, vectors=False)))
    assert {"defaults", "null", "empty input", "threshold changed", "rawPredictionCol switched off"} <= set(missing_kinds(SVC, tmp_path))


def test_a_value_that_no_case_has_is_missing(cases: Path) -> None:
    change_params(cases / BUCKETS, handleInvalid="keep")
    assert missing_kinds(BUCKETIZER, cases) == (
        *("NaN under error", "NaN under skip", "defaults", "handleInvalid=error", "handleInvalid=skip", "null under error", "null under skip"),
    )


def test_a_column_that_is_never_switched_off_is_missing(cases: Path) -> None:
    change_params(cases / MACHINES, rawPredictionCol="r", threshold=0.0)
    assert missing_kinds(SVC, cases) == ("defaults", "rawPredictionCol switched off", "threshold changed")


def test_values_count_in_the_columns_that_the_stage_reads(cases: Path) -> None:
    change_params(cases / BUCKETS, inputCol="no such column", inputCols=None)
    assert {"null", "several columns"} <= set(missing_kinds(BUCKETIZER, cases))


def test_values_are_looked_for_in_the_input_and_nowhere_else(cases: Path) -> None:
    for file in (cases / MACHINES).glob("*/input.parquet"):
        table = pq.read_table(file)
        plain = {"type": 1, "size": None, "indices": None, "values": [1.0, 2.0]}
        for place, field in enumerate(table.schema):
            if pa.types.is_struct(field.type):
                table = table.set_column(place, field.name, pa.array([plain] * table.num_rows, field.type))
        pq.write_table(table, file)
    assert {"NaN", "infinite", "-0.0", "sparse vectors", "null"} <= set(missing_kinds(SVC, cases))
    assert "dense vectors" not in missing_kinds(SVC, cases)


def test_the_list_of_gaps_loses_what_is_there_and_gains_nothing() -> None:
    listed = {"classes": {"A": "Why.", "B": "Why."}, "cases": {"B": ["null"], "C": ["null", "NaN"], "D": ["null"]}, "cannot": {"C": {"-0.0": "Why."}}}
    have = frozenset({"A", "C", "D", "E"})
    gaps = Gaps(frozenset({"B", "F"}), frozenset({("C", "NaN"), ("E", "null"), ("C", "-0.0")}))
    left = {"classes": {"B": "Why."}, "cases": {"B": ["null"], "C": ["NaN"]}, "cannot": {"C": {"-0.0": "Why."}}}
    assert shrunk(listed, gaps, have) == left
    assert lines(known(left, have)) == ["B: no translator", "C: no recorded case of `-0.0`", "C: no recorded case of `NaN`"]
    assert lines(known(left, have | {"B"}))[0] == "B: no recorded case of `null`"
