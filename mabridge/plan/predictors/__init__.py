"""What a fitted model computes from a feature vector, as data: a scorer (features to scores) and a head (scores to columns).

One scorer and one head serve many Spark classes. A scorer here says what is computed; how, in numpy, Torch and ONNX, stands in the module of the same name
in `mabridge.lower.predictors`.
"""

from mabridge.plan.predictors.factorization import FactorScorer
from mabridge.plan.predictors.head import Head
from mabridge.plan.predictors.joint import JointScorer
from mabridge.plan.predictors.linear import LinearScorer
from mabridge.plan.predictors.naive_bayes import BellScorer, CountScorer
from mabridge.plan.predictors.perceptron import PerceptronScorer
from mabridge.plan.predictors.scorer import Scorer
from mabridge.plan.predictors.trees import TreeScorer

#: Every scorer; a stored plan may hold these, by name.
SCORERS: tuple[type[Scorer], ...] = (LinearScorer, TreeScorer, BellScorer, CountScorer, FactorScorer, JointScorer, PerceptronScorer)

__all__ = [
    "SCORERS",
    "BellScorer",
    "CountScorer",
    "FactorScorer",
    "Head",
    "JointScorer",
    "LinearScorer",
    "PerceptronScorer",
    "Scorer",
    "TreeScorer",
]
