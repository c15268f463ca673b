"""What the tree families share: trees written down by hand, rows that go everywhere in them, and the cases that each of the six classes has."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyspark.ml.feature import VectorIndexer
from pyspark.sql import SparkSession

from compat_tests.record.core import (
    DENORMAL,
    HUGE,
    INF,
    NAN,
    Case,
    Table,
    above,
    below,
    dense,
    one_column,
    sparse,
    vector_attributes,
    vector_size,
)
from compat_tests.record.session import with_params

Model = Callable[[SparkSession], Any]


@dataclass(frozen=True)
class Leaf:
    """A leaf: its class counts, which classifiers read, and its value, which regressors and boosted trees read.

    Attributes:
        counts: one a class.
        value: the prediction of a regression tree.
        chosen: the prediction that a classification tree saves; None for the class of the greatest count.
    """

    counts: tuple[float, ...]
    value: float
    chosen: int | None = None


@dataclass(frozen=True)
class Split:
    """An inner node: `at` is a threshold, or the categories that go left and how many there are."""

    feature: int
    at: float | tuple[tuple[int, ...], int]
    left: Split | Leaf
    right: Split | Leaf


Tree = Split | Leaf


def leaf(number: int, classes: int = 2) -> Leaf:
    """A leaf that differs from all others."""
    return Leaf(tuple(float((number * 7 + k * 5) % 11 + k) for k in range(classes)), (-1.0) ** number * (number + 1) / 7)


@dataclass(frozen=True)
class Family:
    """One of the six tree model classes.

    Attributes:
        folder: of its cases.
        estimator, wrapper: the pyspark classes.
        java: the Java class under org.apache.spark.ml.
        single: whether it is one tree.
        boosted: whether its trees are weighted regression trees.
        classifier: whether it has rawPrediction and probability.
    """

    folder: str
    estimator: Callable[..., Any]
    wrapper: Callable[[Any], Any]
    java: str
    single: bool = False
    boosted: bool = False
    classifier: bool = False

    @property
    def counts(self) -> bool:
        """Whether its leaves hold class counts."""
        return self.classifier and not self.boosted

    @property
    def outputs(self) -> dict[str, str]:
        """The params that name output columns, with their defaults."""
        raw = {"rawPredictionCol": "rawPrediction", "probabilityCol": "probability"}
        return {**(raw if self.classifier else {}), "predictionCol": "prediction"}

    def given(self, *trees: Tree, classes: int = 2, size: int = 3, weights: list[float] | None = None, **params: Any) -> Model:
        """A model of exactly these trees; a single tree is the first of them."""

        def model(spark: SparkSession) -> Any:
            builder = _Builder(spark, counts=self.counts, classes=classes, size=size)
            if self.single:
                return self.wrapper(builder.tree("given", trees[0]))
            made = builder.array(self.tree_class, [builder.tree(f"tree_{place}", tree) for place, tree in enumerate(trees)])
            arguments = [made]
            if self.boosted:
                arguments.append(builder.doubles(weights or [1.0] + [0.1] * (len(trees) - 1)))
            arguments.append(size)
            if self.classifier:
                arguments.append(classes)
            return self.wrapper(builder.named(f"ml.{self.java}")("given", *arguments))

        # The constructor leaves numTrees at its default, and the loader compares it with the trees.
        count = {} if self.single or self.boosted else {"numTrees": len(trees)}
        return with_params(model, **count, **params)

    @property
    def tree_class(self) -> str:
        """The Java class of each tree, under org.apache.spark."""
        return f"ml.{_CLASSIFIER if self.counts else _REGRESSOR}"

    def fitted(self, train: Table, *, indexed: int | None = None, **params: Any) -> Model:
        """A model that Spark fits; `indexed` sends the features through a VectorIndexer of so many categories first."""

        def model(spark: SparkSession) -> Any:
            small = {} if self.single else {"maxIter": 3} if self.boosted else {"numTrees": 3}
            frame = train.frame(spark)
            if indexed is not None:
                frame = VectorIndexer(inputCol="features", outputCol="indexed", maxCategories=indexed, handleInvalid="keep").fit(frame).transform(frame)
                params["featuresCol"] = "indexed"
            return self.estimator(**{"seed": 7, **small, **params}).fit(frame)

        return model


_CLASSIFIER = "classification.DecisionTreeClassificationModel"
_REGRESSOR = "regression.DecisionTreeRegressionModel"


class _Builder:
    """Makes Spark's own nodes, as its fit does."""

    def __init__(self, spark: SparkSession, *, counts: bool, classes: int, size: int) -> None:
        self.spark = spark
        self.counts = counts
        self.classes = classes
        self.size = size

    def named(self, path: str) -> Any:
        found: Any = self.spark._jvm
        for part in f"org.apache.spark.{path}".split("."):
            found = getattr(found, part)
        return found

    def array(self, path: str, values: list[Any]) -> Any:
        return self._filled(self.named(path), values)

    def doubles(self, values: list[float]) -> Any:
        return self._filled(self.spark._jvm.double, [float(value) for value in values])  # type: ignore[union-attr]

    def _filled(self, kind: Any, values: list[Any]) -> Any:
        array = self.spark.sparkContext._gateway.new_array(kind, len(values))  # type: ignore[union-attr]
        for place, value in enumerate(values):
            array[place] = value
        return array

    def tree(self, uid: str, tree: Tree) -> Any:
        made = self.node(tree)
        if self.counts:
            return self.named(f"ml.{_CLASSIFIER}")(uid, made, self.size, self.classes)
        return self.named(f"ml.{_REGRESSOR}")(uid, made, self.size)

    def node(self, tree: Tree) -> Any:
        if isinstance(tree, Leaf):
            chosen = max(range(self.classes), key=lambda k: tree.counts[k]) if tree.chosen is None else tree.chosen
            return self.named("ml.tree.LeafNode")(float(chosen) if self.counts else float(tree.value), 0.25, self.statistics(tree))
        if isinstance(tree.at, tuple):
            split = self.named("ml.tree.CategoricalSplit")(tree.feature, self.doubles([float(k) for k in tree.at[0]]), tree.at[1])
        else:
            split = self.named("ml.tree.ContinuousSplit")(tree.feature, float(tree.at))
        first = tree
        while isinstance(first, Split):
            first = first.left  # type: ignore[assignment]
        assert isinstance(first, Leaf)
        return self.named("ml.tree.InternalNode")(0.0, 0.5, 0.125, self.node(tree.left), self.node(tree.right), split, self.statistics(first))

    def statistics(self, tree: Leaf) -> Any:
        impurity = "mllib.tree.impurity"
        if self.counts:
            total = sum(tree.counts)
            return self.named(f"{impurity}.GiniCalculator")(self.doubles(list(tree.counts)), int(total) if math.isfinite(total) and total < 1e18 else 1)
        # Count, sum and sum of squares; counts[0] is how many rows the leaf saw.
        count = tree.counts[0]
        squares = tree.value * tree.value * count + count * 0.5
        return self.named(f"{impurity}.VarianceCalculator")(self.doubles([count, tree.value * count, squares]), int(count))


