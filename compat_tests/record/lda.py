"""LocalLDAModel: documents long and short, without terms, with hard counts, and topics that were given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.clustering import LDA, LocalLDAModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_matrix, java_vector, with_params

FOLDER = "clustering/local_lda_model"
case = partial(Case, FOLDER)

_TRAIN = [dense(*((i * (j + 3)) % 5 * (1 if (i + j) % 3 else 2) for j in range(6))) for i in range(12)]
DOCUMENTS = one_column(
    "features",
    "vector",
    [
        *_TRAIN[:6],
        sparse(6, {0: 2.0, 3: 1.0}),
        sparse(6, {0: 2.0, 1: 0.0, 3: 1.0}),
        sparse(6),
        sparse(6, {2: 0.0}),
        dense(0, 0, 0, 0, 0, 0),
        dense(-0.0, 0, 0, 0, 0, 0),
        dense(0.5, 0.25, 1e-3, 0, 0, 7.75),
        dense(1000, 0, 0, 1, 0, 2000),
        dense(1, 1, 1, 1, 1, 1),
        sparse(6, {5: 1.0}),
    ],
)
HARD = one_column(
    "features",
    "vector",
    [
        dense(1, NAN, 0, 0, 0, 0),
        dense(INF, 1, 0, 0, 0, 0),
        sparse(6, {0: -INF}),
        dense(HUGE, HUGE, 0, 0, 0, 1),
        dense(DENORMAL, 0, 0, 0, 0, 0),
        dense(1e300, 1e-300, 0, 0, 0, 0),
        dense(-0.5, 2, 0, 0, 0, 0),
    ],
)
TOPICS = [[0.1, 5.0, 1.0], [3.0, 0.2, 1.0], [60.0, 1e-6, 1.0], [1e-5, 49.0, 1.0], [200.5, 0.01, 1.0], [2.0, 48.999, 1.0]]


def fitted(after: dict[str, Any] | None = None, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return LDA(**{"k": 3, "maxIter": 2, "seed": 5, **params}).fit(one_column("features", "vector", _TRAIN).frame(spark))

    return with_params(model, **(after or {}))


def given(
    topics: list[list[float]] = TOPICS, concentration: tuple[float, ...] = (0.1, 0.5, 2.0), shape: float = 100.0, **params: Any
) -> Callable[[SparkSession], Any]:
    """A model of exactly these topics, one list a term."""

    def model(spark: SparkSession) -> Any:
        java: Any = spark._jvm
        matrix = java.org.apache.spark.mllib.linalg.Matrices.fromML(java_matrix(spark, topics))
        prior = java.org.apache.spark.mllib.linalg.Vectors.fromML(java_vector(spark, *concentration))
        old = java.org.apache.spark.mllib.clustering.LocalLDAModel(matrix, prior, 0.5, shape)
        return LocalLDAModel(java.org.apache.spark.ml.clustering.LocalLDAModel("lda_given", len(topics), old, spark._jsparkSession))

    return with_params(model, **params)


def cases() -> list[Case]:
    return [
        case("defaults", "Shares of topics; a document without terms has none.", fitted(), DOCUMENTS),
        case("saved_seed", "The saved seed does not count: a loaded model has its class's own.", fitted(after={"seed": 123456789012345}), DOCUMENTS),
        case(
            "optimized_concentration_off",
            "docConcentration was given.",
            fitted(optimizeDocConcentration=False, docConcentration=[0.2, 0.3, 0.4], topicConcentration=0.3),
            DOCUMENTS,
        ),
        case("one_concentration", "One docConcentration for all topics.", fitted(docConcentration=[0.7]), DOCUMENTS),
        case("given", "Topics of tiny and of large weights.", given(), DOCUMENTS),
        *(
            case(f"gamma_shape_{name}", f"Random numbers of a gamma distribution of shape {shape}.", given(shape=shape), DOCUMENTS)
            for name, shape in (("1", 1.0), ("half", 0.5), ("1_5", 1.5))
        ),
        case("two_topics", "Two topics.", given([row[:2] for row in TOPICS], (0.3, 0.3)), DOCUMENTS),
        case("eleven_topics", "Many topics.", given([[1.0 + (i * j) % 7 for j in range(11)] for i in range(6)], (0.1,) * 11), DOCUMENTS),
        case(
            "zero_weight",
            "A topic that has no weight for a term.",
            given([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], (0.3, 0.3)),
            one_column("features", "vector", [dense(1, 0, 0), dense(0, 1, 1), dense(1, 1, 1)]),
        ),
        case("hard_counts", "Counts that are no numbers, infinite, huge, tiny or negative.", given(), HARD),
        case("smaller_vectors", "Vectors of fewer features than terms.", given(), one_column("features", "vector", [dense(1, 2), sparse(2, {1: 3.0})])),
        case(
            "larger_sparse_vectors",
            "A sparse vector may claim more features than there are terms.",
            given(),
            one_column("features", "vector", [sparse(9, {1: 3.0, 5: 1.0})]),
        ),
        case(
            "larger_with_a_term_beyond",
            "A term that the model does not know.",
            given(),
            one_column("features", "vector", [sparse(9, {1: 3.0, 6: 1.0})]),
            "error",
        ),
        case("larger_dense_vectors", "A dense vector of more features.", given(), one_column("features", "vector", [dense(1, 1, 1, 1, 1, 1, 0)]), "error"),
        case(
            "larger_without_terms",
            "A larger vector without terms is an empty document.",
            given(),
            one_column("features", "vector", [dense(0, 0, 0, 0, 0, 0, 0)]),
        ),
        case("null_vector", "Null.", given(), one_column("features", "vector", [dense(1, 1, 1, 1, 1, 1), None]), "error"),
        case("size_in_metadata", "The column's metadata tell its size.", given(), DOCUMENTS.with_metadata("features", vector_size(6))),
        case(
            "other_columns",
            "Other names of both columns.",
            given(featuresCol="words", topicDistributionCol="shares"),
            one_column("words", "vector", [dense(1, 0, 2, 0, 0, 0)]),
        ),
        case("number_column", "A column of numbers is refused.", given(), one_column("features", "double", [1.0]), "error"),
        case("missing_column", "A missing column raises.", given(), one_column("x", "vector", [dense(1, 1, 1, 1, 1, 1)]), "error"),
        case("output_exists", "An existing output column is refused.", given(topicDistributionCol="features"), DOCUMENTS, "error"),
        case("output_differs_by_case", "An output that differs from the input by case alone replaces it.", given(topicDistributionCol="FEATURES"), DOCUMENTS),
        case("empty_output_name", "An output without a name is refused.", given(topicDistributionCol=""), DOCUMENTS, "error"),
        case(
            "concentration_does_not_fit",
            "docConcentration is checked against k when the model transforms.",
            fitted(after={"docConcentration": [0.1, 0.2]}),
            DOCUMENTS,
            "error",
        ),
        case(
            "output_not_asked_for",
            "Nobody asks for the shares.",
            given(),
            Table({"id": "int", "features": "vector"}, [(1, dense(1, 1, 1, 1, 1, 1)), (2, None)]),
            columns=("id",),
        ),
        case("empty_input", "No rows.", given(), DOCUMENTS.empty()),
    ]
