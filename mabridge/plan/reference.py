"""Which Spark's answer is meant: the version and the session settings that decide it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Reference:
    """The Spark whose answers a converted model gives.

    Attributes:
        spark_version: as the saved metadata has it, e.g. "3.5.7" or a vendor's "3.4.1-amzn-1".
        ansi: `spark.sql.ansi.enabled`; off before Spark 4.0, on from 4.0.
        time_zone: `spark.sql.session.timeZone`.
        case_sensitive: `spark.sql.caseSensitive`.
    """

    spark_version: str
    ansi: bool = False
    time_zone: str = "UTC"
    case_sensitive: bool = False

    @classmethod
    def of_version(cls, spark_version: str) -> Reference:
        """The defaults of a Spark version."""
        return cls(spark_version=spark_version, ansi=major_minor(spark_version) >= (4, 0))

    def same_name(self, left: str, right: str) -> bool:
        """Whether two names are one to the session's resolver."""
        return left == right or (not self.case_sensitive and left.lower() == right.lower())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def major_minor(spark_version: str) -> tuple[int, int]:
    """(3, 5) of "3.5.7"; (0, 0) where the text is no version."""
    parts = spark_version.split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (IndexError, ValueError):
        return 0, 0
