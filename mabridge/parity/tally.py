"""What is counted while one column is compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.parity.rules import Rule

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """The entry of a column that is farthest from Spark's.

    Attributes:
        row: of the batch.
        place: where in the row's value, as `[3]` or `.score`; empty for a scalar.
        expected, actual: Spark's number and mabridge's.
        absolute: |spark - mabridge|.
        relative: absolute / |spark|.
        scaled: absolute / max(|spark|, s), the number that the tolerance bounds.
        ulp: how many doubles lie between the two, plus one; infinite where one of them is NaN.
        scale: s; None where the op declares none.
    """

    row: int
    place: str
    expected: float
    actual: float
    absolute: float
    relative: float
    scaled: float
    ulp: float
    scale: float | None


@dataclass
class Tally:
    """The differences of one column in one batch.

    Attributes:
        rule: what counts as a difference.
        nulls: shape (rows,); rows where, at any depth, one side is null and the other is not.
        values: shape (rows,); rows whose values differ by the rule, nulls included.
        layouts: shape (rows,); rows whose vectors are stored in another way than Spark stores them.
        worst: the entry with the greatest `scaled`, whether within the tolerance or not.
        absolute, relative, scaled, ulp: the greatest of each over all entries.
    """

    rule: Rule
    nulls: Bools
    values: Bools
    layouts: Bools
    worst: Entry | None = None
    absolute: float = 0.0
    relative: float = 0.0
    scaled: float = 0.0
    ulp: float = 0.0

    @classmethod
    def of_rows(cls, rows: int, rule: Rule) -> Tally:
        return cls(rule, np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_))

    def mark_nulls(self, rows: Ints) -> None:
        """Rows in which one side alone is null."""
        self.nulls[rows] = True
        self.values[rows] = True

    def measure(self, gaps: Gaps, rows: Ints, places: Ints | None, path: str, scales: Floats | None) -> None:
        """Take in the sizes of float differences; one element for each entry that is not the same to the bit.

        Args:
            gaps: the pairs and their distances.
            rows: the entries' rows in the batch.
            places: the entries' index within their vector or list, or None.
            path: where in the row's value they stand, with "[]" for such an index.
            scales: their s, or None.
        """
        if len(rows) == 0:
            return
        self.absolute = max(self.absolute, float(gaps.absolute.max()))
        self.relative = max(self.relative, float(gaps.relative.max()))
        self.ulp = max(self.ulp, float(gaps.ulp.max()))
        worst = int(np.argmax(gaps.scaled))
        if self.worst is not None and not gaps.scaled[worst] > self.scaled:
            return
        self.scaled = float(gaps.scaled[worst])
        self.worst = Entry(
            row=int(rows[worst]),
            place=path if places is None else path.replace("[]", f"[{int(places[worst])}]"),
            expected=float(gaps.expected[worst]),
            actual=float(gaps.actual[worst]),
            absolute=float(gaps.absolute[worst]),
            relative=float(gaps.relative[worst]),
            scaled=float(gaps.scaled[worst]),
            ulp=float(gaps.ulp[worst]),
            scale=None if scales is None else float(scales[worst]),
        )


@dataclass(frozen=True)
class Gaps:
    """Pairs of numbers and their distances; each field has one element a pair (see `Entry`)."""

    expected: Floats
    actual: Floats
    absolute: Floats
    relative: Floats
    scaled: Floats
    ulp: Floats
