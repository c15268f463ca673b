"""A parity report as a table for the terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mabridge.parity.report import ColumnReport, Example, ParityReport

if TYPE_CHECKING:
    from rich.console import Group

#: Wide enough that no cell wraps where the output is no terminal.
WIDTH = 400


def text(report: ParityReport) -> str:
    """The report as plain text, without colours and without trailing blanks."""
    from rich.console import Console

    sink = io.StringIO()
    Console(file=sink, width=WIDTH, color_system=None, force_terminal=False, emoji=False).print(renderable(report))
    return "\n".join(line.rstrip() for line in sink.getvalue().rstrip().splitlines())


def renderable(report: ParityReport) -> Group:
    """The report for a rich console."""
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = [Text(line) for line in heading(report)]
    if report.columns:
        parts.append(_table(report))
    parts.extend(Text(line) for line in examples(report))
    parts.append(Text(report.verdict, style="bold green" if report.ok else "bold red"))
    return Group(*parts)


def _table(report: ParityReport) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, justify in HEADERS:
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=name == "column")
    for column in report.columns:
        table.add_row(*(Text(cell) for cell in cells(column)), style=None if column.ok else "red")
    return table


#: The columns of the table.
HEADERS = (
    ("column", "left"),
    ("type", "left"),
    ("compared", "left"),
    ("rows", "right"),
    ("nulls", "right"),
    ("differ", "right"),
    ("max abs", "right"),
    ("max rel", "right"),
    ("of max(|a|, s)", "right"),
    ("max ulp", "right"),
    ("worst row", "left"),
    ("verdict", "left"),
)


def cells(column: ColumnReport) -> list[str]:
    """One row of the table."""
    measured = column.worst is not None
    return [
        column.name,
        column.type if column.type == column.actual_type or not column.actual_type else f"{column.type or '-'} / {column.actual_type}",
        _compared(column),
        f"{column.rows:,}",
        f"{column.nulls:,}" if column.nulls == column.actual_nulls else f"{column.nulls:,} / {column.actual_nulls:,}",
        f"{column.differing:,}",
        number(column.max_absolute) if measured or column.max_absolute else "",
        number(column.max_relative) if measured else "",
        number(column.max_scaled) if measured else "",
        number(column.max_ulp) if measured else "",
        worst(column.worst),
        column.verdict,
    ]


def _compared(column: ColumnReport) -> str:
    if column.role == "computed":
        how = "exact" if column.tolerance == "exact" else "computed"
    else:
        how = column.role
    return f"{how}, elements in any order" if column.unordered else how


def number(value: float | None) -> str:
    """A distance, short."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int_or_nan(value) and value < 1e6 else f"{value:.2g}"


def int_or_nan(value: float) -> float:
    """The whole part; NaN of what has none, which equals nothing."""
    return float(int(value)) if abs(value) < 1e18 else float("nan")


def worst(example: Example | None) -> str:
    """The worst entry: where, both values, and s where there is one."""
    if example is None:
        return ""
    scale = "" if example.scale is None else f" (s = {example.scale:.6g})"
    return f"row {example.row:,}{example.place}: {example.expected} / {example.actual}{scale}"


def heading(report: ParityReport) -> Iterator[str]:
    """What was compared, with what, under which settings."""
    if report.sources:
        yield "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in report.sources.items())
    if report.reference:
        yield "reference: " + ", ".join(f"{name} {_word(value)}" for name, value in report.reference.items())
    if report.versions:
        yield "versions: " + ", ".join(f"{name} {value}" for name, value in report.versions.items())
    if report.seconds:
        yield "seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in report.seconds.items())
    yield f"rows: Spark {report.expected_rows:,}, mabridge {report.actual_rows:,}, matched by {report.matched_by}; values shown as Spark / mabridge"


def _word(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def examples(report: ParityReport) -> Iterator[str]:
    """The first differing rows of each column that is not equal, and the refusals."""
    for side, refusal in (("Spark", report.spark_refusal), ("mabridge", report.mabridge_refusal)):
        if refusal is not None:
            yield f"{side} refuses: {refusal}"
    for column in report.columns:
        for example in column.examples:
            yield f"{column.name}, row {example.row:,}: Spark {example.expected}, mabridge {example.actual}"
