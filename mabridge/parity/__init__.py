"""Proof that mabridge's answer is Spark's: run both, compare everything, report what differs.

The package stands under the same name as its main function, so it can be called: `mabridge.parity(spark_model, model, data)` means `parity` below whether or
not the package has been imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from mabridge.parity.answers import Answer, Answers
from mabridge.parity.compare import compare_tables
from mabridge.parity.live import parity
from mabridge.parity.report import ColumnReport, Example, ParityReport
from mabridge.parity.rules import Rules, Tolerance

__all__ = ["Answer", "Answers", "ColumnReport", "Example", "ParityReport", "Rules", "Tolerance", "compare_tables", "parity"]


class _CallablePackage(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> ParityReport:
        return parity(*args, **kwargs)


sys.modules[__name__].__class__ = _CallablePackage
