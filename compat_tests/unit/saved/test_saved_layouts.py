"""The layouts in which Spark and others save models."""

from __future__ import annotations

import bz2
import gzip
import json
import struct
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from build_saved import INDEXER, LABELS, PIPELINE, metadata, write_metadata, write_pipeline, write_stage, write_table

from mabridge.errors import MalformedModelError, MissingModelError
from mabridge.saved import read_saved

DATA = Path(__file__).parent / "data"


def test_stage_of_spark_2_4_is_read_as_it_was_saved() -> None:
    stage = read_saved(DATA / "string_indexer_2.4.4")
    assert (stage.class_name, stage.uid, stage.spark_version, stage.location) == (INDEXER, "myStringIndexerModel", "2.4.4", "")
    assert stage.params == {"inputCol": "myInputCol", "outputCol": "myOutputCol", "handleInvalid": "skip"}
    assert stage.defaults == {"outputCol": "myStringIndexerModel__output", "handleInvalid": "error"}
    assert stage.children == ()
    table = stage.table()
    assert table.schema == pa.schema([("labels", pa.list_(pa.field("element", pa.string())))])
    assert table.num_rows == 1


def test_pipeline_of_spark_2_1_has_no_saved_defaults() -> None:
    pipeline = read_saved(str(DATA / "string_indexer_pipeline_2.1.0"))
    (stage,) = pipeline.children
    assert pipeline.class_name == PIPELINE
    assert (stage.uid, stage.location, stage.defaults) == ("strIdx_6416467d71b1", "stages[0]", {})
    assert stage.path == f"{DATA / 'string_indexer_pipeline_2.1.0'}/stages/0_strIdx_6416467d71b1"
    assert stage.table(columns=["labels"]).to_pylist() == [{"labels": ["a", "c", "b"]}]


def test_forest_of_spark_2_4_keeps_its_trees_in_two_tables() -> None:
    stage = read_saved(DATA / "random_forest_2.4.7")
    assert stage.metadata["numTrees"] == 2
    assert stage.table("treesMetadata").column("treeID").to_pylist() == [0, 1]
    nodes = stage.table("data", columns=["treeID", "nodeData"])
    assert set(nodes.column("treeID").to_pylist()) == {0, 1}
    assert stage.table("data", columns=["treeID"]).column_names == ["treeID"]
    assert stage.has("treesMetadata")
    assert not stage.has("bestModel")


def test_stages_come_in_the_order_of_their_uids_whatever_the_folders_say(tmp_path: Path) -> None:
    uids = [f"uid{position}" for position in range(12)]
    write_pipeline(tmp_path, uids)
    write_stage(tmp_path / "stages" / "0_stray", "stray")
    write_stage(tmp_path / "stages" / "12_uid0", "stray2")
    stages = read_saved(tmp_path).children
    assert [stage.uid for stage in stages] == uids
    assert [stage.location for stage in stages] == [f"stages[{position}]" for position in range(12)]
    assert stages[3].path.endswith("stages/03_uid3")


def test_uid_without_a_folder_is_refused_with_what_is_there(tmp_path: Path) -> None:
    write_pipeline(tmp_path, ["a", "b"])
    (tmp_path / "stages" / "1_b").rename(tmp_path / "stages" / "1_c")
    with pytest.raises(
        MalformedModelError, match=r"stages/1_b: the stage's folder is missing, though the model names it\. The folder above it holds 0_a, 1_c\."
    ):
        read_saved(tmp_path)


def test_stage_without_metadata_is_refused(tmp_path: Path) -> None:
    write_pipeline(tmp_path, ["a"])
    (tmp_path / "stages" / "0_a" / "metadata").rename(tmp_path / "stages" / "0_a" / "other")
    with pytest.raises(MalformedModelError, match="stages/0_a: the stage has no `metadata`"):
        read_saved(tmp_path)


