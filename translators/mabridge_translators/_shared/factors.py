"""Saved factorization machines as a FactorScorer."""

from __future__ import annotations

from typing import Any

from mabridge.sdk import FactorScorer, Stage, matrix_value, stored_entries, vector_value
from mabridge_translators._shared.prediction import FIT_ONLY

#: Params of factorization machines that matter in `fit` alone.
FACTORS_FIT_ONLY = FIT_ONLY | {"factorSize", "fitLinear", "initStd", "miniBatchFraction", "seed", "solver", "stepSize"}


def read_factors(stage: Stage[Any]) -> FactorScorer:
    """The machine in `data`, one row: intercept, linear, factors.

    Raises:
        MalformedModelError: a column is missing.
        ValueError: they do not fit together.
    """
    row = stage.row()
    linear = stage.field(row, "linear")
    scorer = FactorScorer(float(stage.field(row, "intercept")), vector_value(linear), matrix_value(stage.field(row, "factors")), stored_entries(linear))
    scorer.check()
    return scorer
