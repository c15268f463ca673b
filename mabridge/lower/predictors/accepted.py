"""Rows with features that a scorer does not accept."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mabridge.lower.columns import Bools, DenseBlock, Floats, OneHotBlock, SparseBlock, VectorColumn

#: Which features a model accepts; NaN is neither.
Accepted = Literal["not negative", "zero or one"]

_REASONS: dict[Accepted, str] = {
    "not negative": "The model takes counts, and a feature is negative or NaN; Spark refuses this too.",
    "zero or one": "The model takes features that are 0 or 1, and one is not; Spark refuses this too.",
}


def refused_features(column: VectorColumn, accepted: Accepted) -> tuple[Bools | None, str]:
    """The rows that have a feature that is not accepted, and why they are refused, as `Prepared.refused` gives them."""
    found = features_outside(column, accepted)
    return (found if found.any() else None), _REASONS[accepted]


def features_outside(column: VectorColumn, accepted: Accepted) -> Bools:
    """Which rows have a feature that a scorer does not accept, shape (rows,)."""
    found = np.zeros(column.num_rows, dtype=np.bool_)

    def outside(values: Floats) -> Bools:
        return ~(values >= 0) if accepted == "not negative" else ~((values == 0) | (values == 1))

    for block in column.blocks:
        match block:
            case DenseBlock(values):
                found |= outside(values).any(axis=1)
            case OneHotBlock(index, _, entries):
                if entries is not None:
                    found |= (index >= 0) & outside(entries)
            case SparseBlock():
                found[block.rows[outside(block.entries)]] = True
    return found
