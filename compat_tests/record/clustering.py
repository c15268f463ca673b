"""KMeansModel, BisectingKMeansModel and GaussianMixtureModel: the nearest centre, equally near ones, rows without a distance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.clustering import BisectingKMeans, GaussianMixture, KMeans, KMeansModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, above, below, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_sparse, java_vector, with_params

KMEANS, BISECTING, MIXTURE = (f"clustering/{name}_model" for name in ("k_means", "bisecting_k_means", "gaussian_mixture"))

_POINTS = [(0.1 * (i % 7), 3.0 * (i % 3) - 1.0, (i * 5 % 11) / 4.0) for i in range(60)]
TRAIN = one_column("features", "vector", [dense(*point) for point in _POINTS])
#: Between two centres (0, 0) and (2, 0), on them, and where there is no distance.
BETWEEN = one_column(
    "features",
    "vector",
    [
        dense(0, 0),
        dense(2, 0),
        dense(1, 0),
        dense(above(1.0), 0),
        dense(below(1.0), 0),
        dense(1, 7),
        dense(-0.0, 0.0),
        dense(DENORMAL, 0),
        dense(HUGE, 1),
        dense(-HUGE, HUGE),
        sparse(2, {0: 1.0}),
        sparse(2, {0: 1.0, 1: 0.0}),
        sparse(2),
        sparse(2, {1: 3.0}),
        sparse(2, {0: above(1.0)}),
    ],
)
HARD = one_column(
    "features",
    "vector",
    [dense(*point) for point in _POINTS[:12]]
    + [dense(INF, 0, 0), dense(-INF, INF, 0), dense(HUGE, HUGE, HUGE), dense(DENORMAL, -0.0, 0), sparse(3, {0: 0.3, 2: 1.0}), sparse(3), sparse(3, {1: -1.0})],
)
NO_DISTANCE = one_column("features", "vector", [dense(1, NAN, 2)])
ZERO = one_column("features", "vector", [dense(0, 0, 0)])


def fitted(make: Any, train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return make(**{"seed": 7, **params}).fit(train.frame(spark))

    return model


def given(*centers: tuple[float, ...] | dict[int, float], size: int = 0, **params: Any) -> Callable[[SparkSession], Any]:
    """A KMeansModel of exactly these centres; a dict is a sparse one of `size`."""

    def model(spark: SparkSession) -> Any:
        java: Any = spark._jvm
        package = java.org.apache.spark
        found = spark.sparkContext._gateway.new_array(package.mllib.linalg.Vector, len(centers))  # type: ignore[union-attr]
        for place, center in enumerate(centers):
            vector = java_sparse(spark, size, center) if isinstance(center, dict) else java_vector(spark, *center)
            found[place] = package.mllib.linalg.Vectors.fromML(vector)
        parent = package.mllib.clustering.KMeansModel(found, params.get("distanceMeasure", "euclidean"))
        return KMeansModel(package.ml.clustering.KMeansModel("kmeans_given", parent))

    return with_params(model, **params)


def arrays(spark: SparkSession, element: str = "double") -> Any:
    return spark.sql(
        f"SELECT CAST(array(a, b, c) AS array<{element}>) AS features FROM VALUES (0.1D, -1.0D, 0.5D), (0.6D, 5.0D, 2.5D), (0.3D, 2.0D, 0.0D) AS t(a, b, c)"
    ).coalesce(1)


def _shared(folder: str, make: Any, **params: Any) -> list[Case]:
    case = partial(Case, folder)
    model = fitted(make, **params)
    return [
        case("defaults", "Hard rows with defaults.", model, HARD),
        case("seven_clusters", "Seven clusters.", fitted(make, **{**params, "k": 7}), HARD),
        case(
            "column_names",
            "Other names for the columns.",
            with_params(model, featuresCol="my features", predictionCol="my cluster"),
            Table({"my features": "vector"}, HARD.rows[:12]),
        ),
        case("arrays_of_doubles", "Arrays of doubles out of a file are refused: they may hold nulls.", model, arrays, "error"),
        case("arrays_of_floats", "Arrays of floats too.", model, partial(arrays, element="float"), "error"),
        case("arrays_of_ints_are_refused", "Arrays of ints too.", model, partial(arrays, element="int"), "error"),
        case("null_vector", "A null vector raises.", model, one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case("null_array", "A null array raises.", model, lambda spark: spark.sql("SELECT CAST(NULL AS array<double>) AS features"), "error"),
        case(
            "null_vector_not_asked_for",
            "Nobody asks for the cluster.",
            model,
            Table({"features": "vector", "x": "int"}, [(None, 1), (dense(1), 2)]),
            columns=("x",),
        ),
        case("shorter_vector", "A shorter vector raises.", model, one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_vector", "A longer vector raises.", model, one_column("features", "vector", [dense(1, 2, 3, 4)]), "error"),
        case("empty_input", "No rows.", model, HARD.empty()),
        case("metadata_of_the_size", "The size in the ML attributes is right.", model, HARD.head(12).with_metadata("features", vector_size(3))),
        case(
            "prediction_exists",
            "A prediction column that exists is refused.",
            model,
            Table({"features": "vector", "prediction": "int"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case("missing_features", "A missing features column raises.", model, one_column("x", "int", [1]), "error"),
        case("number_column", "A number is no vector.", model, one_column("features", "double", [1.0]), "error"),
    ]


def cases() -> list[Case]:
    kmeans, bisecting, mixture = partial(Case, KMEANS), partial(Case, BISECTING), partial(Case, MIXTURE)
    two = given((0.0, 0.0), (2.0, 0.0))
    same = given((1.0, 0.0), (1.0, 0.0), (0.0, 0.0))
    many = given(*((float(place % 40), float(place // 40)) for place in range(1_001)))
    ones = fitted(KMeans, distanceMeasure="cosine")
    angles = given((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), distanceMeasure="cosine")
    turned = one_column(
        "features",
        "vector",
        [
            dense(1, 0),
            dense(1, 1),
            dense(2, 1),
            dense(1, 2),
            dense(-1, 0),
            dense(-1, -1),
            dense(HUGE, 1),
            sparse(2, {0: 3.0}),
            sparse(2, {1: 1e-8}),
            dense(0.3826834323650898, 0.9238795325112867),
        ],
    )
    forty = one_column(
        "features",
        "vector",
        [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(8)] + [sparse(40, {3: 1.5, 39: -2.0}), sparse(40)],
    )
    wide = given(*(tuple(((k * 17 + place * 5) % 13) / 7 - 0.9 for k in range(40)) for place in range(6)))
    wide_cosine = given(*(tuple(((k * 17 + place * 5) % 13) / 7 - 0.9 for k in range(40)) for place in range(6)), distanceMeasure="cosine")
    near = given((1e8, 1.0), (1e8, 1.0 + 2.0**-20), (1e8 + 1e-3, 1.0))
    near_rows = one_column(
        "features",
        "vector",
        [dense(1e8, 1.0), sparse(2, {0: 1e8, 1: 1.0}), sparse(2, {0: 1e8, 1: 1.0 + 2.0**-21}), dense(1e8, 1.0 + 2.0**-21), sparse(2, {0: 1e8 + 1e-3})],
    )
    return [
        *_shared(KMEANS, KMeans, k=3),
        kmeans("two_centers", "Rows on and between two centres.", two, BETWEEN),
        kmeans("equal_centers", "Equal centres: the first counts.", same, BETWEEN),
        kmeans("one_center", "One centre.", given((0.5, 0.5)), BETWEEN),
        kmeans("sparse_center", "A centre that is saved as a sparse vector.", given({0: 1.0}, (2.0, 0.0), {1: -1.0}, size=2), BETWEEN),
        kmeans("a_thousand_centers", "So many centres that Spark computes no bounds between them.", many, BETWEEN),
        kmeans("near_centers", "Centres so near that norms are not precise enough.", near, near_rows),
        kmeans("forty_features", "Forty features.", wide, forty),
        kmeans("nan", "NaN has no distance.", fitted(KMeans, k=3), NO_DISTANCE, "error"),
        kmeans("zero_vector", "The zero vector is a point like any other.", fitted(KMeans, k=3), ZERO),
        kmeans(
            "cosine",
            "A model fitted by the cosine distance answers by the Euclidean one when it is loaded.",
            ones,
            one_column("features", "vector", [dense(*point) for point in _POINTS[:20]] + [sparse(3, {0: 0.3, 2: 1.0})]),
        ),
        kmeans("cosine_angles", "Directions between directions.", angles, turned),
        kmeans("cosine_forty_features", "The cosine of forty features.", wide_cosine, forty.head(9)),
        kmeans("cosine_zero_vector", "The zero vector has no cosine, and a loaded model takes the Euclidean distance.", ones, ZERO),
        kmeans("cosine_nan", "NaN has no cosine.", ones, NO_DISTANCE, "error"),
        kmeans("prediction_column_empty", "An empty predictionCol raises.", with_params(fitted(KMeans, k=3), predictionCol=""), HARD, "error"),
        kmeans("init_random", "Fitted from random centres.", fitted(KMeans, k=3, initMode="random"), HARD),
        kmeans("solver_block", "Fitted in blocks.", fitted(KMeans, k=3, solver="block"), HARD),
        *_shared(BISECTING, BisectingKMeans, k=3),
        bisecting("sixteen_clusters", "A deeper tree.", fitted(BisectingKMeans, k=16), HARD),
        bisecting("nan", "NaN has no distance.", fitted(BisectingKMeans, k=3), NO_DISTANCE, "error"),
        bisecting(
            "cosine",
            "The cosine distance.",
            fitted(BisectingKMeans, k=5, distanceMeasure="cosine"),
            one_column("features", "vector", [dense(*point) for point in _POINTS[1:20]]),
        ),
        bisecting("cosine_zero_vector", "The zero vector has no cosine.", fitted(BisectingKMeans, k=5, distanceMeasure="cosine"), ZERO, "error"),
        bisecting("prediction_column_empty", "An empty predictionCol raises.", with_params(fitted(BisectingKMeans, k=3), predictionCol=""), HARD, "error"),
        bisecting("minimum_size", "Clusters that may not be divided.", fitted(BisectingKMeans, k=8, minDivisibleClusterSize=0.4), HARD),
        *_shared(MIXTURE, GaussianMixture, k=2),
        mixture(
            "nan",
            "NaN gives NaN and the first Gaussian.",
            fitted(GaussianMixture, k=2),
            one_column("features", "vector", [dense(1, NAN, 2), dense(NAN, NAN, NAN)]),
        ),
        mixture("five", "Five Gaussians.", fitted(GaussianMixture, k=5, maxIter=5), HARD),
        mixture(
            "far_away",
            "Far from every Gaussian the shares are equal.",
            fitted(GaussianMixture, k=3),
            one_column("features", "vector", [dense(1e3, 0, 0), dense(1e150, 1e150, 0), dense(0, -50, 2)]),
        ),
        mixture("no_prediction", "Without the prediction.", with_params(fitted(GaussianMixture, k=2), predictionCol=""), HARD),
        mixture("no_probability", "Without the probability.", with_params(fitted(GaussianMixture, k=2), probabilityCol=""), HARD),
        mixture("no_columns", "Without both.", with_params(fitted(GaussianMixture, k=2), probabilityCol="", predictionCol=""), HARD),
        mixture(
            "singular",
            "A feature without variance: a covariance without an inverse.",
            fitted(GaussianMixture, one_column("features", "vector", [dense(i % 5, 2.0, i % 3) for i in range(30)]), k=2),
            one_column("features", "vector", [dense(1, 2, 1), dense(1, 2.5, 0), dense(4, 2, 2)]),
        ),
    ]
