"""What a comparison found: values that print, go to JSON and to HTML."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mabridge.counted import counted
from mabridge.parity.rules import Role

#: The version of `ParityReport.to_json`'s layout.
FORMAT = 1

#: How rows were paired.
BY_POSITION = "position"
BY_CONTENT = "what they hold, as Spark leaves the order of these rows open"


@dataclass(frozen=True)
class Example:
    """One row of one column, with both sides' values.

    Attributes:
        row: its position in Spark's answer, from 0.
        expected, actual: Spark's value and mabridge's, as text.
        place: where in the row's value, as `[3]` or `.score`; empty for the whole value.
        absolute: |spark - mabridge|.
        relative: absolute / |spark|.
        scaled: absolute / max(|spark|, s), the number that the tolerance bounds.
        ulp: how many doubles apart the two are.
        scale: s, where the op declares it.
    """

    row: int
    expected: str
    actual: str
    place: str = ""
    absolute: float | None = None
    relative: float | None = None
    scaled: float | None = None
    ulp: float | None = None
    scale: float | None = None


@dataclass(frozen=True)
class ColumnReport:
    """What was found in one column.

    Attributes:
        name: the column's name.
        type: Spark's type, as `double` or `vector`.
        actual_type: mabridge's.
        role: how the column came about: "passed through", "exact" or "computed" (see `mabridge.parity.rules.Role`).
        tolerance: the bound in words; "exact" where there is none.
        unordered: whether the elements of its arrays were compared in any order, as Spark leaves their order open.
        rows: how many rows were compared.
        nulls, actual_nulls: how many of them are null in Spark's answer and in mabridge's.
        null_rows: rows where, at any depth, one side is null and the other is not.
        differing: rows whose values differ, `null_rows` included.
        layouts: rows whose vectors are sparse on one side and dense on the other, or store other entries.
        first: the first row that differs, if one does.
        max_absolute, max_relative, max_scaled, max_ulp: the greatest distances of all entries, those within the tolerance included (see `Example`).
        worst: the entry that is farthest from Spark's, within the tolerance or not; None where all are the same to the bit, or the type has no distance.
        examples: the first rows that differ.
        problem: why the column is not equal, if its rows do not say: another type, or no counterpart.
    """

    name: str
    type: str
    actual_type: str
    role: Role = "computed"
    tolerance: str = "exact"
    unordered: bool = False
    rows: int = 0
    nulls: int = 0
    actual_nulls: int = 0
    null_rows: int = 0
    differing: int = 0
    layouts: int = 0
    first: int | None = None
    max_absolute: float = 0.0
    max_relative: float = 0.0
    max_scaled: float = 0.0
    max_ulp: float = 0.0
    worst: Example | None = None
    examples: tuple[Example, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not (self.differing or self.layouts or self.problem)

    @property
    def verdict(self) -> str:
        """The finding in a few words."""
        found = [self.problem] if self.problem else []
        if self.differing:
            found.append(counted(self.differing, "row differs", "rows differ") + (f" ({self.null_rows:,} null on one side only)" if self.null_rows else ""))
        if self.layouts:
            found.append(f"{counted(self.layouts, 'vector is', 'vectors are')} stored in another way")
        if found:
            return "; ".join(found)
        return "identical" if self.worst is None else "equal"


@dataclass(frozen=True)
class ParityReport:
    """The verdict on two tables: Spark's, which is the truth, and mabridge's.

    Attributes:
        columns: one report for each column of either side: Spark's in Spark's order, then those that mabridge alone has.
        expected_rows, actual_rows: row counts, Spark's and mabridge's.
        problems: whole sentences on the tables as such: columns missing, added or in another order, row counts, a side that refuses.
        first_difference: the first row in which any column differs.
        matched_by: how rows were paired: BY_POSITION, or BY_CONTENT where Spark leaves their order open.
        spark_refusal, mabridge_refusal: the error with which a side refuses the data; a refusal by both is agreement.
        reference: the Spark settings under which both sides ran.
        versions: of the programs that took part.
        sources: what was compared, in words.
        seconds: time spent by "spark", by "mabridge" and to "compare".
    """

    columns: tuple[ColumnReport, ...]
    expected_rows: int
    actual_rows: int
    problems: tuple[str, ...] = ()
    first_difference: int | None = None
    matched_by: str = BY_POSITION
    spark_refusal: str | None = None
    mabridge_refusal: str | None = None
    reference: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether mabridge's answer equals Spark's."""
        return not self.problems and (self.spark_refusal is not None or all(column.ok for column in self.columns))

    @property
    def rows(self) -> int:
        """Rows in Spark's answer."""
        return self.expected_rows

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        if self.ok and self.spark_refusal is not None:
            return "Equal: both Spark and mabridge refuse this data."
        if self.ok:
            order = "in the same order" if self.matched_by == BY_POSITION else "in any order of the rows"
            return f"Equal: {counted(self.expected_rows, 'row')} and {counted(len(self.columns), 'column')} agree, {order}."
        wrong = [f"`{column.name}`" for column in self.columns if not column.ok]
        parts = list(self.problems)
        if wrong and self.spark_refusal is None and self.mabridge_refusal is None:
            parts.append(f"{len(wrong)} of {counted(len(self.columns), 'column')} {'differs' if len(wrong) == 1 else 'differ'}: {', '.join(wrong)}.")
        return "Different: " + " ".join(parts)

    def column(self, name: str) -> ColumnReport:
        """The report of one column.

        Raises:
            KeyError: neither side has it.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """All of the report as plain values; NaN and infinities as the strings "NaN", "Infinity", "-Infinity"."""
        return {"format": FORMAT, "ok": self.ok, "verdict": self.verdict, **_plain(self)}

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_html(self) -> str:
        """One self-contained page."""
        from mabridge.parity.report_html import page

        return page(self)

    def _repr_html_(self) -> str:
        from mabridge.parity.report_html import fragment

        return fragment(self)

    def __str__(self) -> str:
        from mabridge.parity.report_text import text

        return text(self)

    def __rich__(self) -> Any:
        from mabridge.parity.report_text import renderable

        return renderable(self)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (ColumnReport, ParityReport, Example)):
        plain = {spec.name: _plain(getattr(value, spec.name)) for spec in fields(value)}
        return {**plain, "ok": value.ok, "verdict": value.verdict} if isinstance(value, ColumnReport) else plain
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
