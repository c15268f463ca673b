"""LocalLDAModel: the shares of topics in a document.

Reads: `data`, one row: topicsMatrix, docConcentration, gammaShape. Not seed: Spark (3.0 to 4.0 at least) gives a loaded model the seed that its class
has by default, whatever was saved.
Returns: topicDistribution, vector.
Refuses: an empty topicDistributionCol and a docConcentration that does not fit k, as Spark does; a column of arrays.
Differs from Spark: by rounding in the shares alone; the random numbers and the digamma function, which is 3e-9 off, are Spark's. Before Spark 3.0 the random
numbers were others in each run, and those of a DistributedLDAModel still are, so that class is not converted: save its `toLocal()` instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, counted, matrix_value, ops, vector_value

#: `"org.apache.spark.ml.clustering.LocalLDAModel".hashCode`, the default of `seed`.
SEED = 1421925485


@dataclass(frozen=True)
class Params:
    """Params of LocalLDAModel (Spark 3.5)."""

    features_col: str = "features"
    topic_distribution_col: str = "topicDistribution"
    k: int = 10
    doc_concentration: tuple[float, ...] | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One op."""
    params = stage.params
    if not params.topic_distribution_col:
        raise stage.malformed("the param topicDistributionCol is empty; Spark refuses to transform with that too.")
    given = params.doc_concentration
    if given is not None and len(given) not in (1, params.k):
        raise stage.malformed(f"docConcentration has {counted(len(given), 'value')} and k is {params.k}; Spark refuses this too.")
    if given is not None and any(value < 0 for value in given):
        raise stage.malformed("docConcentration holds a value below 0; Spark refuses this too.")
    row = stage.row()
    topics, concentration = matrix_value(stage.field(row, "topicsMatrix")), vector_value(stage.field(row, "docConcentration"))
    if stage.field(row, "vocabSize") != len(topics):
        raise stage.malformed(f"vocabSize is {row['vocabSize']}, and the topics have {len(topics)} terms.")
    yield ops.InferTopics(params.features_col, params.topic_distribution_col, topics, concentration, float(stage.field(row, "gammaShape")), SEED)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.clustering.LocalLDAModel",
    params=Params,
    translate=translate,
    training_only=frozenset(
        {
            *("maxIter", "seed", "checkpointInterval", "optimizer", "topicConcentration", "learningOffset", "learningDecay", "subsamplingRate"),
            *("optimizeDocConcentration", "keepLastCheckpoint"),
        }
    ),
    since="1.6.0",
)
