"""What several stages on words share."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from mabridge.sdk import Stage


def checked_size(stage: Stage[Any], size: int) -> int:
    """The param numFeatures.

    Raises:
        MalformedModelError: it is not a positive Java int.
    """
    if not 0 < size < 2**31:
        raise stage.malformed(f"numFeatures is {size}; Spark accepts whole numbers from 1 to {2**31 - 1}.")
    return size


def without_null(stage: Stage[Any], words: list[str | None], what: str) -> tuple[pa.Array, int | None]:
    """Distinct words without null, and the place of the null among them, None where there is none.

    Raises:
        UnsupportedStageError: a word stands there twice.
    """
    if len(set(words)) != len(words):
        raise stage.refuse(f"the {what} holds a word twice, which no fit gives and Spark counts out of step", "Make the model from distinct words")
    place = words.index(None) if None in words else None
    return pa.array([word for word in words if word is not None], type=pa.string()), place
