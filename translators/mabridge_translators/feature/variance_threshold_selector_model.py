"""VarianceThresholdSelectorModel: the features whose variance passed a threshold.

Reads: `data`, one row: `selectedFeatures`.
Returns: the output column, vectors, sparse where the input is.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from mabridge_translators._shared.selection import selector

TRANSLATOR = selector("VarianceThresholdSelectorModel", frozenset({"varianceThreshold"}), since="3.1.0", ordered=True)
