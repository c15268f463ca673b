"""RFormulaModel and the two stages that only its pipelines hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import RFormula
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaModel
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, nominal, one_column, sparse, vector_attributes
from compat_tests.record.session import with_params

HARD = sparse(3, {0: NAN, 1: -INF, 2: -0.0})

case = partial(Case, "feature/r_formula_model")
pruner_case = partial(Case, "feature/column_pruner")
rewriter_case = partial(Case, "feature/vector_attribute_rewriter")

COLUMNS = {"y": "double", "a": "double", "n": "int", "s": "string", "t": "string", "f": "boolean", "u": "vector"}
TRAIN = Table(
    COLUMNS,
    [
        (1.0, 0.5, 3, "p", "k", True, dense(1, 2)),
        (0.0, 1.5, 4, "q", "l", False, dense(3, 4)),
        (1.0, 2.5, 5, "p", "m", True, sparse(2, {0: 5.0})),
        (0.0, -3.5, 6, "r", "k", False, sparse(2)),
    ],
)
UNSEEN = Table(COLUMNS, [*TRAIN.rows, (1.0, 0.0, 7, "zzz", "k", True, dense(1, 1)), (1.0, 0.0, 8, None, "l", True, dense(1, 1))])
MISSING = Table(COLUMNS, [*TRAIN.rows, (None, NAN, 7, "p", "k", True, dense(1, 1)), (1.0, None, 8, "q", "l", True, dense(1, 1))])


def without(table: Table, *names: str) -> Table:
    """The table without some columns."""
    kept = [place for place, name in enumerate(table.columns) if name not in names]
    return Table({name: kind for name, kind in table.columns.items() if name not in names}, [tuple(row[place] for place in kept) for row in table.rows])


def fitted(formula: str, train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: RFormula(formula=formula, **params).fit(train.frame(spark))


class _Private(JavaModel, JavaMLWritable):  # type: ignore[misc]
    """A stage that pyspark has no class for."""


def private(class_name: str, *arguments: Callable[[Any], Any]) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        jvm: Any = spark._jvm
        return _Private(getattr(jvm.org.apache.spark.ml.feature, class_name)("given_1", *(argument(jvm) for argument in arguments)))

    return model


def pruner(*names: str) -> Callable[[SparkSession], Any]:
    return private("ColumnPruner", lambda jvm: jvm.PythonUtils.toSeq(list(names)).toSet())


def rewriter(column: str, **prefixes: str) -> Callable[[SparkSession], Any]:
    def scala_map(jvm: Any) -> Any:
        java = jvm.java.util.LinkedHashMap()
        for old, new in prefixes.items():
            java.put(old, new)
        return jvm.PythonUtils.toScalaMap(java)

    return private("VectorAttributeRewriter", lambda jvm: column, scala_map)


def cases() -> list[Case]:
    modes = ("error", "skip", "keep")
    table = Table({"a": "int", "b": "string", "c": "double"}, [(1, "x", 2.5), (None, None, NAN)]).with_metadata("c", nominal(2, "c"))
    vectors = Table({"u": "vector", "x": "int"}, [(dense(1, 2), 1), (sparse(2, {1: 0.0}), 2), (None, 3)])
    named = vectors.with_metadata("u", vector_attributes(0, 3))
    return [
        case("numbers", "Numbers alone.", fitted("y ~ a + n"), TRAIN),
        case("text", "A text becomes one-hot; the last category is dropped.", fitted("y ~ s + a"), TRAIN),
        case("two_texts", "Two texts.", fitted("y ~ s + t"), TRAIN),
        case("without_intercept", "Without intercept the first text keeps all categories.", fitted("y ~ s + t + a - 1"), TRAIN),
        case("interaction_of_numbers", "a:n is a product.", fitted("y ~ a:n"), TRAIN),
        case("interaction_of_texts", "s:t is a product of categories.", fitted("y ~ s:t + a"), TRAIN),
        case(
            "interaction_of_all",
            "A text, a number and a vector.",
            fitted("y ~ s:a:u", TRAIN.with_metadata("u", vector_attributes(0, 0))),
            TRAIN.with_metadata("u", vector_attributes(0, 0)),
        ),
        case("vector_term", "A vector's size comes from the first row of training.", fitted("y ~ u + s"), TRAIN),
        case(
            "vector_term_with_attributes",
            "A vector with attributes.",
            fitted("y ~ u + a", TRAIN.with_metadata("u", vector_attributes(0, 2))),
            TRAIN.with_metadata("u", vector_attributes(0, 2)),
        ),
        case("boolean_term", "A truth value is a number.", fitted("y ~ f + a"), TRAIN),
        case("dot", "A dot stands for all columns.", fitted("y ~ ."), TRAIN),
        case("other_columns", "Other names for features and label.", fitted("y ~ s", featuresCol="x", labelCol="target"), TRAIN),
        case("label_is_text", "A text as label becomes an index.", fitted("s ~ a + n"), TRAIN),
        case("label_is_text_and_absent", "Prediction data lack the label.", fitted("s ~ a + n"), without(TRAIN, "s")),
        case("label_is_boolean", "A truth value as label becomes a double.", fitted("f ~ a"), TRAIN),
        case("label_is_int", "A whole number as label becomes a double.", fitted("n ~ a"), TRAIN),
        case("label_is_absent", "Prediction data lack the label.", fitted("y ~ a + s"), without(TRAIN, "y")),
        case("label_with_metadata", "The label's own metadata.", fitted("y ~ a"), TRAIN.with_metadata("y", nominal(2, "y"))),
        case(
            "label_of_another_type", "A label that was a number is a text now.", fitted("y ~ a"), Table({"y": "string", "a": "double"}, [("1", 1.0)]), "error"
        ),
        case("label_is_null", "A null label stays null.", fitted("y ~ n"), MISSING),
        case(
            "label_column_exists",
            "A label column that is there is left alone.",
            fitted("y ~ a"),
            Table({"y": "double", "a": "double", "label": "int"}, [(1, 2, 3)]),
        ),
        case(
            "label_column_is_the_label",
            "The label has the label column's name.",
            fitted("label ~ a", Table({"label": "double", "a": "double"}, [(1, 2), (0, 3)])),
            Table({"label": "double", "a": "double"}, [(1, 2)]),
        ),
        case(
            "label_column_is_text",
            "A label column that is a text is refused.",
            fitted("y ~ a"),
            Table({"y": "double", "a": "double", "label": "string"}, [(1, 2, "x")]),
            "error",
        ),
        case(
            "features_column_exists",
            "A features column that is there is refused.",
            fitted("y ~ a"),
            Table({"y": "double", "a": "double", "features": "int"}, [(1, 2, 3)]),
            "error",
        ),
        case("force_index_label", "The number that is the label becomes an index.", fitted("y ~ a", forceIndexLabel=True), TRAIN),
        case("force_index_label_absent", "The label to be indexed is absent.", fitted("y ~ a", forceIndexLabel=True), without(TRAIN, "y")),
        case(
            "force_index_label_absent_skip",
            "The label to be indexed is absent under skip.",
            fitted("y ~ a", forceIndexLabel=True, handleInvalid="skip"),
            without(TRAIN, "y"),
            "error",
        ),
        case("no_label", "A formula without a label.", fitted("~ a + s"), TRAIN),
        *(case(f"{mode}_seen", f"Rows like those of training, under {mode}.", fitted("y ~ s + a", handleInvalid=mode), TRAIN) for mode in modes),
        *(
            case(
                f"{mode}_unseen_text",
                f"An unseen text and a null, under {mode}.",
                fitted("y ~ s + a", handleInvalid=mode),
                UNSEEN,
                "error" if mode == "error" else "rows",
            )
            for mode in modes
        ),
        *(
            case(
                f"{mode}_missing_number",
                f"A null and NaN among the numbers, under {mode}.",
                fitted("y ~ n + a", handleInvalid=mode),
                MISSING,
                "error" if mode == "error" else "rows",
            )
            for mode in modes
        ),
        *(
            case(f"order_{order.lower()}", f"Categories ordered by {order}.", fitted("y ~ s + t", stringIndexerOrderType=order), TRAIN)
            for order in ("frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc")
        ),
        case(
            "hard_values",
            "Infinite values and -0.0 among the terms.",
            fitted("y ~ s + a + u"),
            Table(COLUMNS, [(1.0, -0.0, 3, "p", "k", True, dense(INF, -0.0)), (-0.0, -INF, 4, "q", "l", False, sparse(2, {1: -INF}))]),
        ),
        case("empty_input", "No rows.", fitted("y ~ s + a"), TRAIN.empty()),
        case("missing_term", "A term is not there.", fitted("y ~ s + a"), without(TRAIN, "a"), "error"),
        case("features_alone", "Only the features are asked for.", fitted("y ~ s:t + u"), TRAIN, columns=("features",)),
        case("case_of_the_label", "The label column differs from a column by case alone.", with_params(fitted("y ~ a"), labelCol="N"), TRAIN),
        pruner_case("two_columns", "Two columns go; those that are not there do not matter.", pruner("a", "c", "z"), table),
        pruner_case("no_columns", "No column goes.", pruner(), table),
        pruner_case("case_matters", "A name of another case is another name.", pruner("A"), table),
        pruner_case("metadata_stays", "Metadata stay.", pruner("a"), table),
        pruner_case("empty_input", "No rows.", pruner("b"), table.empty()),
        pruner_case("dot_in_a_name_that_stays", "A column with a dot cannot be selected.", pruner("a"), Table({"a": "int", "b.c": "int"}, [(1, 2)]), "error"),
        pruner_case(
            "hard_values",
            "What is in the columns does not matter.",
            pruner("a"),
            Table({"a": "int", "c": "double", "u": "vector"}, [(1, -0.0, HARD), (2, INF, dense(INF))]),
        ),
        rewriter_case(
            "hard_values",
            "What is in the vectors does not matter.",
            rewriter("u", f="g_"),
            one_column("u", "vector", [HARD]).with_metadata("u", vector_attributes(0, 3, 0)),
        ),
        rewriter_case("prefix", "A text in the names is replaced, and the column becomes the last.", rewriter("u", f="g_"), named),
        rewriter_case("two_prefixes", "Two texts.", rewriter("u", f0="first", f1="second"), named),
        rewriter_case(
            "every_place",
            "Every place is replaced, not the beginning alone.",
            rewriter("u", a="bb"),
            vectors.with_metadata("u", {"ml_attr": {"attrs": {"numeric": [{"idx": 0, "name": "banana"}, {"idx": 1}]}, "num_attrs": 2}}),
        ),
        rewriter_case("nothing_to_rewrite", "No prefix.", rewriter("u"), named),
        rewriter_case("no_attributes", "A column without attributes is refused.", rewriter("u", f="g"), vectors, "error"),
        rewriter_case("missing_column", "The column is not there.", rewriter("w", f="g"), named, "error"),
        rewriter_case("not_a_vector", "The column is a number.", rewriter("x", f="g"), one_column("x", "double", [1]), "error"),
        rewriter_case("empty_input", "No rows.", rewriter("u", f="g"), named.empty()),
    ]
