"""What the clusterings share: their centres and their prediction column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mabridge.sdk import Centers, Measure, Stage, vector_value


def centers_of(vectors: Sequence[Any], measure: Measure, norms: Sequence[float] | None = None) -> Centers:
    """Saved vectors as centres.

    Args:
        vectors: VectorUDT's structs as Python values, all of one size.
        measure: the distance.
        norms: the saved norms; None where Spark computes them.

    Raises:
        ValueError: the vectors are of different sizes.
    """
    points = [vector_value(vector) for vector in vectors]
    if len({len(point) for point in points}) != 1:
        raise ValueError(f"the centres have {sorted({len(point) for point in points})} features")
    found = np.array(points)
    if norms is None:
        # Vectors.norm adds the squares from left to right.
        squares = np.zeros(len(found))
        for column in found.T:
            squares += column * column
        norms = np.sqrt(squares).tolist()
    return Centers(found, np.array(norms, dtype=np.float64), np.array([vector["type"] == 0 for vector in vectors], dtype=np.bool_), measure)


def check_prediction_column(stage: Stage[Any], name: str) -> None:
    """KMeansModel and its like add their prediction column even where its name is empty, and fail.

    Raises:
        MalformedModelError: the name is empty.
    """
    if not name:
        raise stage.malformed("the param predictionCol is empty; Spark refuses to transform with that too.")
