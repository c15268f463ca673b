"""The op of every fitted model: a feature vector in, scores and what follows from them out."""

from __future__ import annotations

from dataclasses import dataclass, field

from mabridge.errors import InvalidInputError
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

    @property
    def num_classes(self) -> int:
        """The size of rawPrediction and probability."""
        return 2 if self.head.raw == "signed" else self.scorer.num_scores

    def bind(self, binder: Binder) -> None:
        # Spark does not look at the size in the column's metadata; a linear model checks each vector, a tree the features that it splits on.
        column = binder.read_vector(self.input)
        for name in self.written_columns:
            binder.refuse_existing(name)
        self._refuse_own_names(binder)
        classes = VectorType(self.num_classes)
        outputs: dict[str, str] = {}
        for name in ("raw_prediction", "probability", "prediction", "variance", "leaf"):
            wanted = getattr(self, name)
            if wanted is None:
                continue
            if name == "leaf" and not self.single_tree:
                assert isinstance(self.scorer, TreeScorer)
                outputs[name] = binder.set(wanted, VectorType(self.scorer.num_trees))
            elif name in ("raw_prediction", "probability"):
                outputs[name] = binder.set(wanted, classes)
            else:
                labels = self.num_classes if name == "prediction" and self.head.decision != "score" else None
                outputs[name] = binder.set(wanted, DoubleType(), num_values=labels)
        binder.emit(Predict(column.id, self.scorer, self.head, single_tree=self.single_tree, **outputs))

    def _refuse_own_names(self, binder: Binder) -> None:
        names = self.written_columns
        twice = [name for place, name in enumerate(names) if name in names[:place]]
        if twice:
            raise InvalidInputError(f"{binder.stage} writes two columns `{twice[0]}`; Spark refuses this too. Give each output column a name of its own.")
        # Spark computes the later columns from the earlier ones by name, and a name with a dot means a struct's field to it.
        read = self.raw_prediction if self.probability is not None else None
        if self.prediction is not None and self.head.decision != "score":
            read = read or self.raw_prediction or self.probability
        if read is not None and ("." in read or "`" in read):
            raise InvalidInputError(f"{binder.stage} reads its own column `{read}`; Spark cannot read a name with a dot or a backtick. Give it another name.")
