"""Models saved by Spark 2.0 to 2.4, as Spark 3.5 loads and applies them: metadata without defaults, trees without leafCol, labels without arrays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from compat_tests.record.core import INF, NAN, Case, Table, above, below, dense, one_column, sparse

SAVED = Path(__file__).parent / "saved_models"


class _Saved:
    """A saved model that is copied where others are written."""

    def __init__(self, name: str) -> None:
        self.folder = SAVED / name

    def write(self) -> _Saved:
        return self

    def overwrite(self) -> _Saved:
        return self

    def save(self, path: str) -> None:
        shutil.copytree(self.folder, path)


def saved(name: str) -> Callable[[Any], Any]:
    """The model in this folder of `saved_models`."""
    return lambda _: _Saved(name)


#: Features on which the trees split, with a threshold or a category of each.
_SPLITS = {
    **{
        99: 2.0,
        100: 193.5,
        131: 71.5,
        183: 93.0,
        185: 1.5,
        245: 8.0,
        272: 0.0,
        298: 0.0,
        301: 0.0,
        317: 0.0,
        320: 253.0,
        324: 251.0,
        328: 0.0,
        343: 253.0,
        348: 6.5,
        351: 163.5,
    },
    **{
        355: 0.0,
        378: 71.0,
        379: 23.0,
        405: 0.0,
        406: 20.0,
        407: 0.0,
        412: 0.0,
        429: 0.0,
        430: 21.5,
        434: 70.5,
        435: 0.0,
        436: 0.0,
        443: 0.0,
        462: 62.5,
        463: 0.0,
        467: 35.0,
    },
    **{490: 15.5, 510: 0.0, 512: 1.5, 517: 0.0, 540: 0.0, 545: 2.0, 596: 253.0, 598: 0.0},
}


def _row(number: int) -> Any:
    """A row that meets some thresholds from below, some from above and some to the bit, and lacks other features."""
    entries = {}
    for place, (feature, edge) in enumerate(_SPLITS.items()):
        choices = (None, edge, above(edge), below(edge), edge + 1.0, 5.5, 165.0, None, NAN if number % 5 == 0 else 3.0, 0.0, 31.0)
        value = choices[(number * 5 + place * (number % 3 + 2)) % len(choices)]
        if value is not None:
            entries[feature] = value
    return sparse(692, entries)


def _rows(column: str) -> Table:
    odd = [
        sparse(692),
        dense(*[0.0] * 692),
        sparse(692, {99: -1.0, 434: INF}),
        sparse(692, {99: 3.0, 406: 21.0, 378: 72.0}),
        sparse(692, {99: 4.0, 378: 71.0}),
        sparse(692, {99: 1.5}),
    ]
    return one_column(column, "vector", [*(_row(number) for number in range(24)), *odd])


def cases() -> list[Case]:
    classes = {
        "dtc": "classification/decision_tree_classification_model",
        "rfc": "classification/random_forest_classification_model",
        "gbtc": "classification/gbt_classification_model",
        "dtr": "regression/decision_tree_regression_model",
        "rfr": "regression/random_forest_regression_model",
        "gbtr": "regression/gbt_regression_model",
    }
    trees = [("2.4.7", short) for short in classes] + [("2.1.0", "dtc"), ("2.1.0", "rfc"), ("2.1.0", "rfr"), ("2.0.2", "dtr")]
    labels = one_column("myInputCol", "string", ["a", "b", "c", "d", None, "a"])
    letters = one_column("category", "string", ["a", "b", "c"])
    numbers = one_column("features", "vector", [dense(1, 2, 3), dense(-1, 0, 99), sparse(3, {1: 2.0}), dense(NAN, INF, -0.0)])
    fives = one_column("features", "vector", [dense(1, 2, 3, 4, 5), sparse(5, {1: 2.0, 4: -1.0}), dense(NAN, INF, -0.0, 1, 0)])
    found = [
        Case(
            classes[short],
            f"saved_by_{version}",
            f"Saved by Spark {version}.",
            saved(f"{short}-{version}"),
            _rows("features" if version == "2.4.7" else "indexedFeatures"),
        )
        for version, short in trees
    ]
    return [
        *found,
        Case(
            "feature/string_indexer_model",
            "saved_by_2.4.4_under_skip",
            "Saved by Spark 2.4.4, which knew one column alone.",
            saved("strIndexerModel-2.4.4"),
            labels,
        ),
        Case("ml/pipeline_model", "string_indexer_saved_by_2.1.0", "A pipeline saved by Spark 2.1.0.", saved("stringindexer-2.1.0"), letters),
        Case(
            "ml/pipeline_model",
            "string_indexer_saved_by_2.1.0_unseen",
            "It meets an unseen label.",
            saved("stringindexer-2.1.0"),
            one_column("category", "string", ["a", "z"]),
            "error",
        ),
        Case("ml/pipeline_model", "min_max_scaler_saved_by_2.1.0", "A pipeline saved by Spark 2.1.0.", saved("minmaxscaler-2.1.0"), numbers),
        Case("ml/pipeline_model", "standard_scaler_saved_by_2.1.0", "A pipeline saved by Spark 2.1.0.", saved("standardscaler-2.1.0"), fives),
        Case(
            "ml/pipeline_model",
            "gbt_regressor_saved_by_2.1.0",
            "Ten boosted trees saved by Spark 2.1.0 in several files.",
            saved("gbtregressor-2.1.0"),
            _rows("features"),
        ),
    ]
