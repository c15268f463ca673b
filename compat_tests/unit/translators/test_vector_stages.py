"""Vector stages as Spark 2.x saved them, without defaults, and saved data that contradicts itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import mabridge
from compat_tests.unit.saved.build_saved import metadata, write_metadata, write_table
from mabridge.errors import MalformedModelError, UnsupportedPipelineError
from mabridge.plan.types import VECTOR_STRUCT

MATRIX = pa.struct(
    [
        ("type", pa.int8()),
        ("numRows", pa.int32()),
        ("numCols", pa.int32()),
        ("colPtrs", pa.list_(pa.int32())),
        ("rowIndices", pa.list_(pa.int32())),
        ("values", pa.list_(pa.float64())),
        ("isTransposed", pa.bool_()),
    ]
)


def vector(*values: float) -> dict[str, Any]:
    return {"type": 1, "size": None, "indices": None, "values": list(values)}


def matrix(rows: int, columns: int, *values: float, **other: Any) -> dict[str, Any]:
    return {"type": 1, "numRows": rows, "numCols": columns, "colPtrs": None, "rowIndices": None, "values": list(values), "isTransposed": False, **other}


def one_row(**columns: Any) -> pa.Table:
    kinds = {
        "maxAbs": VECTOR_STRUCT,
        "range": VECTOR_STRUCT,
        "median": VECTOR_STRUCT,
        "explainedVariance": VECTOR_STRUCT,
        "pc": MATRIX,
        "randUnitVectors": MATRIX,
    }
    kinds |= {"selectedFeatures": pa.list_(pa.int32()), "randCoefficients": pa.list_(pa.int32())}
    return pa.table({name: pa.array([value], kinds[name]) for name, value in columns.items()})


def saved(folder: Path, name: str, params: dict[str, Any], table: pa.Table | None, version: str = "2.0.0") -> Path:
    """A stage whose metadata has no defaults, as before Spark 2.4."""
    found = metadata(f"org.apache.spark.ml.feature.{name}", "stage_1", params, sparkVersion=version)
    del found["defaultParamMap"]
    write_metadata(folder, found)
    if table is not None:
        write_table(folder / "data", table)
    return folder


IN_OUT = {"inputCol": "u", "outputCol": "v"}
SELECT = {"featuresCol": "u", "outputCol": "v"}
ROW = pa.table({"u": pa.array([[2.0, -4.0, 0.0]], pa.list_(pa.float64(), 3))})


@pytest.mark.parametrize(
    ("name", "params", "table", "wanted"),
    [
        ("Binarizer", IN_OUT, None, [1.0, 0.0, 0.0]),
        ("MaxAbsScalerModel", IN_OUT, one_row(maxAbs=vector(4.0, 8.0, 0.0)), [0.5, -0.5, 0.0]),
        ("RobustScalerModel", IN_OUT, one_row(range=vector(2.0, 0.0, 1.0), median=vector(1.0, 1.0, 1.0)), [1.0, 0.0, 0.0]),
        ("Normalizer", IN_OUT | {"p": 1.0}, None, [1 / 3, -2 / 3, 0.0]),
        ("ElementwiseProduct", IN_OUT | {"scalingVec": {"type": 1, "values": [1.0, 0.5, 2]}}, None, [2.0, -2.0, 0.0]),
        ("ElementwiseProduct", IN_OUT | {"scalingVec": {"type": 0, "size": 3, "indices": [1], "values": [0.5]}}, None, [0.0, -2.0, 0.0]),
        ("PCAModel", IN_OUT | {"k": 2}, one_row(pc=matrix(3, 2, 1.0, 1.0, 1.0, 0.0, 0.5, 0.0), explainedVariance=vector(1.0, 0.0)), [-2.0, -2.0]),
        ("ChiSqSelectorModel", SELECT, one_row(selectedFeatures=[2, 0]), [2.0, 0.0]),
        ("UnivariateFeatureSelectorModel", SELECT, one_row(selectedFeatures=[2, 0]), [2.0, 0.0]),
        ("VarianceThresholdSelectorModel", SELECT, one_row(selectedFeatures=[0, 2]), [2.0, 0.0]),
        ("PolynomialExpansion", IN_OUT, None, [2.0, 4.0, -4.0, -8.0, 16.0, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_a_stage_without_saved_defaults_takes_spark_s(tmp_path: Path, name: str, params: dict[str, Any], table: pa.Table | None, wanted: list[float]) -> None:
    model = mabridge.convert(saved(tmp_path, name, params, table), as_spark="3.5.7")
    assert model.transform(ROW, vectors="dense").column("v").to_pylist() == [wanted]


def test_directions_of_spark_2_stand_column_by_column(tmp_path: Path) -> None:
    table = one_row(randUnitVectors=matrix(2, 3, 1.0, 0.0, 0.5, 1.0, 0.0, 0.0))
    model = mabridge.convert(saved(tmp_path, "BucketedRandomProjectionLSHModel", IN_OUT | {"bucketLength": 1.5}, table, "2.1.0"), as_spark="3.5.7")
    assert [vector["values"] for vector in model.transform(ROW).column("v").to_pylist()[0]] == [[0.0], [-3.0]]


def test_a_refused_row_names_its_stage_and_column(tmp_path: Path) -> None:
    model = mabridge.convert(saved(tmp_path, "MinHashLSHModel", IN_OUT, one_row(randCoefficients=[3, 1, 5, 2]), "2.1.0"), as_spark="3.5.7")
    assert [vector["values"] for vector in model.transform(ROW).column("v").to_pylist()[0]] == [[4.0], [7.0]]
    with pytest.raises(mabridge.errors.InvalidRowError, match=r"MinHashLSHModel \(stage_1\).*`u`"):
        model.transform(pa.table({"u": pa.array([[0.0, 0.0]], pa.list_(pa.float64(), 2))}))


@pytest.mark.parametrize(
    ("name", "params", "table"),
    [
        ("Binarizer", {"inputCol": "u", "outputCol": "v", "thresholds": [1.0]}, None),
        ("Binarizer", {"inputCols": ["u"], "outputCols": ["v"], "thresholds": [1.0, 2.0]}, None),
        ("Binarizer", {"inputCols": ["u"], "outputCols": ["v"], "thresholds": [1.0], "threshold": 1.0}, None),
        ("MaxAbsScalerModel", IN_OUT, one_row(maxAbs={"type": 0, "size": 2, "indices": [5], "values": [1.0]})),
        ("MaxAbsScalerModel", IN_OUT, one_row(maxAbs=None)),
        ("RobustScalerModel", IN_OUT, one_row(range=vector(1.0), median=vector(1.0, 2.0))),
        ("RobustScalerModel", IN_OUT | {"lower": 0.9}, one_row(range=vector(1.0), median=vector(1.0))),
        ("Normalizer", IN_OUT | {"p": 0.5}, None),
        ("Normalizer", IN_OUT | {"p": "NaN"}, None),
        ("ElementwiseProduct", IN_OUT | {"scalingVec": {"type": 0, "size": 2**40, "indices": [0], "values": [1.0]}}, None),
        ("ElementwiseProduct", IN_OUT | {"scalingVec": {"type": 0, "indices": [0], "values": [1.0]}}, None),
        ("PCAModel", IN_OUT | {"k": 2}, one_row(pc=matrix(3, 2, 1.0))),
        ("PCAModel", IN_OUT | {"k": 1}, one_row(pc=matrix(1, 1, 1.0, type=0, colPtrs=[0, 1], rowIndices=[0]))),
        ("ChiSqSelectorModel", SELECT, one_row(selectedFeatures=[-1, 0])),
        ("ChiSqSelectorModel", SELECT, one_row(selectedFeatures=[None])),
        ("VarianceThresholdSelectorModel", SELECT, one_row(selectedFeatures=[1, 0])),
        ("PolynomialExpansion", IN_OUT | {"degree": 0}, None),
        ("BucketedRandomProjectionLSHModel", IN_OUT | {"bucketLength": 0.0}, one_row(randUnitVectors=matrix(1, 1, 1.0))),
        ("MinHashLSHModel", IN_OUT, one_row(randCoefficients=[1, 2, 3])),
    ],
)
def test_a_stage_that_contradicts_itself_is_called_malformed(tmp_path: Path, name: str, params: dict[str, Any], table: pa.Table | None) -> None:
    with pytest.raises(MalformedModelError):
        mabridge.convert(saved(tmp_path, name, params, table))


@pytest.mark.parametrize(
    ("name", "params", "table", "said"),
    [
        ("PCAModel", IN_OUT | {"k": 3}, one_row(pc=matrix(1, 1, 1.0)), "k is 3 and there are 1 components"),
        ("ChiSqSelectorModel", SELECT, one_row(selectedFeatures=[1, 1]), "holds a number twice"),
        (
            "BucketedRandomProjectionLSHModel",
            IN_OUT | {"bucketLength": 1.0},
            one_row(randUnitVectors=matrix(1, 1, 1.0, type=0, colPtrs=[0, 1], rowIndices=[0])),
            "sparse matrix",
        ),
        ("ElementwiseProduct", IN_OUT | {"scalingVec": [1.0]}, None, "scalingVec"),
        ("ElementwiseProduct", IN_OUT, None, "scalingVec is not set"),
        ("DCT", IN_OUT | {"inverse": "yes"}, None, "inverse"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(tmp_path: Path, name: str, params: dict[str, Any], table: pa.Table | None, said: str) -> None:
    with pytest.raises(UnsupportedPipelineError, match=said):
        mabridge.convert(saved(tmp_path, name, params, table))


ENCODINGS = pa.schema([("index", pa.int32()), ("categories", pa.list_(pa.float64())), ("counts", pa.list_(pa.float64())), ("stats", pa.list_(pa.float64()))])
ALL = 2147483647.0


def encodings(*columns: tuple[list[float], list[float], list[float]]) -> pa.Table:
    """Rows in another order than their `index` says."""
    rows = [{"index": place, "categories": a, "counts": b, "stats": c} for place, (a, b, c) in enumerate(columns)]
    return pa.Table.from_pylist(rows[::-1], ENCODINGS)


def test_target_encodings_are_smoothed_and_ordered_by_their_index(tmp_path: Path) -> None:
    table = encodings(([0.0, ALL], [4.0, 8.0], [1.0, 4.0]), ([7.0, -1.0, ALL], [2.0, 2.0, 8.0], [2.0, 0.0, 4.0]))
    params = {"inputCols": ["a", "b"], "handleInvalid": "keep", "smoothing": 4.0}
    model = mabridge.convert(saved(tmp_path, "TargetEncoderModel", params, table, "4.0.0"))
    data = pa.table({"a": pa.array([0.0, 1.0, None]), "b": pa.array([7, None, 8], pa.int32())})
    found = model.transform(data)
    assert found.column("a_indexed").to_pylist() == [0.5 * 0.25 + 0.5 * 0.5, 0.5, 0.5]
    third = 2.0 / 6.0
    assert found.column("b_indexed").to_pylist() == [third * 1.0 + (1 - third) * 0.5, third * 0.0 + (1 - third) * 0.5, 0.5]


@pytest.mark.parametrize(
    "table",
    [
        encodings(([0.0], [4.0], [1.0])),
        encodings(([0.0, ALL], [4.0], [1.0, 2.0])),
        encodings(([float("nan"), ALL], [4.0, 4.0], [1.0, 2.0])),
        encodings(([0.0, ALL], [4.0, 8.0], [1.0, 4.0]), ([0.0, ALL], [4.0, 8.0], [1.0, 4.0])),
    ],
)
def test_target_encodings_that_contradict_themselves_are_called_malformed(tmp_path: Path, table: pa.Table) -> None:
    with pytest.raises(MalformedModelError):
        mabridge.convert(saved(tmp_path, "TargetEncoderModel", {"inputCols": ["a"]}, table, "4.0.0"))
