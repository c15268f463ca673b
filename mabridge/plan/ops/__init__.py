"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.entries import Binarize, NormalizeRows, SelectFeatures
from mabridge.plan.ops.hashing import CountHashed, HashColumns
from mabridge.plan.ops.locality import HashMinimum, ProjectToBuckets
from mabridge.plan.ops.numbers import LookupNumber
from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.products import CosineTransform, ExpandPolynomial, MultiplyMatrix
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale, VectorFromNumber
from mabridge.plan.ops.words import AverageWords, CountWords, DropWords, JoinNeighbours, SplitText

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        AssembleVector,
        Binarize,
        Bucketize,
        CosineTransform,
        DropMissing,
        ExpandPolynomial,
        FillMissing,
        HashMinimum,
        KeepListed,
        LookupIndex,
        LookupNumber,
        MapRange,
        MultiplyMatrix,
        NormalizeRows,
        OneHot,
        Predict,
        Project,
        ProjectToBuckets,
        SelectFeatures,
        ShiftScale,
        AverageWords,
        CountHashed,
        CountWords,
        DropWords,
        HashColumns,
        JoinNeighbours,
        SplitText,
    )
}

__all__ = [
    "STORED_OPS",
    "AssembleVector",
    "AverageWords",
    "Binarize",
    "Bucketize",
    "CosineTransform",
    "CountHashed",
    "CountWords",
    "DropMissing",
    "DropWords",
    "Evaluate",
    "ExpandPolynomial",
    "FillMissing",
    "HashColumns",
    "HashMinimum",
    "JoinNeighbours",
    "KeepListed",
    "KeepWhere",
    "LookupIndex",
    "LookupNumber",
    "MapRange",
    "MultiplyMatrix",
    "NormalizeRows",
    "OneHot",
    "Predict",
    "Project",
    "ProjectToBuckets",
    "RowFilter",
    "SelectFeatures",
    "ShiftScale",
    "SplitText",
    "VectorFromNumber",
]
