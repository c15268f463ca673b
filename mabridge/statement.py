"""One SQL statement as a model: `mabridge.sql("SELECT *, log1p(x) AS lx FROM __THIS__").transform(data)`."""

from __future__ import annotations

from mabridge.conversion import check_zone
from mabridge.errors import UnsupportedOptionError
from mabridge.model import Model
from mabridge.plan import ops
from mabridge.plan.op import StageRef, Step
from mabridge.plan.reference import Reference, major_minor

_STAGE = StageRef("statement", "mabridge.sql", "sql")


def model_of_sql(
    statement: str,
    *,
    spark_version: str = "3.5.7",
    ansi: bool | None = None,
    time_zone: str | None = None,
    case_sensitive: bool | None = None,
) -> Model:
    """What SQLTransformer does with a statement, without a saved model; `mabridge.sql` is this function.

    Args:
        statement: `SELECT ... FROM __THIS__`, with WHERE or without, as SQLTransformer takes it.
        spark_version: the Spark whose answers and whose grammar are meant.
        ansi: `spark.sql.ansi.enabled`; None means that version's default.
        time_zone: `spark.sql.session.timeZone`; None means UTC.
        case_sensitive: `spark.sql.caseSensitive`; None means false.

    Returns:
        A model: its `transform` takes a Table, a RecordBatch, a DataFrame or a Ray Dataset and returns the same kind; it can be saved and explained.

    Raises:
        UnsupportedExpressionError: the statement is not read, or holds what mabridge refuses.
        UnsupportedOptionError: an argument is of another kind, `spark_version` is no version, or `time_zone` no time zone that is known here.
    """
    from mabridge.sql import parse_statement

    if not isinstance(statement, str):
        raise UnsupportedOptionError(f"A statement is a text, and {statement!r} is none.")
    if ansi not in (None, True, False):
        raise UnsupportedOptionError(f"`ansi` is True, False or None, and {ansi!r} is neither.")
    spark = major_minor(spark_version)
    if spark < (1, 6):
        raise UnsupportedOptionError(f"{spark_version!r} is not a version of Spark that has SQLTransformer; name one as in 3.5.7.")
    if time_zone is not None:
        check_zone(time_zone)
    usual = Reference.of_version(spark_version)
    reference = Reference(
        spark_version,
        ansi=usual.ansi if ansi is None else ansi,
        time_zone=usual.time_zone if time_zone is None else time_zone,
        case_sensitive=usual.case_sensitive if case_sensitive is None else case_sensitive,
    )
    return Model((Step(ops.Project(parse_statement(statement, spark)), _STAGE),), reference)
