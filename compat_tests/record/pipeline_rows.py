"""PipelineModel: filters and skips between stages, and names that repeat or are written again; which rows and columns each stage still sees."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyspark.ml.classification import DecisionTreeClassifier, LogisticRegression
from pyspark.ml.feature import Imputer, OneHotEncoder
from pyspark.ml.regression import DecisionTreeRegressor, LinearRegression
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.pipeline import BAD, COLUMNS, FOLDER, ROWS, _scaler, assemble, bucket, encode, given_classifier, impute, index, joined, piped, sql

case = partial(Case, FOLDER)

#: Row 2 lies outside the buckets; rows 3 and 4 lie outside, too, and have no y or one that is not positive.
INSIDE = Table(BAD.columns, [row for row in BAD.rows if row[1] != 99])
OUTSIDE = Table(COLUMNS, [("a", 1, 2, 0), ("b", -3, 1, 1), ("c", 99, None, 1), ("a", 99, -1, 0), ("b", 4, 3, 1), ("c", -2, None, 0), ("a", 5, NAN, 0)])
KEEP = "SELECT * FROM __THIS__ WHERE"


def cases() -> list[Case]:
    twice = Table({"x": "double", "y": "double"}, [(1, 2), (3, None)])
    vectors = Table({"u": "vector", "x": "double"}, [(None, 1), (dense(1, 2), 2), (sparse(2), 3)])
    classify = (assemble("x", "y", output="features", how="skip"), lambda: LogisticRegression(maxIter=4))
    several = (index("skip"), bucket("skip"), assemble("x", "y", "i", "b", output="features", how="skip"), lambda: DecisionTreeClassifier(maxDepth=2))
    return [
        # The parts of a condition.
        case(
            "where_null_and_bucket",
            "y > 0 is null or false where x is outside: the row is dropped before the bucket is asked for.",
            piped(bucket(), sql(f"{KEEP} y > 0 AND b >= 0")),
            OUTSIDE,
        ),
        case("where_bucket_and_null", "The bucket is asked for first.", piped(bucket(), sql(f"{KEEP} b >= 0 AND y > 0")), OUTSIDE, "error"),
        case("where_three_parts", "Three parts; the bucket stands last.", piped(bucket(), sql(f"{KEEP} s <> 'c' AND (y > 0 AND b >= 0)")), OUTSIDE),
        case("where_bucket_in_the_middle", "It stands in the middle.", piped(bucket(), sql(f"{KEEP} x < 10 AND b >= 0 AND y > 0")), OUTSIDE),
        case(
            "where_bucket_and_not_null_of_another",
            "IS NOT NULL of another column stays where it is.",
            piped(bucket(), sql(f"{KEEP} b >= 0 AND y IS NOT NULL AND x < 10")),
            OUTSIDE,
            "error",
        ),
        case(
            "where_bucket_and_comparison",
            "A comparison further right says that x is not null, which Spark asks first: a null x does not raise.",
            piped(bucket(), sql(f"{KEEP} b >= 0 AND x < 10")),
            Table(COLUMNS, [("a", 1, 2, 0), ("b", None, 1, 1)]),
        ),
        case(
            "where_or_with_bucket",
            "OR whose left side is true does not ask for the bucket, but SELECT * does.",
            piped(bucket(), sql(f"{KEEP} x > 50 OR b >= 0")),
            OUTSIDE,
            "error",
        ),
        case(
            "where_not_null_and_prediction",
            "IS NOT NULL guards a prediction.",
            joined(given_classifier(features="u"), lambda spark: sql(f"{KEEP} u IS NOT NULL AND prediction >= 0")()),
            vectors,
        ),
        case(
            "where_prediction_and_not_null",
            "Spark puts IS NOT NULL ahead of what reads the same column.",
            joined(given_classifier(features="u"), lambda spark: sql(f"{KEEP} prediction >= 0 AND u IS NOT NULL")()),
            vectors,
        ),
        case(
            "where_twice_around_bucket",
            "A filter before and one after the stage.",
            piped(sql(f"{KEEP} s <> 'c'"), bucket(), sql(f"{KEEP} y > 0 AND b >= 0")),
            OUTSIDE,
        ),
        case(
            "where_on_column_made_by_sql",
            "A filter on what an earlier statement computed.",
            piped(sql("SELECT *, x * 2 AS z FROM __THIS__"), bucket(), sql(f"{KEEP} z < 100 AND b >= 0")),
            OUTSIDE,
        ),
        case(
            "where_in_the_statement_that_computes",
            "WHERE sees the columns before the items.",
            piped(bucket(), sql("SELECT s, b, x + 1 AS x FROM __THIS__ WHERE x < 10")),
            OUTSIDE,
        ),
        case(
            "where_after_imputer", "A filter after an imputer, which is no UDF.", piped(impute("x", "y"), sql(f"{KEEP} x_imputed > 1 AND y_imputed < 3")), BAD
        ),
        case("where_after_tree", "A filter after a tree spares it from null vectors.", joined(_tree, lambda spark: sql(f"{KEEP} x > 1")()), vectors),
        case("where_on_leaf_prediction", "A filter on a tree's prediction.", joined(_tree, lambda spark: sql(f"{KEEP} x > 1 AND prediction >= 0")()), vectors),
        case("where_on_metadata_column", "A filter on an index.", piped(index("keep"), sql(f"{KEEP} i < 2")), BAD),
        case("where_drops_all_rows", "No row is left for the stages behind.", piped(sql(f"{KEEP} x < -1000"), index(), bucket(), assemble("x", "i", "b")), BAD),
        # skip in several stages.
        case("skip_in_three_stages", "Indexer, bucketizer and assembler under skip, then a tree.", piped(*several), INSIDE),
        case("skip_in_three_stages_prediction", "Only the prediction is read: the same rows go.", piped(*several), INSIDE, columns=("prediction",)),
        case("skip_in_three_stages_input", "Only an input column is read: the same rows go.", piped(*several), INSIDE, columns=("s",)),
        case("skip_in_three_stages_outside", "A value outside the buckets raises under skip.", piped(*several), Table(COLUMNS, [("a", 99, 1, 0)]), "error"),
        case("skip_then_outside_in_a_dropped_row", "Not in a row that the indexer drops.", piped(*several), Table(COLUMNS, [("zz", 99, 1, 0), ("a", 1, 1, 0)])),
        case(
            "skip_of_two_columns",
            "One indexer of two columns under skip.",
            piped(index("skip"), index("skip", "y", "j")),
            Table(COLUMNS, [("a", 1, -2.5, 0), ("zz", 1, -2.5, 0), ("b", 1, 77, 0), ("b", 2, None, 1)]),
        ),
        case("skip_drops_all_rows", "All rows go at the first stage.", piped(*several), Table(COLUMNS, [("zz", 1, 1, 0), (None, 2, 2, 1)])),
        case("skip_then_where", "A filter behind stages under skip.", piped(*several[:3], sql(f"{KEEP} i > 0 OR b = 1")), INSIDE),
        case("where_then_skip", "A filter ahead of them.", piped(sql(f"{KEEP} y IS NOT NULL"), *several[:3]), INSIDE),
        case("assembler_skip_then_classifier", "Assembler under skip ahead of a classifier.", piped(*classify), BAD),
        case("keep_then_skip", "Unseen labels under keep, NaN under skip.", piped(index("keep"), assemble("x", "i", how="skip")), BAD),
        case(
            "assembler_keep_then_classifier",
            "Assembler under keep: NaN goes into the margin.",
            piped(assemble("x", "y", output="features", how="keep"), lambda: LinearRegression(maxIter=4), train=ROWS.head(3)),
            BAD,
        ),
        case("encoder_keep", "Encoder under keep behind an indexer under keep.", piped(index("keep"), encode(handleInvalid="keep")), BAD),
        # Columns that nobody asks for.
        case("failing_bucket_not_asked_for", "The bucket is not asked for.", piped(bucket(), assemble("y", how="keep")), OUTSIDE, columns=("s", "v")),
        case("failing_bucket_asked_for", "It is.", piped(bucket(), assemble("y", how="keep")), OUTSIDE, "error", columns=("b",)),
        case(
            "failing_prediction_not_asked_for",
            "The label's prediction is not asked for; the features hold null.",
            joined(given_classifier(features="u")),
            vectors,
            columns=("x", "u"),
        ),
        case("failing_scaler_not_asked_for", "The scaled vector is not asked for.", joined(_scaler), vectors, columns=("x",)),
        case(
            "failing_stage_overwritten", "A statement replaces the column that fails.", piped(bucket(), sql("SELECT s, x, y, 0.0D AS b FROM __THIS__")), OUTSIDE
        ),
        # Names.
        case(
            "statement_overwrites_a_column",
            "A statement gives an input column other values; later stages see those.",
            piped(sql("SELECT s, x / 20 AS x, y, label FROM __THIS__"), bucket(), assemble("x", "b", how="keep")),
            OUTSIDE,
        ),
        case(
            "imputer_in_place",
            "An imputer whose output is its input.",
            piped(lambda: Imputer(inputCols=["x", "y"], outputCols=["x", "y"]), assemble("x", "y")),
            BAD,
        ),
        case(
            "imputer_swaps_columns",
            "An imputer whose outputs are its inputs the other way round.",
            piped(lambda: Imputer(inputCols=["x", "y"], outputCols=["y", "x"])),
            BAD,
        ),
        case(
            "statement_renames_and_swaps",
            "A statement that exchanges two names.",
            piped(sql("SELECT s, x AS y, y AS x FROM __THIS__"), bucket("keep", "y"), assemble("x", how="keep")),
            ROWS,
        ),
        case(
            "names_that_differ_by_case_read",
            "A stage reads one of two names that differ by case: it is ambiguous.",
            piped(sql("SELECT x, y AS X FROM __THIS__"), bucket("keep")),
            ROWS,
            "error",
        ),
        case(
            "names_that_differ_by_case_read_sensitive",
            "With caseSensitive it is not.",
            joined(lambda spark: sql("SELECT x, y AS X FROM __THIS__")(), lambda spark: bucket("keep")(), lambda spark: bucket("keep", "X", "B")()),
            ROWS,
            case_sensitive=True,
        ),
        case(
            "names_twice_read",
            "A stage reads a name that is there twice.",
            joined(lambda spark: sql("SELECT *, y AS x FROM __THIS__")(), lambda spark: bucket("keep")()),
            ROWS,
            "error",
        ),
        case(
            "names_twice_not_read",
            "A name is there twice, and only others are read.",
            joined(lambda spark: sql("SELECT *, s AS y FROM __THIS__")(), lambda spark: bucket("keep", "x")()),
            ROWS,
            columns=("s", "b"),
        ),
        case("output_differs_by_case_from_input", "A bucketizer writes X beside x.", joined(lambda spark: bucket("keep", "x", "X")()), ROWS),
        case(
            "output_differs_by_case_and_is_read",
            "A bucketizer writes X, which replaces x; the next stage reads X.",
            joined(lambda spark: bucket("keep", "x", "X")(), lambda spark: assemble("X", "y", how="keep")()),
            ROWS,
        ),
        case(
            "two_predictions_of_one_name",
            "Two models whose predictions have one name.",
            joined(given_classifier(features="u"), given_classifier(features="u")),
            vectors,
            "error",
        ),
        case(
            "two_models",
            "Two models on one vector, with names of their own.",
            joined(_fine(given_classifier(features="u")), _named(given_classifier(features="u"))),
            Table(vectors.columns, [(dense(3, 1), 1), (dense(1, 3), 2)]),
        ),
        case(
            "prediction_overwritten",
            "A statement replaces the prediction.",
            joined(given_classifier(features="u"), lambda spark: sql("SELECT x, prediction + 1 AS prediction FROM __THIS__")()),
            Table(vectors.columns, [(dense(3, 1), 1), (dense(1, 3), 2)]),
        ),
        case(
            "prediction_in_a_statement",
            "A statement computes with the prediction, and keeps vectors.",
            joined(
                given_classifier(features="u"),
                lambda spark: sql("SELECT *, CASE WHEN prediction = 1.0D THEN 'yes' ELSE 'no' END AS said, probability AS p FROM __THIS__")(),
            ),
            Table(vectors.columns, [(dense(3, 1), 1), (dense(1, 3), 2), (sparse(2), 3)]),
        ),
        case(
            "prediction_becomes_a_feature",
            "A tree on the prediction of another model, whose metadata make it nominal.",
            _stacked,
            Table(COLUMNS, [("a", 1, 2, 0), ("b", 4, -1, 1), ("c", -2, 0, 1)]),
        ),
        case(
            "index_renamed",
            "A statement renames an index, whose metadata come along to the encoder.",
            joined(_indexer, lambda spark: sql("SELECT i AS k, x FROM __THIS__")(), _encoder),
            BAD.head(1),
        ),
        case(
            "spelling_of_stage_and_statement",
            "A statement spells a stage's output in another case.",
            joined(lambda spark: bucket("keep")(), lambda spark: sql("SELECT B, S FROM __THIS__ WHERE B > 0")()),
            ROWS,
        ),
        case(
            "columns_in_another_order",
            "Columns asked for in another order, one of them an input.",
            piped(index("keep"), encode(), assemble("x", "o", how="keep")),
            BAD,
            columns=("v", "x", "i"),
        ),
        case(
            "pipeline_of_filters_alone", "Statements that only filter.", joined(lambda spark: sql(f"{KEEP} x > 0")(), lambda spark: sql(f"{KEEP} y > 0")()), BAD
        ),
        case(
            "nested_empty_in_the_middle",
            "Empty pipelines between stages.",
            joined(lambda spark: bucket("keep")(), _empty, lambda spark: assemble("b", how="keep")(), _empty),
            ROWS,
        ),
        case(
            "ansi_in_a_pipeline",
            "ANSI mode: division by zero in a row that a filter drops.",
            joined(lambda spark: sql("SELECT x, 1 / x AS r FROM __THIS__")(), lambda spark: sql(f"{KEEP} x <> 0")()),
            Table({"x": "double"}, [(0,), (2,), (-0.0,), (None,)]),
            ansi=True,
        ),
        case(
            "ansi_in_a_pipeline_kept",
            "The same row is kept.",
            joined(lambda spark: sql("SELECT x, 1 / x AS r FROM __THIS__")(), lambda spark: sql(f"{KEEP} x < 2")()),
            Table({"x": "double"}, [(0,), (2,)]),
            "error",
            ansi=True,
        ),
        case(
            "ansi_filter_on_the_failing_column",
            "The filter reads the quotient.",
            joined(lambda spark: sql("SELECT x, 1 / x AS r FROM __THIS__")(), lambda spark: sql(f"{KEEP} r > 0")()),
            Table({"x": "double"}, [(0,), (2,)]),
            "error",
            ansi=True,
        ),
        case(
            "missing_values_through_everything",
            "NaN, null and infinities through imputer, assembler and scaler.",
            piped(impute("x", "y"), assemble("x_imputed", "y_imputed", "label", how="keep"), lambda: DecisionTreeRegressor(featuresCol="v", maxDepth=2)),
            Table(COLUMNS, [("a", NAN, None, 0), ("b", INF, -INF, None), ("c", None, NAN, NAN), (None, -0.0, 0.0, 1)]),
        ),
        case(
            "twice_the_same_statement",
            "A statement that adds the same name twice over.",
            joined(
                lambda spark: sql("SELECT *, x + y AS z FROM __THIS__")(),
                lambda spark: sql("SELECT *, z * 2 AS w FROM __THIS__")(),
                lambda spark: sql("SELECT w, z FROM __THIS__")(),
            ),
            twice,
        ),
    ]


def _tree(spark: SparkSession) -> Any:
    rows = Table({"label": "double", "u": "vector"}, [(0, dense(0, 0)), (1, dense(1, 2)), (0, dense(0, 1)), (1, dense(2, 2))])
    return DecisionTreeClassifier(featuresCol="u", maxDepth=1).fit(rows.frame(spark))


def _fine(model: Any) -> Any:
    return model


def _named(model: Any) -> Any:
    return lambda spark: model(spark).setPredictionCol("p2").setProbabilityCol("q2").setRawPredictionCol("r2")


def _indexer(spark: SparkSession) -> Any:
    return index("keep")().fit(BAD.frame(spark))


def _encoder(spark: SparkSession) -> Any:
    return OneHotEncoder(inputCols=["k"], outputCols=["o"]).fit(one_column("k", "double", [0, 1, 2, 3, 4]).frame(spark))


def _empty(spark: SparkSession) -> Any:
    return joined()(spark)


def _stacked(spark: SparkSession) -> Any:
    front = (assemble("x", "y", output="features"), lambda: LogisticRegression(maxIter=4))
    back = (
        assemble("prediction", "x", output="more"),
        lambda: DecisionTreeClassifier(featuresCol="more", predictionCol="p2", probabilityCol="q2", rawPredictionCol="r2", maxDepth=2),
    )
    return piped(*front, *back)(spark)
