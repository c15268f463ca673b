"""Random values for params, from what Spark's catalogue says that each class allows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from compat_tests.catalogue.read import Param, catalogue

#: Params that name columns or hold what is drawn by hand, and those that only cost time or disk.
NOT_DRAWN = re.compile(
    r".*Cols?|cacheNodeIds|checkpointInterval|maxMemoryInMB|aggregationDepth|maxBlockSizeInMB|blockSize|numPartitions|.*StorageLevel|num(User|Item)Blocks"
    r"|.*BoundsOn.*|initialWeights|estimator.*|evaluator|classifier|parallelism|collectSubModels|keepLastCheckpoint|locale|optimizer|tol|validationTol"
    r"|scalingVec|names|labels|layers|statement|formula|thresholds|splits|splitsArray|indices|size|stopWords|pattern|selectionThreshold|docConcentration"
    r"|quantileProbabilities|relativeError|learningDecay|learningOffset|lower|upper|max|min|family|link|linkPower|variancePower|miniBatchFraction|maxSentenceLength"
)

#: Sizes that keep a fit short, and values that fits survive.
LIMITS: dict[str, Callable[[random.Random], Any]] = {
    "maxIter": lambda rng: rng.randrange(1, 5),
    "maxDepth": lambda rng: rng.randrange(0, 5),
    "maxBins": lambda rng: rng.choice((8, 16, 32)),
    "numTrees": lambda rng: rng.randrange(1, 4),
    "minInfoGain": lambda rng: rng.choice((0.0, 0.01)),
    "minInstancesPerNode": lambda rng: rng.choice((1, 2)),
    "minWeightFractionPerNode": lambda rng: rng.choice((0.0, 0.05)),
    "subsamplingRate": lambda rng: rng.choice((0.6, 1.0)),
    "k": lambda rng: rng.randrange(2, 5),
    "minDivisibleClusterSize": lambda rng: rng.choice((1.0, 2.0, 0.1)),
    "factorSize": lambda rng: rng.randrange(1, 4),
    "numHashTables": lambda rng: rng.randrange(1, 4),
    "numFeatures": lambda rng: rng.choice((1, 2, 7, 16, 33)),
    "vocabSize": lambda rng: rng.choice((1, 3, 100)),
    "minDF": lambda rng: rng.choice((1.0, 2.0, 0.1)),
    "maxDF": lambda rng: rng.choice((100.0, 0.9)),
    "minTF": lambda rng: rng.choice((1.0, 2.0, 0.3, 0.0)),
    "minDocFreq": lambda rng: rng.randrange(0, 4),
    "n": lambda rng: rng.randrange(1, 4),
    "degree": lambda rng: rng.randrange(1, 4),
    "p": lambda rng: rng.choice((1.0, 2.0, float("inf"), 1.5, 3.0)),
    "vectorSize": lambda rng: rng.randrange(1, 5),
    "minCount": lambda rng: rng.randrange(0, 3),
    "windowSize": lambda rng: rng.randrange(1, 4),
    "minTokenLength": lambda rng: rng.randrange(0, 3),
    "maxCategories": lambda rng: rng.choice((2, 3, 6)),
    "numFolds": lambda rng: 2,
    "trainRatio": lambda rng: rng.choice((0.5, 0.75)),
    "minSupport": lambda rng: rng.choice((0.05, 0.2)),
    "varianceThreshold": lambda rng: rng.choice((0.0, 0.5, 2.0)),
    "numTopFeatures": lambda rng: rng.randrange(1, 4),
    "percentile": lambda rng: rng.choice((0.3, 0.5, 1.0)),
    "fpr": lambda rng: rng.choice((0.5, 0.9, 1.0)),
    "fdr": lambda rng: rng.choice((0.5, 0.9, 1.0)),
    "fwe": lambda rng: rng.choice((0.5, 0.9, 1.0)),
    "bucketLength": lambda rng: rng.choice((0.5, 1.0, 2.5)),
    "epsilon": lambda rng: rng.choice((1.1, 1.35, 2.0)),
    "seed": lambda rng: rng.randrange(-1000, 1000),
    "rank": lambda rng: rng.randrange(1, 4),
    "stepSize": lambda rng: rng.choice((0.05, 0.1, 1.0)),
    "regParam": lambda rng: rng.choice((0.0, 0.01, 0.3)),
    "initStd": lambda rng: rng.choice((0.01, 0.5)),
    "topicConcentration": lambda rng: rng.choice((0.1, 1.0)),
}


def draw_params(stage: Any, model_class: str, rng: random.Random, often: float = 0.5) -> None:
    """Set some of a stage's params to values that Spark allows.

    Args:
        stage: an unfitted pyspark stage.
        model_class: its fitted class as the catalogue names it.
        rng: draws.
        often: how often a param is set at all.
    """
    for name, value in drawn(catalogue()[model_class], rng, often).items():
        if stage.hasParam(name) and not (name == "maxIter" and model_class.endswith("GaussianMixtureModel")):
            stage.set(stage.getParam(name), value)


def drawn(params: Mapping[str, Param], rng: random.Random, often: float) -> dict[str, Any]:
    """Values for some of the params; those whose fit would take long are always among them."""
    found = {}
    for name, param in sorted(params.items()):
        if NOT_DRAWN.fullmatch(name):
            continue
        if rng.random() < often or name in ("maxIter", "numTrees", "maxDepth", "vectorSize", "numFeatures", "degree", "k", "bucketLength", "factorSize"):
            found[name] = _value(name, param, rng)
    return found


def _value(name: str, param: Param, rng: random.Random) -> Any:
    if name in LIMITS:
        return LIMITS[name](rng)
    if param.allowed is not None:
        value = rng.choice(param.allowed)
        return rng.choice((value, value.upper(), value.capitalize())) if param.any_case and rng.random() < 0.2 else value
    if isinstance(param.default, bool):
        return rng.random() < 0.5
    inside = re.fullmatch(r"inRange\((true|false), (.+), (true|false), (.+)\)", param.check)
    if inside:
        low, high = float(inside[2]), float(inside[4])
        ends = [end for end, closed in ((low, inside[1]), (high, inside[3])) if closed == "true"]
        return rng.choice([*ends, round(rng.uniform(low, high), 3), low + (high - low) / 2])
    above = re.fullmatch(r"gt(Eq)?\((.+)\)", param.check)
    least = float(above[2]) if above else -1.0
    if isinstance(param.default, int):
        return int(least) + rng.randrange(1, 4)
    return rng.choice((*((least,) if above and above[1] else ()), least + 0.1, least + 0.5, least + 1.0, least + 2.0))
