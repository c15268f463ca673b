"""IndexToString: labels of its own and of the column, indices that no label has."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.feature import IndexToString, StringIndexer
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, above, below, nominal, one_column
from compat_tests.record.session import with_params

FOLDER = "feature/index_to_string"
case = partial(Case, FOLDER)

VALID = one_column("i", "double", [0, 2, 1, None, -0.0, 0.999, 2.999, -0.5, below(3.0), above(-1.0), NAN])


def labelled(*labels: str, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: IndexToString(**({"inputCol": "i", "outputCol": "s"} | params | ({"labels": list(labels)} if labels else {})))


THREE = ("a", "", "日本")


def cases() -> list[Case]:
    return [
        case("labels", "The index is cut to a whole number, NaN is 0, null stays null.", labelled(*THREE), VALID),
        case(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: IndexToString(inputCol="i", labels=["a", "b"]),
            one_column("i", "double", [0, 1]),
        ),
        case("labels_of_the_column", "Without labels the column's attribute counts.", labelled(), VALID.with_metadata("i", nominal(3, "i"))),
        case("own_labels_come_first", "The param counts before the column's attribute.", labelled(*THREE), VALID.with_metadata("i", nominal(5, "i"))),
        case("empty_labels", "An empty list is no list.", with_params(labelled(), labels=[]), VALID.with_metadata("i", nominal(3))),
        case("no_labels_at_all", "Neither the param nor the column has labels.", labelled(), VALID, "error"),
        case(
            "attribute_without_values",
            "The attribute has a number of values and no values.",
            labelled(),
            VALID.with_metadata("i", {"ml_attr": {"type": "nominal", "num_vals": 3}}),
            "error",
        ),
        case(
            "binary_attribute",
            "A binary attribute is no nominal one.",
            labelled(),
            one_column("i", "double", [0, 1]).with_metadata("i", {"ml_attr": {"type": "binary", "vals": ["n", "y"]}}),
            "error",
        ),
        case("numeric_attribute", "A numeric attribute has no labels.", labelled(), VALID.with_metadata("i", {"ml_attr": {"name": "i"}}), "error"),
        *(
            case(f"refuses_{name}", f"The index {value} is refused.", labelled(*THREE), one_column("i", "double", [0, value]), "error")
            for name, value in (("too_large", 3), ("negative", -1), ("infinity", INF), ("minus_infinity", -INF))
        ),
        case("refused_index_not_asked_for", "Nobody asks for the labels.", labelled(*THREE), Table({"i": "double", "x": "int"}, [(9, 1)]), columns=("x",)),
        *(
            case(f"{kind.split('(')[0]}_input", f"A {kind} column is cast to double.", labelled(*THREE), one_column("i", kind, values))
            for kind, values in (
                ("int", [0, 2, None]),
                ("bigint", [1, 2]),
                ("smallint", [1]),
                ("tinyint", [1]),
                ("float", [0.5, 2.9, NAN]),
                ("decimal(10,2)", [Decimal("0.99"), Decimal("2.00"), None]),
            )
        ),
        case("boolean_is_refused", "A boolean column is not numeric.", labelled(*THREE), one_column("i", "boolean", [True]), "error"),
        case("string_is_refused", "A string column is not numeric.", labelled(*THREE), one_column("i", "string", ["1"]), "error"),
        case("missing_column", "The input is not there.", labelled(*THREE), one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", labelled(*THREE, outputCol="i"), VALID, "error"),
        case("empty_input", "No rows.", labelled(*THREE), VALID.empty()),
        case("repeated_label", "A label may stand twice.", labelled("a", "a"), one_column("i", "double", [0, 1])),
        Case(
            "ml/pipeline_model",
            "index_there_and_back",
            "An indexer's labels come back from the column's attribute.",
            lambda spark: Pipeline(stages=[StringIndexer(inputCol="s", outputCol="i", handleInvalid="keep"), IndexToString(inputCol="i", outputCol="t")]).fit(
                one_column("s", "string", ["b", "a", "b"]).frame(spark)
            ),
            one_column("s", "string", ["a", "b", "zzz", None]),
        ),
    ]
