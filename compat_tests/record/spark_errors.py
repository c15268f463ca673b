"""Spark's exception that carries a Java one, from where this pyspark keeps it."""

from __future__ import annotations

try:
    from pyspark.errors.exceptions.captured import CapturedException
except ImportError:  # before Spark 3.4
    from pyspark.sql.utils import CapturedException

__all__ = ["CapturedException"]
