"""pandas in and out: null stays null, NaN stays NaN, and what cannot be read is refused by the column's name."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mabridge.errors import InvalidInputError
from mabridge.frames import is_pandas, pandas_to_table, table_to_pandas
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import KeepListed, LookupIndex
from mabridge.plan.reference import Reference

NAN = math.nan


def column(values: Any) -> pa.ChunkedArray:
    return pandas_to_table(pd.DataFrame({"c": values})).column(0)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (pd.Series([1.0, NAN, math.inf]), pa.float64(), [1.0, NAN, math.inf]),
        (pd.Series([1.0, NAN], dtype="float32"), pa.float32(), [1.0, NAN]),
        (pd.Series([1, 2], dtype="int16"), pa.int16(), [1, 2]),
        (pd.Series([1, 2], dtype="uint64"), pa.uint64(), [1, 2]),
        (pd.Series([1, None], dtype="Int64"), pa.int64(), [1, None]),
        (pd.Series([1.0, None], dtype="Float64"), pa.float64(), [1.0, None]),
        (pd.Series([True, None], dtype="boolean"), pa.bool_(), [True, None]),
        (pd.Series([True, False]), pa.bool_(), [True, False]),
        (pd.Series(["a", None, NAN, pd.NA], dtype=object), pa.string(), ["a", None, None, None]),
        (pd.Series(["a", None], dtype="string"), pa.large_string(), ["a", None]),
        (pd.Series([None, None], dtype=object), pa.null(), [None, None]),
        (pd.Series([Decimal("1.50"), None], dtype=object), pa.decimal128(3, 2), [Decimal("1.50"), None]),
        (pd.Series([datetime.date(2020, 1, 2), None], dtype=object), pa.date32(), [datetime.date(2020, 1, 2), None]),
        (pd.Series([[1.0, 2.0], None], dtype=object), pa.list_(pa.float64()), [[1.0, 2.0], None]),
        (pd.Series(pd.arrays.ArrowExtensionArray(pa.array([1.0, None, NAN]))), pa.float64(), [1.0, None, NAN]),
        (pd.Series(pd.arrays.ArrowExtensionArray(pa.array(["a", None]))), pa.string(), ["a", None]),
        (pd.Series(pd.arrays.ArrowExtensionArray(pa.array([[1.0], None], pa.list_(pa.float64(), 1)))), pa.list_(pa.float64(), 1), [[1.0], None]),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")) or None,
)
def test_null_stays_null_and_nan_stays_nan(values: Any, kind: pa.DataType, expected: list[Any]) -> None:
    found = column(values)
    assert repr(found.to_pylist()) == repr(expected)
    assert found.type == kind or (kind, found.type) in ((pa.large_string(), pa.string()), (pa.string(), pa.large_string()))


def test_a_masked_float_column_tells_nan_from_missing() -> None:
    masked = pd.arrays.FloatingArray(np.array([1.0, NAN, 3.0]), np.array([False, False, True]))
    assert repr(column(pd.Series(masked)).to_pylist()) == "[1.0, nan, None]"


def test_a_missing_time_is_null() -> None:
    found = column(pd.Series([pd.Timestamp("2020-01-02 03:04:05"), pd.NaT]))
    assert pa.types.is_timestamp(found.type)
    assert [value is None for value in found.to_pylist()] == [False, True]


def test_categories_are_their_texts() -> None:
    assert column(pd.Series(["a", None, "b"], dtype="category")).cast(pa.string()).to_pylist() == ["a", None, "b"]


def test_a_float_column_that_is_not_contiguous_or_of_the_other_byte_order_keeps_its_values() -> None:
    assert column(np.arange(6.0)[::2]).to_pylist() == [0.0, 2.0, 4.0]
    assert column(np.array([1.0, NAN], dtype=">f8")).to_pylist()[0] == 1.0


def test_the_index_is_left_out_and_the_columns_keep_their_order() -> None:
    frame = pd.DataFrame({"b": [1], "a": [2], 7: [3]}, index=pd.Index(["x"], name="row"))
    assert pandas_to_table(frame).to_pydict() == {"b": [1], "a": [2], "7": [3]}


def test_a_frame_without_rows_keeps_its_types() -> None:
    frame = pd.DataFrame({"x": pd.Series([], dtype="float64"), "n": pd.Series([], dtype="Int32")})
    assert pandas_to_table(frame).schema == pa.schema([("x", pa.float64()), ("n", pa.int32())])


def test_columns_of_one_name_stay_two_columns() -> None:
    frame = pd.DataFrame([[1.0, "a"]], columns=["c", "c"])
    table = pandas_to_table(frame)
    assert table.column_names == ["c", "c"]
    assert [table.column(place).to_pylist() for place in range(2)] == [[1.0], ["a"]]


@pytest.mark.parametrize("values", [[1, "a"], [object()], [{"a": 1}, 2]], ids=repr)
def test_a_column_of_mixed_values_is_refused_by_name(values: list[Any]) -> None:
    with pytest.raises(InvalidInputError, match="Column `c` of the DataFrame"):
        column(pd.Series(values, dtype=object))


def test_what_comes_out_is_arrow_backed_and_tells_null_from_nan() -> None:
    table = pa.table({"x": pa.array([1.0, None, NAN]), "s": pa.array(["a", None, ""]), "v": pa.array([{"type": 1}, None, {"type": 0}])})
    frame = table_to_pandas(table.replace_schema_metadata({"pandas": "not json"}), pd.RangeIndex(table.num_rows))
    assert list(frame.columns) == ["x", "s", "v"]
    assert all(isinstance(kind, pd.ArrowDtype) for kind in frame.dtypes)
    assert list(frame["x"].isna()) == [False, True, False]
    assert repr(pandas_to_table(frame).to_pydict()) == repr(table.to_pydict())


def test_a_frame_is_known_by_its_class_and_nothing_else_is() -> None:
    class Mine(pd.DataFrame):
        """A user's own."""

    assert is_pandas(pd.DataFrame())
    assert is_pandas(Mine())
    assert not any(is_pandas(value) for value in (pd.Series([1.0]), pa.table({}), {}, None, "DataFrame"))


def dropping() -> Model:
    """A model that keeps the rows of known labels."""
    ops = [KeepListed("s", pa.array(["a", "b"])), LookupIndex("s", "i", pa.array(["a", "b"]), "keep")]
    return Model([Step(op, StageRef("", "org.example.Indexer", "uid0")) for op in ops], Reference("3.5.7"))


def test_each_row_keeps_its_label_where_rows_are_dropped() -> None:
    frame = pd.DataFrame({"s": ["a", "x", "b", "x", "a"]}, index=pd.Index([7, 3, 7, 1, -2], name="key"))
    out = dropping().transform(frame)
    assert out.index.tolist() == [7, 7, -2]
    assert out.index.name == "key"
    assert out["i"].tolist() == [0.0, 1.0, 0.0]
    levels = pd.MultiIndex.from_tuples([("p", 1), ("p", 2), ("q", 1), ("q", 2), ("r", 1)], names=["l", "m"])
    assert dropping().transform(frame.set_index(levels)).index.equals(levels[[0, 2, 4]])
    assert dropping().transform(frame.iloc[:0].astype("string")).index.equals(frame.index[:0])


def test_labels_are_those_of_the_whole_frame_in_every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mabridge.model.BATCH_ROWS", 3)
    frame = pd.DataFrame({"s": ["a", "x", "b"] * 4}, index=pd.Index([f"row {place}" for place in range(12)]))
    assert dropping().transform(frame).index.tolist() == [f"row {place}" for place in range(12) if place % 3 != 1]
