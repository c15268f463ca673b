"""Where texts stand among many labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int32]

#: Arrow's index_in hashes all labels anew in each call: 2 ms for so many, and a batch of 8,192 rows takes about as long.
_HASHED_ANEW = 20_000
#: Beyond this a table of Python's would take more memory (100 bytes a label) than the time is worth.
_MOST_IN_A_TABLE = 2_000_000


def label_finder(labels: pa.Array) -> Callable[[pa.Array], Places]:
    """A function from texts to the place of each among the labels, `len(labels)` for null and for what is not among them; of equal labels the last counts.

    Args:
        labels: string array.
    """
    count = len(labels)
    if _HASHED_ANEW < count <= _MOST_IN_A_TABLE:
        table = {label: place for place, label in enumerate(labels.to_pylist())}

        def look_up(texts: pa.Array) -> Places:
            encoded = texts.dictionary_encode()
            found = np.array([*(table.get(text, count) for text in encoded.dictionary.to_pylist()), count], dtype=np.int32)
            places: Places = found[encoded.indices.fill_null(len(found) - 1).to_numpy(zero_copy_only=False)]
            return places

        return look_up
    # index_in gives the first of equal labels, and Spark's map keeps the last.
    backwards = labels.take(pa.array(np.arange(count - 1, -1, -1)))

    def search(texts: pa.Array) -> Places:
        found = pc.index_in(texts, value_set=backwards, skip_nulls=True)
        places: Places = (found.fill_null(-1) if found.null_count else found).to_numpy(zero_copy_only=False)
        return np.where(places < 0, count, count - 1 - places)

    return search
