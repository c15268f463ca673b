"""The vocabulary of plans: what can happen to data, not which Spark class asked for it."""

from mabridge.plan.ops.predict import Predict
from mabridge.plan.ops.rows import DropMissing, Evaluate, KeepListed, KeepWhere, Project, RowFilter
from mabridge.plan.ops.scalars import Bucketize, FillMissing, LookupIndex
from mabridge.plan.ops.vectors import AssembleVector, MapRange, OneHot, ShiftScale, VectorFromNumber

#: The ops that a stored plan may hold, by name.
STORED_OPS = {
    op.__name__: op for op in (AssembleVector, Bucketize, DropMissing, FillMissing, KeepListed, LookupIndex, MapRange, OneHot, Predict, Project, ShiftScale)
}

__all__ = [
    "STORED_OPS",
    "AssembleVector",
    "Bucketize",
    "DropMissing",
    "Evaluate",
    "FillMissing",
    "KeepListed",
    "KeepWhere",
    "LookupIndex",
    "MapRange",
    "OneHot",
    "Predict",
    "Project",
    "RowFilter",
    "ShiftScale",
    "VectorFromNumber",
]
