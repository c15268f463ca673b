"""Several models at once."""

from __future__ import annotations

from dataclasses import dataclass

from mabridge.plan.predictors.head import Head
from mabridge.plan.predictors.scorer import Scorer


@dataclass(frozen=True, eq=False)
class JointScorer(Scorer):
    """One score from each of several classifiers: its raw prediction for class 1 (OneVsRestModel, Spark 3.5).

    Attributes:
        parts: the classifiers' scorers.
        heads: the classifiers' heads, of which only what concerns the raw prediction counts.
    """

    parts: tuple[Scorer, ...]
    heads: tuple[Head, ...]

    @property
    def num_features(self) -> int | None:
        return next((part.num_features for part in self.parts if not part.takes_longer_rows), self.parts[0].num_features)

    @property
    def num_scores(self) -> int:
        return len(self.parts)

    @property
    def needed_features(self) -> int:
        return max(part.needed_features for part in self.parts)

    @property
    def takes_longer_rows(self) -> bool:
        return all(part.takes_longer_rows for part in self.parts)

    def check(self) -> None:
        if not self.parts or len(self.heads) != len(self.parts):
            raise ValueError(f"{len(self.parts)} classifiers with {len(self.heads)} heads")
        for part, head in zip(self.parts, self.heads, strict=True):
            part.check()
            if part.num_scores < (1 if head.raw == "signed" else 2):
                raise ValueError("a classifier without a class 1")
        sizes = {part.num_features for part in self.parts if not part.takes_longer_rows}
        if len(sizes) > 1 or (sizes and self.needed_features > max(size or 0 for size in sizes)):
            raise ValueError(f"the classifiers take {' and '.join(str(size) for size in sorted(sizes, key=str))} features, and must take the same")
