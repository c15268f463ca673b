"""A program's metadata belongs to its whole output and stays out of the work on batches."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from mabridge.lower.lowering import Lowering
from mabridge.lower.program import make_program
from mabridge.plan.attributes import NominalAttribute
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import DeclareColumn, LookupIndex, Predict
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import ROW_METADATA


def test_labels_are_neither_copied_nor_written_for_a_batch() -> None:
    labels = pa.array([f"label {i}" for i in range(1000)])
    steps = [Step(LookupIndex("s", "i", labels, "keep"), StageRef("", "a.b.Stage", "uid_1"))]
    program = make_program(steps, pa.schema([pa.field("s", pa.string())]), Lowering(Reference.of_version("3.5.7"), "numpy", "cpu"))
    batch = program.run(pa.record_batch({"s": ["label 7", None]}))
    assert batch.schema.metadata is None
    assert "output_schema" not in vars(program)
    attributes = program.outputs[1].attributes
    assert isinstance(attributes, NominalAttribute)
    assert attributes.values is not None
    assert attributes.values.array is labels
    written = json.loads(program.output_schema.metadata[ROW_METADATA])["fields"][1]["metadata"]["ml_attr"]
    assert written == {"type": "nominal", "name": "i", "vals": [*labels.to_pylist(), "__unknown"]}
    assert program.output_schema.equals(batch.schema)


@pytest.mark.parametrize(("head", "exact"), [(Head(raw="signed", decision="argmax raw"), ("p",)), (Head(), ())])
def test_labels_are_exact_whatever_is_declared_about_them(head: Head, exact: tuple[str, ...]) -> None:
    """OneVsRestModel saved by Python declares nothing about its labels."""
    stage = StageRef("", "a.b.Stage", "uid_1")
    predict = Predict("v", LinearScorer(np.ones((1, 2)), np.zeros(1)), head, prediction="p")
    schema = pa.schema([pa.field("v", pa.list_(pa.float64(), 2))])
    program = make_program([Step(predict, stage), Step(DeclareColumn("p"), stage)], schema, Lowering(Reference.of_version("3.5.7"), "numpy", "cpu"))
    assert program.outputs[1].attributes is None
    assert program.exact == exact
