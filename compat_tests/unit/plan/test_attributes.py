"""ML attributes: JSON as Spark writes it, and JSON that Spark never wrote."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import (
    Attribute,
    AttributeGroup,
    BinaryAttribute,
    Labels,
    NominalAttribute,
    NumericAttribute,
    attributes_to_json,
    read_attribute,
    read_group,
)
from mabridge.plan.bind import BoundColumn, bind
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import (
    AssembleVector,
    DeclareColumn,
    HintVectorSize,
    IndexFeatures,
    Interact,
    OneHotDeclared,
    RenameFeatures,
    SelectFeatures,
    SliceFeatures,
)
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import ROW_METADATA, InputColumn, input_columns, row_metadata
from mabridge.plan.types import VECTOR_STRUCT, DoubleType, VectorType

names = st.none() | st.text(max_size=5)
numbers = st.none() | st.floats(allow_nan=False)
numeric = st.builds(NumericAttribute, names, numbers, numbers, st.none() | st.floats(0, allow_nan=False), st.none() | st.floats(0, 1))
nominal = st.builds(NominalAttribute, names, st.none() | st.booleans(), st.none() | st.integers(0, 2**31 - 1)) | st.builds(
    NominalAttribute, names, st.none() | st.booleans(), st.none(), st.lists(st.text(max_size=3), max_size=4).map(Labels.of)
)
binary = st.builds(BinaryAttribute, names, st.none() | st.tuples(st.text(max_size=3), st.text(max_size=3)))
attributes: st.SearchStrategy[Attribute] = numeric | nominal | binary

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**33) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ml_attr", "attrs", "num_attrs", "numeric", "nominal", "binary", "type", "name", "idx", "vals", "num_vals", "ord", "std"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def through_text(value: Any) -> Any:
    return json.loads(json.dumps(value))


@settings(deadline=None)
@given(attributes)
def test_an_attribute_comes_back_from_its_json(attribute: Attribute) -> None:
    assert read_attribute(through_text(attributes_to_json(attribute))) == attribute


@settings(deadline=None)
@given(st.lists(attributes, max_size=5))
def test_a_group_comes_back_from_its_json(features: list[Attribute]) -> None:
    group = AttributeGroup(len(features), dict(enumerate(features)))
    read = read_group(through_text(attributes_to_json(group)))
    assert read is not None
    assert read == group
    assert [read.feature(place) for place in range(len(features))] == features


@settings(deadline=None)
@given(json_values)
def test_whatever_json_says_reading_gives_attributes_or_nothing(value: Any) -> None:
    one, group = read_attribute({"ml_attr": value}), read_group({"ml_attr": value})
    assert one is None or read_attribute(through_text(attributes_to_json(one))) == one
    assert group is None or (group.size is None or group.size >= 0)


def test_the_json_is_spark_s() -> None:
    features = {0: NumericAttribute("a"), 2: BinaryAttribute("b", ("no", "yes")), 3: NominalAttribute("c", count=3)}
    assert attributes_to_json(AttributeGroup(4, features)) == {
        "ml_attr": {
            "attrs": {
                "numeric": [{"idx": 0, "name": "a"}],
                "nominal": [{"idx": 3, "name": "c", "num_vals": 3}],
                "binary": [{"idx": 2, "name": "b", "vals": ["no", "yes"]}],
            },
            "num_attrs": 4,
        }
    }
    assert attributes_to_json(NumericAttribute()) == {"ml_attr": {}}
    assert attributes_to_json(NominalAttribute("i", values=Labels.of(["x"]))) == {"ml_attr": {"type": "nominal", "name": "i", "vals": ["x"]}}
    assert attributes_to_json(None) == {}


def test_a_claimed_size_costs_no_memory() -> None:
    group = read_group({"ml_attr": {"attrs": {"numeric": [{"idx": 2**31 - 2, "name": "last"}]}, "num_attrs": 2**31 - 1}})
    assert group is not None
    assert group.size == 2**31 - 1
    assert len(group.features) == 1


@pytest.mark.parametrize(
    "found",
    [
        {"num_attrs": -1},
        {"num_attrs": 2**31},
        {"num_attrs": True},
        {"attrs": {}},
        {"attrs": {"numeric": [{"idx": 3}]}, "num_attrs": 3},
        {"attrs": {"numeric": [{"name": "no place"}]}, "num_attrs": 3},
        {"attrs": {"numeric": {}}, "num_attrs": 3},
        {"attrs": {"nominal": [{"idx": 0, "vals": [1]}]}, "num_attrs": 3},
        {"attrs": {"binary": [{"idx": 0, "vals": ["one"]}]}, "num_attrs": 3},
    ],
)
def test_a_group_that_contradicts_itself_says_nothing(found: Any) -> None:
    assert read_group({"ml_attr": found}) is None


def test_the_names_of_a_wide_vector_are_made_only_where_somebody_looks() -> None:
    calls: list[int] = []

    def make() -> dict[int, Attribute]:
        calls.append(1)
        return {0: NumericAttribute("x")}

    group = AttributeGroup(10**6, make)
    assert group.described
    assert not calls
    assert group.feature(0) == NumericAttribute("x")
    assert group.feature(1) == NumericAttribute()
    assert len(calls) == 1


def test_input_columns_carry_the_metadata_of_the_file_as_it_is() -> None:
    metadata = [{"comment": "mine", "ml_attr": {"type": "nominal", "vals": ["x"]}}, {"ml_attr": {"num_attrs": 2}}]
    text = row_metadata([("a", DoubleType()), ("v", VectorType())], metadata)
    schema = pa.schema([pa.field("a", pa.float64()), pa.field("v", VECTOR_STRUCT)], metadata={ROW_METADATA: text})
    scalar, vector = input_columns(schema)
    assert scalar.metadata == metadata[0]
    assert scalar.attributes == NominalAttribute(values=Labels.of(["x"]))
    assert vector.kind == VectorType(2)
    assert vector.attributes == AttributeGroup(2)


def test_the_size_of_fixed_size_lists_stands_before_what_metadata_claims() -> None:
    text = row_metadata([("v", VectorType())], [{"ml_attr": {"num_attrs": 2}}])
    schema = pa.schema([pa.field("v", pa.list_(pa.float64(), 3))], metadata={ROW_METADATA: text})
    (vector,) = input_columns(schema)
    assert vector.kind == VectorType(3)
    assert vector.attributes == AttributeGroup(3)


def bound(*ops: Op) -> dict[str, BoundColumn]:
    """The columns after some ops, over a number `x` and vectors `u` of unknown size."""
    inputs = [InputColumn("x", DoubleType()), InputColumn("u", VectorType())]
    plan = bind([Step(op, StageRef("", "a.b.Stage", "uid_1")) for op in ops], inputs, Reference.of_version("3.5.7"))
    return {column.name: column for column in plan.outputs}


ASSEMBLE = AssembleVector(("u", "x"), "v", "error")


@pytest.mark.parametrize(
    "later",
    [
        HintVectorSize("v", 3, "error"),
        HintVectorSize("v", 3, "skip"),
        SliceFeatures("v", "w", np.array([1, 0])),
        SelectFeatures("v", "w", np.array([0, 1])),
        IndexFeatures("v", "w", 3, np.array([0]), np.array([0, 1]), np.array([1.0]), np.array([0.0]), "keep"),
        AssembleVector(("v", "x"), "w", "error"),
        RenameFeatures("v", ("u_",), ("w_",)),
    ],
    ids=lambda op: type(op).__name__,
)
def test_names_that_only_the_data_can_tell_are_left_out_and_never_invented(later: Op) -> None:
    columns = bound(ASSEMBLE, later)
    assert columns["v"].written_metadata == {}
    assert columns.get("w", columns["v"]).written_metadata == {}


@pytest.mark.parametrize("later", [SliceFeatures("v", "w", np.empty(0, dtype=np.int64), ("x",)), Interact(("v", "x"), "w")], ids=lambda op: type(op).__name__)
def test_a_stage_that_needs_names_that_only_the_data_can_tell_is_refused_with_what_to_do(later: Op) -> None:
    with pytest.raises(InvalidInputError, match="VectorSizeHint"):
        bound(ASSEMBLE, later)
    hinted = bound(HintVectorSize("u", 2, "error"), ASSEMBLE, later)
    assert hinted["v"].written_metadata["ml_attr"]["attrs"]["numeric"] == [
        {"idx": 0, "name": "u_0"},
        {"idx": 1, "name": "u_1"},
        {"idx": 2, "name": "x"},
    ]


def test_a_size_that_a_file_claims_makes_no_names() -> None:
    claimed = {"ml_attr": {"attrs": {}, "num_attrs": 2**31 - 2}}
    text = row_metadata([("u", VectorType()), ("x", DoubleType())], [claimed, {"ml_attr": {"type": "nominal", "num_vals": 2**31 - 1}}])
    inputs = input_columns(pa.schema([pa.field("u", VECTOR_STRUCT), pa.field("x", pa.float64())], metadata={ROW_METADATA: text}))

    def after(op: Op) -> BoundColumn:
        return bind([Step(op, StageRef("", "a.b.Stage", "uid_1"))], inputs, Reference.of_version("3.5.7")).outputs[-1]

    assert after(ASSEMBLE).written_metadata == {}
    assert after(OneHotDeclared("x", "v", True)).written_metadata == {}
    assert after(Interact(("x",), "v")).written_metadata == {}
    with pytest.raises(InvalidInputError, match="2,147,483,646 features"):
        after(Interact(("u", "x"), "v"))


def test_metadata_nested_without_end_is_left_out() -> None:
    deep: Any = {}
    for _ in range(100):
        deep = {"a": deep}
    text = row_metadata([("a", DoubleType())], [{"comment": deep}])
    (column,) = input_columns(pa.schema([pa.field("a", pa.float64())], metadata={ROW_METADATA: text}))
    assert column.metadata is None


@pytest.mark.parametrize("metadata", ["[]", "{", '{"a": 1, "a": 2}', '"\\ud800"'])
def test_a_column_is_declared_by_a_json_object_and_nothing_else(metadata: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|surrogate|key"):
        DeclareColumn("x", metadata=metadata)


def test_a_declared_column_shows_its_metadata_to_later_stages() -> None:
    declared = '{"ml_attr": {"type": "nominal", "vals": ["a", "b"], "name": "label"}, "more": 1}'
    column = bound(DeclareColumn("x", metadata=declared))["x"]
    assert column.written_metadata == json.loads(declared)
    assert column.num_values == 2
    undeclared = bound(DeclareColumn("x", metadata=declared), DeclareColumn("x"))["x"]
    assert undeclared.written_metadata == {}
    assert undeclared.num_values is None


def test_a_selector_keeps_what_is_declared_about_a_feature_and_leaves_out_what_is_not_there() -> None:
    """Spark's `prepOutputField` filters the attributes that it finds."""
    columns = bound(
        HintVectorSize("u", 2, "error"), ASSEMBLE, SelectFeatures("v", "w", np.array([0, 2, 7])), SelectFeatures("u", "z", np.array([1, 9]), nominal=True)
    )
    assert columns["w"].written_metadata == {"ml_attr": {"attrs": {"numeric": [{"idx": 0, "name": "u_0"}, {"idx": 1, "name": "x"}]}, "num_attrs": 2}}
    assert columns["z"].written_metadata == {"ml_attr": {"attrs": {"nominal": [{"idx": 0}, {"idx": 1}]}, "num_attrs": 2}}
