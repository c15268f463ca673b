"""The converted model as a user holds it: what it shows, what it takes, and that threads may share it."""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import mabridge
from mabridge.errors import InvalidInputError, InvalidRowError, MissingColumnError, OutputExistsError, UnsupportedOptionError
from mabridge.model import _PROGRAMS_KEPT, Model, whole_batches
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AssembleVector, Bucketize, DropMissing, LookupIndex, OneHot, Predict
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference

REFERENCE = Reference("3.5.7")
NAN = math.nan
OPS = (
    DropMissing(("y",)),
    LookupIndex("s", "i", pa.array(["a", "b"]), "keep"),
    OneHot("i", "o", 3, True, "error"),
    AssembleVector(("x", "o"), "features", "keep"),
    Predict(
        "features",
        LinearScorer(np.array([[2.0, 1.0, -1.0]]), np.array([0.5])),
        Head("signed", "logistic", 1.0, "cutoff raw"),
        raw_prediction="rawPrediction",
        probability="probability",
        prediction="prediction",
    ),
)
COLUMNS = ["s", "x", "y", "i", "o", "features", "rawPrediction", "probability", "prediction"]


def model_of(*ops: Op) -> Model:
    return Model([Step(op, StageRef(f"stages[{place}]", f"org.example.{type(op).__name__}", f"uid_{place}")) for place, op in enumerate(ops)], REFERENCE)


@pytest.fixture
def model() -> Model:
    return model_of(*OPS)


def rows(count: int = 4) -> pa.Table:
    texts, numbers, filters = ["a", "b", None, "zz"], [1.0, None, NAN, -2.0], [1.0, 0.0, None, 3.0]
    repeat = count // 4 + 1
    table = pa.table({"s": texts * repeat, "x": pa.array(numbers * repeat, pa.float64()), "y": pa.array(filters * repeat, pa.float64())})
    return table.slice(0, count)


def same(left: Any, right: Any) -> bool:
    return repr(left) == repr(right)


def test_it_shows_its_stages(model: Model) -> None:
    shown = repr(model).splitlines()
    assert shown[0] == "Model of 5 stages, saved by Spark 3.5.7"
    assert shown[1] == "  stages[0] DropMissing (uid_0)"
    assert len(shown) == 6


def test_its_html_shows_stages_and_ops_and_escapes_what_a_file_brought() -> None:
    evil = "<script>alert(1)</script>"
    step = Step(OPS[1], StageRef(evil, f"org.{evil}", evil))
    shown = Model([step], Reference(evil))._repr_html_()
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4
    assert "<td>LookupIndex</td>" in shown
    assert model_of(*OPS)._repr_html_().count("<tr>") == 1 + len(OPS)


def test_a_table_comes_back_as_a_table_with_spark_s_columns(model: Model) -> None:
    out = model.transform(rows())
    assert isinstance(out, pa.Table)
    assert out.column_names == COLUMNS
    assert out["s"].to_pylist() == ["a", "b", "zz"], "the row with a null in y goes"
    assert out["i"].to_pylist() == [0.0, 1.0, 2.0]


def test_null_and_nan_are_told_apart_in_what_passes_through(model: Model) -> None:
    out = model.transform(pa.table({"s": ["a"] * 3, "x": pa.array([NAN, None, 1.0]), "y": [1.0] * 3}))
    assert same(out["x"].to_pylist(), [NAN, None, 1.0])


def test_a_record_batch_comes_back_as_a_record_batch(model: Model) -> None:
    batch = rows().to_batches()[0]
    out = model.transform(batch)
    assert isinstance(out, pa.RecordBatch)
    assert same(out.to_pydict(), model.transform(rows()).to_pydict())


@pytest.mark.parametrize("kept", [0, 1])
def test_a_record_batch_of_which_few_or_no_rows_stay_is_still_one(model: Model, kept: int) -> None:
    batch = pa.record_batch({"s": ["a", "b"], "x": [1.0, 2.0], "y": pa.array([1.0] * kept + [None] * (2 - kept), pa.float64())})
    out = model.transform(batch)
    assert isinstance(out, pa.RecordBatch)
    assert (out.num_rows, out.schema.names) == (kept, COLUMNS)


