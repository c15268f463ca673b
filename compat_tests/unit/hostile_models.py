"""Saved models made to harm whoever converts them, and large ones that must work; each is written by one function into a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from compat_tests.unit.saved.build_saved import metadata, write_metadata, write_stage, write_table, zip_folder
from compat_tests.unit.saved.hostile_parquet import RLE_DICTIONARY, int_entry, page, parquet, repeated, text_entry

ML = "org.apache.spark.ml"
INDEXER, ENCODER = f"{ML}.feature.StringIndexerModel", f"{ML}.feature.OneHotEncoderModel"
SCALER, MIN_MAX = f"{ML}.feature.StandardScalerModel", f"{ML}.feature.MinMaxScalerModel"
BUCKETIZER, ASSEMBLER, IMPUTER = f"{ML}.feature.Bucketizer", f"{ML}.feature.VectorAssembler", f"{ML}.feature.ImputerModel"
LOGISTIC, TREE = f"{ML}.classification.LogisticRegressionModel", f"{ML}.regression.DecisionTreeRegressionModel"
FOREST = f"{ML}.regression.RandomForestRegressionModel"

VECTOR = pa.struct([("type", pa.int8()), ("size", pa.int32()), ("indices", pa.list_(pa.int32())), ("values", pa.list_(pa.float64()))])
MATRIX = pa.struct(
    [
        ("type", pa.int8()),
        ("numRows", pa.int32()),
        ("numCols", pa.int32()),
        ("colPtrs", pa.list_(pa.int32())),
        ("rowIndices", pa.list_(pa.int32())),
        ("values", pa.list_(pa.float64())),
        ("isTransposed", pa.bool_()),
    ]
)


def stage(folder: Path, class_name: str, params: dict[str, Any], table: pa.Table | None = None, **more: Any) -> None:
    """A stage with no defaults of its own."""
    write_metadata(folder, {**metadata(class_name, "uid1", params), "defaultParamMap": {}, **more})
    if table is not None:
        write_table(folder / "data", table)


def one_column(class_name: str, table: pa.Table, **params: Any) -> Callable[[Path], None]:
    return lambda folder: stage(folder, class_name, {"inputCol": "x", "outputCol": "y", **params}, table)


def sparse(size: int | None, indices: list[int], values: list[float]) -> dict[str, Any]:
    return {"type": 0, "size": size, "indices": indices, "values": values}


def scaler(std: Any, mean: Any) -> Callable[[Path], None]:
    return one_column(SCALER, pa.table({"std": pa.array([std], VECTOR), "mean": pa.array([mean], VECTOR)}), withMean=True)


def min_max(size: int) -> Callable[[Path], None]:
    vector = pa.array([sparse(size, [0], [1.0])], VECTOR)
    return one_column(MIN_MAX, pa.table({"originalMin": vector, "originalMax": vector}))


def logistic(matrix: dict[str, Any], intercepts: Any, **params: Any) -> Callable[[Path], None]:
    table = pa.table(
        {
            "numClasses": pa.array([2], pa.int32()),
            "interceptVector": pa.array([intercepts], VECTOR),
            "coefficientMatrix": pa.array([{"isTransposed": True, **matrix}], MATRIX),
            "isMultinomial": [False],
        }
    )
    return lambda folder: stage(folder, LOGISTIC, params, table)


def dense(rows: int, columns: int, values: list[float]) -> dict[str, Any]:
    return {"type": 1, "numRows": rows, "numCols": columns, "values": values}


def encoder(size: Any, kind: pa.DataType | None = None) -> Callable[[Path], None]:
    return one_column(ENCODER, pa.table({"categorySizes": pa.array([[size]], pa.list_(kind or pa.int32()))}))


def indexer(labels: pa.Array) -> Callable[[Path], None]:
    lists = pa.ListArray.from_arrays(pa.array([0, len(labels)], pa.int32()), labels)
    table = pa.table({"labelsArray": pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), lists)})
    return one_column(INDEXER, table, handleInvalid="keep")


def nodes(left: Any, right: Any, *, feature: Any = None, categories: Any = None, bounds: pa.Array | None = None) -> pa.Table:
    """The node table of one tree; by default every inner node splits feature 0 at 0.5."""
    left, right = np.asarray(left, dtype=np.int32), np.asarray(right, dtype=np.int32)
    count = len(left)
    inner = left >= 0
    if bounds is None:
        offsets = np.concatenate([[0], np.cumsum(inner)]).astype(np.int32)
        bounds = pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.full(int(inner.sum()), 0.5)))
    split = pa.StructArray.from_arrays(
        [
            pa.array(np.where(inner, 0, -1) if feature is None else feature, pa.int32()),
            bounds,
            pa.array(np.full(count, -1) if categories is None else categories, pa.int32()),
        ],
        names=["featureIndex", "leftCategoriesOrThreshold", "numCategories"],
    )
    return pa.table(
        {
            "id": pa.array(np.arange(count), pa.int32()),
            "prediction": pa.array(np.arange(count, dtype=np.float64)),
            "leftChild": pa.array(left),
            "rightChild": pa.array(right),
            "split": split,
        }
    )


def tree(table: pa.Table, **more: Any) -> Callable[[Path], None]:
    return lambda folder: stage(folder, TREE, {}, table, **{"numFeatures": 3, **more})


def full_tree(depth: int) -> pa.Table:
    """A full binary tree in pre-order."""
    count = 2 ** (depth + 1) - 1
    left, right = np.full(count, -1), np.full(count, -1)
    level = np.array([0])
    for height in range(depth, 0, -1):
        left[level] = level + 1
        right[level] = level + 2**height
        level = np.concatenate([left[level], right[level]])
    return nodes(left, right)


def chain(length: int) -> pa.Table:
    """A tree that is one long branch: 0 has the leaf 1 and the child 2, 2 has 3 and 4, ..."""
    places = np.arange(2 * length + 1)
    inner = (places % 2 == 0) & (places < 2 * length)
    return nodes(np.where(inner, places + 1, -1), np.where(inner, places + 2, -1))


def linked_trees(folder: Path) -> None:
    """A forest whose treesMetadata lies outside."""
    table = nodes([1, -1, -1], [2, -1, -1])
    data = pa.table({"treeID": pa.array([0] * 3, pa.int32()), "nodeData": table.combine_chunks().to_struct_array().combine_chunks()})
    stage(folder, FOREST, {}, data, numFeatures=3, numTrees=1)
    outside = folder.parent / f"{folder.name}-outside"
    write_table(outside, pa.table({"treeID": pa.array([0], pa.int32()), "metadata": ["{}"], "weights": [1.0]}))
    (folder / "treesMetadata").symlink_to(outside)


def with_data(class_name: str, content: bytes, **params: Any) -> Callable[[Path], None]:
    """A stage whose data is the one file given."""

    def write(folder: Path) -> None:
        stage(folder, class_name, {"inputCol": "x", "outputCol": "y", **params})
        (folder / "data").mkdir()
        (folder / "data" / "part-00000.parquet").write_bytes(content)

    return write


def zipped(write: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same in a zip file under the folder's name."""

    def write_zip(folder: Path) -> None:
        inner = folder.with_name(f"{folder.name}-unpacked")
        write(inner)
        zip_folder(inner, folder)

    return write_zip


