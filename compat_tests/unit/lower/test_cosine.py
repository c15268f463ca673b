"""The cosine transform, held to its definition in exact enough arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import rows_of, run, vector_columns
from mabridge.errors import InvalidRowError
from mabridge.lower.columns import AllDense, DenseBlock, VectorColumn
from mabridge.lower.kernels.cosine import cosines
from mabridge.plan.ops import CosineTransform


def transform_by_hand(values: list[float], *, inverse: bool) -> list[float]:
    size = len(values)

    def weight(feature: int, output: int) -> float:
        return math.sqrt((1 if output == 0 else 2) / size) * math.cos(math.pi * (2 * feature + 1) * output / (2 * size))

    if inverse:
        return [math.fsum(weight(output, feature) * values[feature] for feature in range(size)) for output in range(size)]
    return [math.fsum(weight(feature, output) * values[feature] for feature in range(size)) for output in range(size)]


@settings(deadline=None)
@given(column=vector_columns(values=[0.0, 1.0, -2.5, 0.1, 1e10, -1e-10]), inverse=st.booleans())
def test_the_transform_is_the_definition_s_within_the_declared_terms(column: VectorColumn, inverse: bool) -> None:
    scales: dict[str, np.ndarray] = {}
    found = run(CosineTransform("u", "v", inverse), {"u": column}, scales)["v"]
    assert isinstance(found, VectorColumn)
    for place, (row, result) in enumerate(zip(rows_of(column), rows_of(found), strict=True)):
        assert result.places is None
        if row.size == 1:
            assert result.values == row.full()
            continue
        wanted = transform_by_hand(row.full(), inverse=inverse)
        bound = 1e-14 * math.sqrt(2 / row.size) * math.fsum(map(abs, row.values))
        assert all(abs(a - b) <= bound for a, b in zip(wanted, result.values, strict=True))
        np.testing.assert_allclose(scales["v"][place], bound * 1e14, rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 31, 360])
def test_the_inverse_undoes_the_transform(size: int) -> None:
    np.testing.assert_allclose(cosines(size, inverse=False) @ cosines(size, inverse=True), np.eye(size), atol=1e-14)


@pytest.mark.parametrize("values", [[math.inf, 1.0], [-math.inf, 0.0], [1e308, 1e308], [1e291, 0.0]])
def test_a_row_whose_fast_transform_may_overflow_is_refused(values: list[float]) -> None:
    with pytest.raises(InvalidRowError, match="passes 1e290"):
        run(CosineTransform("u", "v", False), {"u": VectorColumn(1, (DenseBlock(np.array([values])),), AllDense())})


def test_a_vector_of_no_features_is_refused() -> None:
    with pytest.raises(InvalidRowError, match="no features"):
        run(CosineTransform("u", "v", False), {"u": VectorColumn(1, (DenseBlock(np.zeros((1, 0))),), AllDense())})


def test_nan_reaches_every_feature() -> None:
    found = run(CosineTransform("u", "v", False), {"u": VectorColumn(1, (DenseBlock(np.array([[math.nan, math.inf, 0.0]])),), AllDense())})["v"]
    assert isinstance(found, VectorColumn)
    assert np.isnan(found.dense()).all()
