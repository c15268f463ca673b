"""The mathematics of every scorer: one table, so that a scorer without it cannot go unnoticed."""

from __future__ import annotations

from mabridge.lower.predictors import factorization, joint, linear, naive_bayes, perceptron, trees
from mabridge.lower.predictors.scoring import Scoring
from mabridge.plan.predictors import BellScorer, CountScorer, FactorScorer, JointScorer, LinearScorer, PerceptronScorer, Scorer, TreeScorer

SCORINGS: dict[type[Scorer], Scoring] = {
    BellScorer: naive_bayes.BELL_SCORING,
    CountScorer: naive_bayes.COUNT_SCORING,
    FactorScorer: factorization.SCORING,
    JointScorer: joint.SCORING,
    LinearScorer: linear.SCORING,
    PerceptronScorer: perceptron.SCORING,
    TreeScorer: trees.SCORING,
}
