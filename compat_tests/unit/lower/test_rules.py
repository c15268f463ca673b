"""Association rules applied to lists, held to Spark's definition rule by rule and row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import run
from mabridge.errors import InvalidInputError
from mabridge.lower.columns import ScalarColumn
from mabridge.lower.kernels import rules as kernels
from mabridge.plan.bind import Binder
from mabridge.plan.ops import ApplyRules
from mabridge.plan.ops.rules import ITEM_TYPES
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import ArrayType, StringType, arrow_type

Rules = list[tuple[list[int], int]]
COUNT = 6
RULES = st.lists(st.tuples(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=4), st.integers(0, COUNT - 1)), max_size=12)


def applied(rules: Rules, element: str = "int") -> ApplyRules:
    return ApplyRules(
        "x",
        "p",
        pa.array([str(10 + place) for place in range(COUNT)]),
        element,
        np.array([place for antecedent, _ in rules for place in antecedent], np.int64),
        np.cumsum([0, *(len(antecedent) for antecedent, _ in rules)], dtype=np.int64),
        np.array([consequent for _, consequent in rules], np.int64),
    )


def added(rules: Rules, row: list[int | None] | None) -> list[int]:
    """FPGrowthModel's UDF, in the order of the items."""
    held = set(row or [])
    return sorted({10 + consequent for antecedent, consequent in rules if all(10 + place in held for place in antecedent)} - held)  # type: ignore[operator]


@settings(deadline=None)
@given(
    rules=RULES,
    rows=st.lists(st.one_of(st.none(), st.lists(st.one_of(st.none(), st.integers(8, 10 + COUNT)), max_size=7)), max_size=9),
    element=st.sampled_from(sorted(ITEM_TYPES)),
    pairs=st.sampled_from([1, 3, 2**20]),
    cells=st.sampled_from([1, 15, 2**23]),
    skipped=st.integers(0, 3),
)
def test_a_rule_adds_its_consequent_where_its_whole_antecedent_is_held(
    rules: Rules, rows: list[Any], element: str, pairs: int, cells: int, skipped: int
) -> None:
    kind = ArrayType(ITEM_TYPES[element])
    shown = str if element == "string" else int
    lists = pa.array([None if row is None else [None if item is None else shown(item) for item in row] for row in rows], arrow_type(kind))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "PAIRS", pairs)
        patch.setattr(kernels, "CELLS", cells)
        found = run(applied(rules, element), {"x": ScalarColumn.of_arrow(kind, lists.slice(skipped))})["p"]
    assert isinstance(found, ScalarColumn)
    assert found.arrow.type == arrow_type(kind)
    assert found.arrow.to_pylist() == [[shown(item) for item in added(rules, row)] for row in rows[skipped:]]


@pytest.mark.parametrize(
    "change",
    [
        {"items": pa.array(["1", "1", "2", "3", "4", "5"])},
        {"element": "double"},
        {"starts": np.array([0, 1, 3])},
        {"starts": np.array([0, 0, 2])},
        {"starts": np.array([0, 2])},
        {"antecedents": np.array([0, 6])},
        {"antecedents": np.array([[0, 1]])},
        {"consequents": np.array([-1, 0])},
    ],
)
def test_stored_rules_that_do_not_fit_are_refused(change: dict[str, Any]) -> None:
    op = applied([([0], 1), ([1], 0)])
    columns = [InputColumn("x", ArrayType(ITEM_TYPES["int"]))]
    op.bind(Binder(columns, Reference("3.5.7")))
    with pytest.raises(InvalidInputError, match="do not fit"):
        replace(op, **change).bind(Binder(columns, Reference("3.5.7")))


def test_a_column_of_other_items_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Cast the column to array<int>"):
        applied([]).bind(Binder([InputColumn("x", ArrayType(StringType()))], Reference("3.5.7")))
