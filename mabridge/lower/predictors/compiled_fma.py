"""Multiply-and-add with one rounding, for compiled loops; importing this module needs numba."""

from __future__ import annotations

from typing import Any

from numba import types  # noqa: TID253
from numba.extending import intrinsic  # noqa: TID253


@intrinsic  # type: ignore[untyped-decorator]
def fma(context: Any, value: Any, weight: Any, total: Any) -> Any:
    """value * weight + total with one rounding."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), generate
