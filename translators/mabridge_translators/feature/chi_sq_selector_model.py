"""ChiSqSelectorModel: the features that a chi-squared test chose.

Reads: `data`, one row: `selectedFeatures`.
Returns: the output column, vectors, sparse where the input is.
Refuses: a feature that is selected twice.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator
from mabridge_translators._shared.selection import selected


@dataclass(frozen=True)
class Params:
    """Params of ChiSqSelectorModel (Spark 3.5)."""

    features_col: str = "features"
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One selection."""
    yield from selected(stage, stage.params.features_col, stage.params.output_col, nominal=True)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.ChiSqSelectorModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"fdr", "fpr", "fwe", "labelCol", "numTopFeatures", "percentile", "selectorType"}),
    since="1.6.0",
)
