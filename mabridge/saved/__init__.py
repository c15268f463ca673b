"""Reading a saved Spark ML model: metadata and parquet only, no JVM, and nothing that the model names is imported or run."""

from __future__ import annotations

from mabridge.saved.limits import DEFAULT_LIMITS, Limits
from mabridge.saved.stage import SavedStage, read_saved

__all__ = ["DEFAULT_LIMITS", "Limits", "SavedStage", "read_saved"]
