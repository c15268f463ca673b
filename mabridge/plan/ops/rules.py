"""Ops over lists of items."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import ArrayType, ByteType, DataType, IntegerType, LongType, ShortType, StringType

Places = npt.NDArray[np.int64]

#: The types that items may have, by Spark's name.
ITEM_TYPES: dict[str, DataType] = {kind.simple_string: kind for kind in (StringType(), ByteType(), ShortType(), IntegerType(), LongType())}


@dataclass(frozen=True, eq=False)
class ApplyRules(Op):
    """What association rules add to a list of items (FPGrowthModel, Spark 3.5).

    A rule applies where the list holds its whole antecedent; its consequent is added unless the list holds it, once however many rules say so. Null is an
    empty list, and nothing is added to it but what has an empty antecedent, which no rule has.

    Attributes:
        input: an array of `element`.
        output: of the same type; the added items in the order of `items`.
        items: the items that rules speak of, as text; distinct.
        element: their type: string, tinyint, smallint, int or bigint.
        antecedents: int64, places in `items`, rule after rule.
        starts: int64, shape (rules + 1,), where each rule's antecedent begins; none is empty.
        consequents: int64, shape (rules,), places in `items`.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    items: pa.Array
    element: str
    antecedents: Places
    starts: Places
    consequents: Places

    @property
    def unordered_columns(self) -> tuple[str, ...]:
        # Spark walks over the rules in the order of a hash map.
        return (self.output,)

    def bind(self, binder: Binder) -> None:
        if self.element not in ITEM_TYPES or not self._fits():
            raise InvalidInputError(f"{binder.stage} has rules that do not fit its items; convert the Spark model again.")
        column = binder.read(self.input)
        if not isinstance(column.kind, ArrayType):
            raise InvalidInputError(f"{binder.stage} expects an array in `{self.input}`; the column is {column.kind}. Spark refuses this too.")
        if column.kind.element != ITEM_TYPES[self.element]:
            raise InvalidInputError(
                f"{binder.stage} was fitted on array<{self.element}>, and `{self.input}` is {column.kind}. Cast the column to array<{self.element}> first."
            )
        if self.output:
            binder.refuse_existing(self.output)
        output = binder.set(self.output, column.kind)
        binder.emit(ApplyRules(column.id, output, self.items, self.element, self.antecedents, self.starts, self.consequents))

    def _fits(self) -> bool:
        count = len(self.items)
        places = np.concatenate([self.antecedents, self.consequents]) if self.antecedents.ndim == self.consequents.ndim == 1 else np.array([-1])
        return bool(
            self.starts.shape == (len(self.consequents) + 1,)
            and self.starts[0] == 0
            and self.starts[-1] == len(self.antecedents)
            and (np.diff(self.starts) > 0).all()
            and ((places >= 0) & (places < count)).all()
            and len(set(self.items.to_pylist())) == count
            and self.items.null_count == 0
        )
