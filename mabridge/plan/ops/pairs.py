"""Ops that rate pairs of ids by their factors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.reference import major_minor
from mabridge.plan.types import FloatType, IntegerType

Ids = npt.NDArray[np.int32]
Factors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RequireInteger(Op):
    """A number as an int; null, a fraction, NaN and what lies outside int's range are refused (`ALSModelParams.checkIntegers`, Spark 3.5).

    Exists in bound plans only. It runs even where nobody reads what it writes: Spark joins by the checked column, and keeps the join.

    Attributes:
        input: a numeric column.
        output: int.
    """

    always_runs: ClassVar[bool] = True
    leaves_row_order_open: ClassVar[bool] = True

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)


@dataclass(frozen=True, eq=False)
class RatePairs(Op):
    """The dot product of two ids' factors; NaN where one of the ids has none (ALSModel, Spark 3.5).

    The products are added one after the other in float32, as Spark's loop adds them.

    Attributes:
        users, items: numeric columns, whose values must be ints.
        output: float.
        user_ids, item_ids: int32, strictly ascending.
        user_factors, item_factors: float32, shape (ids, rank), of one rank.
    """

    users: str = field(metadata=READS)
    items: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    user_ids: Ids
    user_factors: Factors
    item_ids: Ids
    item_factors: Factors

    leaves_row_order_open: ClassVar[bool] = True

    def bind(self, binder: Binder) -> None:
        for ids, factors in ((self.user_ids, self.user_factors), (self.item_ids, self.item_factors)):
            if ids.ndim != 1 or factors.ndim != 2 or len(ids) != len(factors) or not (np.diff(ids.astype(np.int64)) > 0).all():
                raise InvalidInputError(f"{binder.stage} has factors that do not fit their ids; convert the Spark model again.")
        if self.user_factors.shape[1] != self.item_factors.shape[1]:
            raise InvalidInputError(f"{binder.stage} has users and items of different rank, so they do not fit each other; convert the Spark model again.")
        columns = [binder.read_numeric(name) for name in (self.users, self.items)]
        if self.output:
            binder.refuse_existing(self.output)
        users, items = (self._checked(column, binder) for column in columns)
        # Spark appends by `select(col("*"), ...)`, which replaces nothing.
        output = binder.append(self.output, FloatType())
        binder.emit(RatePairs(users, items, output, self.user_ids, self.user_factors, self.item_ids, self.item_factors))

    @staticmethod
    def _checked(column: BoundColumn, binder: Binder) -> str:
        if major_minor(binder.reference.spark_version) < (4, 0):
            return binder.derive(column, IntegerType(), RequireInteger).id
        # Since SPARK-46538 the output shows the checked ids.
        output = binder.set(column.name, IntegerType())
        binder.emit(RequireInteger(column.id, output))
        return output
