"""numpy under the names of the array API standard, which numpy has itself from 2.1; mabridge runs on 1.26.

Its `exp` and `log` give the same bits with every numpy and on every processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def concat(arrays: Sequence[npt.NDArray[Any]], /, *, axis: int = 0) -> npt.NDArray[Any]:
    """The standard's `concat`."""
    return np.concatenate(arrays, axis=axis)


def astype(array: npt.NDArray[Any], dtype: Any, /) -> npt.NDArray[Any]:
    """The standard's `astype`."""
    return array.astype(dtype)


def pow(base: Any, exponent: Any, /) -> Any:
    """The standard's `pow`, as C has it.

    With one exponent for all values numpy takes short cuts, a square root for 0.5 among them, which answers otherwise for -Infinity and -0.0.
    """
    shape = np.broadcast_shapes(np.shape(base), np.shape(exponent))
    return np.power(base, np.broadcast_to(exponent, shape).copy())


#: Whether a long double has more digits than a double: not on Windows, nor on a Mac's own processors.
_IS_LONG = np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant


def exp(values: npt.NDArray[np.float64], /) -> npt.NDArray[np.float64]:
    """e to the power of each value, the nearest double.

    numpy's own is off by one bit for 24 % (1.26) or 5 % (2.4) of all values, depending on the processor's vector instructions, and a decision at a
    cutoff then differs. A long double costs 35 ns a value.
    """
    if not _IS_LONG:
        return np.exp(values)
    found: npt.NDArray[np.float64] = np.exp(values.astype(np.longdouble)).astype(np.float64)
    return found


def log(values: npt.NDArray[np.float64], /) -> npt.NDArray[np.float64]:
    """The natural logarithm of each value, the nearest double: numpy's own depends on its version and the processor, as its `exp` does."""
    if not _IS_LONG:
        return np.log(values)
    found: npt.NDArray[np.float64] = np.log(values.astype(np.longdouble)).astype(np.float64)
    return found


def __getattr__(name: str) -> Any:
    return getattr(np, name)
