"""What a plan asks of its input before there is any data."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from compat_tests.repo.translators import ROOT
from mabridge.plan.assume import assumed_schema, required_columns
from mabridge.plan.bind import bind
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AssembleVector, Bucketize, DropMissing, FillMissing, KeepListed, LookupIndex, MapRange, OneHot, Predict, Project, ShiftScale
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import input_columns
from mabridge.sdk import parse_sql

REFERENCE = Reference("3.5.7")
EXACT = Reference("3.5.7", case_sensitive=True)
LABELS = pa.array(["a", "b"])
SPLITS = np.array([0.0, 1.0, 2.0])


def steps_of(*ops: Op) -> list[Step]:
    return [Step(op, StageRef(f"stages[{place}]", "org.example.Stage", f"uid{place}")) for place, op in enumerate(ops)]


def required(*ops: Op, reference: Reference = REFERENCE) -> list[str]:
    return [str(requirement) for requirement in required_columns(steps_of(*ops), reference)]


def select(statement: str) -> Project:
    return Project(parse_sql(statement))


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (FillMissing(("x", "y"), ("a", "b"), np.zeros(2), 0.0), ["x: a numeric type", "y: a numeric type"]),
        (Bucketize("x", "b", SPLITS, False), ["x: a numeric type"]),
        (OneHot("x", "o", 3, True, "error"), ["x: a numeric type"]),
        (LookupIndex("s", "i", LABELS, "keep"), ["s: string, or what Spark casts to string"]),
        (KeepListed("s", LABELS), ["s: string, or what Spark casts to string"]),
        (AssembleVector(("x",), "v", "error"), ["x: a numeric type, boolean or vector"]),
        (ShiftScale("v", "w", 4, None, None), ["v: vector of 4 features"]),
        (MapRange("v", "w", np.zeros(3), np.ones(3), 0.0, 0.0), ["v: vector of 3 features"]),
        (Predict("v", LinearScorer(np.ones((1, 5)), np.zeros(1)), Head(), prediction="p"), ["v: vector of 5 features"]),
        (DropMissing(("x",)), ["x: any type"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_op_says_what_it_takes(op: Op, expected: list[str]) -> None:
    assert required(op) == expected


def test_what_the_plan_makes_itself_is_not_asked_for() -> None:
    ops = [
        LookupIndex("s", "i", LABELS, "keep"),
        OneHot("i", "o", 3, True, "error"),
        AssembleVector(("o", "x"), "v", "error"),
        ShiftScale("v", "w", 4, None, None),
    ]
    assert required(*ops) == ["s: string, or what Spark casts to string", "x: a numeric type, boolean or vector"]


def test_a_column_that_is_replaced_is_asked_for_where_it_was_read_before() -> None:
    assert required(FillMissing(("x",), ("x",), np.zeros(1), 0.0), Bucketize("x", "b", SPLITS, False)) == ["x: a numeric type"]


def test_the_first_spelling_of_a_name_counts_and_case_counts_where_the_session_says_so() -> None:
    ops = [Bucketize("X", "b", SPLITS, False), Bucketize("x", "c", SPLITS, False)]
    assert required(*ops) == ["X: a numeric type"]
    assert required(*ops, reference=EXACT) == ["X: a numeric type", "x: a numeric type"]


def test_a_later_stage_says_more_than_a_statement() -> None:
    assert required(select("SELECT *, x + 1 AS y FROM __THIS__"), Bucketize("x", "b", SPLITS, False)) == ["x: a numeric type"]
    assert required(select("SELECT *, x + 1 AS y FROM __THIS__")) == ["x: any type that the statement accepts"]


def test_a_later_stage_says_more_than_a_filter() -> None:
    assert required(DropMissing(("s",)), KeepListed("s", LABELS), LookupIndex("s", "i", LABELS, "error")) == ["s: string, or what Spark casts to string"]
    assert required(DropMissing(("x",)), AssembleVector(("x",), "v", "error")) == ["x: a numeric type, boolean or vector"]
    assert required(Bucketize("x", "b", SPLITS, False), DropMissing(("x",))) == ["x: a numeric type"]


def test_a_statement_s_own_columns_are_not_asked_for() -> None:
    assert required(select("SELECT *, x + 1 AS y FROM __THIS__"), Bucketize("y", "b", SPLITS, False)) == ["x: any type that the statement accepts"]


def test_a_statement_without_a_star_hides_all_other_columns() -> None:
    """What a later stage reads in vain is an error at the data, and nothing that the input could repair."""
    assert required(select("SELECT x AS y FROM __THIS__"), Bucketize("z", "b", SPLITS, False)) == ["x: any type that the statement accepts"]


def test_text_in_a_statement_is_taken_for_a_string() -> None:
    schema = assumed_schema(steps_of(select("SELECT *, CASE WHEN s = 'a' THEN 1 ELSE 0 END AS y FROM __THIS__")), REFERENCE)
    assert schema.field("s").type == pa.string()


def test_a_plan_binds_to_the_schema_that_it_assumes() -> None:
    ops = [
        select("SELECT *, x + 1 AS y FROM __THIS__ WHERE x > 0"),
        LookupIndex("s", "i", LABELS, "keep"),
        ShiftScale("v", "w", 4, None, None),
        AssembleVector(("w", "i", "y"), "f", "error"),
        Predict("f", LinearScorer(np.ones((1, 6)), np.zeros(1)), Head(), prediction="p"),
    ]
    schema = assumed_schema(steps_of(*ops), REFERENCE)
    assert schema == pa.schema([("x", pa.float64()), ("s", pa.string()), ("v", pa.list_(pa.float64(), 4))])
    assert [column.name for column in bind(steps_of(*ops), input_columns(schema), REFERENCE).outputs] == ["x", "s", "v", "y", "i", "w", "f", "p"]


@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
def test_a_trained_pipeline_s_assumed_input_can_be_predicted(name: str) -> None:
    model = mabridge.convert(ROOT / "examples" / "flights" / "models" / name)
    schema = assumed_schema(model.steps, model.reference)
    assert [requirement.name for requirement in model.input_schema] == schema.names
    assert model.transform(schema.empty_table()).schema.equals(model.output_schema, check_metadata=True)
