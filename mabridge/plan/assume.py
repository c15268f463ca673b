"""What a plan asks of its input, before there is any data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from mabridge.plan.op import Op, Step
from mabridge.plan.ops import (
    ApplyRules,
    AssembleVector,
    Bucketize,
    FillMissing,
    InferTopics,
    KeepListed,
    LookupIndex,
    MapRange,
    OneHot,
    Predict,
    Project,
    RatePairs,
    ShiftScale,
)
from mabridge.plan.ops.rules import ITEM_TYPES
from mabridge.plan.reference import Reference
from mabridge.plan.types import ArrayType, DataType, DoubleType, IntegerType, StringType, VectorType, arrow_type


@dataclass(frozen=True)
class ColumnRequirement:
    """A column that the model reads from its input.

    Attributes:
        name: as the first stage that reads it spells it.
        accepts: which types it may have, in words.
        assumed: the type taken for it where there is no data to look at.
    """

    name: str
    accepts: str
    assumed: DataType

    def __str__(self) -> str:
        return f"{self.name}: {self.accepts}"


_NUMERIC = ("a numeric type", DoubleType())
_TEXT = ("string, or what Spark casts to string", StringType())
_ANY_NUMBER = ("a numeric type, boolean or vector", DoubleType())
_ANY = ("any type that the statement accepts", DoubleType())
_EVERY = ("any type", DoubleType())


def _accepts(op: Op, name: str) -> tuple[str, DataType]:
    match op:
        case FillMissing() | Bucketize() | OneHot():
            return _NUMERIC
        case InferTopics(topics=topics):
            return f"vector of {len(topics)} features", VectorType(len(topics))
        case ApplyRules(element=element):
            return f"array<{element}>", ArrayType(ITEM_TYPES[element])
        case RatePairs():
            return "a numeric type whose values are ints", IntegerType()
        case LookupIndex() | KeepListed():
            return _TEXT
        case AssembleVector():
            return _ANY_NUMBER
        case ShiftScale(size=size):
            return f"vector of {size} features", VectorType(size)
        case MapRange(minimum=minimum):
            return f"vector of {len(minimum)} features", VectorType(len(minimum))
        case Predict(scorer=scorer):
            return f"vector of {scorer.num_features or 'enough'} features", VectorType(scorer.num_features)
        case Project():
            from mabridge.sql import is_text_column

            return ("string", StringType()) if is_text_column(op.statement, name) else _ANY
    return _EVERY


def required_columns(steps: Sequence[Step], reference: Reference) -> tuple[ColumnRequirement, ...]:
    """The columns that a plan reads from its input, in the order in which it first reads them.

    Where a statement or a filter and a later stage read the same column, the stage says what it accepts.
    """

    def key(name: str) -> str:
        return name if reference.case_sensitive else name.lower()

    found: dict[str, ColumnRequirement] = {}
    produced: set[str] = set()
    closed = False
    for step in steps:
        op = step.op
        for name in _names_read(op):
            if key(name) in produced or (closed and key(name) not in found):
                continue
            accepts, assumed = _accepts(op, name)
            known = found.get(key(name))
            if known is None:
                found[key(name)] = ColumnRequirement(name, accepts, assumed)
            elif known.accepts in (_ANY[0], _EVERY[0]) and accepts != _EVERY[0]:
                found[key(name)] = ColumnRequirement(known.name, accepts, assumed)
        if isinstance(op, Project):
            from mabridge.sql import item_names, passes_all

            produced.update(key(name) for name in item_names(op.statement))
            closed = closed or not passes_all(op.statement)
        produced.update(key(name) for name in op.written_columns)
    return tuple(found.values())


def _names_read(op: Op) -> Sequence[str]:
    if isinstance(op, Project):
        from mabridge.sql import columns_read

        return columns_read(op.statement)
    return op.read_columns


def assumed_schema(steps: Sequence[Step], reference: Reference) -> pa.Schema:
    """An input schema with exactly the required columns, each of the type assumed for it."""
    fields = []
    for requirement in required_columns(steps, reference):
        kind = requirement.assumed
        if isinstance(kind, VectorType) and kind.size is not None:
            fields.append(pa.field(requirement.name, pa.list_(pa.float64(), kind.size)))
        else:
            fields.append(pa.field(requirement.name, arrow_type(kind)))
    return pa.schema(fields)
