"""`mabridge.sql`: a statement without a saved model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import mabridge
from mabridge.errors import InvalidInputError, UnsupportedExpressionError, UnsupportedOptionError

STATEMENT = "SELECT x, log1p(x) AS lx FROM __THIS__ WHERE x >= 0"
TABLE = pa.table({"x": [0.0, -1.0, 1.0]})


def test_a_table_a_batch_and_a_frame_come_back_as_what_they_are() -> None:
    model = mabridge.sql(STATEMENT)
    out = model.transform(TABLE)
    assert isinstance(out, pa.Table)
    assert out["x"].to_pylist() == [0.0, 1.0]
    assert out["lx"].to_pylist() == pytest.approx([0.0, 0.6931471805599453], rel=1e-15)
    batch = model.transform(TABLE.to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)
    assert batch.to_pylist() == out.to_pylist()
    frame = model.transform(TABLE.to_pandas())
    assert isinstance(frame, pd.DataFrame)
    assert frame["lx"].tolist() == out["lx"].to_pylist()


def test_ansi_is_the_version_s_unless_it_is_said() -> None:
    text = "SELECT CAST(t AS INT) AS n FROM __THIS__"
    table = pa.table({"t": ["1", "one"]})
    assert mabridge.sql(text).transform(table)["n"].to_pylist() == [1, None]
    assert mabridge.sql(text, spark_version="4.0.0", ansi=False).transform(table)["n"].to_pylist() == [1, None]
    for model in (mabridge.sql(text, ansi=True), mabridge.sql(text, spark_version="4.0.0")):
        with pytest.raises(InvalidInputError, match="refuses row 1"):
            model.transform(table)


def test_the_settings_stand_in_the_model_s_reference() -> None:
    reference = mabridge.sql(STATEMENT, spark_version="3.4.1", time_zone="Asia/Tokyo", case_sensitive=True).reference
    assert (reference.spark_version, reference.ansi, reference.time_zone, reference.case_sensitive) == ("3.4.1", False, "Asia/Tokyo", True)


def test_what_is_saved_gives_the_same_when_it_is_loaded(tmp_path: Path) -> None:
    model = mabridge.sql("SELECT hash(x) AS h, xxhash64(x) AS long FROM __THIS__")
    model.save(tmp_path / "model")
    assert mabridge.load(tmp_path / "model").transform(TABLE).equals(model.transform(TABLE))


def test_bad_settings_and_statements_are_refused() -> None:
    with pytest.raises(UnsupportedOptionError, match="not a time zone"):
        mabridge.sql(STATEMENT, time_zone="Mars/Base")
    with pytest.raises(UnsupportedOptionError, match="not a version of Spark"):
        mabridge.sql(STATEMENT, spark_version="new")
    with pytest.raises(UnsupportedExpressionError, match=r"`mabridge\.sql_functions`"):
        mabridge.sql("SELECT haversine(a) AS x FROM __THIS__")


def test_it_can_be_called_before_and_after_the_package_of_its_name_is_loaded() -> None:
    code = "import mabridge; first = mabridge.sql; import mabridge.sql; assert mabridge.sql is first; mabridge.sql('SELECT 1 AS x FROM __THIS__')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr == ""


def test_a_literal_of_bytes_is_spark_s_and_survives_saving(tmp_path: Path) -> None:
    model = mabridge.sql("SELECT X'0aFF' AS a, x '1' AS b, bitmap_count(X'FFFF'), hash(X'') AS d FROM __THIS__")
    expected = {"a": b"\x0a\xff", "b": b"\x01", "bitmap_count(X'FFFF')": 16, "d": 142593372}
    assert model.transform(TABLE).to_pylist()[0] == expected
    model.save(tmp_path / "model")
    assert mabridge.load(tmp_path / "model").transform(TABLE).to_pylist()[0] == expected
    with pytest.raises(UnsupportedExpressionError, match="hexadecimal digits"):
        mabridge.sql("SELECT X'0g' AS a FROM __THIS__")


@pytest.mark.parametrize(("statement", "options"), [(None, {}), (b"SELECT 1 AS x FROM __THIS__", {}), ("SELECT 1 AS x FROM __THIS__", {"ansi": "yes"})])
def test_arguments_of_another_kind_are_refused(statement: object, options: dict[str, object]) -> None:
    with pytest.raises(UnsupportedOptionError):
        mabridge.sql(statement, **options)


@pytest.mark.parametrize("call", ["from_json(s, 'a STRING')", "str_to_map(s)", "to_json(named_struct('a', s))", "get_json_object(s, '$.a')"])
def test_bytes_that_are_no_utf_8_are_refused_and_not_made_null(call: str) -> None:
    broken = pa.array([b"{}", b'{"a": "\xff"}'], pa.binary()).view(pa.string())
    with pytest.raises(InvalidInputError, match="no UTF-8"):
        mabridge.sql(f"SELECT {call} AS x FROM __THIS__").transform(pa.table({"s": broken}))
