"""PipelineModel: whole pipelines, nested ones, and which rows and columns Spark's optimizer lets a stage see."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import DecisionTreeClassifier, GBTClassifier, LogisticRegression, LogisticRegressionModel
from pyspark.ml.feature import Bucketizer, Imputer, MinMaxScaler, OneHotEncoder, SQLTransformer, StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression, RandomForestRegressor
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_matrix, java_model, java_vector

FOLDER = "ml/pipeline_model"
case = partial(Case, FOLDER)

COLUMNS = {"s": "string", "x": "double", "y": "double", "label": "double"}
TRAIN = Table(COLUMNS, [(["a", "b", "c", "a"][i % 4], i * 7 % 20 / 2 - 3, (i * 3 % 7) - 2.5, float(i * 7 % 20 + i % 4 > 10)) for i in range(40)])
ROWS = Table(COLUMNS, [("a", 1, 2, 0), ("b", -2.5, 0, 1), ("c", 0, -1.5, 0), ("a", 5, NAN, 1), ("b", None, 1, 0)])
#: A label that training never saw, a null, values outside the buckets; `x` tells which row is which.
BAD = Table(COLUMNS, [("a", 1, 2, 0), ("zz", 2, 1, 1), ("b", 99, 1, 1), (None, 3, 1, 0), ("c", NAN, 0, 0), ("c", 4, None, 1), ("a", None, 5, 0)])


def piped(*stages: Any, train: Table = TRAIN) -> Callable[[SparkSession], Any]:
    """A pipeline fitted on the training table; the stages are made afresh, so that their uids count from 1."""

    def model(spark: SparkSession) -> Any:
        return Pipeline(stages=[stage() for stage in stages]).fit(train.frame(spark))

    return model


def sql(text: str) -> Callable[[], Any]:
    return lambda: SQLTransformer(statement=text)


def index(how: str = "error", column: str = "s", output: str = "i") -> Callable[[], Any]:
    return lambda: StringIndexer(inputCol=column, outputCol=output, handleInvalid=how)


def bucket(how: str = "error", column: str = "x", output: str = "b") -> Callable[[], Any]:
    return lambda: Bucketizer(splits=[-10.0, 0.0, 10.0], inputCol=column, outputCol=output, handleInvalid=how)


def assemble(*columns: str, output: str = "v", how: str = "error") -> Callable[[], Any]:
    return lambda: VectorAssembler(inputCols=list(columns), outputCol=output, handleInvalid=how)


def encode(column: str = "i", output: str = "o", **params: Any) -> Callable[[], Any]:
    return lambda: OneHotEncoder(inputCols=[column], outputCols=[output], **params)


def impute(*columns: str) -> Callable[[], Any]:
    return lambda: Imputer(inputCols=list(columns), outputCols=[f"{column}_imputed" for column in columns])


def given_classifier(*, features: str = "v", thresholds: list[float] | None = None) -> Callable[[SparkSession], Any]:
    """A logistic regression on two features."""

    def model(spark: SparkSession) -> Any:
        model = java_model(
            spark,
            LogisticRegressionModel,
            "classification.LogisticRegressionModel",
            "logreg_given",
            java_matrix(spark, [[1.0, -1.0]], row_major=True),
            java_vector(spark, 0.25),
            2,
            False,
        )
        return model.setFeaturesCol(features)

    return model


def joined(*stages: Callable[[SparkSession], Any]) -> Callable[[SparkSession], Any]:
    """A PipelineModel of stages that need no fit."""

    def model(spark: SparkSession) -> Any:
        return PipelineModel([stage(spark) for stage in stages])

    return model


def cases() -> list[Case]:
    front = (impute("x", "y"), index("keep"), encode())
    logistic = (
        sql("SELECT *, x * y AS xy, CASE WHEN x > 0 THEN 1 ELSE 0 END AS positive FROM __THIS__"),
        *front,
        assemble("x_imputed", "y_imputed", "positive", output="numbers"),
        lambda: StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
        assemble("scaled", "o", output="features"),
        lambda: LogisticRegression(maxIter=8),
    )
    gbt = (
        *front[:2],
        bucket("keep", "x_imputed"),
        assemble("x_imputed", "y_imputed", "i", "b", output="features"),
        lambda: GBTClassifier(maxIter=3, maxDepth=3, seed=7),
    )
    forest = (*front[:2], assemble("x_imputed", "y_imputed", "i", output="features"), lambda: RandomForestRegressor(numTrees=3, maxDepth=3, seed=7))
    linear = (
        index("skip"),
        encode(),
        assemble("x", "y", "o", output="u", how="skip"),
        lambda: MinMaxScaler(inputCol="u", outputCol="features"),
        lambda: LinearRegression(maxIter=8),
    )
    tree = (index("error"), assemble("x", "i", output="features", how="keep"), lambda: DecisionTreeClassifier(maxDepth=3))
    nested = (
        lambda: Pipeline(stages=[stage() for stage in front]),
        lambda: Pipeline(stages=[Pipeline(stages=[assemble("x_imputed", "o", output="features")()]), LogisticRegression(maxIter=4)]),
    )
    vectors = Table({"u": "vector", "x": "double"}, [(None, 1), (dense(1, 2), 2), (sparse(2), 3)])
    everything = "SELECT * FROM __THIS__ WHERE"

    return [
        case("logistic_regression", "SQL, imputer, indexer, encoder, assemblers, scaler, logistic regression.", piped(*logistic), BAD),
        case("logistic_regression_prediction_alone", "Only the prediction is read.", piped(*logistic), BAD, columns=("prediction",)),
        case(
            "logistic_regression_probability_and_inputs",
            "Some columns, in an order of their own.",
            piped(*logistic),
            BAD,
            columns=("probability", "s", "features"),
        ),
        case("gbt", "Imputer, indexer, bucketizer, assembler, gradient-boosted trees; the bucketizer meets a value outside.", piped(*gbt), BAD, "error"),
        case("gbt_within_the_splits", "The same on rows within the splits.", piped(*gbt), ROWS),
        case("random_forest_regression", "Imputer, indexer, assembler, random forest.", piped(*forest), BAD),
        case("linear_regression_skip", "Indexer and assembler under skip: rows go at each.", piped(*linear), BAD),
        case("decision_tree_categorical", "A tree on an indexed feature, whose metadata makes it categorical.", piped(*tree), ROWS),
        case("decision_tree_unseen", "The same meets an unseen label.", piped(*tree), BAD, "error"),
        case("empty_input", "No rows.", piped(*logistic), BAD.empty()),
        case("no_stages", "A pipeline of no stages.", joined(), ROWS),
        case("one_stage", "A pipeline of one stage.", piped(index("keep")), BAD),
        case("nested", "Pipelines in pipelines, which pyspark saves as a class of its own.", piped(*nested), BAD),
        case("nested_saved_by_the_jvm", "Pipelines in pipelines, saved as Scala saves them.", _by_the_jvm(piped(*nested)), BAD),
        case(
            "nested_and_empty",
            "A pipeline that holds an empty one.",
            joined(lambda spark: PipelineModel([]), lambda spark: SQLTransformer(statement="SELECT s, x FROM __THIS__")),
            ROWS,
        ),
        case("twelve_stages", "More than ten stages, whose folders are numbered with two digits.", joined(*(partial(_plus, k) for k in range(12))), ROWS),
        case(
            "label_indexer_without_label",
            "An indexer of the label is passed over where the data has no label.",
            piped(index("error", "s", "target"), assemble("x", "y")),
            Table({"x": "double", "y": "double"}, [(1, 2)]),
        ),
        case("column_made_twice", "A stage whose output an earlier stage has made.", joined(lambda spark: bucket()(), lambda spark: bucket()()), ROWS, "error"),
        case(
            "column_dropped_and_made_again",
            "A statement that drops the column first.",
            joined(lambda spark: bucket("keep")(), lambda spark: sql("SELECT s, x FROM __THIS__ WHERE b > 0")(), lambda spark: bucket("keep")()),
            ROWS,
        ),
        case(
            "stage_reads_what_a_statement_dropped",
            "A stage whose input a statement has dropped.",
            joined(lambda spark: sql("SELECT s FROM __THIS__")(), lambda spark: bucket()()),
            ROWS,
            "error",
        ),
        case(
            "statement_of_another_case",
            "A statement names a column in another case; the stage after it must use that spelling.",
            joined(lambda spark: sql("SELECT X, s FROM __THIS__")(), lambda spark: bucket("keep", "X")()),
            ROWS,
        ),
        case(
            "statement_of_another_case_refused",
            "The stage after it uses the old spelling.",
            joined(lambda spark: sql("SELECT X, s FROM __THIS__")(), lambda spark: bucket("keep", "x")()),
            ROWS,
            "error",
        ),
        case(
            "metadata_through_a_statement",
            "The assembler knows the size of an encoded column through a statement: null vectors under keep.",
            piped(index("keep"), encode(), sql("SELECT s, x, CASE WHEN x > 1 THEN o END AS o2, o FROM __THIS__"), assemble("o", "x", how="keep")),
            BAD,
        ),
        case(
            "metadata_lost_in_a_statement",
            "An expression loses the metadata, so that keep raises.",
            piped(index("keep"), encode(), sql("SELECT s, x, CASE WHEN x > 1 THEN o END AS o2, o FROM __THIS__"), sql("SELECT s, x, o2 FROM __THIS__")),
            BAD,
        ),
        case("encoder_of_a_kept_index", "The indexer's extra category is one of the encoder's.", piped(index("keep"), encode(dropLast=False)), BAD),
        case("encoder_error_of_a_kept_index", "With dropLast the extra category is the zero vector.", piped(index("keep"), encode()), BAD),
        case("encoder_disagrees_with_indexer", "The encoder was fitted without the extra category.", _disagreeing, BAD, "error"),
        # Which rows a stage sees that would raise.
        case(
            "where_after_indexer",
            "WHERE after an indexer under error does not spare it: its function is not deterministic.",
            piped(index(), sql(f"{everything} s <> 'zz' AND s IS NOT NULL")),
            BAD,
            "error",
        ),
        case("where_before_indexer", "WHERE before it does.", piped(sql(f"{everything} s <> 'zz' AND s IS NOT NULL"), index()), BAD),
        case(
            "where_after_bucketizer",
            "WHERE after a bucketizer spares it: the filter is moved below a deterministic function.",
            piped(bucket(), sql(f"{everything} x < 10")),
            BAD,
        ),
        case(
            "where_after_bucketizer_on_another_column", "WHERE on another column spares it, too.", piped(bucket(), sql(f"{everything} y <> 1 AND s = 'a'")), BAD
        ),
        case("where_on_the_bucket", "WHERE on the bucket itself has to compute it.", piped(bucket(), sql(f"{everything} b > 0")), BAD, "error"),
        case("where_on_bucket_and_column", "x < 10 AND b > 0: the first is asked first.", piped(bucket(), sql(f"{everything} x < 10 AND b > 0")), BAD),
        case(
            "where_on_column_after_bucket",
            "b > 0 AND x < 10: the order in the statement.",
            piped(bucket(), sql(f"{everything} b > 0 AND x < 10")),
            BAD,
            "error",
        ),
        case(
            "two_wheres_bucket_first",
            "A filter on the bucket, then one on the column.",
            piped(bucket(), sql(f"{everything} b > 0"), sql(f"{everything} x < 10")),
            BAD,
            "error",
        ),
        case(
            "where_after_encoder",
            "WHERE after an encoder spares it.",
            joined(
                lambda spark: OneHotEncoder(inputCols=["k"], outputCols=["o"]).fit(one_column("k", "double", [0, 1, 2]).frame(spark)),
                lambda spark: sql(f"{everything} k < 3")(),
            ),
            Table({"k": "double", "x": "int"}, [(0, 1), (7, 2), (2, 3), (None, 4)]),
        ),
        case(
            "where_after_assembler",
            "WHERE after an assembler does not spare it.",
            piped(assemble("x", "y"), sql(f"{everything} x < 10 AND y > 0")),
            BAD,
            "error",
        ),
        case(
            "where_after_scaler",
            "WHERE after a scaler spares it from null vectors.",
            joined(_scaler, lambda spark: sql("SELECT * FROM __THIS__ WHERE u IS NOT NULL")()),
            vectors,
        ),
        case(
            "where_after_classifier",
            "WHERE after a classifier spares it from null vectors.",
            joined(given_classifier(features="u"), lambda spark: sql("SELECT * FROM __THIS__ WHERE x > 1")()),
            vectors,
        ),
        case(
            "where_on_prediction",
            "WHERE on the prediction has to compute it.",
            joined(given_classifier(features="u"), lambda spark: sql("SELECT * FROM __THIS__ WHERE prediction = 1")()),
            vectors,
            "error",
        ),
        case(
            "where_on_prediction_rows",
            "WHERE on the prediction, on rows without nulls.",
            joined(given_classifier(features="u"), lambda spark: sql("SELECT * FROM __THIS__ WHERE prediction = 1")()),
            Table(vectors.columns, [(dense(3, 1), 1), (dense(1, 3), 2), (sparse(2), 3)]),
        ),
        case(
            "skip_after_bucketizer",
            "skip after a bucketizer spares it.",
            piped(bucket(), lambda: VectorAssembler(inputCols=["y"], outputCol="v", handleInvalid="skip")),
            Table(COLUMNS, [("a", 1, 2, 0), ("b", 99, None, 1)]),
        ),
        case(
            "indexer_skip_after_bucketizer",
            "An indexer's skip after a bucketizer spares it, too.",
            piped(bucket(), index("skip")),
            Table(COLUMNS, [("a", 1, 2, 0), ("zz", 99, 1, 1), (None, NAN, 1, 1)]),
        ),
        case(
            "bucketizer_skip_after_indexer",
            "skip after an indexer under error does not spare it.",
            piped(index(), bucket("skip")),
            Table(COLUMNS, [("a", 1, 2, 0), ("zz", NAN, 1, 1)]),
            "error",
        ),
        case(
            "indexer_skip_after_indexer",
            "An indexer's skip after another under error does not spare that.",
            piped(index(), index("skip", "s", "j")),
            BAD,
            "error",
        ),
        case("indexer_skip_before_indexer", "An indexer's skip before another under error does.", piped(index("skip", "s", "j"), index()), BAD),
        case(
            "assembler_skip_after_assembler",
            "skip after an assembler under error does not spare it.",
            piped(assemble("x"), assemble("x", output="w", how="skip")),
            BAD,
            "error",
        ),
        case(
            "assembler_skip_after_bucketizer_same_column",
            "skip on the bucket itself has to compute it.",
            piped(bucket(), assemble("b", how="skip")),
            BAD,
            "error",
        ),
        case(
            "bucketizer_skip_then_assembler",
            "skip before an assembler under error removes NaN for it.",
            piped(bucket("skip"), assemble("x", "b")),
            Table(COLUMNS, [("a", 1, 2, 0), ("b", NAN, 1, 1), ("c", None, 1, 1)]),
        ),
        # Columns nobody asks for.
        case(
            "failing_column_not_asked_for",
            "The indexer meets an unseen label, and nobody asks for its index.",
            piped(index(), bucket("keep", "y")),
            BAD,
            columns=("s", "b"),
        ),
        case(
            "failing_column_dropped_by_a_statement",
            "A statement drops the index, so that nobody asks for it.",
            piped(index(), sql("SELECT s, x FROM __THIS__")),
            BAD,
        ),
        case(
            "failing_column_dropped_and_filtered",
            "A statement drops the index and filters: the index is not computed.",
            piped(index(), sql("SELECT s, x FROM __THIS__ WHERE x > 1")),
            BAD,
        ),
        case(
            "failing_column_in_a_condition",
            "A statement drops the index and filters by it.",
            piped(index(), sql("SELECT s, x FROM __THIS__ WHERE i = 0")),
            BAD,
            "error",
        ),
        case(
            "failing_column_in_a_vector",
            "The index goes into a vector, and somebody asks for that.",
            piped(index(), assemble("i", "y")),
            BAD,
            "error",
            columns=("s", "v"),
        ),
        case(
            "failing_column_in_a_vector_not_asked_for",
            "The index goes into a vector that nobody asks for.",
            piped(index(), assemble("i", "y")),
            BAD,
            columns=("s", "x"),
        ),
        case(
            "failing_column_in_unused_branch",
            "CASE takes the index only where the label is known; the index is computed for all rows.",
            piped(index(), sql("SELECT s, CASE WHEN s = 'a' THEN i END AS k FROM __THIS__")),
            BAD,
            "error",
        ),
        case(
            "bucket_in_unused_branch",
            "CASE takes the bucket only where it exists; it is computed nowhere else.",
            piped(bucket(), sql("SELECT s, CASE WHEN x < 10 THEN b END AS k FROM __THIS__")),
            BAD,
        ),
        case(
            "classifier_outputs_alone",
            "Only rawPrediction is read, behind stages that would raise for other columns.",
            joined(lambda spark: bucket("error", "x")(), given_classifier(features="u")),
            Table(vectors.columns, [(dense(3, 1), 99), (dense(1, 3), NAN)]),
            columns=("rawPrediction",),
        ),
        # Sizes that only the first row tells.
        case(
            "size_from_the_first_row_after_where",
            "The first row after a filter tells the size of a vector without metadata.",
            joined(lambda spark: sql("SELECT * FROM __THIS__ WHERE x > 1")(), lambda spark: assemble("u", "x")()),
            vectors,
        ),
        case(
            "size_from_a_first_row_that_is_null",
            "The first row is null.",
            joined(lambda spark: sql("SELECT * FROM __THIS__ WHERE x > 0")(), lambda spark: assemble("u", "x")()),
            vectors,
            "error",
        ),
        case(
            "size_from_no_row_after_where",
            "No row is left after the filter.",
            joined(lambda spark: sql("SELECT * FROM __THIS__ WHERE x > 9")(), lambda spark: assemble("u", "x")()),
            vectors,
            "error",
        ),
        case(
            "size_from_the_prediction",
            "A probability knows its size: it can be assembled under keep.",
            joined(given_classifier(features="u"), lambda spark: assemble("probability", "x", how="keep")()),
            Table(vectors.columns, [(dense(3, 1), 1), (sparse(2), None)]),
        ),
        case(
            "size_from_a_scaler",
            "A scaled vector knows its size.",
            joined(_scaler, lambda spark: assemble("scaled", "x", how="keep")()),
            Table(vectors.columns, [(dense(3, 1), 1), (sparse(2), INF)]),
        ),
        case(
            "stacked_models",
            "The probability of one model is a feature of the next.",
            joined(
                given_classifier(features="u"),
                lambda spark: assemble("probability", output="w")(),
                lambda spark: given_classifier(features="w")(spark).setPredictionCol("p2").setProbabilityCol("q2").setRawPredictionCol("r2"),
            ),
            Table(vectors.columns, [(dense(3, 1), 1), (sparse(2), None), (dense(NAN, 1), 2)]),
        ),
    ]


def _by_the_jvm(model: Callable[[SparkSession], Any]) -> Callable[[SparkSession], Any]:
    return lambda spark: model(spark)._to_java()


def _plus(place: int, spark: SparkSession) -> Any:
    return SQLTransformer(statement=f"SELECT *, x + {place} AS x{place} FROM __THIS__")


def _scaler(spark: SparkSession) -> Any:
    return StandardScaler(inputCol="u", outputCol="scaled").fit(one_column("u", "vector", [dense(1, 2), dense(2, 5), dense(4, 0)]).frame(spark))


def _disagreeing(spark: SparkSession) -> Any:
    frame = TRAIN.frame(spark)
    without = index("error")().fit(frame)
    encoder = encode(handleInvalid="keep")().fit(without.transform(frame))
    return PipelineModel([index("keep")().fit(frame), encoder])
