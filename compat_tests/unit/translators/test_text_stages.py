"""Text stages: layouts of Spark 2.x, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from compat_tests.replay import CASES, spark_table
from compat_tests.unit.saved.build_saved import metadata, write_metadata
from compat_tests.unit.translators.old_text_stages import ANSWERS, FEATURE, OLD, plain, rows, spark_answers
from mabridge.errors import MalformedModelError, UnsupportedPipelineError
from mabridge.plan.ops import AverageWords, CountHashed, CountWords, JoinNeighbours, SplitText


def answer(folder: Path, *, words: bool) -> Any:
    out = mabridge.convert(folder).transform(rows(words=words))
    return plain(out.column("v").to_pylist())


@pytest.mark.parametrize("name", OLD)
def test_a_stage_saved_by_an_old_spark_answers_as_spark_3_5_7_does_with_it(name: str, tmp_path: Path) -> None:
    write, words = OLD[name]
    assert answer(write(tmp_path / name), words=words) == json.loads(ANSWERS.read_text(encoding="utf-8"))[name]


@pytest.mark.live
def test_the_recorded_answers_are_sparks(spark_session: Any, tmp_path: Path) -> None:
    assert spark_answers(spark_session, tmp_path) == json.loads(ANSWERS.read_text(encoding="utf-8"))


def _write(folder: Path, name: str, params: dict[str, Any], version: str = "3.5.7") -> Path:
    write_metadata(folder, metadata(FEATURE + name, "u", {"inputCol": "t", "outputCol": "w", **params}, sparkVersion=version, defaultParamMap={}))
    return folder


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (r"(\w)\1", r"a reference to a group, \1"),
        (r"\Gx", r"the end of the last match, \G"),
        (r"(?x) a", "the flag `x`"),
        (r"(?iU)a", "the flag `U`"),
        (r"(?i)\p{Lu}", r"the property `\p{Lu}` under the flag i"),
        (r"\p{InGreek}", r"the property `\p{InGreek}`"),
        (r"(a|)*", "a quantifier on what may match nothing"),
        (r"(?<=a+)b", "a lookbehind without an obvious greatest length"),
        (r"[a&&]", "an intersection with nothing"),
        (r"(a", "an unclosed group"),
        (r"[a", "an unclosed class"),
        (r"a{", "a `{` that begins no count"),
        (r"*a", "a dangling `*`"),
        (r"a)", "an unmatched closing parenthesis"),
        ("(" * 200 + ")" * 200, "groups nested more than 100 deep"),
        ("\\", "an end in the middle of a construct"),
    ],
)
def test_a_pattern_that_is_not_matched_as_java_does_is_refused_by_the_construct(pattern: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedPipelineError) as raised:
        mabridge.convert(_write(tmp_path, "RegexTokenizer", {"pattern": pattern}))
    assert f"it holds {named}" in str(raised.value)


def test_stop_words_left_at_a_default_that_was_not_saved_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedPipelineError, match=r"does not hold it\. Load it in Spark, set stopWords"):
        mabridge.convert(_write(tmp_path, "StopWordsRemover", {}, "2.3.0"))


@pytest.mark.parametrize(
    ("name", "params"),
    [("HashingTF", {"numFeatures": 0}), ("HashingTF", {"numFeatures": 2**31}), ("NGram", {"n": 0}), ("RegexTokenizer", {"minTokenLength": -1})],
)
def test_a_number_that_spark_does_not_accept_is_refused(name: str, params: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(MalformedModelError, match="Spark accepts"):
        mabridge.convert(_write(tmp_path, name, params))


@pytest.mark.parametrize("name", ["word2vec_2.1", "word2vec_2.2_in_three_parts"])
def test_word_vectors_of_another_size_than_the_param_says_are_refused(name: str, tmp_path: Path) -> None:
    folder = OLD[name][0](tmp_path / name)
    path = folder / "metadata/part-00000"
    path.write_text(path.read_text().replace('"vectorSize": 2', '"vectorSize": 3'))
    with pytest.raises(MalformedModelError, match="vector"):
        mabridge.convert(folder)


@pytest.mark.parametrize("case", ["regex_tokenizer/defaults", "stop_words_remover/several_columns", "n_gram/n_3", "feature_hasher/all_categorical"])
def test_a_converted_stage_is_stored_and_read_back(case: str, tmp_path: Path) -> None:
    folder = CASES / "feature" / case
    model = mabridge.convert(folder / "model", tmp_path / "bundle")
    table = spark_table(folder / "input.parquet")
    assert plain(mabridge.load(tmp_path / "bundle").transform(table).to_pylist()) == plain(model.transform(table).to_pylist())


@pytest.mark.parametrize("name", OLD)
def test_a_converted_old_stage_is_stored_and_read_back(name: str, tmp_path: Path) -> None:
    write, words = OLD[name]
    folder = write(tmp_path / name)
    mabridge.convert(folder, tmp_path / "bundle")
    assert plain(mabridge.load(tmp_path / "bundle").transform(rows(words=words)).column("v").to_pylist()) == answer(folder, words=words)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SplitText("t", "w", "(", True, True, 0),
        lambda: JoinNeighbours("w", "g", 0),
        lambda: CountHashed("w", "v", 0, False, "words"),
        lambda: CountWords("w", "v", pa.array(["a"]), 2, 1.0, False),
        lambda: AverageWords("w", "v", pa.array(["a"]), np.zeros((3, 2), dtype=np.float32)),
    ],
)
def test_an_op_that_contradicts_itself_cannot_be_made(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()
