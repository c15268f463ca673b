"""ChiSqSelectorModel: the features that a chi-squared test chose.

Reads: `data`, one row: `selectedFeatures`.
Returns: the output column, vectors, sparse where the input is.
Refuses: a feature that is selected twice.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from mabridge_translators._shared.selection import selector

TRANSLATOR = selector(
    "ChiSqSelectorModel", frozenset({"fdr", "fpr", "fwe", "labelCol", "numTopFeatures", "percentile", "selectorType"}), since="1.6.0", nominal=True
)
