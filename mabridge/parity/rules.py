"""Which columns must agree how: DESIGN.md's "what equal means" as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: How a column came about, which decides how its doubles are compared.
#: "passed through": the input's own values, compared bit by bit (0.0 is not -0.0).
#: "exact": indices and labels, compared by value (0.0 is -0.0).
#: "computed": doubles may differ within a tolerance.
Role = Literal["passed through", "exact", "computed"]


@dataclass(frozen=True)
class Tolerance:
    """How far a computed double may be from Spark's: |spark - mabridge| <= max(relative * max(|spark|, s), absolute).

    s is the sum of absolute terms that the op declares for the entry (0 where it declares none).

    Attributes:
        relative: factor on max(|spark|, s).
        absolute: in the column's own unit.
        why: the reason where this is not the default.
    """

    relative: float = 1e-12
    absolute: float = 0.0
    why: str = ""

    def __post_init__(self) -> None:
        for name, value in (("relative", self.relative), ("absolute", self.absolute)):
            if not 0.0 <= value < float("inf"):
                raise ValueError(f"A {name} tolerance is a finite number that is not negative; {value} is neither.")

    def __str__(self) -> str:
        return f"{self.relative:g} of max(|spark|, s)" + (f", or {self.absolute:g}" if self.absolute else "")


@dataclass(frozen=True)
class Rules:
    """What counts as equal, column by column.

    Attributes:
        passed_through: names of the columns that are the input's own.
        exact: names of the columns of indices and labels.
        tolerance: for the doubles of all other columns.
        tolerances: for the doubles of single columns, by name.
        layouts: whether a vector must also be stored as Spark stores it: sparse or dense, and a sparse one with the same entries.
        unordered: names of the array columns in which Spark leaves the order of the elements open; they are compared as multisets.
        rows_in_any_order: whether Spark leaves the order of the rows open; they are then matched by what they hold, which takes all rows into memory.
    """

    passed_through: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    tolerance: Tolerance = Tolerance()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    layouts: bool = True
    unordered: frozenset[str] = frozenset()
    rows_in_any_order: bool = False

    def role(self, column: str) -> Role:
        """How a column is compared; a tolerance that is stated for it goes before everything else."""
        if column in self.tolerances:
            return "computed"
        if column in self.passed_through:
            return "passed through"
        return "exact" if column in self.exact else "computed"

    def of(self, column: str) -> Rule:
        """The rule for one column's values."""
        return Rule(self.role(column), self.tolerances.get(column, self.tolerance), self.layouts, column in self.tolerances, column in self.unordered)


@dataclass(frozen=True)
class Rule:
    """`Rules` for one column.

    Attributes:
        role, tolerance, layouts: as in `Rules`.
        stated: whether the tolerance is the column's own, and so holds for 32-bit floats too.
        unordered: whether an array's elements are compared in any order.
    """

    role: Role = "computed"
    tolerance: Tolerance = Tolerance()
    layouts: bool = True
    stated: bool = False
    unordered: bool = False
