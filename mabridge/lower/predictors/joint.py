"""Several models at once: each one's raw prediction for class 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.scoring import Prepared, Scoring, model_size, scoring_of
from mabridge.plan.predictors import Head, JointScorer


class PreparedJoint(Prepared):
    """The parts of a JointScorer, each prepared."""

    def __init__(self, scorer: JointScorer) -> None:
        self.scorer = scorer
        self.parts = [scoring_of(part).prepare(part) for part in scorer.parts]
        self.picks = [_pick(head) for head in scorer.heads]

    def scores(self, column: VectorColumn) -> Floats:
        """One score a part."""
        return np.column_stack([part.scores(column)[:, pick] for part, pick in zip(self.parts, self.picks, strict=True)])

    def refused(self, column: VectorColumn) -> tuple[Bools | None, str]:
        """The rows that some part refuses, for the reason of the first that does."""
        bad: Bools | None = None
        reason = ""
        for part in self.parts:
            found, why = part.refused(column)
            if found is not None:
                bad, reason = (found, why) if bad is None else (bad | found, reason)
        return bad, reason

    def absolute_terms(self, column: VectorColumn) -> Floats | None:
        """Each part's own; a part that is Spark's to the bit has the sizes of its scores."""
        found = []
        for part, pick in zip(self.parts, self.picks, strict=True):
            terms = part.absolute_terms(column)
            found.append((np.abs(part.scores(column)) if terms is None else terms)[:, pick])
        return np.column_stack(found)


def _pick(head: Head) -> int:
    """Which of a part's scores is its raw prediction for class 1."""
    return 0 if head.raw == "signed" else 1


def constants(scorer: JointScorer) -> dict[str, Any]:
    """The arrays of all parts, each name with the part's number before it."""
    return {f"part{place}_{name}": value for place, part in enumerate(scorer.parts) for name, value in scoring_of(part).constants(part).items()}


def generic(xp: Any, features: Any, scorer: JointScorer, arrays: dict[str, Any]) -> Any:
    """One score a part, of dense features."""
    columns = []
    for place, (part, head) in enumerate(zip(scorer.parts, scorer.heads, strict=True)):
        start = f"part{place}_"
        own = {name.removeprefix(start): value for name, value in arrays.items() if name.startswith(start)}
        pick = _pick(head)
        columns.append(scoring_of(part).generic(xp, features[:, : model_size(part)], part, own)[:, pick : pick + 1])
    return xp.concat(columns, axis=1)


SCORING = Scoring(prepare=PreparedJoint, constants=constants, generic=generic)
