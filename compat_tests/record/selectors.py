"""The selector models: sparse rows with stored zeros, features beyond the end, nothing and everything selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import (
    ChiSqSelector,
    ChiSqSelectorModel,
    UnivariateFeatureSelector,
    UnivariateFeatureSelectorModel,
    VarianceThresholdSelector,
    VarianceThresholdSelectorModel,
)
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_ints, java_model, with_params
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

TRAIN = Table(
    {"u": "vector", "label": "double"},
    [(dense(i % 2, i % 3, 1 if i < 5 else 0, 4, i * i % 5), float(i % 2)) for i in range(12)],
)
FIVE = one_column(
    "u",
    "vector",
    [
        dense(1, 2, 3, 4, 5),
        sparse(5, {0: 1.0, 1: 0.0, 4: -0.0}),
        sparse(5),
        dense(-0.0, NAN, INF, 0, -1),
        sparse(5, {1: NAN, 2: INF, 3: 3.0}),
        sparse(5, {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0, 4: 5.0}),
    ],
)

WRAPPERS = {
    "ChiSqSelectorModel": ChiSqSelectorModel,
    "UnivariateFeatureSelectorModel": UnivariateFeatureSelectorModel,
    "VarianceThresholdSelectorModel": VarianceThresholdSelectorModel,
}


#: What all selectors share is recorded of the first alone.
ONCE = {"dense_rows", "sparse_rows", "null_vector_not_asked_for", "metadata_size", "array_input_is_refused", "side_by_side", "longer_rows", "wide_rows"}


def given(name: str, *features: int) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return java_model(spark, WRAPPERS[name], f"feature.{name}", "selector_given", java_ints(spark, *features)).setFeaturesCol("u").setOutputCol("v")

    return model


def of_one_class(folder: str, name: str, fit: Callable[..., Callable[[SparkSession], Any]], fits: dict[str, dict[str, Any]]) -> list[Case]:
    case = partial(Case, folder)
    chosen = partial(given, name)
    found = [
        *vector_cases(case, chosen(0, 2), MIXED, inputs="featuresCol"),
        *(case(f"fitted_{key}", f"Fitted with {params or 'the defaults'}.", fit(**params), FIVE) for key, params in fits.items()),
        case(
            "default_columns",
            "The default names of both columns.",
            with_params(chosen(0, 2), featuresCol=None, outputCol=None),
            one_column("features", "vector", [row[0] for row in FIVE.rows]),
        ),
        case("one_feature", "One feature.", chosen(1), FIVE),
        case("side_by_side", "Features side by side.", chosen(1, 2, 3), FIVE),
        case("every_feature", "Every feature.", chosen(0, 1, 2, 3, 4), FIVE),
        case("no_feature", "Nothing is selected.", chosen(), FIVE),
        case("wide_rows", "Finite rows.", chosen(0, 3, 4), WIDE),
        case("beyond_the_end_dense", "A dense row is too short.", chosen(1, 5), FIVE, "error"),
        case(
            "beyond_the_end_sparse",
            "A sparse row may be shorter than the last feature.",
            chosen(1, 3),
            one_column("u", "vector", [sparse(2, {1: 2.0}), sparse(2)]),
        ),
        case("longer_rows", "Longer rows are not refused.", chosen(0, 1), FIVE),
    ]
    return found if folder.endswith("chi_sq_selector_model") else [made for made in found if made.name not in ONCE]


def cases() -> list[Case]:
    def chi(**params: Any) -> Callable[[SparkSession], Any]:
        return lambda spark: ChiSqSelector(**{"featuresCol": "u", "outputCol": "v", **params}).fit(TRAIN.frame(spark))

    def univariate(**params: Any) -> Callable[[SparkSession], Any]:
        def model(spark: SparkSession) -> Any:
            selector = UnivariateFeatureSelector(featuresCol="u", outputCol="v")
            for name, value in params.items():
                selector.set(selector.getParam(name), value)
            return selector.fit(TRAIN.frame(spark))

        return model

    def variance(**params: Any) -> Callable[[SparkSession], Any]:
        return lambda spark: VarianceThresholdSelector(featuresCol="u", outputCol="v", **params).fit(TRAIN.frame(spark))

    selector_types = {
        kind: {"selectorType": kind, "numTopFeatures": 2, "percentile": 0.5, "fpr": 0.5, "fdr": 0.9, "fwe": 0.9}
        for kind in ("numTopFeatures", "percentile", "fpr", "fdr", "fwe")
    }
    kinds = {
        f"{f}_{t}": {"featureType": f, "labelType": t} for f, t in (("categorical", "categorical"), ("continuous", "categorical"), ("continuous", "continuous"))
    }
    modes = {
        mode: {**kinds["continuous_categorical"], "selectionMode": mode, "selectionThreshold": threshold}
        for mode, threshold in (("numTopFeatures", 2), ("percentile", 0.5), ("fpr", 0.5), ("fdr", 0.9), ("fwe", 0.9))
    }
    return [
        *of_one_class("feature/chi_sq_selector_model", "ChiSqSelectorModel", chi, {"defaults": {}, **selector_types}),
        Case("feature/chi_sq_selector_model", "not_in_order", "Numbers that do not ascend are sorted.", given("ChiSqSelectorModel", 4, 0, 2), FIVE),
        *of_one_class("feature/univariate_feature_selector_model", "UnivariateFeatureSelectorModel", univariate, {**kinds, **modes}),
        Case(
            "feature/univariate_feature_selector_model",
            "not_in_order",
            "Numbers that do not ascend are sorted.",
            given("UnivariateFeatureSelectorModel", 4, 0, 2),
            FIVE,
        ),
        *of_one_class(
            "feature/variance_threshold_selector_model", "VarianceThresholdSelectorModel", variance, {"defaults": {}, "threshold": {"varianceThreshold": 1.0}}
        ),
    ]
