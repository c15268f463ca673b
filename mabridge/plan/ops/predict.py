"""The op of every fitted model: a feature vector in, scores and what follows from them out."""

from __future__ import annotations

from dataclasses import dataclass, field

from mabridge.plan.attributes import Attribute, AttributeGroup, NominalAttribute, NumericAttribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.predictors import Head, Scorer, TreeScorer
from mabridge.plan.types import DoubleType, VectorType


@dataclass(frozen=True, eq=False)
class Predict(Op):
    """Score feature vectors (every ClassificationModel and RegressionModel, Spark 3.5).

    Attributes:
        input: vectors.
        scorer: features to scores.
        head: scores to columns.
        raw_prediction: vectors, one score a class, or None where the column is switched off.
        probability: vectors, one a class, or None.
        prediction: double, or None.
        variance: double, the second score, or None (decision tree regression).
        leaf: vectors, one leaf number a tree (a double for a single decision tree), or None.
        single_tree: whether `leaf` is a double.
        declared_classes: how many classes the model says it has, where that is not the number of its scores (a binomial model fitted on one class).
    """

    input: str = field(metadata=READS)
    scorer: Scorer
    head: Head
    raw_prediction: str | None = field(default=None, metadata=WRITES)
    probability: str | None = field(default=None, metadata=WRITES)
    prediction: str | None = field(default=None, metadata=WRITES)
    variance: str | None = field(default=None, metadata=WRITES)
    leaf: str | None = field(default=None, metadata=WRITES)
    single_tree: bool = False
    declared_classes: int | None = None

    @property
    def num_classes(self) -> int:
        """The size of rawPrediction and probability."""
        return 2 if self.head.raw == "signed" else self.scorer.num_scores

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input, None if self.scorer.takes_longer_rows else self.scorer.num_features)
        for name in self.written_columns:
            binder.refuse_existing(name)
        classes = VectorType(self.num_classes)
        outputs: dict[str, str] = {}
        for name in ("raw_prediction", "probability", "prediction", "variance", "leaf"):
            wanted = getattr(self, name)
            if wanted is None:
                continue
            if name == "leaf" and not self.single_tree:
                assert isinstance(self.scorer, TreeScorer)
                trees = {place: NominalAttribute(count=leaves) for place, leaves in enumerate(self.scorer.num_leaves)}
                outputs[name] = binder.set(wanted, VectorType(len(trees)), attributes=AttributeGroup(len(trees), trees))
            elif name in ("raw_prediction", "probability"):
                outputs[name] = binder.set(wanted, classes, attributes=AttributeGroup(self._declared))
            else:
                outputs[name] = binder.set(wanted, DoubleType(), attributes=self._attribute(name))
        binder.emit(Predict(column.id, self.scorer, self.head, single_tree=self.single_tree, declared_classes=self.declared_classes, **outputs))

    @property
    def _declared(self) -> int:
        return self.num_classes if self.declared_classes is None else self.declared_classes

    def _attribute(self, name: str) -> Attribute:
        if name == "leaf":
            assert isinstance(self.scorer, TreeScorer)
            return NominalAttribute(count=self.scorer.num_leaves[0])
        if name == "prediction" and self.head.decision != "score":
            return NominalAttribute(count=self._declared)
        return NumericAttribute()
