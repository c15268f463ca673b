"""Each slow definition answers what Spark recorded: it may judge the kernels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compat_tests.definitions.core import Definition, DroppedError, RefusedError, Row, difference, read_fitted, rows_of
from compat_tests.definitions.table import DEFINITIONS
from compat_tests.record.folders import folder_of
from compat_tests.replay import CASES, is_of_a_line, spark_table
from compat_tests.test_recorded_cases import DELIBERATE

_LOCALES = ("az_0", "az_1", "az_2", "az_5", "lt_1", "lt_3", "lt_4", "tr_0", "tr_1", "tr_2", "tr_5")
_ATTRIBUTES = "the ML attributes of the input column decide, and rows do not carry them"
_ORDER = "the last bit of a sum decides, and so the order in which it is taken"
#: Cases beyond a definition, and why.
BEYOND: dict[str, str] = {
    "classification/gbt_classification_model/sum_just_above_zero": _ORDER,
    "recommendation/als_model/hard_factors_drop": _ORDER,
    "feature/feature_hasher/6_numbers_on_one_feature": _ORDER,
    "feature/feature_hasher/7_numbers_on_one_feature": _ORDER,
    "feature/index_to_string/empty_labels": _ATTRIBUTES,
    "feature/index_to_string/labels_of_the_column": _ATTRIBUTES,
    "feature/string_indexer_model/decimal_text_ansi": "under ANSI Spark writes a decimal without an exponent",
    "feature/vector_assembler/null_vectors_alone_keep_with_metadata": _ATTRIBUTES,
    "feature/vector_slicer/indices_and_names": _ATTRIBUTES,
    "feature/vector_slicer/names": _ATTRIBUTES,
    "clustering/gaussian_mixture_model/seven_clusters": "a covariance that cannot be inverted, for which Spark takes a pseudo-inverse",
    "clustering/gaussian_mixture_model/singular": "the same",
    "clustering/k_means_model/cosine_zero_vector": _ORDER,
    **{f"feature/stop_words_remover/locale_{name}": "a locale whose lower case is its own" for name in _LOCALES},
}


def cases(*spark_classes: str) -> Iterator[Path]:
    """The recorded cases of these classes in which Spark returned rows, and mabridge does not differ on purpose; read in the layout of Spark 3.5."""
    for spark_class in spark_classes:
        for path in sorted((CASES / folder_of(spark_class)).glob("*/case.json")):
            if is_of_a_line(path.parent):
                continue
            if json.loads(path.read_text(encoding="utf-8"))["expect"] == "rows" and name_of(path.parent) not in DELIBERATE:
                yield path.parent


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


@pytest.mark.parametrize("folder", [folder for folder in cases(*DEFINITIONS) if name_of(folder) not in BEYOND], ids=name_of)
def test_the_definition_answers_what_spark_recorded(folder: Path) -> None:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    stage = read_fitted(folder / "model")
    define = DEFINITIONS[stage.class_name](stage)
    given = rows_of(spark_table(folder / "input.parquet"), case["case_sensitive"])
    expected = rows_of(spark_table(folder / "expected.parquet"))
    found = [answer for row in given if (answer := answered(define, row, case["columns"])) is not None]
    assert len(found) == len(expected)
    for place, (answer, row) in enumerate(zip(found, expected, strict=True)):
        for name, value in answer.items():
            if name in row.values:
                assert difference(row.values[name], value) is None, f"row {place}, {name}: {difference(row.values[name], value)}"
    if given and expected and case["columns"] is None:
        made = {name for answer in found for name in answer}
        assert made <= set(expected[0].values), "the definition makes a column that Spark does not"
        assert made or not set(expected[0].values) - set(given[0].values), "the definition makes nothing"


def answered(define: Definition, row: Row, columns: list[str] | None) -> dict[str, Any] | None:
    """What the definition makes of a row; None where it drops it. Where only some columns were asked for, a refusal may lie in the others."""
    try:
        return define(row)
    except DroppedError:
        return None
    except RefusedError:
        if columns is None:
            raise
        return {}
