"""SQLTransformer: a SELECT over the columns.

Reads: the param `statement`.
Returns: the columns that the statement names, in its order.
Refuses: what is not row-level (aggregates, joins, windows, ORDER BY, ...) and functions that mabridge does not have, each by name.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops, parse_sql


@dataclass(frozen=True)
class Params:
    """Params of SQLTransformer (Spark 3.5)."""

    statement: str


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One projection."""
    yield ops.Project(parse_sql(stage.params.statement, stage.spark_version))


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.SQLTransformer", params=Params, translate=translate, training_only=frozenset(), since="1.6.0")
