"""Text stages as Spark 2.x saved them, written by hand, and what Spark 3.5.7 answers when it loads them.

`python -m compat_tests.unit.translators.old_text_stages` records the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from compat_tests.unit.saved.build_saved import metadata, write_metadata, write_table
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import VectorType

FEATURE = "org.apache.spark.ml.feature."
VECTOR = pa.struct(
    [
        pa.field("type", pa.int8(), nullable=False),
        pa.field("size", pa.int32()),
        pa.field("indices", pa.list_(pa.field("element", pa.int32(), nullable=False))),
        pa.field("values", pa.list_(pa.field("element", pa.float64(), nullable=False))),
    ]
)
WORDS = [["a", "abcd", "abcde", "é", "日本語", "😀x", ""], [], ["a", "a", None], ["spark", "hashing", "tf", "The"]]
VECTORS = [{"type": 1, "size": None, "indices": None, "values": [1.0, 2.0, 0.0]}, {"type": 0, "size": 3, "indices": [2], "values": [4.0]}]

#: What Spark 3.5.7 answered.
ANSWERS = Path(__file__).parent / "old_text_stages.json"

Tables = dict[str, list[pa.Table]]


def _stage(name: str, version: str, params: dict[str, Any], tables: Callable[[], Tables] = dict) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        content = metadata(FEATURE + name, f"{name}_old", {"inputCol": "w", "outputCol": "v", **params}, sparkVersion=version)
        # Before 2.4 there were no saved defaults; from then on Spark wants them.
        del content["defaultParamMap"]
        if version >= "2.4":
            content["defaultParamMap"] = {}
        write_metadata(folder, content)
        for table, parts in tables().items():
            write_table(folder / table, *parts)
        return folder

    return write


def _word_vectors_21() -> Tables:
    index = pa.array([[("The", 2), ("a", 1), ("spark", 0)]], pa.map_(pa.string(), pa.int32()))
    vectors = pa.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]], pa.list_(pa.field("element", pa.float32(), nullable=False)))
    return {"data": [pa.table({"wordIndex": index, "wordVectors": vectors})]}


def _word_vectors_22() -> Tables:
    def part(words: list[str], vectors: list[list[float]]) -> pa.Table:
        numbers = pa.array(vectors, pa.list_(pa.field("element", pa.float32(), nullable=False)))
        return pa.table({"word": pa.array(words, pa.string()), "vector": numbers})

    return {"data": [part(["spark"], [[0.1, 0.2]]), part([], []), part(["a", "The"], [[0.3, 0.4], [0.5, 0.6]])]}


def _weights_24() -> Tables:
    table = pa.table({"idf": pa.array([{"type": 1, "values": [0.5, -1.0, 3.0]}], VECTOR)})
    return {"data": [table.replace_schema_metadata({ROW_METADATA: row_metadata([("idf", VectorType())])})]}


#: name -> (writer, whether the input is the words)
OLD: dict[str, tuple[Callable[[Path], Path], bool]] = {
    "hashing_tf_2.0": (_stage("HashingTF", "2.0.0", {}), True),
    "hashing_tf_2.4_binary": (_stage("HashingTF", "2.4.4", {"binary": True, "numFeatures": 1000}), True),
    "count_vectorizer_2.1": (
        _stage("CountVectorizerModel", "2.1.0", {}, lambda: {"data": [pa.table({"vocabulary": pa.array([["a", "tf", "é"]], pa.list_(pa.string()))})]}),
        True,
    ),
    "idf_2.4": (
        _stage("IDFModel", "2.4.0", {"minDocFreq": 1}, _weights_24),
        False,
    ),
    "word2vec_2.1": (_stage("Word2VecModel", "2.1.0", {"vectorSize": 2, "windowSize": 5}, _word_vectors_21), True),
    "word2vec_2.2_in_three_parts": (_stage("Word2VecModel", "2.2.0", {"vectorSize": 2}, _word_vectors_22), True),
    "stop_words_2.3": (_stage("StopWordsRemover", "2.3.0", {"stopWords": ["the", "A"]}), True),
    "n_gram_2.0": (_stage("NGram", "2.0.0", {}), True),
}


def rows(*, words: bool) -> pa.Table:
    return pa.table({"w": pa.array(WORDS, pa.list_(pa.string())) if words else pa.array(VECTORS, VECTOR)})


def spark_answers(spark: Any, scratch: Path) -> dict[str, Any]:
    """What a live Spark answers, as `plain` values."""
    from pyspark.sql import DataFrame

    found = {}
    for name, (write, words) in OLD.items():
        folder, data = write(scratch / name), scratch / f"{name}.parquet"
        table = rows(words=words)
        if not words:
            # Spark's own schema makes vectors of the structs.
            table = table.replace_schema_metadata({ROW_METADATA: row_metadata([("w", VectorType())])})
        pq.write_table(table, data)
        model = spark._jvm.org.apache.spark.ml.util.DefaultParamsReader.loadParamsInstance(str(folder), spark._jsc.sc())
        output = DataFrame(model.transform(spark.read.parquet(str(data)).coalesce(1)._jdf), spark)
        output.coalesce(1).write.parquet(str(scratch / f"{name}_out"))
        (part,) = (scratch / f"{name}_out").glob("part-*.parquet")
        found[name] = plain(pq.read_table(part).column("v").to_pylist())
    return found


def plain(value: Any) -> Any:
    """A value that compares by bits: doubles as their repr."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return repr(float(value)) if isinstance(value, (float, np.floating)) else value


def main() -> None:
    """Record."""
    import json
    import tempfile

    from compat_tests.record.session import spark_session

    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as spark:
        ANSWERS.write_text(json.dumps(spark_answers(spark, Path(scratch)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
