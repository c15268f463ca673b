"""Hypothesis strategies: fitted stages like the recorded ones with other numbers in them, and rows for their columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from compat_tests.definitions.core import Fitted, Vector, float32, plain_type, struct_of

Draw = Callable[[st.SearchStrategy[Any]], Any]

#: Fitted numbers: ordinary ones, and zeros.
FITTED = st.one_of(st.sampled_from([0.0, -0.0, 1.0, -1.5, 0.25, 1e-3, 1e6]), st.floats(-8, 8, allow_subnormal=False))
POSITIVE = st.one_of(st.sampled_from([1.0, 0.25, 2.0, 1e-3]), st.floats(0.01, 8))
NOT_NEGATIVE = st.one_of(st.just(0.0), POSITIVE)
LOGARITHMS = st.floats(-6, -0.01)
#: Numbers in rows.
GIVEN = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324]), st.floats(-10, 10), st.integers(-4, 9).map(float)
)
TEXTS = st.one_of(st.sampled_from(["", " ", "a", "B", "é", "日本", "😀", "a b", "unseen", "the", "1.0", "Spark"]), st.text(max_size=4))


def _texts(draw: Draw, least: int = 1) -> list[str]:
    return list(draw(st.lists(TEXTS, min_size=least, max_size=6, unique=True)))


def _is_vector(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"type", "size", "indices", "values"}


def _is_matrix(value: Any) -> bool:
    return isinstance(value, dict) and "numRows" in value


def other_numbers(draw: Draw, value: Any, numbers: st.SearchStrategy[float]) -> Any:
    """The same shape with other doubles in it."""
    if isinstance(value, float):
        return draw(numbers)
    if _is_vector(value) or _is_matrix(value):
        return {**value, "values": [draw(numbers) for _ in value["values"]]}
    return [other_numbers(draw, item, numbers) for item in value] if isinstance(value, list) else value


def _data(**fields: st.SearchStrategy[float]) -> Callable[[Draw, Fitted], Fitted]:
    """Other numbers in these fields of `data`."""
    return lambda draw, stage: stage.with_data(**{name: other_numbers(draw, stage.data[name], numbers) for name, numbers in fields.items()})


def _min_max(draw: Draw, stage: Fitted) -> Fitted:
    low, high = ([draw(FITTED) for _ in stage.data["originalMin"]["values"]] for _ in range(2))
    return stage.with_data(
        originalMin={**stage.data["originalMin"], "values": [min(pair) for pair in zip(low, high, strict=True)]},
        originalMax={**stage.data["originalMin"], "values": [max(pair) for pair in zip(low, high, strict=True)]},
    )


def _labels(draw: Draw, stage: Fitted) -> Fitted:
    return stage.with_data(labelsArray=[_texts(draw) for _ in stage.data["labelsArray"]]) if "labelsArray" in stage.data else stage


def _isotonic(draw: Draw, stage: Fitted) -> Fitted:
    boundaries = sorted(draw(st.lists(FITTED.map(lambda value: value + 0.0), min_size=1, max_size=6, unique=True)))
    return stage.with_data(boundaries=boundaries, predictions=[draw(FITTED) for _ in boundaries])


def _nodes(draw: Draw, stage: Fitted) -> Fitted:
    """Other predictions, counts and thresholds in the same trees."""

    def other(node: Mapping[str, Any]) -> dict[str, Any]:
        found = {**node, "prediction": draw(FITTED), "impurityStats": [draw(NOT_NEGATIVE) for _ in node["impurityStats"]]}
        if node["leftChild"] >= 0 and node["split"]["numCategories"] < 0:
            found["split"] = {**node["split"], "leftCategoriesOrThreshold": [draw(FITTED)]}
        return found

    rows = stage.tables["data"]
    nested = "nodeData" in rows[0]
    return replace(stage, tables={**stage.tables, "data": [{**row, "nodeData": other(row["nodeData"])} if nested else other(row) for row in rows]})


def _rows(table: str, field: str, numbers: st.SearchStrategy[float]) -> Callable[[Draw, Fitted], Fitted]:
    """Other numbers in one field of each row of a table."""

    def other(draw: Draw, stage: Fitted) -> Fitted:
        rows = [{**row, field: other_numbers(draw, row[field], numbers)} for row in stage.tables[table]]
        return replace(stage, tables={**stage.tables, table: rows})

    return other


def _both(first: Callable[[Draw, Fitted], Fitted], second: Callable[[Draw, Fitted], Fitted]) -> Callable[[Draw, Fitted], Fitted]:
    return lambda draw, stage: second(draw, first(draw, stage))


def _params(**params: st.SearchStrategy[Any]) -> Callable[[Draw, Fitted], Fitted]:
    """Other values of params that are set."""
    return lambda draw, stage: stage.with_params(**{name: draw(values) for name, values in params.items() if stage.params.get(name) is not None})


def _splits(draw: Draw, stage: Fitted) -> Fitted:
    def other() -> list[float]:
        inner = sorted(draw(st.lists(FITTED.map(lambda value: value + 0.0), min_size=1, max_size=4, unique=True)))
        return [-math.inf, *inner, math.inf]

    if stage.params.get("inputCols"):
        return stage.with_params(splitsArray=[other() for _ in stage.params["splitsArray"]])
    return stage.with_params(splits=other())


_FLOAT32 = FITTED.map(float32)

#: Class -> how a recorded stage gets other numbers; classes that are not here are drawn as they were recorded.
CHANGES: dict[str, Callable[[Draw, Fitted], Fitted]] = {
    "Binarizer": _params(threshold=FITTED),
    "BucketedRandomProjectionLSHModel": _data(randUnitVectors=FITTED),
    "Bucketizer": _splits,
    "CountVectorizerModel": _both(lambda draw, stage: stage.with_data(vocabulary=_texts(draw)), _params(minTF=st.sampled_from([0.0, 0.3, 1.0, 2.0]))),
    "ElementwiseProduct": lambda draw, stage: stage.with_params(
        scalingVec={**stage.params["scalingVec"], "values": [draw(FITTED) for _ in stage.params["scalingVec"]["values"]]}
    ),
    "FeatureHasher": _params(numFeatures=st.sampled_from([1024, 4096, 262144])),
    "HashingTF": _params(numFeatures=st.integers(1, 50), binary=st.booleans()),
    "IDFModel": _data(idf=FITTED),
    "ImputerModel": lambda draw, stage: stage.with_data(**{name: draw(FITTED) for name in stage.data}),
    "MaxAbsScalerModel": _data(maxAbs=NOT_NEGATIVE),
    "MinMaxScalerModel": _min_max,
    "NGram": _params(n=st.integers(1, 5)),
    "Normalizer": _params(p=st.sampled_from([1.0, 2.0, 1.5, 3.0, math.inf])),
    "OneHotEncoderModel": _both(
        lambda draw, stage: stage.with_data(categorySizes=[draw(st.integers(1, 6)) for _ in stage.data["categorySizes"]]),
        _params(dropLast=st.booleans(), handleInvalid=st.sampled_from(["keep", "error"])),
    ),
    "PCAModel": _data(pc=FITTED),
    "PolynomialExpansion": _params(degree=st.integers(1, 4)),
    "RobustScalerModel": _both(_data(range=NOT_NEGATIVE, median=FITTED), _params(withCentering=st.booleans(), withScaling=st.booleans())),
    "StandardScalerModel": _both(_data(std=NOT_NEGATIVE, mean=FITTED), _params(withMean=st.booleans(), withStd=st.booleans())),
    "StringIndexerModel": _both(_labels, _params(handleInvalid=st.sampled_from(["error", "skip", "keep"]))),
    "VectorIndexerModel": _params(handleInvalid=st.sampled_from(["error", "skip", "keep"])),
    "Word2VecModel": _rows("data", "vector", _FLOAT32),
    "DecisionTreeClassificationModel": _nodes,
    "DecisionTreeRegressionModel": _nodes,
    "RandomForestClassificationModel": _nodes,
    "RandomForestRegressionModel": _nodes,
    "GBTClassificationModel": _both(_nodes, _rows("treesMetadata", "weights", FITTED)),
    "GBTRegressionModel": _both(_nodes, _rows("treesMetadata", "weights", FITTED)),
    "FMClassificationModel": _data(intercept=FITTED, linear=FITTED, factors=FITTED),
    "FMRegressionModel": _data(intercept=FITTED, linear=FITTED, factors=FITTED),
    "LinearSVCModel": _data(intercept=FITTED, coefficients=FITTED),
    "LinearRegressionModel": _data(intercept=FITTED, coefficients=FITTED),
    "LogisticRegressionModel": _data(interceptVector=FITTED, coefficientMatrix=FITTED),
    "GeneralizedLinearRegressionModel": _data(intercept=FITTED, coefficients=FITTED),
    "AFTSurvivalRegressionModel": _data(intercept=FITTED, coefficients=FITTED, scale=POSITIVE),
    "MultilayerPerceptronClassificationModel": _data(weights=FITTED),
    "NaiveBayesModel": lambda draw, stage: _data(pi=LOGARITHMS, theta=LOGARITHMS, **({"sigma": POSITIVE} if stage.params["modelType"] == "gaussian" else {}))(
        draw, stage
    ),
    "KMeansModel": _rows("data", "clusterCenter", FITTED),
    "IsotonicRegressionModel": _isotonic,
    "ALSModel": _both(_rows("userFactors", "features", _FLOAT32), _rows("itemFactors", "features", _FLOAT32)),
}


def drawn_rows(draw: Draw, table: pa.Table, sizes: Mapping[str, int], known: list[Any]) -> pa.Table:
    """A few rows for a table's columns.

    Args:
        draw: of Hypothesis.
        table: whose columns they are.
        sizes: of its vectors.
        known: values that the stage knows: its labels, words, ids.
    """
    count = draw(st.integers(1, 5))
    columns = [[draw(_cell(field.name, plain_type(field.type), sizes, known)) for _ in range(count)] for field in table.schema]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, table.schema, strict=True)], schema=table.schema)


def _cell(name: str, kind: str, sizes: Mapping[str, int], known: list[Any]) -> st.SearchStrategy[Any]:
    texts = st.one_of(TEXTS, st.sampled_from([value for value in known if isinstance(value, str)] or ["a"]))
    whole = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
    if kind == "vector":
        return st.one_of(vectors(sizes.get(name, 3)), vectors(sizes.get(name, 3), st.integers(0, 3).map(float)))
    if kind == "double":
        return st.one_of(GIVEN, st.none())
    if kind == "float":
        return st.one_of(GIVEN.map(float32), st.none())
    if kind in whole:
        ends = 2 ** (whole[kind] - 1)
        return st.one_of(st.integers(-4, 9), st.integers(-ends, ends - 1), st.none())
    if kind == "string":
        return st.one_of(texts, st.none())
    if kind == "boolean":
        return st.one_of(st.booleans(), st.none())
    if kind == "array<string>":
        return st.one_of(st.lists(texts, max_size=6), st.none())
    raise NotImplementedError(f"no values are drawn for columns of {kind}")


def vectors(size: int, numbers: st.SearchStrategy[float] = GIVEN) -> st.SearchStrategy[dict[str, Any]]:
    """Vectors of a size in Spark's struct, dense and sparse, with zeros that are stored and zeros that are not."""
    full = st.lists(numbers, min_size=size, max_size=size).map(lambda values: Vector(size, dict(enumerate(values)), True))
    some = st.dictionaries(st.integers(0, size - 1), numbers, max_size=size) if size else st.just({})
    partial = some.map(lambda entries: Vector(size, dict(sorted(entries.items())), False))
    return st.one_of(full, partial).map(struct_of)
