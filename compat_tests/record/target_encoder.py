"""TargetEncoderModel of Spark 4.0: both kinds of target, smoothing, unseen categories and null, one column and several."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, one_column
from compat_tests.record.session import with_params

FOLDER = "feature/target_encoder_model"
case = partial(Case, FOLDER, spark="4.0", ansi=True)

TRAIN = Table(
    {"x": "double", "y": "int", "label": "double", "amount": "double"},
    [(i % 3, i % 4 if i % 5 else None, float(i % 7 in (1, 2)), i / 7 - 0.3) for i in range(23)],
)
SEEN = Table({"x": "double", "y": "int"}, [(0, 0), (1, 1), (2, 2), (-0.0, 3), (1, None), (0, 3)])
ANYTHING = Table(
    {"x": "double", "y": "int"},
    [(0, 0), (None, None), (NAN, 1), (INF, 7), (-1, -1), (2147483647, 2147483647), (0.5, 2), (-0.0, 3), (HUGE, 0), (DENORMAL, 0), (7, 0)],
)


def fitted(train: Table = TRAIN, after: dict[str, Any] | None = None, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        from pyspark.ml.feature import TargetEncoder

        return TargetEncoder(**{"inputCols": ["x", "y"], "outputCols": ["a", "b"], "labelCol": "label", **params}).fit(train.frame(spark))

    return with_params(model, **(after or {}))


def single(**params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        from pyspark.ml.feature import TargetEncoder

        return TargetEncoder(**{"inputCol": "x", "outputCol": "a", "labelCol": "label", **params}).fit(TRAIN.frame(spark))

    return model


def cases() -> list[Case]:
    continuous = {"labelCol": "amount", "targetType": "continuous"}
    return [
        case("defaults", "Conditional probabilities of a binary target; null was a category of y.", fitted(), SEEN),
        case("continuous", "Means of a continuous target.", fitted(**continuous), SEEN),
        *(
            case(f"binary_smoothing_{name}", f"smoothing = {value}.", fitted(smoothing=value), SEEN)
            for name, value in (("1", 1.0), ("third", 1 / 3), ("huge", HUGE), ("tiny", 1e-10))
        ),
        *(
            case(f"continuous_smoothing_{name}", f"smoothing = {value}.", fitted(smoothing=value, **continuous), SEEN)
            for name, value in (("1", 1.0), ("third", 1 / 3), ("infinity", INF))
        ),
        case(
            "keep",
            "Under keep what was not seen is the mean of all; NaN, fractions and the reserved categories were not seen.",
            fitted(handleInvalid="keep"),
            ANYTHING,
        ),
        case("keep_continuous", "The same for a continuous target.", fitted(handleInvalid="keep", smoothing=2.0, **continuous), ANYTHING),
        *(
            case(f"error_refuses_{name}", "Under error it is refused.", fitted(), Table({"x": "double", "y": "int"}, [(value, 0)]), "error")
            for name, value in (("unseen", 5.0), ("nan", NAN), ("fraction", 0.5), ("minus_one", -1.0), ("reserved", 2147483647.0), ("null", None))
        ),
        case("not_asked_for_is_not_refused", "Nobody asks for the output.", fitted(), Table({"x": "double", "y": "int"}, [(5, 0), (0, 0)]), columns=("b",)),
        case(
            "other_smoothing_after_fit",
            "smoothing and targetType count when the model transforms.",
            fitted(after={"smoothing": 3.0, "targetType": "continuous"}),
            SEEN,
        ),
        case("single_column", "inputCol and outputCol.", single(), SEEN),
        case("default_output_columns", "Without outputCols an output is named after its input.", fitted(after={"outputCols": None}), SEEN),
        case("single_default_output", "Without outputCol, too.", with_params(single(), outputCol=None), SEEN),
        case("outputs_replace_inputs", "Outputs may replace inputs, which are all read first.", fitted(outputCols=["y", "x"]), SEEN),
        case("output_replaces_another_by_case", "Or another column, by any case.", with_params(single(), outputCol="Y"), SEEN),
        case("same_output_twice", "Two outputs of one name are refused.", fitted(after={"outputCols": ["a", "A"]}), SEEN, "error"),
        case("lengths_differ", "Another number of outputs than inputs.", fitted(after={"outputCols": ["a"]}), SEEN, "error"),
        case("other_number_of_columns", "Another number of columns than was fitted.", fitted(after={"inputCols": ["x"], "outputCols": ["a"]}), SEEN, "error"),
        *(
            case(
                f"{kind.split('(')[0]}_input", f"A {kind} column is cast to double.", with_params(single(), handleInvalid="keep"), one_column("x", kind, values)
            )
            for kind, values in (
                ("float", [0.0, 1.0, 0.5, NAN, None]),
                ("bigint", [0, 1, 2**53 + 1, None]),
                ("tinyint", [0, 2, None]),
                ("decimal(10,2)", [Decimal("1.00"), Decimal("1.50"), None]),
            )
        ),
        case("string_input_is_refused", "A string column is not numeric.", single(), one_column("x", "string", ["1"]), "error"),
        case("missing_column", "A missing input column raises.", single(), one_column("y", "int", [1]), "error"),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(single(), inputCol="X"), SEEN, "error"),
        case("empty_input", "No rows.", fitted(), SEEN.empty()),
        Case(FOLDER, "without_ansi", "The same without ANSI.", fitted(handleInvalid="keep"), ANYTHING, spark="4.0"),
    ]
