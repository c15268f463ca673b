"""StopWordsRemover: lists of words without the stop words.

Reads: params only; the stop words are one of them, a default saved from Spark 2.4 on.
Returns: the output columns, array of strings.
Refuses: a stage saved before Spark 2.4 whose stop words were left at their default, which such a save does not hold.
Differs from Spark: a stage saved without a locale compares as in English, whatever the JVM's default locale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of StopWordsRemover (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    stop_words: tuple[str | None, ...] | None = None
    case_sensitive: bool = False
    locale: str = "en_US"


#: Spark makes a Locale of the whole text as a language, so `tr` has Turkish rules and `tr_TR` has none.
_LOWER: dict[str, Literal["tr", "lt"]] = {"tr": "tr", "az": "tr", "lt": "lt"}


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One op for all columns: Spark reads every input before it writes an output."""
    params = stage.params
    if params.stop_words is None:
        raise stage.refuse(
            "the stop words were left at Spark's default, and a stage saved before Spark 2.4 does not hold it",
            "Load it in Spark, set stopWords to its own getStopWords, and save again",
        )
    pairs = column_pairs(stage)
    yield ops.DropWords(
        tuple(source for source, _ in pairs),
        tuple(target for _, target in pairs),
        pa.array([word for word in params.stop_words if word is not None], type=pa.string()),
        None in params.stop_words,
        "no" if params.case_sensitive else _LOWER.get(params.locale.lower(), "root"),
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.StopWordsRemover", params=Params, translate=translate, training_only=frozenset(), since="1.5.0"
)
