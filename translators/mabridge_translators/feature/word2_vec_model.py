"""Word2VecModel: the mean of the words' vectors.

Reads: `data`: rows of `word`, `vector` in one or more files (Spark 2.2 and later); or one row of `wordIndex`, a map, and `wordVectors`, flat (before).
Returns: the output column, vectors: dense, and sparse without entries for an empty list.
Refuses: a model whose vectors are not of the size that the param vectorSize says.
Differs from Spark: in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.sdk import Op, Stage, Translator, counted, ops
from mabridge_translators._shared.columns import output_or_default
from mabridge_translators._shared.text import without_null


@dataclass(frozen=True)
class Params:
    """Params of Word2VecModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    vector_size: int = 100


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One mean."""
    params, (words, vectors) = stage.params, _words_and_vectors(stage)
    if vectors.shape[1] != params.vector_size:
        raise stage.malformed(f"the vectors have {counted(vectors.shape[1], 'entry', 'entries')}, and vectorSize is {params.vector_size}.")
    texts, null_place = without_null(stage, words, "vocabulary")
    if null_place is not None:
        vectors = np.concatenate([np.delete(vectors, null_place, axis=0), vectors[null_place : null_place + 1]])
    yield ops.AverageWords(params.input_col, output_or_default(stage, params.output_col), texts, np.ascontiguousarray(vectors))


def _words_and_vectors(stage: Stage[Params]) -> tuple[list[str | None], npt.NDArray[np.float32]]:
    size = stage.params.vector_size
    if stage.spark_version < (2, 2):
        row: dict[str, Any] = stage.row()
        index = [(str(word), int(place)) for word, place in stage.field(row, "wordIndex")]
        flat = np.array(stage.field(row, "wordVectors"), dtype=np.float32)
        if size < 1 or len(flat) != size * len(index) or sorted(place for _, place in index) != list(range(len(index))):
            raise stage.malformed(f"{len(flat)} numbers and {len(index)} words do not make vectors of {size}.")
        return [word for word, _ in sorted(index, key=lambda pair: pair[1])], flat.reshape(len(index), size)
    table = stage.saved.table(columns=["word", "vector"])
    # Of a word that stands there twice Spark keeps the last.
    found = dict(zip(table["word"].to_pylist(), range(table.num_rows), strict=True))
    lists = table["vector"].combine_chunks()
    values = lists.flatten().to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
    if table.num_rows == 0 or lists.null_count or size < 1 or len(values) != size * table.num_rows or set(lists.value_lengths().to_pylist()) != {size}:
        raise stage.malformed(f"`data` does not hold a vector of {size} numbers for each word.")
    return list(found), values.reshape(table.num_rows, size)[list(found.values())]


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.Word2VecModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"maxIter", "maxSentenceLength", "minCount", "numPartitions", "seed", "stepSize", "windowSize"}),
    since="1.4.0",
)