def test_pipeline_of_python_stages_is_read_likewise(tmp_path: Path) -> None:
    write_pipeline(tmp_path, ["a", "b"], "pyspark.ml.pipeline.PipelineModel", language="Python")
    pipeline = read_saved(tmp_path)
    assert pipeline.class_name == "pyspark.ml.pipeline.PipelineModel"
    assert [stage.uid for stage in pipeline.children] == ["a", "b"]


def test_nested_pipelines_and_models_have_locations(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata("org.apache.spark.ml.tuning.CrossValidatorModel", "cv"))
    write_pipeline(tmp_path / "bestModel", ["a"])
    write_metadata(tmp_path / "bestModel", metadata(PIPELINE, "p", {"stageUids": ["inner"]}))
    write_pipeline(tmp_path / "bestModel" / "stages" / "0_inner", ["x"])
    stage = read_saved(tmp_path)
    best = stage.child("bestModel")
    assert (stage.location, best.location) == ("", "bestModel")
    assert best.children[0].location == "bestModel.stages[0]"
    assert best.children[0].children[0].location == "bestModel.stages[0].stages[0]"
    assert stage.names() == ("bestModel", "metadata")
    with pytest.raises(MalformedModelError, match="model_0: the stage's folder is missing"):
        stage.child("model_0")


@pytest.mark.parametrize("name", ["../other", "/etc", "a/../../b", "a\\b", "C:x"])
def test_names_that_leave_the_stage_are_refused(tmp_path: Path, name: str) -> None:
    write_stage(tmp_path, "a")
    with pytest.raises(MalformedModelError, match="leaves the stage's folder"):
        read_saved(tmp_path).table(name)


def test_pipeline_without_stages_is_read(tmp_path: Path) -> None:
    write_pipeline(tmp_path, [])
    assert read_saved(tmp_path).children == ()


def test_pipeline_without_stage_uids_is_refused(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata(PIPELINE, "p"))
    with pytest.raises(MalformedModelError, match="lacks `stageUids`"):
        read_saved(tmp_path)


@pytest.mark.parametrize("uids", ['["../../x"]', '["a/b"]', '["a\\u0000"]', "[1]", '"a"', '[".."]', '["\\u001b[2J"]'])
def test_uids_that_are_no_folder_names_are_refused(tmp_path: Path, uids: str) -> None:
    write_metadata(tmp_path, json.dumps(metadata(PIPELINE, "p", {"stageUids": "X"})).replace('"X"', uids))
    with pytest.raises(MalformedModelError, match="`stageUids` is not a list of uids"):
        read_saved(tmp_path)


def test_metadata_of_spark_4_has_another_file_name(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata(INDEXER, "a"), "part-00000-c3f37958-0e11-4058-af6b-eb4e328f0b33-c000.txt")
    assert read_saved(tmp_path).uid == "a"


def test_empty_metadata_parts_are_passed_over(tmp_path: Path) -> None:
    write_metadata(tmp_path, b"", "part-00000")
    write_metadata(tmp_path, metadata(INDEXER, "a"), "part-00001")
    write_metadata(tmp_path, b"\n", "part-00002")
    (tmp_path / "metadata" / "_SUCCESS").unlink()
    (tmp_path / "metadata" / ".part-00001.crc").write_bytes(b"crc")
    (tmp_path / "metadata" / "_committed_123").write_bytes(b"{}")
    assert read_saved(tmp_path).uid == "a"


def test_only_the_first_line_of_metadata_counts_as_in_spark(tmp_path: Path) -> None:
    write_metadata(tmp_path, json.dumps(metadata(INDEXER, "a")) + "\nnot JSON")
    assert read_saved(tmp_path).uid == "a"


def test_two_different_metadata_parts_are_refused(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata(INDEXER, "a"), "part-00000")
    write_metadata(tmp_path, metadata(INDEXER, "b"), "part-00001")
    with pytest.raises(MalformedModelError, match="part-00000 and part-00001 hold different metadata"):
        read_saved(tmp_path)


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".deflate", zlib.compress), (".bz2", bz2.compress)])
def test_compressed_metadata_is_read(tmp_path: Path, suffix: str, pack: object) -> None:
    assert callable(pack)
    packed = pack(json.dumps(metadata(INDEXER, "a")).encode())
    write_metadata(tmp_path, packed, f"part-00000{suffix}")
    assert read_saved(tmp_path).uid == "a"
    write_metadata(tmp_path, packed[:-9], f"part-00000{suffix}")
    with pytest.raises(MalformedModelError, match=r"the compressed metadata is (truncated|damaged)"):
        read_saved(tmp_path)


