"""OneHotEncoder, of Spark 1.4 to 2.4: a transformer that takes the number of categories from its input column's ML attributes.

Spark 3.x uses the name for the estimator of OneHotEncoderModel, and cannot load this one.

Reads: params only.
Returns: the output column, vectors; an index behind the last category is all zeros.
Refuses: an input column whose ML attributes do not tell the number of categories (Spark 2 counts them in the data at hand); an unfitted one of Spark 3.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of OneHotEncoder (Spark 2.4)."""

    input_col: str | None = None
    output_col: str | None = None
    drop_last: bool = True


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One encoding."""
    if stage.spark_version >= (3, 0):
        raise stage.refuse("a OneHotEncoder of Spark 3.0 and later is not fitted and transforms nothing", "Fit it and save the OneHotEncoderModel")
    if stage.params.input_col is None:
        raise stage.malformed("inputCol is not set.")
    yield ops.OneHotDeclared(stage.params.input_col, output_or_default(stage, stage.params.output_col), stage.params.drop_last)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.OneHotEncoder",
    params=Params,
    translate=translate,
    # The estimator's, so that it is refused for what it is.
    training_only=frozenset({"inputCols", "outputCols", "handleInvalid"}),
    since="1.4.0",
)
