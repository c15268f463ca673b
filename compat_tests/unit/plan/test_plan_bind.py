"""Names become column ids by Spark's rules: which column a name finds, what replaces what, which types fit, and where filters go."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from mabridge.errors import InvalidInputError, MissingColumnError
from mabridge.plan.attributes import NominalAttribute, NumericAttribute
from mabridge.plan.bind import Binder, BoundPlan, bind, settle_filters
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AssembleVector, Bucketize, DropMissing, FillMissing, KeepListed, LookupIndex, MapRange, OneHot, Predict, Project, ShiftScale
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import BooleanType, DateType, DoubleType, IntegerType, StringType, VectorType
from mabridge.sdk import parse_sql

REFERENCE = Reference("3.5.7")
EXACT = Reference("3.5.7", case_sensitive=True)
LABELS = pa.array(["a", "b"])
SPLITS = np.array([0.0, 1.0, 2.0])
INPUT = (
    InputColumn("x", DoubleType()),
    InputColumn("s", StringType()),
    InputColumn("n", IntegerType()),
    InputColumn("v", VectorType(2)),
    InputColumn("w", VectorType()),
    InputColumn("d", DateType()),
    InputColumn("t", BooleanType()),
)


def steps_of(*ops: Op) -> list[Step]:
    """One stage for each op."""
    return [Step(op, StageRef(f"stages[{place}]", f"org.example.{type(op).__name__}", f"uid{place}")) for place, op in enumerate(ops)]


def bound(*ops: Op, inputs: tuple[InputColumn, ...] = INPUT, reference: Reference = REFERENCE) -> BoundPlan:
    return bind(steps_of(*ops), inputs, reference)


def binder(*names: str, reference: Reference = REFERENCE) -> Binder:
    return Binder([InputColumn(name, DoubleType()) for name in names], reference)


def shown(plan: BoundPlan) -> list[tuple[str, str]]:
    return [(column.name, column.id) for column in plan.outputs]


def test_a_name_finds_its_column_by_any_case_unless_the_session_is_case_sensitive() -> None:
    column = binder("Ab").lookup("aB")
    assert column is not None
    assert column.name == "Ab"
    assert binder("Ab", reference=EXACT).lookup("aB") is None
    assert binder("Ab").lookup("c") is None


def test_two_columns_that_answer_to_a_name_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="2 columns of that name"):
        binder("a", "A").lookup("a")
    assert binder("a", "A", reference=EXACT).lookup("a") is not None


def test_a_stage_reads_a_name_of_exactly_its_case() -> None:
    with pytest.raises(MissingColumnError, match="There is `Ab`: Spark's stages look names up by exact case"):
        binder("Ab").read("ab")
    assert binder("ab").read("ab").id == "ab"


@pytest.mark.parametrize("name", ["a.b", "a`b"])
def test_a_name_with_a_dot_or_a_backtick_is_refused_as_in_spark(name: str) -> None:
    with pytest.raises(InvalidInputError, match="dot or a backtick"):
        binder(name).read(name)


def test_a_missing_column_is_named_with_the_stage_and_what_is_there() -> None:
    with pytest.raises(MissingColumnError) as caught:
        bound(Bucketize("y", "b", SPLITS, False))
    assert str(caught.value).startswith("stages[0] Bucketize (uid0) reads the column `y`, which is not there. The columns at that point: `x`, `s`,")


def test_a_column_that_is_set_replaces_the_one_of_its_name_in_its_place() -> None:
    one = binder("a", "B", "c")
    assert one.set("b", StringType()) == "b"
    assert [(column.name, column.id) for column in one.columns] == [("a", "a"), ("b", "b"), ("c", "c")]
    other = binder("a", "B", "c", reference=EXACT)
    other.set("b", StringType())
    assert [column.name for column in other.columns] == ["a", "B", "c", "b"]


def test_ids_are_never_used_twice() -> None:
    one = binder("a", "a", "a#2")
    assert [column.id for column in one.columns] == ["a", "a#2", "a#2#2"]
    ids = [column.id for column in one.columns] + [one.append("a", DoubleType()) for _ in range(3)]
    assert len(set(ids)) == 6
    assert set(ids) == set(one.kinds)


def test_an_op_that_replaces_its_own_input_reads_the_old_column_and_writes_a_new_one() -> None:
    plan = bound(FillMissing(("x",), ("x",), np.array([1.0]), 0.0))
    (step,) = plan.steps
    assert (step.op.read_columns, step.op.written_columns) == (("x",), ("x#2",))
    assert shown(plan)[0] == ("x", "x#2")
    assert len(plan.outputs) == len(INPUT)


def test_all_inputs_are_read_before_an_output_replaces_one() -> None:
    plan = bound(FillMissing(("x", "n"), ("n", "x"), np.array([1.0, 2.0]), 0.0))
    assert [(step.op.read_columns, step.op.written_columns) for step in plan.steps] == [(("x",), ("n#2",)), (("n",), ("x#2",))]
    assert {column.name: str(column.kind) for column in plan.outputs if column.name in "xn"} == {"x": "int", "n": "double"}


@pytest.mark.parametrize(
    "op",
    [
        LookupIndex("s", "x", LABELS, "error"),
        Bucketize("x", "n", SPLITS, False),
        OneHot("n", "s", 2, True, "error"),
        AssembleVector(("x",), "v", "error"),
        ShiftScale("v", "w", 2, None, None),
        MapRange("v", "x", np.zeros(2), np.ones(2), 0.0, 0.0),
        Predict("v", LinearScorer(np.ones((1, 2)), np.zeros(1)), Head(), prediction="x"),
    ],
    ids=lambda op: type(op).__name__,
)
def test_an_output_that_exists_is_refused_as_in_spark(op: Op) -> None:
    with pytest.raises(InvalidInputError, match="which already exists; Spark refuses this too"):
        bound(op)


@pytest.mark.parametrize(
    ("op", "said"),
    [
        (Bucketize("s", "b", SPLITS, False), "expects a numeric type in `s`; the column is string"),
        (FillMissing(("d",), ("e",), np.zeros(1), 0.0), "expects a numeric type in `d`; the column is date"),
        (LookupIndex("d", "i", LABELS, "error"), "expects a string or numeric column in `d`; the column is date"),
        (LookupIndex("t", "i", LABELS, "error"), "the column is boolean"),
        (OneHot("v", "o", 2, True, "error"), r"the column is vector\[2\]"),
        (AssembleVector(("x", "s"), "o", "error"), "expects a numeric type, boolean or vector in `s`"),
        (ShiftScale("x", "o", 2, None, None), "expects vector in `x`; the column is double"),
        (ShiftScale("v", "o", 0, None, None), "vectors of no features"),
        (MapRange("n", "o", np.zeros(2), np.ones(2), 0.0, 0.0), "expects vector in `n`"),
        (Predict("s", LinearScorer(np.ones((1, 2)), np.zeros(1)), Head(), prediction="p"), "expects vector in `s`"),
    ],
)
def test_a_column_of_another_type_is_refused_by_name(op: Op, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        bound(op)


def test_an_assembler_that_keeps_must_know_the_sizes_of_its_vectors() -> None:
    assert bound(AssembleVector(("v", "x"), "o", "keep")).outputs[-1].kind == VectorType(3)
    assert bound(AssembleVector(("w", "x"), "o", "error")).outputs[-1].kind == VectorType(None)
    with pytest.raises(InvalidInputError, match="the size of the vectors in `w` is not known"):
        bound(AssembleVector(("w", "x"), "o", "keep"))


def test_an_encoder_refuses_a_column_that_declares_other_categories() -> None:
    bound(OneHot("c", "o", 3, True, "error"), inputs=(InputColumn("c", DoubleType(), NominalAttribute(count=3)),))
    with pytest.raises(InvalidInputError, match="fitted on 3 categories in `c`, and the column declares 4"):
        bound(OneHot("c", "o", 3, True, "error"), inputs=(InputColumn("c", DoubleType(), NominalAttribute(count=4)),))
    with pytest.raises(InvalidInputError, match="declares that it is continuous"):
        bound(OneHot("c", "o", 3, True, "error"), inputs=(InputColumn("c", DoubleType(), NumericAttribute()),))


def test_the_categories_that_an_indexer_declares_reach_the_encoder() -> None:
    assert bound(LookupIndex("s", "i", LABELS, "keep"), OneHot("i", "o", 3, True, "error")).outputs[-1].kind == VectorType(2)
    with pytest.raises(InvalidInputError, match="fitted on 2 categories in `i`, and the column declares 3"):
        bound(LookupIndex("s", "i", LABELS, "keep"), OneHot("i", "o", 2, True, "error"))


def test_an_indexer_without_its_input_does_nothing_and_later_stages_miss_its_output() -> None:
    assert bound(LookupIndex("absent", "i", LABELS, "error")).steps == ()
    with pytest.raises(MissingColumnError, match="`i`"):
        bound(LookupIndex("absent", "i", LABELS, "error"), OneHot("i", "o", 3, True, "error"))


def test_a_stage_s_own_output_is_not_there_for_its_other_columns() -> None:
    stage = StageRef("stages[0]", "org.example.Indexer", "uid")
    steps = [Step(LookupIndex("s", "i", LABELS, "keep"), stage), Step(LookupIndex("i", "j", LABELS, "keep"), stage)]
    assert [column.name for column in bind(steps, INPUT, REFERENCE).outputs] == [column.name for column in INPUT] + ["i"]


def test_a_filter_passes_over_columns_that_are_absent_only_where_it_may() -> None:
    assert bound(DropMissing(("absent",), when_absent="skip")).steps == ()
    (step,) = bound(DropMissing(("absent", "x"), when_absent="skip")).steps
    assert step.op.read_columns == ("x",)
    with pytest.raises(MissingColumnError, match="`absent`"):
        bound(DropMissing(("absent",)))


def test_a_select_renames_repeats_and_drops_columns_without_computing_them() -> None:
    plan = bound(Project(parse_sql("SELECT x AS y, x, X FROM __THIS__")))
    assert shown(plan) == [("y", "x"), ("x", "x"), ("X", "x")]
    assert plan.steps == ()


def test_a_where_clause_must_be_boolean() -> None:
    with pytest.raises(InvalidInputError, match="WHERE"):
        bound(Project(parse_sql("SELECT * FROM __THIS__ WHERE x + 1")))


def order(*ops: Op) -> list[str]:
    return [type(step.op).__name__ for step in settle_filters(steps_of(*ops))]


def test_a_filter_goes_before_what_it_does_not_depend_on() -> None:
    assert order(Bucketize("x", "b", SPLITS, False), DropMissing(("n",))) == ["DropMissing", "Bucketize"]
    assert order(Bucketize("x", "b", SPLITS, False), DropMissing(("b",))) == ["Bucketize", "DropMissing"]


def test_a_filter_takes_along_what_it_depends_on_and_leaves_the_rest() -> None:
    steps = settle_filters(
        steps_of(
            FillMissing(("n",), ("m",), np.zeros(1), 0.0),
            Bucketize("x", "b", SPLITS, False),
            OneHot("m", "o", 3, True, "keep"),
            Bucketize("m", "c", SPLITS, False),
            DropMissing(("c",)),
        )
    )
    assert [step.op.written_columns or "filter" for step in steps] == [("m",), ("c",), "filter", ("b",), ("o",)]


def test_a_non_deterministic_op_stops_a_filter() -> None:
    ops = [Bucketize("x", "b", SPLITS, False), LookupIndex("s", "i", LABELS, "error"), Bucketize("n", "c", SPLITS, False), DropMissing(("x",))]
    assert order(*ops) == ["Bucketize", "LookupIndex", "DropMissing", "Bucketize"]


def test_filters_keep_their_order() -> None:
    steps = settle_filters(steps_of(DropMissing(("x",)), Bucketize("x", "b", SPLITS, False), KeepListed("s", LABELS)))
    assert [type(step.op).__name__ for step in steps] == ["DropMissing", "KeepListed", "Bucketize"]


def test_every_step_reads_what_is_there_and_writes_what_is_new() -> None:
    plan = bound(
        LookupIndex("s", "i", LABELS, "keep"),
        DropMissing(("n",)),
        OneHot("i", "o", 3, True, "error"),
        FillMissing(("n",), ("n",), np.zeros(1), -1.0),
        AssembleVector(("o", "n", "v"), "f", "error"),
        Project(parse_sql("SELECT *, x + n AS z FROM __THIS__ WHERE x > 0")),
    )
    known = {column.id for column in plan.inputs}
    for step in plan.steps:
        assert set(step.op.read_columns) <= known
        assert not set(step.op.written_columns) & known
        known.update(step.op.written_columns)
    assert {column.id for column in plan.outputs} <= known <= set(plan.kinds)