#: Seconds since 1970 with a fraction: a float holds neither these thresholds nor these features.
EPOCH = 1_600_000_000.25
NUMERIC = Split(0, 0.5, Split(1, -1.25, leaf(0), leaf(1)), Split(2, EPOCH, leaf(2), Split(0, 7.1, leaf(3), leaf(4))))
OTHER = Split(2, 0.0, Split(0, 7.1, leaf(5), leaf(6)), leaf(7))
STUMP = Split(1, -1.25, leaf(8), leaf(9))
#: Positive zero and negative zero as thresholds, the smallest and the greatest doubles, and infinities.
EXTREME = Split(0, 0.0, Split(0, -DENORMAL, Split(0, -HUGE, leaf(0), leaf(1)), Split(1, -0.0, leaf(2), leaf(3))), Split(0, DENORMAL, leaf(4), leaf(5)))
INFINITE = Split(0, INF, Split(0, -INF, leaf(0), leaf(1)), leaf(2))


def three(tree: Tree, classes: int = 3) -> Tree:
    """The same tree with leaves of more classes."""
    if isinstance(tree, Leaf):
        number = round(abs(tree.value) * 7) - 1
        return leaf(number, classes)
    return Split(tree.feature, tree.at, three(tree.left, classes), three(tree.right, classes))


def chain(depth: int) -> Tree:
    """A tree that is a chain."""
    tree: Tree = leaf(depth)
    for place in reversed(range(depth)):
        tree = Split(place % 3, place / 4, leaf(place), tree) if place % 2 else Split(place % 3, place / 4, tree, leaf(place))
    return tree


