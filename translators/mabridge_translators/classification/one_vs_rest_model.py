"""OneVsRestModel: one binary classifier for each class; the greatest raw prediction for "this class" wins.

Reads: `metadata` (numClasses, labelMetadata) and the models in `model_0`, `model_1`, ...; `classifier`, the estimator they were fitted with, is left alone.
Returns: rawPrediction (from 2.4 on) and prediction, each where its column is set. The models' own columns and thresholds do not count.
Refuses: a nested model that is more than one prediction; a model saved by Python whose nested models read or write other columns than it does itself.
Differs from Spark: as the nested models do; and before 3.0 Spark may have chosen another of several classes that tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Head, JointScorer, LinearScorer, Op, Scorer, Stage, Translator, major_minor, ops

#: The class of models that Python saves where a nested one is not Spark's own; its `transform` runs the nested models as they are.
PYTHON = "pyspark.ml.classification.OneVsRestModel"


@dataclass(frozen=True)
class Params:
    """Params of OneVsRestModel (Spark 3.5)."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    raw_prediction_col: str = "rawPrediction"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    count = stage.saved.metadata.get("numClasses")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise stage.malformed(f"the metadata says that there are {str(count)[:40]} classes.")
    parts = [_part(stage, f"model_{number}") for number in range(count)]
    reference = major_minor(stage.reference.spark_version)
    raw = "" if reference < (2, 4) else params.raw_prediction_col
    if raw or params.prediction_col:
        yield ops.Predict(
            input=params.features_col,
            raw_prediction=raw or None,
            prediction=params.prediction_col or None,
            scorer=_joined(parts),
            # Spark 4 is built with Scala 2.13, whose `maxBy` orders doubles as Java does.
            head=Head(raw="scores", decision="argmax total" if reference >= (4, 0) else "argmax raw"),
        )
    if params.prediction_col:
        yield _declared(stage)


def _declared(stage: Stage[Params]) -> Op:
    """What is said about the prediction: what was said about the label in the fit; nothing where Python's own `transform` runs.

    Raises:
        MalformedModelError: the saved text is no JSON object.
    """
    saved = "{}" if stage.saved.class_name == PYTHON else stage.saved.metadata.get("labelMetadata")
    if isinstance(saved, str):
        try:
            return ops.DeclareColumn(stage.params.prediction_col, metadata=saved)
        except ValueError as error:
            raise stage.malformed(f"the labelMetadata is no JSON object: {error}.") from error
    raise stage.malformed("the metadata has no labelMetadata.")


def _part(stage: Stage[Params], name: str) -> ops.Predict:
    """A nested classifier.

    Raises:
        UnsupportedStageError: it is something else.
    """
    child = stage.saved.child(name)
    found = stage.ops_of(child)
    if len(found) != 1 or not isinstance(found[0], ops.Predict) or found[0].head.decision == "score":
        raise stage.refuse(f"`{name}` is a {child.class_name}, which is no classifier of one step", "Convert models whose classifiers are Spark's own")
    part = found[0]
    params = stage.params
    if stage.saved.class_name == PYTHON and (part.input != params.features_col or part.raw_prediction != params.raw_prediction_col):
        raise stage.refuse(
            f"`{name}` reads `{part.input}` and writes its raw prediction to `{part.raw_prediction or ''}`, and the model around it, which Python saved, "
            f"has `{params.features_col}` and `{params.raw_prediction_col}`",
            "Fit the model again with the same columns for both",
        )
    return part


def _joined(parts: Sequence[ops.Predict]) -> Scorer:
    """One scorer: the linear models' rows as one matrix where all are linear."""
    scorers = [part.scorer for part in parts]
    linear = [(scorer, 0 if part.head.raw == "signed" else 1) for scorer, part in zip(scorers, parts, strict=True) if isinstance(scorer, LinearScorer)]
    scorer: Scorer = JointScorer(tuple(scorers), tuple(part.head for part in parts))
    scorer.check()
    if len(linear) == len(parts):
        rows, intercepts = ([getattr(one, name)[pick] for one, pick in linear] for name in ("coefficients", "intercepts"))
        scorer = LinearScorer(np.array(rows), np.array(intercepts))
    return scorer


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.OneVsRestModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"labelCol", "weightCol"}),
    since="1.4.0",
    also=(PYTHON,),
)
