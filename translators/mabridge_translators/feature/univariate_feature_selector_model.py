"""UnivariateFeatureSelectorModel: the features that univariate tests chose.

Reads: `data`, one row: `selectedFeatures`.
Returns: the output column, vectors, sparse where the input is.
Refuses: a feature that is selected twice.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from mabridge_translators._shared.selection import selector

TRANSLATOR = selector(
    "UnivariateFeatureSelectorModel", frozenset({"featureType", "labelCol", "labelType", "selectionMode", "selectionThreshold"}), since="3.1.1"
)
