"""The order of Scala's collections, against lists that Spark 4.0 recorded for TargetEncoderModel."""

from __future__ import annotations

import itertools
import math

import pytest
from mabridge_translators._shared.scala_order import listed


def test_up_to_four_members_keep_their_order_and_come_once() -> None:
    assert listed([3.0, 1.0, 3.0, 2.0, 1.0]) == [3.0, 1.0, 2.0]
    assert [math.copysign(1.0, member) for member in listed([-0.0, 0.0])] == [-1.0]


@pytest.mark.parametrize(
    "recorded",
    [
        [0.0, 0.2, 0.4, 0.30434782608695654, 0.5],
        [0.2173913043478261, 0.06086956521739129, 0.30434782608695654, 0.4608695652173913, 0.3840579710144928],
        [1.1523809523809523, 1.438095238095238, 1.2714285714285714, 1.4142857142857141, 1.157142857142857],
        [3.875, 7.0, 3.25, 4.142857142857142, 3.0],
    ],
    ids=str,
)
def test_more_members_stand_in_the_order_that_spark_recorded_however_they_came(recorded: list[float]) -> None:
    assert all(listed(members) == recorded for members in itertools.permutations(recorded))


def test_any_double_has_a_place() -> None:
    members = [math.inf, -math.inf, 1e300, 2.0**63, -(2.0**63), 2.0**31, 0.1, 0.5, 5e-324, 0.0, -1.0]
    assert sorted(listed([*members, math.nan]), key=str) == sorted([*members, math.nan], key=str)
