"""RobustScalerModel: the four combinations of centering and scaling, features without range, vectors of another size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import RobustScaler, RobustScalerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_model, java_vector, with_params
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

FOLDER = "feature/robust_scaler_model"
case = partial(Case, FOLDER)

#: The third feature is constant.
TRAIN = one_column("u", "vector", [dense(1, 10, 7), dense(2, -20, 7), dense(4.5, 0, 7), dense(0.1, 3, 7), dense(-3, 4, 7)])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: RobustScaler(inputCol="u", outputCol="v", **params).fit(train.frame(spark))


def given(spans: list[float], medians: list[float], **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        model = java_model(spark, RobustScalerModel, "feature.RobustScalerModel", "robustScal_given", java_vector(spark, *spans), java_vector(spark, *medians))
        return model.setInputCol("u").setOutputCol("v")

    return with_params(model, **params)


def cases() -> list[Case]:
    combinations = [(center, scale) for center in (False, True) for scale in (False, True)]
    name = {pair: f"center_{str(pair[0]).lower()}_scale_{str(pair[1]).lower()}" for pair in combinations}
    hard_rows = one_column("u", "vector", [dense(1, 1, 1, 1, 1), dense(0, HUGE, INF, INF, 0), dense(0, 0, 0, 0, 0)])
    hard_mixed = one_column("u", "vector", [dense(0, 1, 1, 1, 0), sparse(5, {1: 1.0}), sparse(5, {0: DENORMAL, 2: NAN, 3: 0.0, 4: 0.0})])
    hard = ([DENORMAL, HUGE, 0.0, INF, NAN], [0.0, HUGE, 1.0, 0.0, 0.0])
    short = one_column("u", "vector", [dense(1, 2), sparse(2, {1: 2.0})])
    params = {pair: {"withCentering": pair[0], "withScaling": pair[1]} for pair in combinations}
    return [
        *vector_cases(case, fitted()),
        *(case(name[p], f"{name[p]}: dense and sparse rows.", fitted(**params[p]), MIXED) for p in combinations),
        *(case(f"{name[p]}_shorter", f"{name[p]}: shorter vectors are not refused.", fitted(**params[p]), short) for p in combinations),
        *(case(f"{name[p]}_hard_dense", f"{name[p]}: tiny and huge ranges, dense rows.", given(*hard, **params[p]), hard_rows) for p in combinations),
        *(case(f"{name[p]}_hard_mixed", f"{name[p]}: tiny and huge ranges, sparse rows too.", given(*hard, **params[p]), hard_mixed) for p in combinations),
        case(
            "center_false_scale_false_null",
            "With neither, a null vector passes.",
            fitted(withCentering=False, withScaling=False),
            one_column("u", "vector", [dense(1, 2, 3), None]),
        ),
        case("other_quantiles", "Other quantiles and error.", fitted(lower=0.1, upper=0.6, relativeError=0.1, withCentering=True), MIXED),
        case("lower_not_below_upper", "lower must be below upper at transform, too.", with_params(fitted(), lower=0.8), MIXED, "error"),
        case("wide_rows", "Five features.", fitted(WIDE, withCentering=True), WIDE),
        case("longer_dense", "A longer dense vector.", fitted(), one_column("u", "vector", [dense(1, 2, 3, 4)]), "error"),
        case("size_zero", "A model of no features is refused at transform.", given([], []), one_column("u", "vector", [dense(), sparse(0)]), "error"),
    ]
