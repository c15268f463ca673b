"""The mathematics of every scorer: one table, so that a scorer without it cannot go unnoticed."""

from __future__ import annotations

from mabridge.lower.predictors import clusters, factorization, gaussians, isotonic, joint, linear, naive_bayes, perceptron, trees
from mabridge.lower.predictors.scoring import Scoring
from mabridge.plan.predictors import (
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
    Scorer,
    TreeScorer,
)

SCORINGS: dict[type[Scorer], Scoring] = {
    BellScorer: naive_bayes.BELL_SCORING,
    CenterTreeScorer: clusters.TREE,
    CountScorer: naive_bayes.COUNT_SCORING,
    FactorScorer: factorization.SCORING,
    GaussianMixtureScorer: gaussians.SCORING,
    JointScorer: joint.SCORING,
    LinearScorer: linear.SCORING,
    NearestCenterScorer: clusters.NEAREST,
    PerceptronScorer: perceptron.SCORING,
    PiecewiseLinearScorer: isotonic.SCORING,
    TreeScorer: trees.SCORING,
}
