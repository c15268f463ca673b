"""The comparer against wrong data: each fault is caught, and equal data gives no finding."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mabridge.parity.answers import Answer, Answers, RefusalError
from mabridge.parity.compare import compare_tables
from mabridge.parity.report import ParityReport
from mabridge.parity.rules import Rules, Tolerance
from mabridge.plan.types import VECTOR_STRUCT

NAN, INF = math.nan, math.inf


def ulp_up(value: float) -> float:
    return math.nextafter(value, INF)


def dense(*values: float) -> dict[str, Any]:
    return {"type": 1, "size": None, "indices": None, "values": list(values)}


def sparse(size: int, entries: dict[int, float]) -> dict[str, Any]:
    return {"type": 0, "size": size, "indices": list(entries), "values": list(entries.values())}


def vectors(*rows: dict[str, Any] | None) -> pa.Table:
    return pa.table({"v": pa.array(list(rows), type=VECTOR_STRUCT)})


def one(values: list[Any], kind: pa.DataType | None = None, name: str = "x") -> pa.Table:
    return pa.table({name: pa.array(values, type=kind, from_pandas=False)})


def everything() -> pa.Table:
    """A table of every type, with nulls, NaN, infinities and both zeros."""
    when = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
    return pa.table(
        {
            "flag": pa.array([True, None, False]),
            "small": pa.array([1, None, -128], pa.int8()),
            "long": pa.array([2**62, None, -1], pa.int64()),
            "float": pa.array([1.5, NAN, None], pa.float32()),
            "double": pa.array([-0.0, NAN, -INF], pa.float64()),
            "text": pa.array(["", None, "zażółć 🛫"]),
            "bytes": pa.array([b"", b"\x00\xff", None]),
            "day": pa.array([date(1969, 12, 31), None, date(2024, 2, 29)]),
            "instant": pa.array([when, None, when], pa.timestamp("us", tz="UTC")),
            "clock": pa.array([when.replace(tzinfo=None), None, when.replace(tzinfo=None)], pa.timestamp("us")),
            "money": pa.array([Decimal("1.20"), None, Decimal("-9.99")], pa.decimal128(10, 2)),
            "list": pa.array([[1.0, None], [], None], pa.list_(pa.float64())),
            "struct": pa.array([{"a": 1, "b": [NAN]}, None, {"a": None, "b": None}], pa.struct([("a", pa.int32()), ("b", pa.list_(pa.float64()))])),
            "map": pa.array([[("k", 1.0), ("l", None)], [], None], pa.map_(pa.string(), pa.float64())),
            "vector": pa.array([dense(1.0, NAN), sparse(4, {1: -0.0, 3: 2.0}), None], VECTOR_STRUCT),
            "vectors": pa.array([[dense(1.0)], [None, sparse(2, {})], None], pa.list_(VECTOR_STRUCT)),
            "nothing": pa.nulls(3),
        }
    )


def found(expected: pa.Table, actual: pa.Table, rules: Rules | None = None, **chosen: Any) -> ParityReport:
    """The report on a fault, which has to be caught and to say so in every form."""
    report = compare_tables(expected, actual, rules or Rules(**chosen))
    assert not report.ok
    assert report.verdict.startswith("Different: ")
    assert report.verdict in str(report)
    assert report.to_dict()["ok"] is False
    return report


def equal(expected: pa.Table, actual: pa.Table, **chosen: Any) -> ParityReport:
    report = compare_tables(expected, actual, Rules(**chosen))
    assert report.ok, str(report)
    assert report.first_difference is None
    return report


def test_equal_tables_of_every_type_give_no_finding() -> None:
    table = everything()
    for names in (frozenset[str](), frozenset(table.column_names)):
        report = equal(table, table, passed_through=names)
        assert [column.verdict for column in report.columns] == ["identical"] * table.num_columns
        assert report.rows == report.actual_rows == 3
        assert report.column("double").nulls == report.column("double").actual_nulls == 0
        assert report.column("vector").nulls == 1


def test_how_a_table_is_cut_into_batches_does_not_matter() -> None:
    table = pa.concat_tables([everything()] * 7)
    cut = pa.Table.from_batches([batch for start in range(0, 21, 4) for batch in table.slice(start, 4).combine_chunks().to_batches()])
    equal(table.combine_chunks(), cut)
    equal(cut, table)
    other = cut.set_column(0, "flag", pa.array([*[True, None, False] * 6, True, None, True]))
    assert found(table, other).column("flag").examples[0].row == 20


def test_slices_of_arrays_are_compared_from_their_own_start() -> None:
    table = pa.concat_tables([everything()] * 3).combine_chunks()
    equal(table.slice(2, 5), pa.concat_tables([everything()] * 3).slice(2, 5))
    assert not compare_tables(table.slice(2, 5), table.slice(1, 5)).ok


def test_the_same_values_in_another_arrow_type_are_equal() -> None:
    plain = pa.table({"text": ["a", None, "b"], "day": [date(2024, 1, 1)] * 3, "list": pa.array([[1.0], [], None], pa.list_(pa.float64()))})
    other = pa.table(
        {
            "text": plain["text"].dictionary_encode(),
            "day": plain["day"].cast(pa.date64()),
            "list": plain["list"].cast(pa.large_list(pa.float64())),
        }
    )
    equal(plain, other)
    equal(plain, other.set_column(0, "text", plain["text"].cast(pa.large_string())))


def test_empty_tables_are_equal_and_their_columns_still_count() -> None:
    empty = everything().slice(0, 0)
    assert equal(empty, empty).rows == 0
    assert found(empty, empty.drop_columns(["text"])).problems == ("Missing columns: `text`.",)
    assert found(empty, everything()).problems[0].startswith("Spark returns 0 rows and mabridge 3; the first row that differs is row 0")


def test_a_dropped_row_is_caught_and_named() -> None:
    expected = pa.table({"x": list(range(10)), "y": ["same"] * 10})
    report = found(expected, pa.concat_tables([expected.slice(0, 4), expected.slice(5)]))
    assert (report.expected_rows, report.actual_rows, report.first_difference) == (10, 9, 4)
    assert "10 rows and mabridge 9; the first row that differs is row 4" in report.verdict


def test_a_row_dropped_at_the_end_is_caught() -> None:
    expected = pa.table({"x": list(range(10))})
    report = found(expected, expected.slice(0, 9))
    assert report.first_difference == 9
    assert report.column("x").differing == 0


def test_a_doubled_row_is_caught() -> None:
    expected = pa.table({"x": list(range(10))})
    report = found(expected, pa.concat_tables([expected.slice(0, 3), expected.slice(2)]))
    assert (report.actual_rows, report.first_difference) == (11, 3)


def test_a_row_doubled_and_another_dropped_is_caught() -> None:
    assert found(one([1, 2, 3]), one([1, 1, 3])).column("x").differing == 1


def test_swapped_rows_are_caught() -> None:
    report = found(one([1.0, 2.0, 3.0]), one([1.0, 3.0, 2.0]))
    assert report.column("x").differing == 2
    assert report.first_difference == 1


def test_a_missing_column_is_caught() -> None:
    report = found(everything(), everything().drop_columns(["text"]))
    assert report.column("text").verdict == "mabridge does not return it"


def test_an_added_column_is_caught() -> None:
    report = found(everything(), everything().append_column("more", pa.array([1, 2, 3])))
    assert report.problems == ("Columns that Spark does not return: `more`.",)


def test_a_renamed_column_is_caught() -> None:
    report = found(one([1], name="x"), one([1], name="X"))
    assert report.problems == ("Missing columns: `x`.", "Columns that Spark does not return: `X`.")


def test_columns_in_another_order_are_caught() -> None:
    report = found(pa.table({"a": [1], "b": [1]}), pa.table({"b": [1], "a": [1]}))
    assert report.problems[0].startswith("The columns stand in another order")
    assert all(column.ok for column in report.columns)


def test_a_repeated_column_is_paired_in_order() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    equal(twice, twice)
    found(twice, twice.select([0]))
    found(twice, twice.select([1, 0]))


@pytest.mark.parametrize(
    ("spark", "ours"),
    [
        (pa.int32(), pa.int64()),
        (pa.int64(), pa.float64()),
        (pa.float32(), pa.float64()),
        (pa.decimal128(10, 2), pa.decimal128(10, 3)),
        (pa.date32(), pa.timestamp("us")),
        (pa.timestamp("us"), pa.timestamp("us", tz="UTC")),
        (pa.list_(pa.int32()), pa.list_(pa.int64())),
        (pa.struct([("a", pa.int32())]), pa.struct([("b", pa.int32())])),
        (pa.list_(pa.float64()), VECTOR_STRUCT),
        (pa.string(), pa.binary()),
        (pa.string(), pa.duration("us")),
    ],
    ids=str,
)
def test_a_changed_type_is_caught_even_where_no_value_differs(spark: pa.DataType, ours: pa.DataType) -> None:
    report = found(one([None], spark), one([None], ours))
    assert report.column("x").problem.startswith("the type is ")
    assert report.column("x").type != report.column("x").actual_type


def test_an_integer_that_became_the_same_double_is_caught() -> None:
    assert "double where Spark has bigint" in found(one([1]), one([1.0])).column("x").verdict


def test_one_ulp_is_caught_in_an_exact_column_and_measured_in_a_computed_one() -> None:
    spark, ours = one([1.0, 0.1]), one([1.0, ulp_up(0.1)])
    for chosen in ({"exact": frozenset({"x"})}, {"passed_through": frozenset({"x"})}):
        assert found(spark, ours, **chosen).column("x").differing == 1
    column = equal(spark, ours).column("x")
    assert (column.max_ulp, column.verdict, column.worst.row if column.worst else None) == (1.0, "equal", 1)
    assert column.max_absolute == ulp_up(0.1) - 0.1


def test_a_relative_change_of_1e_11_is_caught() -> None:
    report = found(one([3.0, -7.0]), one([3.0, -7.0 * (1 + 1e-11)]))
    worst = report.column("x").worst
    assert worst is not None
    assert worst.row == 1
    assert worst.relative == pytest.approx(1e-11, rel=1e-3)


def test_a_relative_change_below_1e_12_is_equal() -> None:
    equal(one([3.0, -7.0]), one([3.0, -7.0 * (1 + 9e-13)]))


def test_the_bound_is_relative_to_the_declared_sum_of_terms() -> None:
    spark, ours = one([1e-9, 1e-9]), pa.table({"x": [1e-9, 1e-9 + 1e-15]})
    found(spark, ours)
    report = compare_tables(spark, Answers.of_table(ours, {"x": np.array([0.0, 100.0])}))
    assert report.ok
    assert report.column("x").worst is not None
    assert report.column("x").worst.scale == 100.0  # type: ignore[union-attr]
    assert report.column("x").max_scaled == pytest.approx(1e-17)
    assert not compare_tables(spark, Answers.of_table(ours, {"x": np.array([100.0, 1e-4])})).ok


def test_the_declared_sum_counts_entry_by_entry_in_vectors() -> None:
    spark, ours = vectors(dense(1e-9, 1e-9)), vectors(dense(1e-9, 1e-9 + 1e-15))
    assert compare_tables(spark, Answers.of_table(ours, {"v": np.array([[0.0, 100.0]])})).ok
    assert not compare_tables(spark, Answers.of_table(ours, {"v": np.array([[100.0, 0.0]])})).ok


@pytest.mark.parametrize("scale", [NAN, INF, -5.0])
def test_a_declared_sum_that_is_no_size_gives_no_slack(scale: float) -> None:
    report = compare_tables(one([1.0]), Answers.of_table(one([1.1]), {"x": np.array([scale])}))
    assert not report.ok


def test_declared_sums_of_another_shape_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        compare_tables(one([1.0]), Answers.of_table(one([1.1]), {"x": np.ones((1, 1))}))
    with pytest.raises(ValueError, match="do not fit"):
        compare_tables(vectors(dense(1.0)), Answers.of_table(vectors(dense(1.1)), {"v": np.ones((1, 2))}))


def test_the_sign_of_zero_is_caught_where_the_input_passes_through_and_only_there() -> None:
    spark, ours = one([0.0, 1.0]), one([-0.0, 1.0])
    assert found(spark, ours, passed_through=frozenset({"x"})).column("x").differing == 1
    equal(spark, ours)
    equal(spark, ours, exact=frozenset({"x"}))


def test_the_sign_of_zero_in_a_vector_is_caught_where_the_input_passes_through() -> None:
    spark, ours = vectors(dense(0.0, 1.0)), vectors(dense(-0.0, 1.0))
    found(spark, ours, passed_through=frozenset({"v"}))
    equal(spark, ours)


def test_nan_where_spark_has_null_is_caught() -> None:
    column = found(one([1.0, None]), one([1.0, NAN])).column("x")
    assert (column.null_rows, column.differing, column.nulls, column.actual_nulls) == (1, 1, 1, 0)


def test_null_where_spark_has_nan_is_caught() -> None:
    assert found(one([NAN]), one([None], pa.float64())).column("x").null_rows == 1


def test_nan_where_spark_has_a_number_is_caught() -> None:
    for spark, ours in ((1.0, NAN), (NAN, 1.0), (INF, NAN)):
        report = found(one([spark]), one([ours]), tolerances={"x": Tolerance(relative=1e300)})
        assert report.column("x").max_ulp == INF


def test_nan_equals_nan_whatever_its_bits() -> None:
    other = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)
    equal(one([NAN]), pa.table({"x": other}), passed_through=frozenset({"x"}))


def test_infinity_is_within_no_tolerance_of_a_number_or_of_the_other_infinity() -> None:
    for spark, ours in ((INF, 1.0), (1.0, INF), (INF, -INF)):
        found(one([spark]), one([ours]), tolerances={"x": Tolerance(relative=1.0, absolute=1e308)})
    equal(one([INF, -INF]), one([INF, -INF]))


def test_the_greatest_doubles_of_both_signs_are_far_apart() -> None:
    column = found(one([1.7e308]), one([-1.7e308])).column("x")
    assert column.max_absolute == INF
    assert column.max_ulp > 1e19


def test_the_least_doubles_around_zero_are_two_ulp_apart() -> None:
    assert found(one([5e-324]), one([-5e-324])).column("x").max_ulp == 2.0


def test_floats_are_exact_unless_a_tolerance_is_stated() -> None:
    spark = one([1.0], pa.float32())
    ours = pa.table({"x": np.nextafter(np.array([1.0], dtype=np.float32), np.float32(2))})
    assert found(spark, ours).column("x").max_ulp == 1.0
    equal(spark, ours, tolerances={"x": Tolerance(relative=1e-6)})


def test_a_stated_tolerance_holds_for_its_column_alone() -> None:
    spark, ours = pa.table({"x": [1.0], "y": [1.0]}), pa.table({"x": [1.001], "y": [1.001]})
    report = found(spark, ours, tolerances={"x": Tolerance(relative=0.01, why="a test")})
    assert [column.ok for column in report.columns] == [True, False]


@pytest.mark.parametrize("value", [-1.0, NAN, INF])
def test_a_tolerance_that_is_no_bound_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite number"):
        Tolerance(relative=value)
    with pytest.raises(ValueError, match="finite number"):
        Tolerance(absolute=value)


def test_a_vector_of_another_size_is_caught() -> None:
    assert found(vectors(dense(1.0, 2.0)), vectors(dense(1.0, 2.0, 0.0))).column("v").differing == 1
    assert found(vectors(sparse(5, {1: 1.0})), vectors(sparse(6, {1: 1.0}))).column("v").differing == 1


def test_a_vector_value_is_caught_and_placed() -> None:
    report = found(vectors(dense(1.0, 2.0), dense(3.0, 4.0)), vectors(dense(1.0, 2.0), dense(3.0, 4.5)))
    worst = report.column("v").worst
    assert worst is not None
    assert (worst.row, worst.place, worst.expected, worst.actual) == (1, "[1]", "4.0", "4.5")
    assert report.column("v").examples[0].expected == "[3.0,4.0]"


def test_a_sparse_index_shifted_by_one_is_caught() -> None:
    report = found(vectors(sparse(5, {1: 1.0, 3: 2.0})), vectors(sparse(5, {1: 1.0, 4: 2.0})))
    assert (report.column("v").differing, report.column("v").layouts) == (1, 1)
    assert report.column("v").examples[0].actual == "(5,[1,4],[1.0,2.0])"
    found(vectors(sparse(5, {1: 1.0, 3: 2.0})), vectors(sparse(5, {1: 1.0, 4: 2.0})), layouts=False)


def test_a_dense_vector_where_spark_has_the_same_sparse_one_is_caught_unless_layouts_do_not_matter() -> None:
    spark, ours = vectors(dense(1.0), sparse(3, {1: 2.0})), vectors(dense(1.0), dense(0.0, 2.0, 0.0))
    column = found(spark, ours).column("v")
    assert (column.layouts, column.differing, column.first) == (1, 0, 1)
    assert "stored in another way" in column.verdict
    equal(spark, ours, layouts=False)
    equal(ours, spark, layouts=False)
    found(spark, vectors(dense(1.0), dense(0.0, 2.0, 1e-300)), layouts=False)


def test_a_stored_zero_that_spark_leaves_out_is_a_matter_of_layout() -> None:
    spark, ours = vectors(sparse(3, {1: 2.0})), vectors(sparse(3, {0: 0.0, 1: 2.0}))
    assert found(spark, ours).column("v").layouts == 1
    equal(spark, ours, layouts=False)


def test_vectors_as_fixed_size_lists_are_compared_by_value() -> None:
    lists = pa.table({"v": pa.array([[0.0, 2.0, 0.0], None, [1.0, 1.0, 1.0]], pa.list_(pa.float64(), 3))})
    spark = vectors(sparse(3, {1: 2.0}), None, dense(1.0, 1.0, 1.0))
    equal(spark, lists, layouts=False)
    equal(spark.slice(1), lists.slice(1))
    assert found(spark, lists).column("v").layouts == 1


@pytest.mark.parametrize(
    "broken",
    [
        sparse(3, {3: 1.0}),
        sparse(3, {-1: 1.0}),
        sparse(3, {2: 1.0, 1: 1.0}),
        {"type": 0, "size": 3, "indices": [1, 1], "values": [1.0, 2.0]},
        {"type": 0, "size": 3, "indices": [1], "values": [1.0, 2.0]},
        {"type": 0, "size": 3, "indices": [0, 1], "values": [1.0]},
        {"type": 0, "size": None, "indices": [1], "values": [1.0]},
        {"type": 1, "size": None, "indices": [0], "values": [1.0]},
    ],
    ids=str,
)
def test_a_vector_that_contradicts_itself_is_caught(broken: dict[str, Any]) -> None:
    assert "cannot be compared from row 0" in found(vectors(sparse(3, {1: 1.0})), vectors(broken)).column("v").problem


def test_a_truncated_string_is_caught() -> None:
    example = found(one(["Zürich ", "Genève"]), one(["Zürich", "Genève"])).column("x").examples[0]
    assert (example.expected, example.actual) == ("'Zürich '", "'Zürich'")


def test_a_swapped_label_is_caught() -> None:
    prediction = frozenset({"prediction"})
    report = found(one([0.0, 1.0, 0.0], name="prediction"), one([0.0, 0.0, 0.0], name="prediction"), exact=prediction)
    assert report.column("prediction").differing == 1
    assert report.column("prediction").tolerance == "exact"


def test_a_shifted_timestamp_is_caught() -> None:
    when = datetime(2024, 3, 31, 1, 0, tzinfo=UTC)
    kind = pa.timestamp("us", tz="UTC")
    for shift in (timedelta(hours=1), timedelta(microseconds=1)):
        assert found(one([when], kind), one([when + shift], kind)).column("x").max_absolute == shift / timedelta(microseconds=1)


def test_a_timestamp_finer_than_sparks_is_not_rounded_into_agreement() -> None:
    spark, ours = pa.table({"x": pa.array([1_000_001], pa.timestamp("us"))}), pa.table({"x": pa.array([1_000_001_001], pa.timestamp("ns"))})
    assert "cannot be compared" in found(spark, ours).column("x").problem


def test_a_shifted_date_is_caught() -> None:
    assert found(one([date(2024, 2, 29)]), one([date(2024, 3, 1)])).column("x").max_absolute == 1


def test_a_flipped_boolean_is_caught() -> None:
    assert found(one([True, False]), one([True, True])).column("x").differing == 1


def test_an_integer_beyond_the_doubles_is_compared_exactly() -> None:
    assert found(one([2**62]), one([2**62 + 1])).column("x").differing == 1


def test_a_decimal_off_by_its_last_digit_is_caught() -> None:
    kind = pa.decimal128(38, 10)
    assert found(one([Decimal("12345678901234567890.0000000001")], kind), one([Decimal("12345678901234567890.0000000002")], kind)).column("x").differing == 1


def test_a_changed_byte_is_caught() -> None:
    assert found(one([b"\x00\x01"]), one([b"\x00\x02"])).column("x").differing == 1


def test_the_order_of_array_elements_is_caught() -> None:
    assert found(one([["a", "b"], []]), one([["b", "a"], []])).column("x").differing == 1


def test_an_array_of_another_length_is_caught() -> None:
    column = found(one([[1, 2], [3], [4]]), one([[1], [3], [4, 4]])).column("x")
    assert (column.differing, column.first) == (2, 0)


def test_a_null_element_is_not_an_absent_one() -> None:
    assert found(one([[1.0, None]]), one([[1.0]])).column("x").differing == 1
    assert found(one([[1.0, None]]), one([[1.0, NAN]])).column("x").null_rows == 1
    assert found(one([[], None], pa.list_(pa.int32())), one([None, []], pa.list_(pa.int32()))).column("x").null_rows == 2


def test_a_double_deep_in_a_column_has_the_tolerance_of_doubles() -> None:
    equal(one([[{"a": [1.0]}]]), one([[{"a": [1.0 + 2e-16]}]]))
    report = found(one([[{"a": [1.0]}]]), one([[{"a": [1.0 + 1e-11]}]]))
    assert report.column("x").worst is not None
    assert report.column("x").worst.place == ".a[0]"  # type: ignore[union-attr]


def test_a_struct_field_is_caught() -> None:
    assert found(one([{"a": 1, "b": "x"}]), one([{"a": 1, "b": "y"}])).column("x").differing == 1
    assert found(one([{"a": 1}, None]), one([{"a": 1}, {"a": None}])).column("x").null_rows == 1


def test_a_map_is_compared_by_key() -> None:
    kind = pa.map_(pa.string(), pa.float64())
    spark = one([[("a", 1.0), ("b", NAN)], [("c", 3.0)]], kind)
    equal(spark, one([[("b", NAN), ("a", 1.0)], [("c", 3.0)]], kind))
    assert found(spark, one([[("b", NAN), ("a", 2.0)], [("c", 3.0)]], kind)).column("x").first == 0
    assert found(spark, one([[("a", 1.0), ("b", NAN)], [("d", 3.0)]], kind)).column("x").first == 1
    assert found(spark, one([[("a", 1.0)], [("c", 3.0)]], kind)).column("x").differing == 1


def test_a_vector_in_an_array_is_compared_as_a_vector() -> None:
    kind = pa.list_(VECTOR_STRUCT)
    assert found(one([[dense(1.0, 0.0)]], kind), one([[sparse(2, {0: 1.0})]], kind)).column("x").layouts == 1
    assert found(one([[dense(1.0, 0.0)]], kind), one([[dense(1.0, 5.0)]], kind)).column("x").differing == 1


def test_probabilities_that_do_not_sum_to_one_are_caught() -> None:
    assert found(vectors(dense(0.25, 0.75)), vectors(dense(0.25, 0.7))).column("v").differing == 1


def test_only_the_first_differing_rows_are_shown_and_all_are_counted() -> None:
    column = found(one(list(range(100))), one([value + 1 for value in range(100)])).column("x")
    assert column.differing == 100
    assert [example.row for example in column.examples] == [0, 1, 2, 3, 4]


def refusing(table: pa.Table, text: str) -> Answers:
    def batches() -> Any:
        yield Answer(table.to_batches()[0])
        raise RefusalError(text)

    return Answers(table.schema, batches())


def test_a_refusal_by_spark_alone_is_a_difference() -> None:
    report = compare_tables(refusing(one([1]), "Unseen label: q."), one([1, 2]))
    assert not report.ok
    assert "Spark refuses the data and mabridge does not. Spark says: Unseen label: q." in report.verdict


def test_a_refusal_by_mabridge_alone_is_a_difference() -> None:
    report = compare_tables(one([1, 2]), refusing(one([1]), "row 1 is refused"))
    assert not report.ok
    assert report.mabridge_refusal == "row 1 is refused"


def test_a_refusal_by_both_sides_is_agreement() -> None:
    report = compare_tables(refusing(one([1]), "Unseen label: q."), refusing(one([1]), "row 1 is refused"))
    assert report.ok
    assert report.verdict == "Equal: both Spark and mabridge refuse this data."
    assert "Unseen label: q." in str(report)


def cut(table: pa.Table, rows: int) -> pa.Table:
    """The same table in batches of so many rows."""
    return pa.Table.from_batches([batch for start in range(0, table.num_rows, rows) for batch in table.slice(start, rows).to_batches()], schema=table.schema)


def test_findings_add_up_over_batches_and_rows_are_counted_from_the_start() -> None:
    values = np.arange(1.0, 101.0)
    ours = values.copy()
    ours[[30, 55, 90]] *= [1 + 1e-10, 1 + 1e-8, 1 + 1e-9]
    column = found(cut(pa.table({"x": values}), 7), cut(pa.table({"x": ours}), 11)).column("x")
    assert column.differing == 3
    assert column.first == 30
    assert [example.row for example in column.examples] == [30, 55, 90]
    assert column.worst is not None
    assert (column.worst.row, column.worst.actual) == (55, repr(float(ours[55])))
    assert column.max_scaled == column.worst.scaled == pytest.approx(1e-8, rel=1e-6)


def test_layouts_and_nulls_add_up_over_batches() -> None:
    spark = vectors(*[sparse(2, {0: 1.0}), None] * 5)
    ours = vectors(*[dense(1.0, 0.0), dense(1.0, 0.0)] * 5)
    column = found(cut(spark, 3), cut(ours, 4)).column("v")
    assert (column.layouts, column.null_rows, column.differing, column.nulls, column.actual_nulls) == (5, 5, 5, 5, 0)


def test_rows_that_one_side_has_too_many_are_counted_over_batches() -> None:
    long, short = pa.table({"x": list(range(100))}), pa.table({"x": list(range(40))})
    for spark, ours, counts in ((long, short, (100, 40)), (short, long, (40, 100))):
        report = found(cut(spark, 9), cut(ours, 7))
        assert (report.expected_rows, report.actual_rows, report.first_difference) == (*counts, 40)


def test_declared_sums_stay_with_their_rows_over_batches() -> None:
    spark = pa.table({"x": np.zeros(20)})
    ours, scales = np.zeros(20), np.zeros(20)
    ours[13], scales[13] = 1e-14, 1.0
    cut_ours = Answers.of_table(cut(pa.table({"x": ours}), 8), {"x": scales})
    assert compare_tables(cut(spark, 3), cut_ours).ok
    shifted = Answers.of_table(cut(pa.table({"x": ours}), 8), {"x": np.roll(scales, 1)})
    assert not compare_tables(cut(spark, 3), shifted).ok


def test_the_worst_entry_is_the_worst_of_all_fields() -> None:
    spark, ours = one([{"a": 1.0, "b": 1.0, "c": 1.0}]), one([{"a": 1.0 + 1e-9, "b": 1.0 + 1e-7, "c": 1.0 + 1e-8}])
    worst = found(spark, ours).column("x").worst
    assert worst is not None
    assert worst.place == ".b"


def test_floats_are_exact_whatever_sum_their_op_declares() -> None:
    ours = pa.table({"x": np.nextafter(np.array([1.0], dtype=np.float32), np.float32(2))})
    assert not compare_tables(one([1.0], pa.float32()), Answers.of_table(ours, {"x": np.array([1e9])})).ok


def test_the_bound_is_relative_to_sparks_value_not_to_ours() -> None:
    found(one([1.0]), one([2.5]), tolerances={"x": Tolerance(relative=1.0)})
    equal(one([2.5]), one([1.0]), tolerances={"x": Tolerance(relative=1.0)})


def test_a_dense_vector_is_not_a_sparse_one_that_stores_everything() -> None:
    assert found(vectors(sparse(2, {0: 1.0, 1: 2.0})), vectors(dense(1.0, 2.0))).column("v").layouts == 1
