"""Java's order of doubles."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import Floats


def total_order(values: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Integers in the order of `Double.compare`: -0.0 before 0.0, every NaN alike and last."""
    plain = np.where(np.isnan(values), np.nan, values)
    bits = np.ascontiguousarray(plain).view(np.int64)
    return np.where(np.isnan(values), np.int64(0x7FF8_0000_0000_0000), np.where(bits < 0, bits ^ np.int64(0x7FFF_FFFF_FFFF_FFFF), bits))
