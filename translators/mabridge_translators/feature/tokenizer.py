r"""Tokenizer: a text in lower case, split at white space.

Reads: params only.
Returns: the output column, array of strings; as Java's `split("\\s")`: empty words stay, but not at the end.
Refuses: nothing of its own.
Differs from Spark: a JVM whose default locale is Turkish, Azerbaijani or Lithuanian lowers I and J otherwise; mabridge lowers as all others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of Tokenizer (Spark 3.5)."""

    input_col: str
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One split."""
    yield ops.SplitText(stage.params.input_col, output_or_default(stage, stage.params.output_col), r"\s", gaps=True, lowercase=True, min_length=0)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.Tokenizer", params=Params, translate=translate, training_only=frozenset(), since="1.2.0")
