"""LogScaler, a stage of a company's own: log1p of a column times a factor.

Reads: params only.
Returns: the output column, double.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops, parse_sql


@dataclass(frozen=True)
class Params:
    """Params of com.acme.spark.LogScaler."""

    input_col: str
    output_col: str
    factor: float = 1.0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One SQL expression does it."""
    params = stage.params
    source, target = (name.replace("`", "``") for name in (params.input_col, params.output_col))
    yield ops.Project(parse_sql(f"SELECT *, log1p(`{source}`) * {params.factor!r}D AS `{target}` FROM __THIS__"))


TRANSLATOR = Translator(spark_class="com.acme.spark.LogScaler", params=Params, translate=translate, training_only=frozenset(), since="1.0")
