"""Categories given as numbers, looked up one by one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import run
from mabridge.errors import InvalidInputError, InvalidRowError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.bind import Binder
from mabridge.plan.ops import LookupNumber
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import DoubleType

NUMBERS = [0.0, -0.0, 1.0, 2.0, 3.0, 0.5, -1.0, 2147483647.0, math.nan, math.inf, -math.inf, 5e-324]


def lookup(keys: list[float], null: float | None, unseen: str) -> LookupNumber:
    return LookupNumber(
        ("x",),
        ("y",),
        np.array(sorted(keys)),
        np.array([key * 10 + 1 for key in sorted(keys)]),
        np.array([0, len(keys)]),
        np.array([0.0 if null is None else null]),
        np.array([null is not None]),
        np.array([-7.0]),
        unseen,  # type: ignore[arg-type]
        np.array([-7.0]),
        np.array([0, 1]),
    )


@settings(deadline=None)
@given(
    keys=st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 9.0]), unique=True),
    values=st.lists(st.sampled_from([*NUMBERS, None])),
    null=st.sampled_from([None, 4.5]),
    unseen=st.sampled_from(["keep", "error"]),
)
def test_each_number_is_looked_up_by_its_value(keys: list[float], values: list[float | None], null: float | None, unseen: str) -> None:
    column = ScalarColumn.of_numpy(DoubleType(), np.array([v or 0.0 for v in values], dtype=float), np.array([v is not None for v in values], dtype=bool))
    known = {key: key * 10 + 1 for key in keys}
    wanted = [null if value is None else known.get(value) for value in values]
    op = lookup(keys, null, unseen)
    if unseen == "error" and None in wanted:
        with pytest.raises(InvalidRowError, match="was not there when the model was fitted"):
            run(op, {"x": column})
        return
    found = run(op, {"x": column})["y"]
    assert isinstance(found, ScalarColumn)
    assert found.arrow.to_pylist() == [-7.0 if value is None else value for value in wanted]


@pytest.mark.parametrize(
    "change",
    [
        {"starts": np.array([0, 1])},
        {"starts": np.array([1, 2])},
        {"starts": np.array([0, 2, 2])},
        {"values": np.zeros(3)},
        {"null_known": np.array([True, False])},
        {"unseen_values": np.zeros(0)},
    ],
)
def test_a_stored_plan_whose_arrays_do_not_fit_is_refused(change: dict[str, np.ndarray]) -> None:
    op = lookup([1.0, 2.0], None, "keep")
    op.bind(Binder([InputColumn("x", DoubleType())], Reference("4.0.1")))
    with pytest.raises(InvalidInputError, match="do not fit"):
        replace(op, **change).bind(Binder([InputColumn("x", DoubleType())], Reference("4.0.1")))


def test_keys_that_do_not_ascend_are_refused() -> None:
    op = replace(lookup([1.0, 2.0], None, "keep"), keys=np.array([2.0, 1.0]))
    with pytest.raises(InvalidInputError, match="do not fit"):
        op.bind(Binder([InputColumn("x", DoubleType())], Reference("4.0.1")))