def test_metadata_compressed_as_snappy_is_refused_by_name(tmp_path: Path) -> None:
    write_metadata(tmp_path, b"\x00", "part-00000.snappy")
    with pytest.raises(MalformedModelError, match=r"compressed as \.snappy"):
        read_saved(tmp_path)


def test_local_saving_mode_of_spark_4_1_is_told_apart(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata(PIPELINE, "p", {"stageUids": ["a"]}))
    stage = tmp_path / "stages" / "0_a"
    stage.mkdir(parents=True)
    (stage / "metadata").write_text(json.dumps(metadata(INDEXER, "a")))
    (stage / "data").write_bytes(b"\x00\x00\x00\x01\x00\x00\x00\x03")
    (child,) = read_saved(tmp_path).children
    assert child.uid == "a"
    with pytest.raises(
        MalformedModelError, match=r"stages/0_a/data: it is a file of Spark's local saving mode .* save the model with `model.write\(\).save\(path\)`"
    ):
        child.table()


def test_mlflow_model_leads_to_its_spark_model(tmp_path: Path) -> None:
    write_pipeline(tmp_path / "sparkml", ["a"])
    (tmp_path / "MLmodel").write_text(
        "artifact_path: model\nflavors:\n  python_function:\n    data: sparkml\n    env:\n      conda: conda.yaml\n    loader_module: mlflow.spark\n"
        "  spark:\n    code: null\n    model_data: sparkml\n    pyspark_version: 3.5.7\nmodel_uuid: x\nsaved_input_example_info: null\n"
    )
    pipeline = read_saved(tmp_path)
    assert pipeline.uid == "pipeline_1"
    assert pipeline.path == f"{tmp_path}/sparkml"


def test_mlflow_model_of_another_flavor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  sklearn:\n    pickled_model: model.pkl\n")
    with pytest.raises(MissingModelError, match="has no flavor `spark`; its flavors: python_function, sklearn"):
        read_saved(tmp_path)


def test_mlflow_path_that_leaves_the_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors:\n  spark:\n    model_data: ../../elsewhere\n")
    with pytest.raises(MalformedModelError, match="which leaves the model's folder"):
        read_saved(tmp_path)


def test_parts_of_a_table_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    write_table(tmp_path / "data", *(pa.table({"id": [position, position + 10]}) for position in range(11)))
    for name in ("_metadata", "_common_metadata", "_committed_1", "_started_1", ".part-00000.crc", "_SUCCESS"):
        (tmp_path / "data" / name).write_bytes(b"junk")
    assert read_saved(tmp_path).table().column("id").to_pylist() == [value for position in range(11) for value in (position, position + 10)]


def test_columns_may_have_dots_in_their_names(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=pa.table({"a.b": [1.0], "a": [2.0], "c": pa.array([{"d": 1}])}))
    assert read_saved(tmp_path).table(columns=["a.b"]).to_pydict() == {"a.b": [1.0]}
    assert read_saved(tmp_path).table(columns=["c", "a"]).to_pydict() == {"c": [{"d": 1}], "a": [2.0]}


def test_missing_column_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    write_stage(tmp_path, "a")
    with pytest.raises(MalformedModelError, match=r"data/part-00000.*: the column `labels` is missing; it has labelsArray\."):
        read_saved(tmp_path).table(columns=["labels"])


