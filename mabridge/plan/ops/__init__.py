"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.columns import DeclareColumn, DoubleColumn, DropColumns, ExpectColumns
from mabridge.plan.ops.entries import Binarize, NormalizeRows, SelectFeatures
from mabridge.plan.ops.features import (
    CheckVectorSize,
    HintVectorSize,
    IndexFeatures,
    Interact,
    KeepIndexable,
    KeepVectorsOfSize,
    RenameFeatures,
    SliceFeatures,
)
from mabridge.plan.ops.labels import LookupLabel, OneHotDeclared
from mabridge.plan.ops.locality import HashMinimum, ProjectToBuckets
from mabridge.plan.ops.numbers import LookupNumber
from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.products import CosineTransform, ExpandPolynomial, MultiplyMatrix
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale, VectorFromNumber

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        AssembleVector,
        Binarize,
        Bucketize,
        CosineTransform,
        DeclareColumn,
        DoubleColumn,
        DropColumns,
        DropMissing,
        ExpandPolynomial,
        ExpectColumns,
        FillMissing,
        HashMinimum,
        HintVectorSize,
        IndexFeatures,
        Interact,
        KeepIndexable,
        KeepListed,
        LookupIndex,
        LookupLabel,
        LookupNumber,
        MapRange,
        MultiplyMatrix,
        NormalizeRows,
        OneHot,
        OneHotDeclared,
        Predict,
        Project,
        ProjectToBuckets,
        RenameFeatures,
        SelectFeatures,
        ShiftScale,
        SliceFeatures,
    )
}

__all__ = [
    "STORED_OPS",
    "AssembleVector",
    "Binarize",
    "Bucketize",
    "CheckVectorSize",
    "CosineTransform",
    "DeclareColumn",
    "DoubleColumn",
    "DropColumns",
    "DropMissing",
    "Evaluate",
    "ExpandPolynomial",
    "ExpectColumns",
    "FillMissing",
    "HashMinimum",
    "HintVectorSize",
    "IndexFeatures",
    "Interact",
    "KeepIndexable",
    "KeepListed",
    "KeepVectorsOfSize",
    "KeepWhere",
    "LookupIndex",
    "LookupLabel",
    "LookupNumber",
    "MapRange",
    "MultiplyMatrix",
    "NormalizeRows",
    "OneHot",
    "OneHotDeclared",
    "Predict",
    "Project",
    "ProjectToBuckets",
    "RenameFeatures",
    "RowFilter",
    "SelectFeatures",
    "ShiftScale",
    "SliceFeatures",
    "VectorFromNumber",
]
