"""CountVectorizerModel: how often each word of the vocabulary stands in a list, as a sparse vector.

Reads: `data`, one row: `vocabulary`.
Returns: the output column, sparse vectors.
Refuses: a vocabulary that holds a word twice.
Differs from Spark: in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops, saved_name
from mabridge_translators._shared.columns import output_or_default
from mabridge_translators._shared.text import without_null


@dataclass(frozen=True)
class Params:
    """Params of CountVectorizerModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    min_tf: float = saved_name("minTF", default=1.0)
    binary: bool = False


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One count."""
    params = stage.params
    words, null_place = without_null(stage, stage.field(stage.row(), "vocabulary"), "vocabulary")
    if not params.min_tf >= 0:
        raise stage.malformed(f"minTF is {params.min_tf}; Spark accepts 0 and more.")
    yield ops.CountWords(params.input_col, output_or_default(stage, params.output_col), words, null_place, params.min_tf, params.binary)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.CountVectorizerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"vocabSize", "minDF", "maxDF"}),
    since="1.5.0",
)