def zip_of(entries: dict[str, bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)

    return write


def text_metadata(text: bytes) -> Callable[[Path], None]:
    return lambda folder: write_metadata(folder, text)


def uids(*names: str) -> Callable[[Path], None]:
    return lambda folder: stage(folder, f"{ML}.PipelineModel", {"stageUids": list(names)})


def huge_page(count: int) -> bytes:
    return page(repeated(count), count, RLE_DICTIONARY)


def nested_zip(path: Path) -> None:
    inner = path.with_name(f"{path.name}-inner")
    zipped(lambda folder: write_stage(folder, "a"))(inner)
    zip_of({"model.zip": inner.read_bytes()})(path)


def damaged_zip(path: Path) -> None:
    zipped(tree(full_tree(10)))(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3] + bytes(100) + content[len(content) // 3 + 100 :])


#: What must be refused: name -> (write it, what the message says).
REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "brackets without end": (text_metadata(b"[" * 20_000_000), "JSON values"),
    "objects in objects": (text_metadata(b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000), "levels deep"),
    "a million-digit number": (text_metadata(b'{"class":' + b"9" * 1_000_000 + b"}"), "holds a number of 1000000 digits"),
    "a zip of blanks": (zip_of({"metadata/part-00000": b" " * (80 << 20)}), "claim to unpack to"),
    "a zip of brackets": (zip_of({"metadata/part-00000": b"[" * (20 << 20)}), "JSON values"),
    "a zip in a zip": (nested_zip, "it has no `metadata`"),
    "a pipeline of a million stages": (uids(*["a"] * 1_000_000), "missing, though the model names it"),
    "a uid that leaves the folder": (uids("../../etc"), "not a list of uids"),
    "a uid of dots": (uids(".."), "not a list of uids"),
    "a uid that is a root": (uids("/etc"), "not a list of uids"),
    "params that are a million": (lambda folder: stage(folder, ENCODER, {f"p{number}": number for number in range(1_000_000)}), "not known"),
    "a param that is a text of 50 megabytes": (lambda folder: stage(folder, BUCKETIZER, {"handleInvalid": "x" * 50_000_000}), "is not supported"),
    "a param that is a list of three million": (lambda folder: stage(folder, BUCKETIZER, {"inputCol": [0] * 3_000_000}), "is not supported"),
    "splits that are NaN": (lambda folder: stage(folder, BUCKETIZER, {"inputCol": "x", "outputCol": "y", "splits": ["NaN"] * 5}), "ascending"),
    "a threshold that no double holds": (text_metadata(b'{"class":"x","uid":"u","sparkVersion":"3.5.7","paramMap":{"threshold":1e999}}'), "no double can hold"),
    "no categories at all": (encoder(0), "0 categories"),
    "categories below zero": (encoder(-5), "-5 categories"),
    "2^31 categories": (encoder(2**31, pa.int64()), "2147483648 categories"),
    "2^31 - 1 categories": (encoder(2**31 - 1), "2147483647 categories"),
    "NaN categories": (encoder(float("nan"), pa.float64()), "NaN"),
    "infinitely many categories": (encoder(float("inf"), pa.float64()), "infinity"),
    "a sparse vector of 2^31 - 1 entries": (min_max(2**31 - 1), "a vector claims 2,147,483,647 entries"),
    "a sparse vector of 2^27 entries": (min_max(2**27), "a vector claims 134,217,728 entries"),
    "a vector of a size below zero": (min_max(-1), "do not fit its size"),
    "a vector without a size": (scaler(sparse(None, [0], [1.0]), sparse(3, [0], [1.0])), "do not fit its size"),
    "a vector with an index outside": (scaler(sparse(3, [5], [1.0]), sparse(3, [0], [1.0])), "do not fit its size"),
    "a vector with an index below zero": (scaler(sparse(3, [-1], [1.0]), sparse(3, [0], [1.0])), "do not fit its size"),
    "a vector with more values than indices": (scaler(sparse(3, [0], [1.0, 2.0]), sparse(3, [0], [1.0])), "do not fit its size"),
    "a vector of no kind": (scaler({"type": 7, "size": 3, "indices": [0], "values": [1.0]}, sparse(3, [0], [1.0])), "do not fit its size"),
    "deviations of another size than the means": (scaler(sparse(4, [0], [1.0]), sparse(3, [0], [1.0])), "has values for"),
    "a matrix of 2^62 entries": (logistic(dense(2**31 - 1, 2**31 - 1, []), sparse(1, [], [])), "a matrix claims"),
    "a matrix of fewer than no rows": (logistic(dense(-1, -1, [1.0]), sparse(1, [], [])), "a matrix claims -1 x -1"),
    "a matrix with fewer values": (logistic(dense(1, 1_000_000, [1.0]), sparse(1, [], [])), "has 1 values"),
    "a sparse matrix of 2^27 entries": (
        logistic({"type": 0, "numRows": 1, "numCols": 2**27, "colPtrs": [0, 0], "rowIndices": [], "values": []}, sparse(1, [], [])),
        "a matrix claims",
    ),
    "a sparse matrix whose pointers run away": (
        logistic({"type": 0, "numRows": 1, "numCols": 9, "colPtrs": [0, 10**9], "rowIndices": [0], "values": [1.0]}, sparse(1, [], [])),
        "do not fit its values",
    ),
    "more intercepts than coefficients": (logistic(dense(1, 2, [1.0, 2.0]), sparse(1_000_000, [], [])), "intercepts"),
    "a tree that is its own child": (tree(nodes([0, -1], [1, -1])), "are not nodes behind it"),
    "a tree with a cycle": (tree(nodes([1, 0, -1], [2, 2, -1])), "are not nodes behind it"),
    "a tree with a child outside": (tree(nodes([1, -1, -1], [2**31 - 1, -1, -1])), "are not nodes behind it"),
    "a tree with one child": (tree(nodes([1, -1], [-1, -1])), "are not nodes behind it"),
    "a tree of half a million levels": (tree(chain(500_000)), "levels deep"),
    "a tree on a feature outside": (tree(nodes([1, -1, -1], [2, -1, -1], feature=[2**31 - 1, -1, -1])), "a feature that the model does not have"),
    "a tree on a feature below zero": (tree(nodes([1, -1, -1], [2, -1, -1], feature=[-9, -1, -1])), "a feature that the model does not have"),
    "a tree of a number of features below zero": (tree(nodes([1, -1, -1], [2, -1, -1]), numFeatures=-3), "a feature"),
    "a tree without nodes": (tree(nodes([], [])), "a part file may be missing"),
    "a tree that is a table of something else": (
        tree(pa.table({"id": pa.array([0], pa.int32()), "leftChild": ["a"], "rightChild": ["b"], "split": [1]})),
        "read",
    ),
    "trees with no weights": (lambda folder: stage(folder, FOREST, {}, pa.table({"treeID": [0], "nodeData": [1]}), numFeatures=1), "treesMetadata"),
    "tree weights behind a link": (linked_trees, "a symbolic link that leaves the folder"),
    "labels that are numbers": (one_column(INDEXER, pa.table({"labelsArray": [[[1, 2]]]})), "the labels are not texts"),
    "a table of a billion rows": (
        with_data(ENCODER, parquet("int32", huge_page(10**9), dictionary=int_entry(7), rows=10**9)),
        "claims more than 200000000 rows",
    ),
    "a table of a terabyte of text": (
        with_data(INDEXER, parquet("text", huge_page(10**6), dictionary=text_entry(b"a" * 10**6), rows=10**6)),
        "bytes of memory",
    ),
    "a table of two rows": (one_column(ENCODER, pa.table({"categorySizes": [[1], [2]]})), "row"),
    "a table of a thousand nulls": (one_column(ENCODER, pa.table({"categorySizes": pa.array([None], pa.list_(pa.int32()))})), "lacks `categorySizes`"),
    "a million nodes in a zip, damaged": (damaged_zip, "damaged"),
}


def ten_million_labels(folder: Path) -> None:
    """As Spark writes them: its dictionaries end at a megabyte, and what follows is plain."""
    indexer(pa.array(np.arange(10**7)).cast(pa.string()))(folder)
    for file in (folder / "data").glob("*.parquet"):
        pq.write_table(pq.read_table(file), file, use_dictionary=False)


#: What must work: name -> (write it, rows of data to predict with).
WORKING: dict[str, tuple[Callable[[Path], None], pa.Table]] = {
    "a tree of a million nodes": (tree(full_tree(19)), pa.table({"features": pa.array([sparse(3, [0], [1.0])] * 10, VECTOR)})),
    "a tree of a million nodes in a zip": (zipped(tree(full_tree(19))), pa.table({"features": pa.array([sparse(3, [0], [1.0])] * 10, VECTOR)})),
    "a million labels": (indexer(pa.array([f"label {number}" for number in range(10**6)])), pa.table({"x": ["label 5", "label 999999", "other", None]})),
    "ten million labels": (ten_million_labels, pa.table({"x": ["5", "9999999", "other", None]})),
    "ten million categories": (encoder(10**7), pa.table({"x": [0.0, 5.0, 9_999_998.0]})),
    "a split of a hundred thousand categories": (
        tree(
            nodes(
                [1, -1, -1],
                [2, -1, -1],
                categories=[200_000, -1, -1],
                bounds=pa.ListArray.from_arrays(pa.array([0, 100_000, 100_000, 100_000], pa.int32()), pa.array(np.arange(100_000.0))),
            )
        ),
        pa.table({"features": pa.array([sparse(3, [0], [1.0]), sparse(3, [0], [150_000.0])], VECTOR)}),
    ),
    "a scaler of two million features": (
        scaler(sparse(2**21, [0], [2.0]), sparse(2**21, [0], [1.0])),
        pa.table({"x": pa.array([sparse(2**21, [0], [3.0])], VECTOR)}),
    ),
    "a hundred stages in a zip": (zipped(lambda folder: pipeline_of_assemblers(folder, 100)), pa.table({"x": [1.0, 2.0]})),
}


def pipeline_of_assemblers(folder: Path, count: int) -> None:
    names = [f"a{number}" for number in range(count)]
    uids(*names)(folder)
    for number, name in enumerate(names):
        place = folder / "stages" / f"{number:0{len(str(count))}d}_{name}"
        stage(place, ASSEMBLER, {"inputCols": ["x"], "outputCol": f"v{number}"})


def write_rows(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path)
