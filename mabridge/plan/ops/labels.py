"""Ops that live on the labels in a column's ML attributes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import BinaryAttribute, NominalAttribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.ops.vectors import OneHot
from mabridge.plan.types import StringType


@dataclass(frozen=True, eq=False)
class LookupLabel(Op):
    """The label at an index (IndexToString, Spark 3.5).

    The index is cut to a whole number, NaN counts as 0; null stays null, and an index outside the labels is refused.

    Attributes:
        input: a numeric column.
        output: string.
        labels: string array; where it is empty the labels of the column's nominal attribute count.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    labels: pa.Array

    def bind(self, binder: Binder) -> None:
        column = binder.read_numeric(self.input)
        binder.refuse_existing(self.output)
        labels = self.labels
        if not len(labels):
            match column.attributes:
                case NominalAttribute(values=values) if values is not None:
                    labels = values.to_array()
                case _:
                    raise InvalidInputError(
                        f"{binder.stage} has no labels of its own, and `{self.input}` has no nominal ML attribute with labels; Spark refuses this too. "
                        "Set the param labels in Spark, or keep the column's attributes."
                    )
        binder.emit(LookupLabel(column.id, binder.append(self.output, StringType()), labels))


@dataclass(frozen=True, eq=False)
class OneHotDeclared(Op):
    """A category index as a sparse vector, of as many categories as the column's ML attribute declares (the OneHotEncoder transformer of Spark 1.4 to 2.4).

    An index behind the last category is all zeros; a negative one is refused.

    Attributes:
        input: a numeric column with a nominal or binary attribute.
        output: sparse vectors.
        drop_last: whether the last category is all zeros.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    drop_last: bool

    def bind(self, binder: Binder) -> None:
        column = binder.read_numeric(self.input)
        known = column.attributes
        if not column.continuous and (not isinstance(known, (NominalAttribute, BinaryAttribute)) or known.num_values is None):
            raise InvalidInputError(
                f"{binder.stage} takes the number of categories from the ML attributes of `{self.input}`, and they do not say it. Spark 2 would count the "
                "categories in the data at hand, so that each input gives vectors of another size; mabridge does not. Put a StringIndexer before the stage, "
                "or fit a OneHotEncoderEstimator in its place."
            )
        OneHot(self.input, self.output, column.num_values or 0, self.drop_last, "zeros").bind(binder)
