"""Functions of text that no Arrow kernel has, computed once for each distinct value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.sql.cells import expand


def over_distinct(columns: Sequence[ScalarColumn], rows: int, kind: pa.DataType, compute: Callable[..., Any]) -> pa.Array:
    """A function of one or more columns of texts or numbers, null where any of them is null.

    Args:
        columns: the arguments, of `rows` rows or of one.
        rows: how many there are.
        kind: the Arrow type of the result.
        compute: from one row's values, as Python has them, to the result's; None is null. Called once for each combination of values that is there.

    Returns:
        an array of `rows` values, or of one where all columns have one.
    """
    size = rows if any(len(column) != 1 for column in columns) else 1
    encoded = [expand(column, size).arrow.dictionary_encode() for column in columns]
    codes = np.zeros(size, dtype=np.int64)
    known = np.ones(size, dtype=np.bool_)
    for part in encoded:
        indices = part.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
        known &= part.is_valid().to_numpy(zero_copy_only=False)
        # Renumbered at each column, so that the product stays small.
        codes = np.unique(codes * max(len(part.dictionary), 1) + indices, return_inverse=True)[1].reshape(-1).astype(np.int64)
    first, places = np.unique(np.where(known, codes, -1), return_index=True, return_inverse=True)[1:]
    wanted = first[known[first]]
    arguments = [
        pa.DictionaryArray.from_arrays(part.indices.take(pa.array(wanted)), part.dictionary).cast(part.dictionary.type).to_pylist() for part in encoded
    ]
    results = [compute(*values) for values in zip(*arguments, strict=True)]
    # The nulls' group comes first, where there is one.
    missing = len(first) - len(wanted)
    return pa.array([None] * missing + results, type=kind).take(pa.array(places.reshape(-1)))
