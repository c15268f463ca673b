"""Grow a pipeline stage by stage: each stage is drawn from what the table has by then, fitted, and applied to the training rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.ml import Estimator, PipelineModel
from pyspark.sql import SparkSession

from compat_tests.live.pipelines.columns import Choice, NoColumnError, known
from compat_tests.live.pipelines.features import FEATURES
from compat_tests.live.pipelines.models import MODELS
from compat_tests.live.pipelines.values import Rows, draw_rows
from compat_tests.record.session import numbered_uids
from mabridge.parity.spark_model import refusal_text

STAGES = {**FEATURES, **MODELS}

#: Classes of the catalogue that no pipeline is drawn with, and why.
NOT_CHAINED = {
    "PipelineModel": "what the stages stand in; it is drawn as a nested one",
    "DistributedLDAModel": "refused by name; `toLocal` gives a LocalLDAModel",
    "ColumnPruner": "made by RFormula alone",
    "VectorAttributeRewriter": "made by RFormula alone",
}

#: How often a stage is drawn again where Spark cannot fit it, or refuses the training rows.
TRIES = 8
#: With fewer training rows nothing more is learnt.
FEWEST_ROWS = 8
_SLOW = ("CrossValidatorModel", "TrainValidationSplitModel", "OneVsRestModel", "GBTClassificationModel", "GBTRegressionModel")


@dataclass
class Grown:
    """A fitted pipeline.

    Attributes:
        stages: fitted, in order, without nesting.
        model: the same stages, some of them in pipelines of their own.
        rows: the table.
        recipe: one line a stage: its class and the params that were set.
        classes: the fitted classes' short names.
        unordered: columns of lists whose order Spark leaves open.
        refused: how often a class could not be fitted, or refused the training rows; reasons: what Spark said last.
    """

    stages: list[Any]
    model: Any
    rows: Rows
    recipe: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    unordered: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)


def grow(session: SparkSession, rng: random.Random, wanted: Sequence[str], scratch: Path) -> Grown:
    """Draw and fit a pipeline of one to eight stages.

    Args:
        session: Spark.
        rng: draws everything.
        wanted: classes that are tried first.
        scratch: a folder of this pipeline's own.
    """
    rows = draw_rows(rng)
    path = scratch / "train.parquet"
    pq.write_table(rows.train, path)
    grown = Grown([], None, rows)
    frame = session.read.parquet(path.as_uri()).localCheckpoint(eager=False)
    columns = known(frame, frame.collect())
    length = max(len(wanted), rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8)))
    with numbered_uids():
        for place in range(length):
            for name in _classes(rng, wanted[place] if place < len(wanted) else None):
                try:
                    stage = STAGES[name](Choice(rng, columns, grown.unordered))
                    fitted = stage.fit(frame) if isinstance(stage, Estimator) else stage
                    # Not eager: collecting materialises it, in one job.
                    after = fitted.transform(frame).localCheckpoint(eager=False)
                    collected = after.collect()
                except NoColumnError:
                    continue
                except (Py4JJavaError, PySparkException) as error:
                    grown.refused[name] += 1
                    grown.reasons[name] = refusal_text(error) or str(error)
                    continue
                if len(collected) < FEWEST_ROWS:
                    continue
                frame, columns = after, known(after, collected)
                _add(grown, name, stage, fitted)
                break
    grown.model = nested(grown.stages, rng)
    return grown


def _classes(rng: random.Random, wanted: str | None) -> Iterator[str]:
    if wanted is not None:
        yield from [wanted] * TRIES
    for _ in range(TRIES):
        name = rng.choice(list(STAGES))
        if name not in _SLOW or rng.random() < 0.3:
            yield name


def _add(grown: Grown, name: str, stage: Any, fitted: Any) -> None:
    grown.stages.append(fitted)
    grown.classes.append(name)
    params = {param.name: value for param, value in stage._paramMap.items()}
    grown.recipe.append(f"{type(stage).__name__}({', '.join(f'{key}={value!r}' for key, value in sorted(params.items()))})")
    if name == "FPGrowthModel":
        grown.unordered.add(stage.getPredictionCol())


def nested(stages: Sequence[Any], rng: random.Random) -> Any:
    """The stages as one pipeline; now and then some neighbours are a pipeline inside it."""
    parts = list(stages)
    if len(parts) > 1 and rng.random() < 0.35:
        start = rng.randrange(len(parts) - 1)
        end = rng.randrange(start + 1, len(parts) + 1)
        parts[start:end] = [PipelineModel(parts[start:end])]
    return PipelineModel(parts)
