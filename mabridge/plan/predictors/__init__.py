"""What a fitted model computes from a feature vector, as data: a scorer (features to scores) and a head (scores to columns).

One scorer and one head serve many Spark classes. A scorer here says what is computed; how, in numpy, Torch and ONNX, stands in the module of the same name
in `mabridge.lower.predictors`.
"""

from mabridge.plan.predictors.clusters import Centers, CenterTreeScorer, Measure, NearestCenterScorer
from mabridge.plan.predictors.factorization import FactorScorer
from mabridge.plan.predictors.gaussians import GaussianMixtureScorer
from mabridge.plan.predictors.head import Head, MeanFunction
from mabridge.plan.predictors.isotonic import PiecewiseLinearScorer
from mabridge.plan.predictors.joint import JointScorer
from mabridge.plan.predictors.linear import LinearScorer
from mabridge.plan.predictors.naive_bayes import BellScorer, CountScorer
from mabridge.plan.predictors.perceptron import PerceptronScorer
from mabridge.plan.predictors.scorer import Scorer
from mabridge.plan.predictors.trees import TreeScorer

#: Every scorer; a stored plan may hold these, by name.
SCORERS: tuple[type[Scorer], ...] = (
    BellScorer,
    CenterTreeScorer,
    CountScorer,
    FactorScorer,
    GaussianMixtureScorer,
    JointScorer,
    LinearScorer,
    NearestCenterScorer,
    PerceptronScorer,
    PiecewiseLinearScorer,
    TreeScorer,
)
#: What stands inside scorers and heads.
PARTS: tuple[type, ...] = (Centers, MeanFunction)

__all__ = [
    "PARTS",
    "SCORERS",
    "BellScorer",
    "CenterTreeScorer",
    "Centers",
    "CountScorer",
    "FactorScorer",
    "GaussianMixtureScorer",
    "Head",
    "JointScorer",
    "LinearScorer",
    "MeanFunction",
    "Measure",
    "NearestCenterScorer",
    "PerceptronScorer",
    "PiecewiseLinearScorer",
    "Scorer",
    "TreeScorer",
]
