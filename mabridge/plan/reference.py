"""Which Spark's answer is meant: the version and the session settings that decide it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

#: The lines of Spark whose answers are known, as (major, newest minor).
KNOWN_LINES = ((2, 4), (3, 5), (4, 3))
#: A version of Spark's or a vendor's: 3.5, 3.5.7, 3.3.2-amzn-0, 3.5.0.dbr.
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})([.+_-][\w.+-]*)?")


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
    """(3, 5) of "3.5.7", and of a vendor's "3.5.0-amzn-1"; (0, 0) where the text is no version."""
    found = _VERSION.fullmatch(spark_version)
    return (0, 0) if found is None else (int(found[1]), int(found[2]))


def is_known(spark_version: str) -> bool:
    """Whether a version, a vendor's too, is of a line of Spark whose answers are known."""
    major, minor = major_minor(spark_version)
    return any(major == known and minor <= newest for known, newest in KNOWN_LINES)


def known_versions() -> str:
    """The known lines, for messages."""
    return ", ".join(f"{major}.0 to {major}.{newest}" for major, newest in KNOWN_LINES)
