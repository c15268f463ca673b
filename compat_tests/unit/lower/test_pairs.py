"""Ratings of pairs of ids, and ids that are refused, held to a reading of Spark's definition row by row."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import run
from mabridge.errors import InvalidInputError, InvalidRowError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.bind import bind
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import RatePairs, RequireInteger
from mabridge.plan.reference import Reference
from mabridge.plan.rewrite import rewrite
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import DataType, DecimalType, DoubleType, FloatType, IntegerType, LongType, ShortType, arrow_type

HARD = [0.0, -0.0, 1.0, -1.5, 0.1, 3e38, -3e38, 1e-45, math.inf, -math.inf, math.nan]
FACTORS = st.lists(st.one_of(st.floats(-9, 9, width=32), st.sampled_from(HARD)), min_size=3, max_size=3)
TABLES = st.dictionaries(st.integers(-5, 5), FACTORS, max_size=6)


def ratings(users: dict[int, list[float]], items: dict[int, list[float]], rank: int = 3) -> RatePairs:
    sides = [(np.array(sorted(side), np.int32), np.array([side[key] for key in sorted(side)], np.float32).reshape(len(side), 3)) for side in (users, items)]
    (user_ids, user_factors), (item_ids, item_factors) = [(ids, factors[:, :rank]) for ids, factors in sides]
    return RatePairs("u", "i", "p", user_ids, user_factors, item_ids, item_factors)


def rated(user: list[float] | None, item: list[float] | None, rank: int) -> np.float32:
    """ALSModel's UDF."""
    if user is None or item is None:
        return np.float32(np.nan)
    total = np.float32(0)
    with np.errstate(all="ignore"):
        for place in range(rank):
            total = total + np.float32(user[place]) * np.float32(item[place])
    return np.float32(total)


@settings(deadline=None)
@given(users=TABLES, items=TABLES, pairs=st.lists(st.tuples(st.integers(-7, 7), st.integers(-7, 7)), max_size=9), rank=st.integers(0, 3))
def test_a_pair_is_rated_by_one_float_product_after_the_other(users: dict[int, Any], items: dict[int, Any], pairs: list[tuple[int, int]], rank: int) -> None:
    columns = {name: ScalarColumn.of_numpy(IntegerType(), np.array([pair[place] for pair in pairs], np.int32)) for place, name in enumerate("ui")}
    found = run(ratings(users, items, rank), columns)["p"]  # type: ignore[arg-type]
    assert isinstance(found, ScalarColumn)
    wanted = np.array([rated(users.get(user), items.get(item), rank) for user, item in pairs], np.float32)
    same = (found.values.view(np.int32) == wanted.view(np.int32)) | (np.isnan(found.values) & np.isnan(wanted))
    assert found.values.dtype == np.float32
    assert same.all()


KINDS: list[tuple[DataType, list[Any], list[Any]]] = [
    (ShortType(), [0, -5, 32767], [None]),
    (IntegerType(), [0, 2**31 - 1, -(2**31)], [None]),
    (LongType(), [0, 2**31 - 1, -(2**31)], [None, 2**31, -(2**31) - 1, 2**32 + 1, 2**63 - 1]),
    (FloatType(), [0.0, -0.0, 16777216.0, 2.0**31, -(2.0**31)], [None, 0.5, math.nan, math.inf, -math.inf, 2.0**31 + 256, 1e-45]),
    (DoubleType(), [0.0, -0.0, 2.0**31 - 1, -(2.0**31)], [None, 0.5, math.nan, math.inf, -math.inf, 2.0**31, -(2.0**31) - 1, 5e-324]),
    (DecimalType(12, 2), [Decimal("0.00"), Decimal("2147483647.00")], [None, Decimal("0.01"), Decimal("2147483648.00"), Decimal("-2147483648.01")]),
    (DecimalType(38, 0), [Decimal(7)], [Decimal(10**37), Decimal(2**32 + 1)]),
]


@pytest.mark.parametrize(("kind", "good", "bad"), KINDS, ids=str)
def test_an_id_is_a_whole_number_of_int_s_range(kind: DataType, good: list[Any], bad: list[Any]) -> None:
    op = RequireInteger("u", "v")
    found = run(op, {"u": ScalarColumn.of_arrow(kind, pa.array(good, arrow_type(kind)))})["v"]
    assert isinstance(found, ScalarColumn)
    assert found.values.tolist() == [min(int(value), 2**31 - 1) for value in good]
    for value in bad:
        with pytest.raises(InvalidRowError, match="whole number"):
            run(op, {"u": ScalarColumn.of_arrow(kind, pa.array([good[0], value], arrow_type(kind)))})


def bound(op: RatePairs, version: str, kind: DataType = LongType()) -> Any:  # noqa: B008 - types are values
    step = Step(op, StageRef("", "org.apache.spark.ml.recommendation.ALSModel", "als_1"))
    return bind((step,), [InputColumn("u", kind), InputColumn("i", IntegerType())], Reference(version))


def test_ids_are_checked_though_nobody_asks_for_ratings() -> None:
    plan = bound(ratings({1: [0, 0, 0]}, {}), "3.5.7")
    plan = rewrite(replace(plan, outputs=plan.outputs[:1]))
    assert [type(step.op) for step in plan.steps] == [RequireInteger, RequireInteger]


def test_from_spark_4_on_the_output_shows_the_checked_ids() -> None:
    kinds = {version: [column.kind for column in bound(ratings({}, {}), version).outputs] for version in ("3.5.7", "4.0.0")}
    assert kinds == {"3.5.7": [LongType(), IntegerType(), FloatType()], "4.0.0": [IntegerType(), IntegerType(), FloatType()]}


@pytest.mark.parametrize(
    "change",
    [
        {"user_ids": np.array([2, 1], np.int32)},
        {"user_ids": np.array([1, 1], np.int32)},
        {"user_ids": np.array([1], np.int32)},
        {"user_factors": np.zeros(2, np.float32)},
        {"user_factors": np.zeros((2, 4), np.float32)},
    ],
)
def test_stored_factors_that_do_not_fit_are_refused(change: dict[str, Any]) -> None:
    op = ratings({1: [0, 0, 0], 2: [0, 0, 0]}, {1: [0, 0, 0]})
    bound(op, "3.5.7")
    with pytest.raises(InvalidInputError, match="fit"):
        bound(replace(op, **change), "3.5.7")
