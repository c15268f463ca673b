"""What a plan asks of its input, before there is any data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from mabridge.counted import counted
from mabridge.plan.op import Op, Step
from mabridge.plan.ops import (
    ApplyRules,
    AssembleVector,
    AverageWords,
    Bucketize,
    CountHashed,
    CountWords,
    DoubleColumn,
    DropWords,
    FillMissing,
    HashColumns,
    HintVectorSize,
    IndexFeatures,
    InferTopics,
    Interact,
    JoinNeighbours,
    KeepIndexable,
    KeepListed,
    LookupIndex,
    LookupLabel,
    MapRange,
    OneHot,
    OneHotDeclared,
    Predict,
    Project,
    RatePairs,
    RenameFeatures,
    ShiftScale,
    SliceFeatures,
    SplitText,
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
        case FillMissing() | Bucketize() | OneHot() | LookupLabel() | OneHotDeclared():
            return _NUMERIC
        case InferTopics(topics=topics):
            return f"vector of {counted(len(topics), 'feature')}", VectorType(len(topics))
        case ApplyRules(element=element):
            return f"array<{element}>", ArrayType(ITEM_TYPES[element])
        case RatePairs():
            return "a numeric type whose values are ints", IntegerType()
        case LookupIndex() | KeepListed():
            return _TEXT
        case SplitText():
            return "string", StringType()
        case DropWords() | JoinNeighbours() | CountWords() | AverageWords():
            return "array<string>", ArrayType(StringType())
        case CountHashed():
            return "array of strings, numbers or booleans", ArrayType(StringType())
        case HashColumns():
            return "a numeric type, boolean or string", DoubleType()
        case AssembleVector() | Interact():
            return _ANY_NUMBER
        case SliceFeatures(places=places):
            return "vector", VectorType(int(places.max()) + 1 if len(places) else None)
        case RenameFeatures():
            return "vector", VectorType()
        case HintVectorSize(size=size) | IndexFeatures(num_features=size) | KeepIndexable(num_features=size):
            return f"vector of {counted(size, 'feature')}", VectorType(size)
        case ShiftScale(size=size):
            return f"vector of {counted(size, 'feature')}", VectorType(size)
        case MapRange(minimum=minimum):
            return f"vector of {counted(len(minimum), 'feature')}", VectorType(len(minimum))
        case Predict(scorer=scorer):
            return f"vector of {counted(scorer.num_features, 'feature') if scorer.num_features else 'enough features'}", VectorType(scorer.num_features)
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
    # A label is taken where it is there; prediction needs none.
    return () if isinstance(op, DoubleColumn) else op.read_columns


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
