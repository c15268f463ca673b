"""One model saved by Spark 3.5.7, asked for the answers of every other line of Spark: what changed between the versions, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from compat_tests.replay import CASES, is_of_a_line, replay

#: The lines that are built with Scala 2.13; those before are built with 2.12.
SCALA_2_13 = ("4_0", "4_1", "4_2", "4_3")

#: Classes that other lines fit in another way, so that their models are not one model: the class, the lines, and why.
REFITTED: dict[str, tuple[tuple[str, ...], str]] = {
    "classification/random_forest_classification_model": (SCALA_2_13, "The same seed draws other samples in fit."),
    "feature/word2_vec_model": (SCALA_2_13, "The same seed makes other vectors."),
    "recommendation/als_model": (SCALA_2_13, "The factors differ in their last bits."),
    "regression/isotonic_regression_model": (("3_3",), "From 3.4 on fit pools the points of equal features (SPARK-41008)."),
    "regression/random_forest_regression_model": (SCALA_2_13, "The same seed draws other samples in fit."),
}

#: What Spark changed in `transform`: the class, and the first line with the new answer.
CHANGED = {
    "feature/binarizer": "4_0",  # null is below every threshold, before it stayed null
    "feature/r_formula_model": "4_1",  # another rule decides which assembled vectors are sparse
}


def line_of(folder: Path) -> str:
    """`4_1` of `saved_by_spark_4_1`."""
    return folder.name.removeprefix("saved_by_").split("_", 1)[1]


def class_of(folder: Path) -> str:
    return folder.parent.relative_to(CASES).as_posix()


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


def in_3_5(folder: Path) -> Path:
    """The same layout as Spark 3.5.7 saved it."""
    return folder.with_name(folder.name.replace(line_of(folder), "3_5"))


OTHERS = [
    folder
    for folder in sorted(path.parent for path in CASES.glob("*/*/saved_by_*/case.json"))
    if is_of_a_line(folder) and line_of(folder) != "3_5" and in_3_5(folder).exists()
]
ONE_MODEL = [folder for folder in OTHERS if line_of(folder) not in REFITTED.get(class_of(folder), ((), ""))[0]]


@pytest.mark.parametrize("folder", ONE_MODEL, ids=name_of)
def test_the_model_of_spark_3_5_gives_the_answers_of_another_line_when_asked_for_them(folder: Path) -> None:
    replay(folder, model_of=in_3_5(folder))


@pytest.mark.parametrize("folder", [folder for folder in ONE_MODEL if line_of(folder) in ("3_3", "4_3")], ids=name_of)
def test_the_model_of_another_line_gives_the_answers_of_spark_3_5_when_asked_for_them(folder: Path) -> None:
    replay(in_3_5(folder), model_of=folder)


@pytest.mark.parametrize("folder", [folder for folder in OTHERS if folder not in ONE_MODEL], ids=name_of)
def test_a_class_that_is_said_to_be_fitted_anew_is(folder: Path) -> None:
    assert tables_of(folder) != tables_of(in_3_5(folder))
    with pytest.raises(AssertionError):
        replay(folder, model_of=in_3_5(folder))


def tables_of(folder: Path) -> list[str]:
    """What a saved model keeps in parquet, as text."""
    return sorted(str(pq.read_table(file).to_pylist()) for file in (folder / "model").rglob("*.parquet"))


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_the_line_decides_where_spark_changed_its_answer(name: str, tmp_path: Path) -> None:
    first = CASES / name / f"saved_by_spark_{CHANGED[name]}"
    replay(first)
    with pytest.raises(AssertionError):
        replay(as_if_recorded_by(first, "3.5.7", tmp_path))


def as_if_recorded_by(folder: Path, version: str, place: Path) -> Path:
    """A copy of a case that claims another version; its answer is the old one."""
    copy = shutil.copytree(folder, place / "case")
    case = json.loads((copy / "case.json").read_text(encoding="utf-8"))
    (copy / "case.json").write_text(json.dumps(case | {"spark_version": version}), encoding="utf-8")
    return copy