def test_parts_of_different_columns_are_refused(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    write_table(tmp_path / "data", LABELS, pa.table({"x": [1]}))
    with pytest.raises(MalformedModelError, match=r"part-00001.*its columns differ from those of the folder's first part file"):
        read_saved(tmp_path).table()


def test_missing_data_folder_is_refused(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    with pytest.raises(MalformedModelError, match=r"/data: the folder is missing; the save is incomplete\."):
        read_saved(tmp_path).table()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "_SUCCESS").touch()
    with pytest.raises(MalformedModelError, match=r"/data: the folder holds no parquet file; the save is incomplete\."):
        read_saved(tmp_path).table()


def test_data_that_is_not_parquet_is_refused_and_can_be_read_as_bytes(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "XGBoostClassificationModel").write_bytes(b"booster")
    stage = read_saved(tmp_path)
    with pytest.raises(MalformedModelError, match="this one also holds XGBoostClassificationModel"):
        stage.table()
    assert stage.read_bytes("data/XGBoostClassificationModel") == b"booster"
    with pytest.raises(MalformedModelError, match="the file holds 7 bytes, and at most 6 are read"):
        stage.read_bytes("data/XGBoostClassificationModel", limit=6)


@pytest.mark.parametrize("keep", [0, 3, 11, 200, -1, -9])
def test_truncated_parquet_is_refused(tmp_path: Path, keep: int) -> None:
    write_stage(tmp_path, "a")
    (part,) = (tmp_path / "data").glob("*.parquet")
    part.write_bytes(part.read_bytes()[:keep])
    with pytest.raises(MalformedModelError, match=r"data/part-00000-abc-c000\.snappy\.parquet: .*(truncated|expected)"):
        read_saved(tmp_path).table()


def test_changed_bytes_of_a_page_are_seen_where_it_has_a_checksum(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    (tmp_path / "data").mkdir()
    part = tmp_path / "data" / "part-0.parquet"
    pq.write_table(pa.table({"x": [1.0, 2.0, 3.0]}), part, write_page_checksum=True, use_dictionary=False, compression="none")
    content = bytearray(part.read_bytes())
    content[content.index(struct.pack("<3d", 1.0, 2.0, 3.0))] ^= 1
    part.write_bytes(content)
    with pytest.raises(MalformedModelError, match="damaged"):
        read_saved(tmp_path).table()


def test_pointer_of_a_large_file_store_is_named(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n"
    write_stage(tmp_path, "a")
    (part,) = (tmp_path / "data").glob("*.parquet")
    part.write_bytes(pointer)
    with pytest.raises(MalformedModelError, match="a pointer of git-LFS"):
        read_saved(tmp_path).table()
    write_metadata(tmp_path, pointer)
    with pytest.raises(MalformedModelError, match="metadata: it is a pointer of git-LFS"):
        read_saved(tmp_path)


def test_bare_mllib_model_is_told_apart(tmp_path: Path) -> None:
    write_metadata(tmp_path, '{"class":"org.apache.spark.mllib.classification.NaiveBayesModel","version":"2.0","numFeatures":4}')
    with pytest.raises(MissingModelError, match=r"older API spark\.mllib"):
        read_saved(tmp_path)


def test_whatever_else_a_folder_holds_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="the folder is empty"):
        read_saved(tmp_path)
    write_table(tmp_path / "table", LABELS)
    with pytest.raises(MissingModelError, match="it holds parquet files"):
        read_saved(tmp_path / "table")
    write_stage(tmp_path / "inner", "a")
    with pytest.raises(MissingModelError, match="it has no `metadata`, but `inner` below it has; give that folder"):
        read_saved(tmp_path)
    with pytest.raises(MissingModelError, match=r"nowhere: there is no such file or folder\."):
        read_saved(tmp_path / "nowhere")
    with pytest.raises(MissingModelError, match="not a path"):
        read_saved("")


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"", "an empty file"), (b"\x80\x04\x95", "a Python pickle"), (b"\x1f\x8b\x08", "a gzip file"), (b"PAR1", "a parquet file"), (b"hello", "unknown kind")],
)
def test_file_that_is_no_model_is_named(tmp_path: Path, head: bytes, name: str) -> None:
    (tmp_path / "model").write_bytes(head)
    with pytest.raises(MissingModelError, match=f"{name}.*, not a saved Spark model"):
        read_saved(tmp_path / "model")
