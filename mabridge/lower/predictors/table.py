"""The mathematics of every scorer: one table, so that a scorer without it cannot go unnoticed."""

from __future__ import annotations

from mabridge.lower.predictors import linear, trees
from mabridge.lower.predictors.scoring import Scoring
from mabridge.plan.predictors import LinearScorer, Scorer, TreeScorer

SCORINGS: dict[type[Scorer], Scoring] = {
    LinearScorer: linear.SCORING,
    TreeScorer: trees.SCORING,
}
