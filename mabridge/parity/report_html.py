"""A parity report as one self-contained HTML page: no script, no outside file."""

from __future__ import annotations

from html import escape

from mabridge.parity.report import ParityReport
from mabridge.parity.report_text import HEADERS, cells, examples, heading

STYLE = """
.mabridge-parity { font: 14px/1.45 system-ui, sans-serif; color: #1b1f24; }
.mabridge-parity .verdict { padding: .6em .9em; border-radius: 6px; font-weight: 600; background: #dff3e4; }
.mabridge-parity .verdict.bad { background: #fbe1df; }
.mabridge-parity .scroll { overflow-x: auto; }
.mabridge-parity table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.mabridge-parity th, .mabridge-parity td { padding: .25em .7em; border-bottom: 1px solid #d8dee4; text-align: left; white-space: nowrap; }
.mabridge-parity .right { text-align: right; }
.mabridge-parity tr.bad td { background: #fbe1df; }
.mabridge-parity code { white-space: pre-wrap; overflow-wrap: anywhere; }
.mabridge-parity .facts { color: #57606a; }
@media (prefers-color-scheme: dark) {
  .mabridge-parity { color: #e6edf3; }
  .mabridge-parity .verdict { background: #12381f; }
  .mabridge-parity .verdict.bad, .mabridge-parity tr.bad td { background: #4a1d1a; }
  .mabridge-parity th, .mabridge-parity td { border-color: #30363d; }
  .mabridge-parity .facts { color: #9198a1; }
}
"""


def fragment(report: ParityReport) -> str:
    """The report as an element for a page or a notebook."""
    head = "".join(f'<th class="{side}">{escape(name)}</th>' for name, side in HEADERS)
    rows = "".join(
        f'<tr class="{"good" if column.ok else "bad"}">'
        + "".join(f'<td class="{side}">{escape(cell)}</td>' for (_, side), cell in zip(HEADERS, cells(column), strict=True))
        + "</tr>"
        for column in report.columns
    )
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>' if report.columns else ""
    found = "".join(f"<li><code>{escape(line)}</code></li>" for line in examples(report))
    facts = "".join(f"<div>{escape(line)}</div>" for line in heading(report))
    return (
        f'<div class="mabridge-parity"><style>{STYLE}</style><p class="verdict{"" if report.ok else " bad"}">{escape(report.verdict)}</p>'
        f'<div class="facts">{facts}</div>{table}{f"<ul>{found}</ul>" if found else ""}</div>'
    )


def page(report: ParityReport) -> str:
    """The report as a whole document."""
    title = "Parity: equal" if report.ok else "Parity: different"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title></head><body>{fragment(report)}</body></html>\n"
    )