def test_no_rows_give_no_rows_of_the_same_schema(model: Model) -> None:
    full = model.transform(rows()).schema
    for empty in (rows(0), rows().schema.empty_table(), pa.RecordBatch.from_pylist([], schema=rows().schema)):
        out = model.transform(empty)
        assert type(out) is type(empty)
        assert out.num_rows == 0
        assert out.schema.equals(full, check_metadata=True)


def test_chunks_and_slices_of_a_table_do_not_matter(model: Model) -> None:
    whole = rows(11)
    chunked = pa.concat_tables([whole.slice(0, 3), whole.slice(3, 0), whole.slice(3, 5), whole.slice(8)])
    assert same(model.transform(chunked).to_pydict(), model.transform(whole).to_pydict())
    assert same(
        model.transform(whole.slice(2, 5)).to_pydict(), model.transform(pa.Table.from_pylist(whole.slice(2, 5).to_pylist(), schema=whole.schema)).to_pydict()
    )


def test_a_table_longer_than_a_step_is_one_answer(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = model.transform(rows(23)).to_pydict()
    monkeypatch.setattr("mabridge.model.BATCH_ROWS", 5)
    assert same(model.transform(rows(23)).to_pydict(), expected)


def test_a_refused_row_is_named_by_its_place_in_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mabridge.model.BATCH_ROWS", 3)
    table = pa.table({"x": [0.5] * 7 + [9.0]})
    with pytest.raises(InvalidRowError) as caught:
        model_of(Bucketize("x", "b", np.array([0.0, 1.0, 2.0]), False)).transform(table)
    assert (caught.value.row, caught.value.column, caught.value.stage) == (7, "x", "stages[0] Bucketize (uid_0)")


def test_pandas_comes_back_as_pandas_with_null_and_nan_told_apart(model: Model) -> None:
    frame = pd.DataFrame({"s": ["a", None, "b"], "x": [1.0, NAN, 3.0], "y": pd.array([1.0, 2.0, None], dtype="Float64")}, index=[7, 8, 9])
    out = model.transform(frame)
    assert list(out.columns) == COLUMNS
    assert len(out) == 2
    assert list(out["x"].isna()) == [False, False], "NaN of a numpy column is NaN"
    assert list(out["s"].isna()) == [False, True], "a missing text is null"
    arrow = rows().to_pandas(types_mapper=pd.ArrowDtype)
    assert same(pa.Table.from_pandas(model.transform(arrow), preserve_index=False).to_pydict(), model.transform(rows()).to_pydict())


def test_columns_come_in_the_order_asked_for_and_nothing_else_is_needed(model: Model) -> None:
    out = model.transform(rows(), columns=["prediction", "s"])
    assert out.column_names == ["prediction", "s"]
    only = model_of(*OPS[1:]).transform(pa.table({"s": ["a", "b"], "x": [1.0, 2.0]}), columns=["i"])
    assert only.to_pydict() == {"i": [0.0, 1.0]}
    with pytest.raises(MissingColumnError, match="no column `nope`"):
        model.transform(rows(), columns=["nope"])


def test_dense_vectors_are_lists_of_a_fixed_size_with_the_same_numbers(model: Model) -> None:
    spark, dense = model.transform(rows()), model.transform(rows(), vectors="dense")
    assert dense.schema.field("features").type == pa.list_(pa.float64(), 3)
    assert dense.schema.field("probability").type == pa.list_(pa.float64(), 2)
    assert same(dense["features"].to_pylist(), [[1.0, 1.0, 0.0], [NAN, 0.0, 1.0], [-2.0, 0.0, 0.0]])
    for name in ("features", "rawPrediction", "probability", "o"):
        for vector, numbers in zip(spark[name].to_pylist(), dense[name].to_pylist(), strict=True):
            full = dict.fromkeys(range(len(numbers)), 0.0) | dict(
                zip(range(len(numbers)) if vector["type"] == 1 else vector["indices"], vector["values"], strict=True)
            )
            assert same(list(full.values()), numbers)


@pytest.mark.parametrize("data", [None, [1.0], {"x": [1.0]}, "flights.parquet", pd.Series([1.0]), pa.array([1.0])], ids=lambda value: type(value).__name__)
def test_other_data_is_refused_by_its_type(model: Model, data: Any) -> None:
    with pytest.raises(TypeError, match="transform takes a pyarrow Table or RecordBatch, a pandas DataFrame or a Ray Dataset"):
        model.transform(data)


def test_data_that_does_not_fit_is_refused_by_the_column_s_name(model: Model) -> None:
    with pytest.raises(MissingColumnError, match="`y`"):
        model.transform(rows().drop_columns(["y"]))
    with pytest.raises(InvalidInputError, match="`x`"):
        model.transform(rows().set_column(1, "x", pa.array(["1"] * 4)))
    with pytest.raises(InvalidInputError, match="2 columns of that name"):
        model.transform(rows().append_column("s", rows()["s"]))


def test_programs_are_made_once_for_a_schema_and_not_kept_without_end(model: Model) -> None:
    first = model.program(rows().schema)
    assert model.program(rows(0).schema) is first
    assert model.program(rows().schema, vectors="dense") is not first
    assert model.program(rows().schema.with_metadata({"a": "b"})) is not first
    for number in range(3 * _PROGRAMS_KEPT):
        model.program(rows().append_column(f"extra{number}", pa.nulls(4)).schema)
    assert len(model._programs) <= _PROGRAMS_KEPT


def test_threads_may_share_a_model(model: Model) -> None:
    tables = [rows(count) for count in range(1, 25)]
    alone = [repr(model_of(*OPS).transform(table).to_pydict()) for table in tables]
    start = threading.Barrier(8)

    def work(worker: int) -> list[str]:
        start.wait()
        order = tables[worker:] + tables[:worker]
        found = [repr(model.transform(table).to_pydict()) for table in order]
        return found[len(tables) - worker :] + found[: len(tables) - worker]

    with ThreadPoolExecutor(8) as pool:
        assert all(found == alone for found in pool.map(work, range(8)))


def test_it_says_what_it_reads_and_what_it_returns(model: Model) -> None:
    assert [str(requirement) for requirement in model.input_schema] == [
        "y: any type",
        "s: string, or what Spark casts to string",
        "x: a numeric type, boolean or vector",
    ]
    assert model.output_schema.names == ["y", "s", "x", *COLUMNS[3:]]


def test_a_saved_model_is_replaced_only_when_asked_and_knows_its_path(model: Model, tmp_path: Path) -> None:
    assert model.path is None
    model.save(tmp_path / "model")
    assert model.path == str(tmp_path / "model")
    with pytest.raises(OutputExistsError):
        model.save(tmp_path / "model")
    model.save(tmp_path / "model", overwrite=True)
    loaded = mabridge.load(tmp_path / "model")
    assert (loaded.path, loaded.digest, repr(loaded)) == (model.path, model.digest, repr(model))


def test_a_pipeline_without_a_predictor_has_nothing_to_export() -> None:
    features = model_of(*OPS[1:3])
    with pytest.raises(UnsupportedOptionError, match="only feature stages"):
        features.to_onnx()
    with pytest.raises(UnsupportedOptionError, match="only feature stages"):
        features.to_torch()


def test_batches_are_cut_by_rows_whatever_the_chunks() -> None:
    table = pa.chunked_array([[1, 2], [], [3], [4, 5]])
    assert [batch.num_rows for batch in whole_batches(pa.table({"a": table}), 2)] == [2, 2, 1]
    assert [batch.column(0).to_pylist() for batch in whole_batches(pa.table({"a": table}), 9)] == [[1, 2, 3, 4, 5]]
    (empty,) = whole_batches(pa.table({"a": pa.chunked_array([], pa.int64())}), 2)
    assert (empty.num_rows, empty.schema) == (0, pa.schema([("a", pa.int64())]))


def test_mabridge_names_what_it_offers() -> None:
    assert set(mabridge.__all__) <= set(dir(mabridge))
    assert all(getattr(mabridge, name) is not None for name in mabridge.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mabridge.nothing
