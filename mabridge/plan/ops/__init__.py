"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.columns import DoubleColumn, DropColumns, ExpectColumns
from mabridge.plan.ops.features import (
    CheckVectorSize,
    HintVectorSize,
    IndexFeatures,
    Interact,
    KeepIndexable,
    KeepVectorsOfSize,
    RenameFeatures,
    SelectFeatures,
)
from mabridge.plan.ops.labels import LookupLabel, OneHotDeclared
from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        AssembleVector,
        Bucketize,
        DoubleColumn,
        DropColumns,
        DropMissing,
        ExpectColumns,
        FillMissing,
        HintVectorSize,
        IndexFeatures,
        Interact,
        KeepIndexable,
        KeepListed,
        LookupIndex,
        LookupLabel,
        MapRange,
        OneHot,
        OneHotDeclared,
        Predict,
        Project,
        RenameFeatures,
        SelectFeatures,
        ShiftScale,
    )
}

__all__ = [
    "STORED_OPS",
    "AssembleVector",
    "Bucketize",
    "CheckVectorSize",
    "DoubleColumn",
    "DropColumns",
    "DropMissing",
    "Evaluate",
    "ExpectColumns",
    "FillMissing",
    "HintVectorSize",
    "IndexFeatures",
    "Interact",
    "KeepIndexable",
    "KeepListed",
    "KeepVectorsOfSize",
    "KeepWhere",
    "LookupIndex",
    "LookupLabel",
    "MapRange",
    "OneHot",
    "OneHotDeclared",
    "Predict",
    "Project",
    "RenameFeatures",
    "RowFilter",
    "SelectFeatures",
    "ShiftScale",
]
