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
from mabridge.plan.ops.hashing import CountHashed, HashColumns
from mabridge.plan.ops.labels import LookupLabel, OneHotDeclared
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
from mabridge.plan.ops.words import AverageWords, CountWords, DropWords, JoinNeighbours, SplitText

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        ApplyRules,
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
        InferTopics,
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
        RatePairs,
        SelectFeatures,
        ShiftScale,
        AverageWords,
        CountHashed,
        CountWords,
        DropWords,
        HashColumns,
        JoinNeighbours,
        SplitText,
        SliceFeatures,
    )
}

__all__ = [
    "STORED_OPS",
    "ApplyRules",
    "AssembleVector",
    "AverageWords",
    "Binarize",
    "Bucketize",
    "CheckVectorSize",
    "CosineTransform",
    "CountHashed",
    "CountWords",
    "DeclareColumn",
    "DoubleColumn",
    "DropColumns",
    "DropMissing",
    "DropWords",
    "Evaluate",
    "ExpandPolynomial",
    "ExpectColumns",
    "FillMissing",
    "HashColumns",
    "HashMinimum",
    "HintVectorSize",
    "IndexFeatures",
    "InferTopics",
    "Interact",
    "JoinNeighbours",
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
    "RatePairs",
    "RenameFeatures",
    "RequireInteger",
    "RowFilter",
    "SelectFeatures",
    "ShiftScale",
    "SliceFeatures",
    "SplitText",
    "VectorFromNumber",
]