def categorical(left: tuple[int, ...], of: int) -> Tree:
    """A split on the categories of feature 1, above a numeric one."""
    return Split(1, (left, of), Split(0, 0.5, leaf(0), leaf(1)), Split(1, (left[:1], of), leaf(2), Split(0, 2.0, leaf(3), leaf(4))))


def features(*vectors: Any) -> Table:
    """One column of vectors."""
    return one_column("features", "vector", vectors)


AT_THRESHOLDS = features(
    *(dense(value, 0, EPOCH) for t in (0.5, 7.1) for value in (t, above(t), below(t))),
    *(dense(0, value, 0) for t in (-1.25,) for value in (t, above(t), below(t))),
    *(dense(1, 0, value) for t in (EPOCH,) for value in (t, above(t), below(t), t - 0.25, t + 0.25, t + 64, t - 64)),
)
HARD = features(
    *(dense(value, 0, 0) for value in (0.0, -0.0, NAN, INF, -INF, HUGE, -HUGE, DENORMAL, -DENORMAL)),
    *(dense(0, value, 0) for value in (0.0, -0.0, NAN, INF, -INF)),
    *(dense(3, 1, value) for value in (0.0, -0.0, NAN, INF, -INF)),
    dense(NAN, NAN, NAN),
    dense(9, 9, 2e9),
    sparse(3),
    sparse(3, {0: 0.0, 1: -0.0}),
    sparse(3, {1: -2.0}),
    sparse(3, {0: 8.0, 2: 2e9}),
    sparse(3, {0: NAN, 2: INF}),
    sparse(3, {0: 1.0, 1: 2.0, 2: 3.0}),
)
FINE = features(dense(0, 0, 0), dense(1, -2, 3), sparse(3, {1: -2.5}), dense(9, 0.1, 2e9), dense(NAN, 1, 1))


def categories(of: int) -> Table:
    """Rows of each category, and of numbers that are none."""
    odd = (-0.0, 0.5, 1.5, 2.9999999999999996, -1.0, float(of), float(of + 5), 1e9, 2.0**32, NAN, INF, -INF, DENORMAL)
    return features(*(dense(x, value, 0) for value in (*map(float, range(of)), *odd) for x in (0.25, 5.0)), sparse(3), sparse(3, {0: 5.0}))


_LABELLED = {"label": "double", "features": "vector"}


def training(classes: int = 2) -> Table:
    """Forty rows of two numbers and a category."""
    points = [((i * 7 % 20) / 2 - 3, (i * 3 % 7) - 2.5, float(i * 5 % 6)) for i in range(40)]
    labels = [float((x > 1) + (y > 0.5) * (c in (1.0, 4.0))) % classes for x, y, c in points]
    return Table(_LABELLED, [(label, dense(*point)) for label, point in zip(labels, points, strict=True)])


TRAINED = features(
    *(dense(x, y, c) for x in (-3, 0.75, 1, 1.25, 6.5) for y in (-2.5, 0.5, 3) for c in (0, 1, 4, 5)),
    dense(NAN, 0, 1),
    dense(0, NAN, NAN),
    dense(1, 1, 7),
    dense(1, 1, 2.5),
    dense(1, 1, -1),
    sparse(3),
    sparse(3, {2: 4.0}),
)


