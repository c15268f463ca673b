"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.entries import Binarize, NormalizeRows, SelectFeatures
from mabridge.plan.ops.locality import HashMinimum, ProjectToBuckets
from mabridge.plan.ops.numbers import LookupNumber
from mabridge.plan.ops.pairs import RatePairs, RequireInteger
from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.products import CosineTransform, ExpandPolynomial, MultiplyMatrix
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.rules import ApplyRules
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.topics import InferTopics
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale, VectorFromNumber

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        ApplyRules,
        AssembleVector,
        Binarize,
        Bucketize,
        CosineTransform,
        DropMissing,
        ExpandPolynomial,
        FillMissing,
        HashMinimum,
        InferTopics,
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
        RatePairs,
        SelectFeatures,
        ShiftScale,
    )
}

__all__ = [
    "STORED_OPS",
    "ApplyRules",
    "AssembleVector",
    "Binarize",
    "Bucketize",
    "CosineTransform",
    "DropMissing",
    "Evaluate",
    "ExpandPolynomial",
    "FillMissing",
    "HashMinimum",
    "InferTopics",
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
    "RatePairs",
    "RequireInteger",
    "RowFilter",
    "SelectFeatures",
    "ShiftScale",
    "VectorFromNumber",
]
