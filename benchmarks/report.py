"""benchmarks/README.md, written from the newest result of each size."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path
from typing import Any

from benchmarks.pipelines import PIPELINES

_HEAD = """# Benchmarks

`make bench` makes the data, fits the pipelines with Spark, converts them, and measures in one run, on the same cores, each side in a process
of its own: Spark local, mabridge's local engine, mabridge on Ray Data, and the floor (the same columns read with pyarrow and as many doubles
written). A figure is the median of the warm runs (the third and later ones) of read, transform and write of the wanted columns. Ratios come
from one run, so they hold when the machine's own speed drifts; absolute times do not.

"""


def write_readme(folder: Path) -> None:
    """Write the table anew.

    Args:
        folder: benchmarks/, with its results/.
    """
    newest: dict[int, dict[str, Any]] = {}
    for file in sorted((folder / "results").glob("*.json")):
        result = json.loads(file.read_text(encoding="utf-8"))
        newest[result["rows"]] = result
    text = _HEAD + "\n".join(section(newest[rows]) for rows in sorted(newest)) + "\n## The pipelines\n\n"
    text += "".join(f"- `{name}`: {pipeline.what}. Writes {', '.join(pipeline.columns)}.\n" for name, pipeline in PIPELINES.items())
    (folder / "README.md").write_text(text, encoding="utf-8")


def warm(figures: list[dict[str, Any]]) -> float:
    """The median warm run, in seconds."""
    return statistics.median(float(second) for figure in figures for second in (figure["seconds"][2:] or figure["seconds"]))


def section(result: dict[str, Any]) -> str:
    """One size's table."""
    machine, versions = result["machine"], result["versions"]
    lines = [
        f"## {result['rows']:,} rows, {result['date']}",
        "",
        f"{machine['processor']}, {result['cores']} cores; " + ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "",
        "| pipeline | Spark s | local s | Ray s | floor s | Spark / local | Spark / Ray | local / floor | local peak MiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    ratios: dict[str, list[float]] = {"local": [], "ray": []}
    for name, figures in result["figures"].items():
        seconds = {side: warm(found) for side, found in figures.items()}
        for side, found in ratios.items():
            found.append(seconds["spark"] / seconds[side])
        peak = max(found["peak_mib"] for found in figures["local"])
        lines.append(
            f"| {name} | {seconds['spark']:.2f} | {seconds['local']:.2f} | {seconds['ray']:.2f} | {seconds['floor']:.2f} | {ratios['local'][-1]:.1f} | "
            f"{ratios['ray'][-1]:.1f} | {seconds['local'] / seconds['floor']:.1f} | {peak:,.0f} |"
        )
    means = {side: math.exp(statistics.fmean(map(math.log, found))) for side, found in ratios.items()}
    lines.append(f"| geometric mean | | | | | {means['local']:.1f} | {means['ray']:.1f} | | |")
    return "\n".join([*lines, ""])