def common_cases(family: Family) -> list[Case]:
    """The cases that every tree model class has."""
    case = partial(Case, family.folder)
    given = family.given
    forest = (NUMERIC, OTHER, STUMP)
    plain = given(*forest)
    nominal = training().with_metadata("features", vector_attributes(0, 0, 6))
    sets = {
        "one_of_two": ((1,), 2),
        "two_of_eight": ((1, 3), 8),
        "half_of_eight": ((0, 2, 4, 6), 8),
        "five_of_eight": ((0, 1, 2, 4, 7), 8),
        "twelve_of_forty": (tuple(range(1, 37, 3)), 40),
        "twenty_eight_of_forty": (tuple(k for k in range(40) if k % 10 < 7), 40),
    }
    with_x = Table({"features": "vector", "x": "int"}, [(dense(1, 2, 3), 1), (None, 2)])
    return [
        case("defaults", "Fitted by Spark with its defaults.", family.fitted(training(), **_DEFAULTS.get(family.folder, {})), TRAINED),
        case("fitted_categorical", "Fitted on a feature that its ML attributes call nominal.", family.fitted(nominal, maxDepth=4), TRAINED),
        case(
            "fitted_vector_indexer",
            "Fitted behind a VectorIndexer, which gives the features their categories.",
            family.fitted(training(), indexed=8, maxDepth=4),
            Table({"indexed": "vector"}, TRAINED.rows),
        ),
        case("at_thresholds", "Features at each threshold, one unit above and one below: a threshold itself goes left.", plain, AT_THRESHOLDS),
        case("hard_features", "NaN goes right everywhere; infinities, both zeros; sparse and dense.", plain, HARD),
        case("extreme_thresholds", "Thresholds of 0.0, -0.0 and the smallest and greatest doubles.", given(EXTREME, NUMERIC), HARD),
        case("infinite_thresholds", "Thresholds of Infinity and -Infinity.", given(INFINITE, NUMERIC), HARD),
        *(
            case(
                f"categories_{name}", f"{len(left)} of {of} categories go left; values that are no category, too.", given(categorical(left, of)), categories(of)
            )
            for name, (left, of) in sets.items()
        ),
        case(
            "category_twice",
            "A category that is written twice on the left.",
            given(Split(1, ((1, 1, 2, 2, 2), 8), leaf(0), leaf(1))),
            categories(8),
        ),
        case("depth_zero", "A tree that is one leaf does not look at the features.", given(leaf(3)), features(dense(1, 2, 3), sparse(3), dense(NAN, 0, 0))),
        case("depth_zero_no_features", "It takes vectors of no features.", given(leaf(3)), features(dense(), sparse(0))),
        case("depth_zero_null_features", "It takes a null vector, which it never opens.", given(leaf(3)), features(dense(1, 2, 3), None)),
        *(
            [case("depth_zero_null_features_two_trees", "One of two trees opens it.", given(leaf(3), NUMERIC), features(dense(1, 2, 3), None), "error")]
            if not family.single
            else []
        ),
        case("depth_zero_null_features_leaf_column", "leafCol, too.", with_params(given(leaf(1)), leafCol="leaf"), features(None, dense(1, 2, 3))),
        case("depth_zero_and_deeper", "One leaf among deeper trees.", given(leaf(3), NUMERIC), HARD),
        case("one_tree", "One tree.", given(NUMERIC), HARD),
        case("deep_tree", "A chain of 60 splits.", given(chain(60)), features(*(dense(k / 3, k / 5, k / 7) for k in range(0, 60, 4)), dense(NAN, NAN, NAN))),
        case("many_trees", "Forty trees.", given(*(chain(3 + k % 5) if k % 3 else forest[k % 2] for k in range(40))), HARD),
        case(
            "forty_features",
            "Forty features of which few are looked at.",
            given(Split(39, 0.25, Split(17, 1.5, leaf(0), leaf(1)), leaf(2)), Split(3, -1.0, leaf(3), leaf(4)), size=40),
            features(*(dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)), sparse(40, {17: 2.0}), sparse(40)),
        ),
        *_column_cases(family, case, plain),
        case("column_names", "Other names for the columns.", with_params(plain, **_renamed(family)), Table({"my features": "vector"}, FINE.rows)),
        case("features_differ_by_case", "The features' name must agree in case.", with_params(plain, featuresCol="Features"), FINE, "error"),
        case("missing_features", "A missing features column raises.", plain, one_column("x", "int", [1]), "error"),
        case("array_features", "An array of doubles is not a vector.", plain, lambda spark: spark.sql("SELECT array(1.0D, 2.0D, 3.0D) AS features"), "error"),
        case(
            "metadata_of_another_size", "The size that the features' ML attributes tell is not checked.", plain, FINE.with_metadata("features", vector_size(7))
        ),
        case("null_features", "A null vector raises.", plain, features(dense(1, 2, 3), None), "error"),
        case("null_features_not_asked_for", "It does not where nobody asks for the outputs.", plain, with_x, columns=("x",)),
        case("longer_features", "Vectors with more features than the model are taken.", plain, features(dense(1, 2, 3, 4), dense(0, 0, 0, 9), sparse(4))),
        case("shorter_features", "A vector without a feature that a split looks at raises.", plain, features(dense(1, 2), dense(0, -2)), "error"),
        case("shorter_sparse_features", "A sparse one, too.", plain, features(sparse(2, {0: 1.0})), "error"),
        case(
            "shorter_features_on_another_way",
            "A short vector whose way through the trees never comes to a feature that it lacks is taken.",
            given(NUMERIC),
            features(sparse(2), dense(0.5, -2), dense(-1, NAN)),
        ),
        case(
            "shorter_features_without_the_split_ones",
            "A vector without the features that no split looks at is taken.",
            given(STUMP),
            features(dense(1, 2), sparse(2, {1: -3.0})),
        ),
        case(
            "shorter_features_not_asked_for", "Nobody asks for the outputs.", plain, Table({"features": "vector", "x": "int"}, [(dense(1), 1)]), columns=("x",)
        ),
        case("empty_input", "No rows.", plain, FINE.empty()),
        *(
            case(
                f"{name.lower()}_exists",
                f"A column {name} that exists is refused.",
                plain,
                Table({"features": "vector", name: "double"}, [(dense(1, 2, 3), 1)]),
                "error",
            )
            for name in family.outputs.values()
        ),
        case(
            "prediction_differs_by_case",
            "A column Prediction is replaced by prediction.",
            plain,
            Table({"Prediction": "double", "features": "vector"}, [(9, dense(1, 2, 3))]),
        ),
        case("leaf_column", "leafCol adds the leaf's number from left to right.", with_params(plain, leafCol="leaf"), HARD),
        case("leaf_column_categorical", "leafCol behind categorical splits.", with_params(given(categorical((1, 3), 8)), leafCol="leaf"), categories(8)),
        case("leaf_column_depth_zero", "leafCol of a tree that is one leaf.", with_params(given(leaf(1)), leafCol="leaf"), FINE),
        case(
            "leaf_column_exists",
            "A column of leafCol's name that exists.",
            with_params(plain, leafCol="leaf"),
            Table({"features": "vector", "leaf": "double"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case("leaf_column_alone_asked_for", "Only the leaves are read.", with_params(plain, leafCol="leaf"), HARD, columns=("leaf",)),
    ]


#: Forests and boosted trees of Spark's default size would be large; one of each is enough.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "classification/random_forest_classification_model": {"numTrees": 20},
    "regression/random_forest_regression_model": {"numTrees": 20},
    "classification/gbt_classification_model": {"maxIter": 20},
    "regression/gbt_regression_model": {"maxIter": 20},
}


def _column_cases(family: Family, case: Callable[..., Case], plain: Model) -> Iterator[Case]:
    """Every choice of output columns, with leafCol set and unset."""
    params = family.outputs
    for chosen in itertools.product(*((name, "") for name in params.values()), ("leaf", "")):
        columns = dict(zip([*params, "leafCol"], chosen, strict=True))
        if all(columns[name] == default for name, default in params.items()):
            continue
        said = "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"
        yield case(f"columns_{said}", f"Columns set: {said.replace('_', ', ')}.", with_params(plain, **columns), FINE)


def _renamed(family: Family) -> dict[str, str]:
    return {"featuresCol": "my features", "leafCol": "my leaf", **{param: f"my {name}" for param, name in family.outputs.items()}}


def classifier_cases(family: Family) -> list[Case]:
    """thresholds, for all tree classifiers."""
    case = partial(Case, family.folder)
    trees = (NUMERIC, OTHER, STUMP)
    found = []
    for name, thresholds in {
        "fair": [0.5, 0.5],
        "uneven": [0.2, 0.6],
        "first_zero": [0.0, 0.4],
        "second_zero": [0.4, 0.0],
        "tiny": [1e-300, 1e-5],
        "above_one": [3.0, 5.0],
    }.items():
        for off in ({}, {"rawPredictionCol": ""}, {"rawPredictionCol": "", "probabilityCol": ""}):
            said = {0: "", 1: "_from_probability", 2: "_from_features"}[len(off)]
            found.append(
                case(
                    f"thresholds_{name}{said}",
                    f"thresholds {thresholds}{', with fewer columns: ' + ', '.join(off) + ' off' if off else ''}.",
                    family.given(*trees, thresholds=thresholds, **off),
                    HARD,
                )
            )
    found.append(case("thresholds_of_three", "thresholds of another length than the classes.", family.given(*trees, thresholds=[0.2, 0.3, 0.5]), HARD, "error"))
    return found
