"""Saved coefficients of one weighted sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.sdk import LinearScorer, Stage, stored_entries, vector_value


def linear_scorer(stage: Stage[Any], row: dict[str, Any]) -> LinearScorer:
    """The weighted sum of a row with `coefficients` and `intercept`.

    Raises:
        MalformedModelError: one of them is absent.
    """
    coefficients = stage.field(row, "coefficients")
    stored = stored_entries(coefficients)
    intercept = np.array([stage.field(row, "intercept")], dtype=np.float64)
    return LinearScorer(vector_value(coefficients)[None, :], intercept, None if stored is None else stored[None, :])
