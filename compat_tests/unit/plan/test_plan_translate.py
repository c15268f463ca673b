"""From a saved stage to steps: the closed world of params, nested pipelines, and all refusals together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compat_tests.plug_ins import write_stage
from mabridge.errors import MalformedModelError, UnsupportedPipelineError
from mabridge.plan import ops, translate
from mabridge.plan.op import Op, Step
from mabridge.plan.reference import Reference
from mabridge.saved import read_saved
from mabridge.sdk import Stage, Translator, parse_sql, saved_name

REFERENCE = Reference("3.5.7")
BUCKETIZER = "org.apache.spark.ml.feature.Bucketizer"
ASSEMBLER = "org.apache.spark.ml.feature.VectorAssembler"
PIPELINE = "org.apache.spark.ml.PipelineModel"
GOOD = {"inputCol": "x", "outputCol": "b", "splits": [0.0, 1.0, "Infinity"]}


def steps_of(folder: Path) -> tuple[Step, ...]:
    return translate.translate(read_saved(folder), REFERENCE)


def one(folder: Path, params: Mapping[str, Any], defaults: Mapping[str, Any] | None = None, spark_class: str = BUCKETIZER) -> Path:
    write_stage(folder, spark_class, "stage_1", params, {"handleInvalid": "error"} if defaults is None else defaults)
    return folder


def refusals(folder: Path) -> tuple[str, ...]:
    with pytest.raises(UnsupportedPipelineError) as caught:
        steps_of(folder)
    assert all(refusal in str(caught.value) for refusal in caught.value.refusals)
    return caught.value.refusals


def test_a_set_param_wins_over_the_saved_default(tmp_path: Path) -> None:
    (step,) = steps_of(one(tmp_path / "m", {**GOOD, "handleInvalid": "keep"}))
    assert isinstance(step.op, ops.Bucketize)
    assert step.op.keep_invalid


def test_without_saved_defaults_spark_s_hold(tmp_path: Path) -> None:
    (step,) = steps_of(one(tmp_path / "m", GOOD, {}))
    assert isinstance(step.op, ops.Bucketize)
    assert not step.op.keep_invalid


@pytest.mark.parametrize("where", ["set", "default"])
def test_an_unknown_param_is_refused_by_name_and_value(where: str, tmp_path: Path) -> None:
    more = {"fancyMode": {"a": [1]}}
    folder = one(tmp_path / "m", {**GOOD, **more}) if where == "set" else one(tmp_path / "m", GOOD, more)
    (refusal,) = refusals(folder)
    assert "Bucketizer (stage_1): the param fancyMode = {'a': [1]} is not known for this class; upgrade mabridge" in refusal


def test_a_long_value_is_cut_in_the_message(tmp_path: Path) -> None:
    (refusal,) = refusals(one(tmp_path / "m", {**GOOD, "fancyMode": "x" * 5_000}))
    assert len(refusal) < 400
    assert "xxx..." in refusal


def test_a_value_that_is_not_accepted_is_refused_with_what_is(tmp_path: Path) -> None:
    (refusal,) = refusals(one(tmp_path / "m", {**GOOD, "handleInvalid": "Skip"}))
    assert "the param handleInvalid = 'Skip' is not supported (accepted: 'error', 'skip', 'keep')" in refusal


def test_a_param_that_must_be_set_and_is_not_is_refused(tmp_path: Path) -> None:
    (refusal,) = refusals(one(tmp_path / "m", {"outputCol": "v"}, {"handleInvalid": "error"}, ASSEMBLER))
    assert "the param inputCols is not set." in refusal


def test_a_value_that_does_not_fit_is_not_called_unset_as_well(tmp_path: Path) -> None:
    (refusal,) = refusals(one(tmp_path / "m", {"inputCols": "x"}, {"handleInvalid": "error"}, ASSEMBLER))
    assert "inputCols = 'x' is not supported" in refusal
    assert "is not set" not in refusal


def nested(folder: Path, *stages: tuple[str, Mapping[str, Any]]) -> Path:
    """A pipeline that holds a pipeline that holds the stages."""
    write_stage(folder, PIPELINE, "outer", {"stageUids": ["inner"]}, {})
    write_stage(folder / "stages" / "0_inner", PIPELINE, "inner", {"stageUids": [f"s{place}" for place in range(len(stages))]}, {})
    for place, (spark_class, params) in enumerate(stages):
        write_stage(folder / "stages" / "0_inner" / "stages" / f"{place}_s{place}", spark_class, f"s{place}", params, {})
    return folder


def test_nested_pipelines_give_their_stages_ops_in_order(tmp_path: Path) -> None:
    folder = nested(tmp_path / "m", (BUCKETIZER, GOOD), (ASSEMBLER, {"inputCols": ["b"], "outputCol": "v"}))
    assert [(type(step.op), str(step.stage)) for step in steps_of(folder)] == [
        (ops.Bucketize, "stages[0].stages[0] Bucketizer (s0)"),
        (ops.AssembleVector, "stages[0].stages[1] VectorAssembler (s1)"),
    ]


def test_all_refusals_of_a_pipeline_come_together_in_its_order(tmp_path: Path) -> None:
    folder = nested(
        tmp_path / "m",
        ("com.acme.Unknown", {}),
        (BUCKETIZER, {**GOOD, "fancyMode": 1, "handleInvalid": "no"}),
        (ASSEMBLER, {"inputCols": ["b"], "outputCol": "v"}),
        ("org.apache.spark.ml.feature.SQLTransformer", {"statement": "SELECT count(*) FROM __THIS__"}),
    )
    found = refusals(folder)
    assert [refusal.split(":", 1)[0] for refusal in found] == [
        "stages[0].stages[0] Unknown (s0)",
        "stages[0].stages[1] Bucketizer (s1)",
        "stages[0].stages[3] SQLTransformer (s3)",
    ]
    assert "fancyMode = 1" in found[1]
    assert "handleInvalid = 'no'" in found[1]
    with pytest.raises(UnsupportedPipelineError, match="for 3 reasons"):
        steps_of(folder)


@pytest.mark.parametrize("splits", [[], [0.0, 1.0], [1.0, 0.0, 2.0], [0.0, 0.0, 1.0], ["NaN", 0.0, 1.0]])
def test_params_that_contradict_spark_s_own_rules_are_a_malformed_model(splits: list[Any], tmp_path: Path) -> None:
    with pytest.raises(MalformedModelError, match=r"m: splits must be at least three ascending numbers"):
        steps_of(one(tmp_path / "m", {**GOOD, "splits": splits}))


@pytest.mark.parametrize("error", [ValueError("v"), KeyError("k"), TypeError("t"), IndexError("i"), OverflowError("o")])
def test_what_a_translator_stumbles_over_in_the_data_is_a_malformed_model(error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(stage: Stage[Any]) -> Iterator[Op]:
        raise error
        yield

    with_translator(monkeypatch, Translator(BUCKETIZER, Nothing, stumble, frozenset(GOOD) | {"handleInvalid"}, "1.0"))
    with pytest.raises(MalformedModelError, match=rf"the saved data of {BUCKETIZER} cannot be read"):
        steps_of(one(tmp_path / "m", GOOD))


@dataclass(frozen=True)
class Nothing:
    """No params at all."""


@dataclass(frozen=True)
class Odd:
    """Params with a name of their own, a default, and a literal."""

    lower_bound: float
    p_95_x: int = 7
    odd: Literal["a", "b"] = saved_name("Odd-Name", default="a")


def with_translator(monkeypatch: pytest.MonkeyPatch, translator: Translator) -> None:
    monkeypatch.setattr(translate, "find_translator", lambda name: translator)


def test_a_translator_sees_its_params_and_which_of_them_were_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Stage[Odd]] = []

    def look(stage: Stage[Odd]) -> Iterator[Op]:
        seen.append(stage)
        yield ops.Project(parse_sql("SELECT * FROM __THIS__"))

    with_translator(monkeypatch, Translator("x.Odd", Odd, look, frozenset({"seed"}), "1.0"))
    steps_of(one(tmp_path / "m", {"lowerBound": 1, "Odd-Name": "b", "seed": 42}, {"p95X": 3}, "x.Odd"))
    (stage,) = seen
    assert stage.params == Odd(1.0, 3, "b")
    assert stage.given == {"lower_bound", "odd"}
    assert stage.spark_version == (3, 5)
    assert stage.reference is REFERENCE


def test_the_names_of_params_are_camel_case_unless_said_otherwise() -> None:
    assert list(translate.saved_params(Odd)) == ["lowerBound", "p95X", "Odd-Name"]


def test_a_stage_s_row_and_field_are_there_or_the_model_is_malformed(tmp_path: Path) -> None:
    folder = one(tmp_path / "m", {"inputCol": "s", "outputCol": "i"}, {}, "org.apache.spark.ml.feature.StringIndexerModel")
    with pytest.raises(MalformedModelError, match="data"):
        steps_of(folder)
    (folder / "data").mkdir()
    table = pa.table({"labels": pa.array([["a"], ["b"]], pa.list_(pa.string()))})
    pq.write_table(table, folder / "data" / "part-00000.parquet")
    with pytest.raises(MalformedModelError, match=r"m: `data` holds 2 rows where one is expected\."):
        steps_of(folder)
    pq.write_table(table.slice(0, 1).rename_columns(["other"]), folder / "data" / "part-00000.parquet")
    with pytest.raises(MalformedModelError, match="the saved data lacks `labels`; it has other"):
        steps_of(folder)
