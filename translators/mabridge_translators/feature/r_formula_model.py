"""RFormulaModel: the feature pipeline that an R formula stands for, and its label.

Reads: `data`, one row: `label`; and the saved pipeline `pipelineModel`.
Returns: what the pipeline returns, and the label column as double where the data has the label, it is a number or truth value, and the column is not there yet.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, SavedStage, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """Params of RFormulaModel (Spark 3.5)."""

    features_col: str = "features"
    label_col: str = "label"


def translate(stage: Stage[Params]) -> Iterator[Op | SavedStage]:
    """A look at the columns, the pipeline, the label."""
    params = stage.params
    label = str(stage.field(stage.row(), "label"))
    yield ops.ExpectColumns(absent=(params.features_col,), numeric=(params.label_col,))
    yield stage.saved.child("pipelineModel")
    if label:
        yield ops.DoubleColumn(label, params.label_col)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.RFormulaModel",
    params=Params,
    translate=translate,
    # What these decide is in the pipeline.
    training_only=frozenset({"formula", "forceIndexLabel", "handleInvalid", "stringIndexerOrderType"}),
    since="1.5.0",
)
