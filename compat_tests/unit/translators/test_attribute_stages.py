"""Stages that live on ML attributes, in layouts that Spark 3.5 does not write: hand-made saves of Spark 2.x."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mabridge
from mabridge.errors import InvalidInputError, InvalidRowError, MalformedModelError, UnsupportedPipelineError
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import DoubleType

PACKAGE = "org.apache.spark.ml."
ENCODER = f"{PACKAGE}feature.OneHotEncoder"

#: A stage's class, uid, params and data table.
Saved = tuple[str, str, dict[str, Any], pa.Table | None]


def save(folder: Path, saved: Saved, version: str) -> Path:
    """A stage without defaultParamMap, as Spark before 2.4 saves it."""
    name, uid, params, table = saved
    (folder / "metadata").mkdir(parents=True)
    entry = {"class": name, "timestamp": 1, "sparkVersion": version, "uid": uid, "paramMap": params}
    (folder / "metadata" / "part-00000").write_text(json.dumps(entry), encoding="utf-8")
    if table is not None:
        (folder / "data").mkdir()
        pq.write_table(table, folder / "data" / "part-00000-abc.snappy.parquet")
    return folder


def save_pipeline(folder: Path, stages: Sequence[Saved], version: str) -> Path:
    save(folder, (f"{PACKAGE}PipelineModel", "pipe_1", {"stageUids": [uid for _, uid, _, _ in stages]}, None), version)
    for place, stage in enumerate(stages):
        save(folder / "stages" / f"{place}_{stage[1]}", stage, version)
    return folder


def indexer(uid: str, source: str, target: str, labels: list[str], **params: Any) -> Saved:
    table = pa.table({"labels": pa.array([labels], pa.list_(pa.string()))})
    return f"{PACKAGE}feature.StringIndexerModel", uid, {"inputCol": source, "outputCol": target, **params}, table


def encoder(source: str, target: str, **params: Any) -> Saved:
    return ENCODER, f"oneHot_{target}", {"inputCol": source, "outputCol": target, **params}, None


def indices(values: Sequence[float | None], attribute: Mapping[str, Any] | None) -> pa.Table:
    metadata = {} if attribute is None else {"ml_attr": dict(attribute)}
    schema = pa.schema([pa.field("i", pa.float64())], metadata={ROW_METADATA: row_metadata([("i", DoubleType())], [metadata])})
    return pa.table([pa.array(values, pa.float64())], schema=schema)


def vectors(table: pa.Table, name: str) -> list[tuple[int, list[int], list[float]] | list[float] | None]:
    """Sparse rows as (size, indices, values), dense ones as their values."""
    found = table[name].to_pylist()
    return [None if row is None else (row["size"], row["indices"], row["values"]) if row["type"] == 0 else row["values"] for row in found]


def attributes(table: pa.Table, name: str) -> Any:
    fields = json.loads(table.schema.metadata[ROW_METADATA])["fields"]
    return next(field["metadata"] for field in fields if field["name"] == name)


THREE = {"type": "nominal", "vals": ["a", "b", "c"]}


def test_the_old_encoder_takes_its_size_from_the_column_and_zeroes_what_lies_behind(tmp_path: Path) -> None:
    model = mabridge.convert(save(tmp_path / "m", encoder("i", "v"), "2.2.0"))
    found = model.transform(indices([0.0, 1.9, 2.0, 3.0, 99.0, float("nan"), None, -0.5], THREE))
    assert vectors(found, "v") == [(2, [0], [1.0]), (2, [1], [1.0]), (2, [], []), (2, [], []), (2, [], []), (2, [], []), None, (2, [0], [1.0])]
    assert attributes(found, "v") == {"ml_attr": {"attrs": {"binary": [{"idx": 0, "name": "a"}, {"idx": 1, "name": "b"}]}, "num_attrs": 2}}


def test_the_old_encoder_keeps_the_last_category_where_it_is_told_to(tmp_path: Path) -> None:
    model = mabridge.convert(save(tmp_path / "m", encoder("i", "v", dropLast=False), "2.4.4"))
    assert vectors(model.transform(indices([2.0, 3.0], {"type": "nominal", "num_vals": 3})), "v") == [(3, [2], [1.0]), (3, [], [])]
    assert vectors(model.transform(indices([1.0], {"type": "binary"})), "v") == [(2, [1], [1.0])]


def test_the_old_encoder_refuses_a_negative_index(tmp_path: Path) -> None:
    model = mabridge.convert(save(tmp_path / "m", encoder("i", "v"), "2.2.0"))
    with pytest.raises(InvalidRowError, match="negative"):
        model.transform(indices([0.0, -1.0], THREE))


@pytest.mark.parametrize("attribute", [None, {"type": "nominal"}, {"type": "numeric"}, {}, {"type": "nominal", "vals": ["a"]}], ids=str)
def test_the_old_encoder_refuses_a_column_that_does_not_say_how_many_categories_it_has(tmp_path: Path, attribute: Mapping[str, Any] | None) -> None:
    model = mabridge.convert(save(tmp_path / "m", encoder("i", "v"), "2.2.0"))
    with pytest.raises(InvalidInputError, match="`i`"):
        model.transform(indices([0.0], attribute))


def test_an_unfitted_encoder_of_spark_3_is_refused_by_name(tmp_path: Path) -> None:
    folder = save(tmp_path / "m", (ENCODER, "oneHot_1", {"inputCols": ["i"], "outputCols": ["v"], "handleInvalid": "keep"}, None), "3.5.7")
    with pytest.raises(UnsupportedPipelineError, match="not fitted"):
        mabridge.convert(folder)


def test_the_old_encoder_reads_the_labels_of_the_indexer_before_it(tmp_path: Path) -> None:
    stages = [indexer("strIdx_1", "s", "i", ["x", "y", "z"], handleInvalid="keep"), encoder("i", "v")]
    model = mabridge.convert(save_pipeline(tmp_path / "m", stages, "2.2.1"))
    found = model.transform(pa.table({"s": ["y", "z", None]}))
    assert vectors(found, "v") == [(3, [1], [1.0]), (3, [2], [1.0]), (3, [], [])]
    names = [entry["name"] for entry in attributes(found, "v")["ml_attr"]["attrs"]["binary"]]
    assert names == ["x", "y", "z"]


def formula(tmp_path: Path, version: str, label: str = "y") -> Path:
    """`y ~ s + a` as Spark 2.0 to 2.2 saves it: the pipeline holds the old encoder."""
    table = pa.table({"label": [label], "terms": pa.array([[["s"], ["a"]]], pa.list_(pa.list_(pa.string()))), "hasIntercept": [True]})
    params = {"formula": "y ~ s + a", "featuresCol": "features", "labelCol": "label"}
    folder = save(tmp_path / "m", (f"{PACKAGE}feature.RFormulaModel", "rFormula_1", params, table), version)
    prefixes = pa.array([[("stridx_1_", "s_"), ("onehot_1_", "s_")]], pa.map_(pa.string(), pa.string()))
    stages: list[Saved] = [
        indexer("strIdx_1", "s", "stridx_1", ["p", "q", "r"]),
        encoder("stridx_1", "onehot_1"),
        (f"{PACKAGE}feature.VectorAssembler", "vecAssembler_1", {"inputCols": ["onehot_1", "a"], "outputCol": "features"}, None),
        (f"{PACKAGE}feature.VectorAttributeRewriter", "rewriter_1", {}, pa.table({"vectorCol": ["features"], "prefixesToRewrite": prefixes})),
        (f"{PACKAGE}feature.ColumnPruner", "pruner_1", {}, pa.table({"columnsToPrune": pa.array([["stridx_1", "onehot_1"]], pa.list_(pa.string()))})),
    ]
    save_pipeline(folder / "pipelineModel", stages, version)
    return folder


@pytest.mark.parametrize("version", ["2.0.2", "2.1.0", "2.2.3"])
def test_a_formula_of_spark_2_holds_the_old_encoder(tmp_path: Path, version: str) -> None:
    model = mabridge.convert(formula(tmp_path, version))
    found = model.transform(pa.table({"y": [1, 0], "s": ["q", "r"], "a": [2.5, 0.0]}))
    assert found.column_names == ["y", "s", "a", "features", "label"]
    assert vectors(found, "features") == [[0.0, 1.0, 2.5], (3, [], [])]
    assert found["label"].to_pylist() == [1.0, 0.0]
    assert attributes(found, "features") == {
        "ml_attr": {"attrs": {"numeric": [{"idx": 2, "name": "a"}], "binary": [{"idx": 0, "name": "s_p"}, {"idx": 1, "name": "s_q"}]}, "num_attrs": 3}
    }


def test_a_formula_does_without_its_label(tmp_path: Path) -> None:
    model = mabridge.convert(formula(tmp_path, "2.2.3"))
    assert model.transform(pa.table({"s": ["q"], "a": [2.5]})).column_names == ["s", "a", "features"]
    assert [column.name for column in model.input_schema] == ["s", "a"]


def test_a_formula_without_its_pipeline_is_malformed(tmp_path: Path) -> None:
    folder = formula(tmp_path, "2.2.3")
    (folder / "pipelineModel").rename(folder / "elsewhere")
    with pytest.raises(MalformedModelError, match="pipelineModel"):
        mabridge.convert(folder)


def test_a_vector_indexer_of_spark_2_0_has_no_handle_invalid_and_refuses(tmp_path: Path) -> None:
    maps = pa.array([[(0, [(0.0, 0), (5.0, 1)])]], pa.map_(pa.int32(), pa.map_(pa.float64(), pa.int32())))
    table = pa.table({"numFeatures": pa.array([2], pa.int32()), "categoryMaps": maps})
    saved = (f"{PACKAGE}feature.VectorIndexerModel", "vecIdx_1", {"inputCol": "u", "outputCol": "v", "maxCategories": 4}, table)
    model = mabridge.convert(save(tmp_path / "m", saved, "2.0.2"))
    rows = pa.array([[5.0, 7.0], [0.0, 1.0]], pa.list_(pa.float64(), 2))
    assert vectors(model.transform(pa.table({"u": rows})), "v") == [[1.0, 7.0], [0.0, 1.0]]
    with pytest.raises(InvalidRowError, match=r"feature 0 has the value 6\.0"):
        model.transform(pa.table({"u": pa.array([[6.0, 7.0]], pa.list_(pa.float64(), 2))}))


def test_every_stage_comes_back_from_a_converted_model(tmp_path: Path) -> None:
    model = mabridge.convert(formula(tmp_path, "2.2.3"), tmp_path / "converted")
    data = pa.table({"y": [1, 0], "s": ["q", "r"], "a": [2.5, 0.0]})
    again = mabridge.load(tmp_path / "converted").transform(data)
    assert again.equals(model.transform(data), check_metadata=True)
