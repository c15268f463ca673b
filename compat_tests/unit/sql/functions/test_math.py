"""Hashes, digests, casts of bytes, numerals and try_ operators: what Spark 3.5.7 answered over hard values (see record_math)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from compat_tests.unit.sql.functions.record_math import ANSWERS, EXPRESSIONS
from mabridge.errors import InvalidInputError, InvalidRowError, UnsupportedExpressionError
from mabridge.lower.lowering import Lowering
from mabridge.lower.program import Program, make_program
from mabridge.plan import ops
from mabridge.plan.op import StageRef, Step
from mabridge.plan.reference import Reference
from mabridge.sql import parse_statement
from mabridge.sql.expression import Call, walk
from mabridge.sql.functions.table import function_named
from mabridge.sql.statement import Item

_STAGE = StageRef("stages[0]", "org.apache.spark.ml.feature.SQLTransformer", "sql")


def program(text: str, schema: pa.Schema, *, version: str = "3.5.7", ansi: bool | None = None) -> Program:
    reference = Reference.of_version(version)
    if ansi is not None:
        reference = Reference(version, ansi=ansi)
    return make_program((Step(ops.Project(parse_statement(text)), _STAGE),), schema, Lowering(reference))


def one(expression: str, *, ansi: bool = False, table: pa.Table | None = None) -> list[object]:
    data = pa.table({"_": [1]}) if table is None else table
    batch = data.combine_chunks().to_batches()[0]
    found: list[object] = program(f"SELECT {expression} AS x FROM __THIS__", batch.schema, ansi=ansi).run(batch).column(0).to_pylist()
    return found


@cache
def recorded() -> pa.RecordBatch:
    return pq.read_table(ANSWERS).combine_chunks().to_batches()[0]


def inputs() -> pa.RecordBatch:
    batch = recorded()
    return batch.select([name for name in batch.schema.names if not (name[0] == "e" and name[1:].isdigit())])


def _tolerance(text: str) -> int:
    item = parse_statement(text).items[0]
    assert isinstance(item, Item)
    return max((function_named(node.name).ulp for node in walk(item.expression) if isinstance(node, Call)), default=0)


@pytest.mark.parametrize(("place", "expression"), [pytest.param(place, text, id=text) for place, text in enumerate(EXPRESSIONS)])
def test_the_answer_is_spark_s(place: int, expression: str) -> None:
    batch = inputs()
    text = f"SELECT {expression} AS x FROM __THIS__"
    found = program(text, batch.schema).run(batch).column(0)
    expected = recorded().column(f"e{place}")
    assert found.type == expected.type
    if not pa.types.is_floating(found.type):
        assert found.to_pylist() == expected.to_pylist()
        return
    assert found.is_valid().to_pylist() == expected.is_valid().to_pylist()
    ours, theirs = (pc.fill_null(column, 0.0).to_numpy(zero_copy_only=False) for column in (found, expected))
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    ours, theirs = (np.where(np.isnan(values), 0.0, values) for values in (ours, theirs))
    assert (np.signbit(ours) == np.signbit(theirs)).all()
    infinite = np.isinf(theirs)
    assert (ours[infinite] == theirs[infinite]).all()
    np.testing.assert_array_max_ulp(ours[~infinite], theirs[~infinite], maxulp=_tolerance(text))


def test_one_row_hashes_as_it_does_among_many() -> None:
    batch = inputs()
    made = program("SELECT hash(s, ast, d38, v) AS h, xxhash64(s, ast, d38, v) AS x FROM __THIS__", batch.schema)
    whole = made.run(batch)
    assert pa.Table.from_batches([made.run(batch.slice(row, 1)) for row in range(batch.num_rows)]).to_pylist() == whole.to_pylist()


def test_maps_have_no_hash() -> None:
    table = pa.table({"m": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32()))})
    with pytest.raises(InvalidInputError, match="maps have no hash"):
        one("hash(m)", table=table)


def test_conv_of_more_than_64_bits_is_refused_under_ansi_and_the_largest_number_without() -> None:
    assert one("conv('18446744073709551616', 10, 16)") == ["F" * 16]
    with pytest.raises(InvalidInputError, match="more than 64 bits"):
        one("conv('18446744073709551616', 10, 16)", ansi=True)


def test_a_null_on_the_left_keeps_the_right_side_from_being_evaluated() -> None:
    table = pa.table({"a": pa.array([None, 1], pa.int32()), "t": ["no number", "2"]})
    assert one("a + CAST(t AS INT)", ansi=True, table=table) == [None, 3]
    assert one("shiftleft(a, CAST(t AS INT))", ansi=True, table=table) == [None, 4]
    with pytest.raises(InvalidRowError, match="row 0"):
        one("CAST(t AS INT) + a", ansi=True, table=table)


def test_an_assertion_that_fails_names_the_row_and_says_the_message() -> None:
    table = pa.table({"a": [1, -1], "why": ["fine", "below zero"]})
    with pytest.raises(InvalidRowError, match=r"row 1: .*\(below zero\)"):
        one("assert_true(a > 0, why)", table=table)
    assert one("CASE WHEN a < -5 THEN raise_error('no') ELSE 'ok' END", table=table) == ["ok", "ok"]


def test_bytes_that_are_not_utf_8_are_refused_as_text() -> None:
    table = pa.table({"y": pa.array([b"ok", b"\xff"], pa.binary())})
    with pytest.raises(InvalidRowError, match=r"row 1: .*not UTF-8"):
        one("CAST(y AS STRING)", table=table)


def test_integers_become_bytes_without_ansi_alone() -> None:
    assert one("binary(7)") == [b"\0\0\0\7"]
    with pytest.raises(InvalidInputError, match="ANSI does not cast to binary"):
        one("binary(7)", ansi=True)


@pytest.mark.parametrize("call", ["aes_encrypt('a', 'b')", "try_aes_decrypt('a', 'b')", "uuid()", "monotonically_increasing_id()", "input_file_name()"])
def test_what_no_conversion_can_keep_is_refused_by_name(call: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=call.partition("(")[0].upper()):
        one(call)


def test_one_exponent_for_all_rows_is_no_square_root() -> None:
    table = pa.table({"x": [-np.inf, -0.0, 4.0, -4.0]})
    for exponent in ("0.5D", "CAST(0.5 AS FLOAT)", "0.5"):
        assert repr(one(f"pow(x, {exponent})", table=table)) == "[inf, 0.0, 2.0, nan]"
