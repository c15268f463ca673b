"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.hashing import CountHashed, HashColumns
from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale
from mabridge.plan.ops.words import AverageWords, CountWords, DropWords, JoinNeighbours, SplitText

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op
    for op in (
        AssembleVector,
        AverageWords,
        Bucketize,
        CountHashed,
        CountWords,
        DropMissing,
        DropWords,
        FillMissing,
        HashColumns,
        JoinNeighbours,
        KeepListed,
        LookupIndex,
        MapRange,
        OneHot,
        Predict,
        Project,
        ShiftScale,
        SplitText,
    )
}

__all__ = [
    "STORED_OPS",
    "AssembleVector",
    "AverageWords",
    "Bucketize",
    "CountHashed",
    "CountWords",
    "DropMissing",
    "DropWords",
    "Evaluate",
    "FillMissing",
    "HashColumns",
    "JoinNeighbours",
    "KeepListed",
    "KeepWhere",
    "LookupIndex",
    "MapRange",
    "OneHot",
    "Predict",
    "Project",
    "RowFilter",
    "ShiftScale",
    "SplitText",
]
