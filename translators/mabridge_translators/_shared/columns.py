"""The choice between inputCol and inputCols that many feature stages offer."""

from __future__ import annotations

from typing import Protocol

from mabridge.sdk import Stage, counted


class ColumnParams(Protocol):
    """Params of a stage that takes one column or several."""

    @property
    def input_col(self) -> str | None: ...
    @property
    def input_cols(self) -> tuple[str, ...] | None: ...
    @property
    def output_col(self) -> str | None: ...
    @property
    def output_cols(self) -> tuple[str, ...] | None: ...


def column_pairs(stage: Stage[ColumnParams]) -> list[tuple[str, str]]:
    """The (input, output) columns of a stage, as Spark's `getInOutCols` chooses them.

    Raises:
        MalformedModelError: neither form is whole, or both are set.
    """
    params = stage.params
    if params.input_cols is not None:
        if "input_col" in stage.given:
            raise stage.malformed("both inputCol and inputCols are set; Spark accepts one of them.")
        outputs = params.output_cols
        if outputs is None or len(outputs) != len(params.input_cols):
            raise stage.malformed(f"inputCols has {counted(len(params.input_cols), 'column')} and outputCols {0 if outputs is None else len(outputs)}.")
        return list(zip(params.input_cols, outputs, strict=True))
    if params.input_col is None:
        raise stage.malformed("neither inputCol nor inputCols is set.")
    # Spark 2.x saved no defaults; the default output name is made from the uid.
    return [(params.input_col, output_or_default(stage, params.output_col))]


def output_or_default(stage: Stage[object], name: str | None) -> str:
    """Spark's default for outputCol: `<uid>__output`."""
    return f"{stage.saved.uid}__output" if name is None else name
