"""The op of every fitted model: a feature vector in, scores and what follows from them out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import AttributeGroup, Attributes, NominalAttribute, NumericAttribute
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.ops.vectors import VectorFromNumber
from mabridge.plan.predictors import Head, Scorer, TreeScorer
from mabridge.plan.types import DataType, DoubleType, IntegerType, VectorType

#: The fields that name an output, in the order in which Spark adds the columns.
OUTPUTS = ("raw_prediction", "probability", "score", "prediction", "variance", "leaf", "multiples")


@dataclass(frozen=True, eq=False)
class Predict(Op):
    """Score feature vectors (every ClassificationModel and RegressionModel, and the clusterings, Spark 3.5).

    Attributes:
        input: vectors.
        scorer: features to scores.
        head: scores to columns.
        raw_prediction: vectors, one score a class, or None where the column is switched off.
        probability: vectors, one a class, or None.
        score: the first score, double, or None.
        prediction: double, an int where the head gives labels, or None.
        variance: double, the second score, or None (decision tree regression).
        leaf: vectors, one leaf number a tree (a double for a single decision tree), or None.
        multiples: vectors, the prediction times each of the head's multiples, or None.
        offset: a numeric column that is added to the first score, or None; where it is null, so is every output.
        single_tree: whether `leaf` is a double.
        numbers: whether a double column is taken for vectors of one feature; where it is null, so is every output. In a bound plan, whether it was.
        declared_classes: how many classes the model says it has, where that is not the number of its scores (a binomial model fitted on one class, a
            decision tree whose score is the class itself).
    """

    input: str = field(metadata=READS)
    scorer: Scorer
    head: Head
    raw_prediction: str | None = field(default=None, metadata=WRITES)
    probability: str | None = field(default=None, metadata=WRITES)
    score: str | None = field(default=None, metadata=WRITES)
    prediction: str | None = field(default=None, metadata=WRITES)
    variance: str | None = field(default=None, metadata=WRITES)
    leaf: str | None = field(default=None, metadata=WRITES)
    multiples: str | None = field(default=None, metadata=WRITES)
    offset: str | None = field(default=None, metadata=READS)
    single_tree: bool = False
    numbers: bool = False
    declared_classes: int | None = None

    @property
    def num_classes(self) -> int:
        """The size of rawPrediction and probability."""
        return 2 if self.head.raw == "signed" else self.scorer.num_scores

    @property
    def exact_columns(self) -> tuple[str, ...]:
        return () if self.prediction is None or (self.head.decision == "score" and self.declared_classes is None) else (self.prediction,)

    def bind(self, binder: Binder) -> None:
        column = self._features(binder)
        offset = None if self.offset is None else binder.read_numeric(self.offset).id
        for name in self.written_columns:
            binder.refuse_existing(name)
        self._refuse_own_names(binder)
        outputs: dict[str, Any] = {}
        for name in OUTPUTS:
            wanted = getattr(self, name)
            if wanted is not None:
                kind, attributes = self._output(name)
                outputs[name] = binder.set(wanted, kind, attributes=attributes)
        outputs |= {"single_tree": self.single_tree, "declared_classes": self.declared_classes, "numbers": column.name != self.input}
        binder.emit(Predict(column.id, self.scorer, self.head, offset=offset, **outputs))

    def _features(self, binder: Binder) -> BoundColumn:
        if self.numbers and isinstance((given := binder.read(self.input)).kind, DoubleType):
            return binder.derive(given, VectorType(1), VectorFromNumber)
        # Spark's models do not ask the metadata how many features there are; rows of another size are refused one by one.
        return binder.read_vector(self.input)

    def _output(self, name: str) -> tuple[DataType, Attributes]:
        """The type of an output, and what Spark declares about it."""
        declared = self.num_classes if self.declared_classes is None else self.declared_classes
        match name:
            case "raw_prediction" | "probability":
                return VectorType(self.num_classes), AttributeGroup(declared)
            case "multiples":
                return VectorType(len(self.head.multiples)), AttributeGroup(len(self.head.multiples))
            case "leaf":
                assert isinstance(self.scorer, TreeScorer)
                leaves = [NominalAttribute(count=count) for count in self.scorer.num_leaves]
                return (DoubleType(), leaves[0]) if self.single_tree else (VectorType(len(leaves)), AttributeGroup(len(leaves), dict(enumerate(leaves))))
            case "prediction" if self.head.labels:
                return IntegerType(), NominalAttribute(count=self.head.labels)
            case "prediction" if self.head.decision != "score" or self.declared_classes is not None:
                return DoubleType(), NominalAttribute(count=declared)
        return DoubleType(), NumericAttribute()

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
