"""Every class has a saved model of every line of Spark that has the class."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from compat_tests.catalogue.lines import WITHOUT, asked, missing, numbers, recorded
from compat_tests.record.versions import LINES
from compat_tests.repo.translators import CASES
from mabridge.plan.reference import is_known

PIPELINE = "org.apache.spark.ml.PipelineModel"


def test_no_class_lacks_a_case_of_a_line_that_has_it() -> None:
    assert missing() == {}, "python -m compat_tests.record.versions records them"
    assert len(asked()) >= 65
    assert all(why.endswith(".") for why in WITHOUT.values())


def test_python_s_own_writer_has_a_case_of_every_line() -> None:
    assert recorded(PIPELINE, by="pyspark") == tuple(LINES)


def test_a_case_that_is_not_there_is_missed(tmp_path: Path) -> None:
    shutil.copytree(CASES / "ml" / "pipeline_model" / "saved_by_spark_4_1", tmp_path / "ml" / "pipeline_model" / "saved_by_spark_4_1")
    found = missing(tmp_path)
    assert found[PIPELINE] == tuple(line for line in LINES if line != "4.1")
    assert found["org.apache.spark.ml.feature.TargetEncoderModel"] == tuple(line for line in LINES if numbers(line) >= (4, 0))


def test_a_case_is_of_the_spark_that_its_folder_names() -> None:
    wrong = []
    for path in CASES.glob("*/*/saved_by_*spark_[0-9]*_[0-9]*/case.json"):
        line = path.parent.name.partition("spark_")[2].replace("_", ".")
        saved = {json.loads(part.read_text(encoding="utf-8")).get("sparkVersion") for part in path.parent.rglob("metadata/part-*")}
        saved.discard(None)  # the model of spark.mllib within BisectingKMeansModel names none
        applied = json.loads(path.read_text(encoding="utf-8"))["spark_version"]
        if {*saved, applied} != {LINES[line].pyspark}:
            wrong.append(path.parent.name)
    assert wrong == []


def test_every_line_is_known_as_a_reference() -> None:
    assert all(is_known(line) and is_known(of.pyspark) for line, of in LINES.items())
    assert not any(is_known(version) for version in ("1.6", "2.5", "3.6.0", "4.4.0", "5.0", "9.9", "abc", "", "4"))
    assert all(is_known(version) for version in ("3.3.2-amzn-0", "3.5.0.dbr", "2.4.7.7.1.7.0-551", "3.0.0-preview2", "2.3.2-uber-109", "4.0.0-SNAPSHOT"))
