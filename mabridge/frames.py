"""pandas in and out, with null and NaN told apart."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from mabridge.errors import InvalidInputError


def is_pandas(data: Any) -> bool:
    """Whether a value is a pandas DataFrame, without importing pandas."""
    return any(kind.__module__.split(".", 1)[0] == "pandas" and kind.__name__ == "DataFrame" for kind in type(data).__mro__)


def pandas_to_table(frame: Any) -> pa.Table:
    """A DataFrame as Arrow, without its index.

    NaN of a numpy float column stays NaN, as it does in Spark's `createDataFrame`; None, pd.NA, NaT and what Arrow-backed columns hold as null are null.

    Raises:
        InvalidInputError: a column holds values of several types, or of one that Arrow has not.
    """
    import numpy as np

    arrays, names = [], []
    for place, name in enumerate(frame.columns):
        # By place: a frame may hold two columns of one name, and the model then says whether that matters.
        series = frame.iloc[:, place]
        try:
            if isinstance(series.dtype, np.dtype) and series.dtype.kind == "f":
                values = series.to_numpy()
                arrays.append(pa.array(values.astype(values.dtype.newbyteorder("="), copy=False), from_pandas=False))
            else:
                arrays.append(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise InvalidInputError(
                f"Column `{name}` of the DataFrame ({series.dtype}) cannot be read: {str(error).splitlines()[0]}. Give the column a type of its own."
            ) from error
        names.append(str(name))
    return pa.table(arrays, names=names)


def table_to_pandas(table: pa.Table, index: Any) -> Any:
    """A DataFrame of Arrow-backed columns under an index: null is pd.NA, NaN is NaN, vectors are structs."""
    import pandas as pd

    frame = table.replace_schema_metadata(None).to_pandas(types_mapper=pd.ArrowDtype)
    frame.index = index
    return frame
