"""Ops that infer what a document is about."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import VectorType

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InferTopics(Op):
    """The shares of topics in a document of counted terms, by variational inference (LocalLDAModel, Spark 3.5).

    Every document begins from the same random numbers, which the seed decides, and goes on until the mean change is at most 1e-3. A document without terms
    has 0.0 for every topic. Every row comes out dense.

    Attributes:
        input: vectors of counts, of at most as many features as there are terms.
        output: vectors of one share a topic.
        topics: float64, shape (terms, topics), the weight of each term in each topic.
        concentration: float64, shape (topics,), the prior of documents' shares.
        shape: the shape of the gamma distribution from which the random numbers are; its mean is 1.
        seed: where its generator begins.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    topics: Floats
    concentration: Floats
    shape: float
    seed: int

    def bind(self, binder: Binder) -> None:
        if self.topics.ndim != 2 or 0 in self.topics.shape or self.concentration.shape != self.topics.shape[1:]:
            raise InvalidInputError(f"{binder.stage} has topics that do not fit their concentration; convert the Spark model again.")
        if not 0 < self.shape < np.inf:
            raise InvalidInputError(f"{binder.stage} has the gamma shape {self.shape}; Spark takes what is above 0.")
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        output = binder.set(self.output, VectorType(self.topics.shape[1]))
        binder.emit(InferTopics(column.id, output, self.topics, self.concentration, self.shape, self.seed))
