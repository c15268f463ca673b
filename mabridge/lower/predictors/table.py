"""The mathematics of every scorer: one table, so that a scorer without it cannot go unnoticed."""

from __future__ import annotations

from mabridge.lower.predictors import clusters, gaussians, isotonic, linear, trees
from mabridge.lower.predictors.scoring import Scoring
from mabridge.plan.predictors import CenterTreeScorer, GaussianMixtureScorer, LinearScorer, NearestCenterScorer, PiecewiseLinearScorer, Scorer, TreeScorer

SCORINGS: dict[type[Scorer], Scoring] = {
    CenterTreeScorer: clusters.TREE,
    GaussianMixtureScorer: gaussians.SCORING,
    LinearScorer: linear.SCORING,
    NearestCenterScorer: clusters.NEAREST,
    PiecewiseLinearScorer: isotonic.SCORING,
    TreeScorer: trees.SCORING,
}
