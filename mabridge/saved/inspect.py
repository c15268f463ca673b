"""Show what a saved model holds: stages, params, columns and the sizes of its tables, without converting it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mabridge.counted import counted
from mabridge.errors import MabridgeError
from mabridge.saved.source import Entry, join
from mabridge.saved.stage import SavedStage

# What Spark's shared params call the columns that a stage writes, and those that only `fit` reads. All else that ends in Col or Cols is read.
_WRITTEN = (
    "outputCol",
    "outputCols",
    "predictionCol",
    "probabilityCol",
    "rawPredictionCol",
    "leafCol",
    "varianceCol",
    "quantilesCol",
    "linkPredictionCol",
    "topicDistributionCol",
)
_TRAINING = ("labelCol", "weightCol", "censorCol", "foldCol", "validationIndicatorCol")
# The param that makes a stage a pipeline, and the nested models that are stages of the pipeline: one in place of the stage, one beside it.
_STAGES, _IN_PLACE, _BESIDE = "stageUids", "bestModel", "pipelineModel"


@dataclass(frozen=True)
class TableReport:
    """A folder or file of data inside a stage.

    Attributes:
        name: its name inside the stage's folder.
        files: how many files hold it.
        bytes: their size.
        rows: rows of a parquet table; None for other data, or where it cannot be read.
        columns: name and Arrow type of each column of a parquet table.
        problem: why it cannot be read; empty where it can.
    """

    name: str
    files: int
    bytes: int
    rows: int | None
    columns: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class StageReport:
    """A saved stage and what lies below it; the attributes are those of `SavedStage`, with its columns and tables."""

    location: str
    class_name: str
    uid: str
    spark_version: str
    path: str
    params: dict[str, Any]
    defaults: dict[str, Any]
    input_columns: tuple[str, ...]
    output_columns: tuple[str, ...]
    tables: tuple[TableReport, ...]
    children: tuple[StageReport, ...]

    @property
    def num_stages(self) -> int:
        """How many stages it stands for, as `convert` counts them: a pipeline for those in it, a tuning model for its best model's."""
        if _STAGES in self.params:
            return sum(child.num_stages for child in self.children)
        nested = {child.location.rpartition(".")[2]: child.num_stages for child in self.children}
        return nested.get(_IN_PLACE, 1) + nested.get(_BESIDE, 0)


def inspect_stage(stage: SavedStage) -> StageReport:
    """Report on a stage, its pipeline's stages and the models nested in its folder.

    Raises:
        MalformedModelError: the folders cannot be read; damaged tables are reported instead.
    """
    columns = dict(_columns(stage))
    nested, tables = list(stage.children), []
    for entry in stage.walk.source.entries(stage.folder):
        if entry.name in ("metadata", "stages") or entry.name.startswith(("_", ".")):
            continue
        if entry.is_folder and stage.has(join(entry.name, "metadata")):
            try:
                nested.append(stage.child(entry.name))
                continue
            except MabridgeError:
                pass  # the data of another kind of model; its size is told
        tables.append(_table(stage, entry))
    return StageReport(
        location=stage.location,
        class_name=stage.class_name,
        uid=stage.uid,
        spark_version=stage.spark_version,
        path=stage.path,
        params=stage.params,
        defaults=stage.defaults,
        input_columns=tuple(column for name, group in columns.items() if name not in _WRITTEN for column in group),
        output_columns=tuple(column for name, group in columns.items() if name in _WRITTEN for column in group),
        tables=tuple(tables),
        children=tuple(inspect_stage(child) for child in nested),
    )


def inspect_json(stage: SavedStage) -> str:
    """The report as JSON; numbers that JSON lacks stand as text, as Spark writes them."""
    return json.dumps(_finite(asdict(inspect_stage(stage))), indent=2, allow_nan=False)


def inspect_text(stage: SavedStage) -> str:
    """The report as plain text."""
    return "\n".join(inspect_lines(stage))


def inspect_lines(stage: SavedStage) -> list[str]:
    """The report as lines of plain text: a summary of all stages, then each stage's params and data."""
    whole = inspect_stage(stage)
    reports = list(_flat(whole))
    rows = [
        (report.location or "(model)", report.class_name.rsplit(".", 1)[-1], report.uid, _names(report.input_columns), _names(report.output_columns))
        for report in reports
    ]
    lines = [f"{stage.path}: saved by Spark {stage.spark_version}, {counted(whole.num_stages, 'stage')}", ""]
    lines += aligned([("stage", "class", "uid", "reads", "writes"), *rows])
    for report in reports:
        lines += ["", *_detail(report, stage.spark_version)]
    return lines


def _detail(report: StageReport, version: str) -> Iterator[str]:
    other = f", Spark {report.spark_version}" if report.spark_version != version else ""
    yield f"{report.location or '(model)'}  {report.class_name}  {report.uid}{other}"
    settings = [(printable(name), _short(value), "set") for name, value in report.params.items() if name != _STAGES]
    settings += [(printable(name), _short(value), "default") for name, value in report.defaults.items() if name not in report.params]
    yield from (f"  {line}" for line in aligned(sorted(settings)))
    for table in report.tables:
        rows = "" if table.rows is None else f", {counted(table.rows, 'row')}"
        yield f"  {printable(table.name)}/: {counted(table.files, 'file')}, {counted(table.bytes, 'byte')}{rows}"
        yield from (f"    {line}" for line in aligned([(printable(name), _short(kind)) for name, kind in table.columns]))
        if table.problem:
            yield f"    {printable(table.problem)}"


def _columns(stage: SavedStage) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The column names that the params hold, set ones before defaults."""
    for name, value in {**stage.defaults, **stage.params}.items():
        if not name.endswith(("Col", "Cols")) or name in _TRAINING:
            continue
        # An unset output has a default that is made of the uid; where the other of outputCol and outputCols is set, it is not used.
        if name not in stage.params and {"outputCol", "outputCols"} >= {name} and {"outputCol", "outputCols"} & stage.params.keys():
            continue
        names = tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)
        if names:
            yield name, names


def _table(stage: SavedStage, entry: Entry) -> TableReport:
    source, place = stage.walk.source, join(stage.folder, entry.name)
    if not entry.is_folder:
        return TableReport(entry.name, 1, entry.size, None)
    inside = [item for item in source.entries(place) if not item.name.startswith(("_", "."))]
    if any(item.name.endswith(".parquet") for item in inside):
        from mabridge.saved.tables import summarise_table

        try:
            summary = summarise_table(source, place)
            return TableReport(entry.name, summary.files, summary.size, summary.rows, summary.columns)
        except MabridgeError as error:
            return TableReport(entry.name, len(inside), sum(item.size for item in inside), None, (), str(error))
    return TableReport(entry.name, len(inside), sum(item.size for item in inside), None)


def _flat(report: StageReport) -> Iterator[StageReport]:
    yield report
    for child in report.children:
        yield from _flat(child)


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows of cells as lines of text, each column as wide as its longest cell; cells that would move a terminal's cursor must be escaped before."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _names(columns: tuple[str, ...]) -> str:
    return _clip(", ".join(printable(column) for column in columns), 60) or "-"


def _short(value: Any) -> str:
    return _clip(printable(value) if isinstance(value, str) else json.dumps(_finite(value), ensure_ascii=True), 100)


def printable(text: str) -> str:
    """The text, escaped where it holds what would move a terminal's cursor."""
    return text if text.isprintable() else json.dumps(text)


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
