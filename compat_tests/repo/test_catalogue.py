"""The translators against what Spark 3.5.7 says of its own classes and params."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from compat_tests.catalogue.gaps import found, known, lines, shrunk, translated
from compat_tests.catalogue.read import HERE, NEWEST, NO_DEFAULT, SPARK, Param, catalogue, fields_of, known_gaps, literal_values, same
from compat_tests.repo.translators import translator_files, translator_of
from mabridge.sdk import Translator

TRANSLATORS = {translator_of(file).spark_class: file for file in translator_files()}

#: Classes that are no Transformers in Spark 3.5, and since when Spark has them.
OF_ANOTHER_SPARK = {
    "org.apache.spark.ml.feature.OneHotEncoder": "1.4.0",  # until 2.4; from 3.0 on an Estimator
    "org.apache.spark.ml.feature.TargetEncoderModel": "4.0.0",
}

#: (class, param) that no saved stage holds, and why.
NEVER_SAVED = {
    ("org.apache.spark.ml.classification.OneVsRestModel", "classifier"): "Spark saves it as a stage of its own beside the params.",
    ("org.apache.spark.ml.tuning.CrossValidatorModel", "estimator"): "Spark saves it as a stage of its own beside the params.",
    ("org.apache.spark.ml.tuning.CrossValidatorModel", "evaluator"): "Spark saves it as a folder of its own beside the params.",
    ("org.apache.spark.ml.tuning.TrainValidationSplitModel", "estimator"): "Spark saves it as a stage of its own beside the params.",
    ("org.apache.spark.ml.tuning.TrainValidationSplitModel", "evaluator"): "Spark saves it as a folder of its own beside the params.",
}

#: (class, param) with enumerated values that the translator takes as text, and why.
TAKEN_AS_TEXT = {
    ("org.apache.spark.ml.recommendation.ALSModel", "coldStartStrategy"): "Spark saves it in the case that the user wrote.",
    ("org.apache.spark.ml.regression.GeneralizedLinearRegressionModel", "family"): "Spark saves it in the case that the user wrote.",
    ("org.apache.spark.ml.regression.GeneralizedLinearRegressionModel", "link"): "Spark saves it in the case that the user wrote.",
}

#: (class, param) for which Spark's class has another default than the translator, and why.
OTHER_DEFAULTS = {
    ("org.apache.spark.ml.recommendation.ALSModel", "userCol"): "The default is that of ALS, which a fitted model takes over.",
    ("org.apache.spark.ml.recommendation.ALSModel", "itemCol"): "The default is that of ALS, which a fitted model takes over.",
    ("org.apache.spark.ml.feature.StopWordsRemover", "stopWords"): "Spark's list of English words is saved from 2.4 on; a save without it is refused.",
    ("org.apache.spark.ml.feature.StopWordsRemover", "locale"): "It is the machine's, which a save without it does not hold; the docstring says so.",
}

#: What the newest Spark has and 3.5.7 has not: a class, or a class and a param, and what becomes of it.
NEW = {
    "org.apache.spark.ml.feature.TargetEncoderModel": "It has a translator.",
    "org.apache.spark.ml.clustering.PowerIterationClusteringWrapper": "Spark Connect's own; it is made for one call and has no writer.",
    "org.apache.spark.ml.util.ConnectHelper": "Spark Connect's own; it is made for one call and has no writer.",
    "org.apache.spark.ml.classification.DecisionTreeClassificationModel.pruneTree": "It matters in fit alone.",
    "org.apache.spark.ml.classification.RandomForestClassificationModel.pruneTree": "It matters in fit alone.",
    "org.apache.spark.ml.clustering.KMeansModel.intermediateStorageLevel": "It matters in fit alone.",
}


#: (class, name) that saved metadata hold among the params and Spark's class has not, and why.
SAVED_BESIDE = {
    ("org.apache.spark.ml.PipelineModel", "stageUids"): "Spark's writer names the stages there.",
    ("org.apache.spark.ml.PipelineModel", "language"): "pyspark's writer says there that a stage is Python's.",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one param of a class; some kinds can be excused."""

    kind: Literal["never saved", "as text", "default", "beside", "wrong"]
    param: str
    what: str


def faults(translator: Translator, spark: dict[str, Param], refuses: str, newest: Collection[str] = ()) -> list[Fault]:
    """What differs between a translator and Spark.

    Args:
        translator: whose Params are meant.
        spark: Spark's params of the class.
        refuses: what the translator's docstring says that it refuses.
        newest: the names of the params that the class has in the newest Spark.
    """
    fields = fields_of(translator)
    said = [Fault("never saved", name, "Spark has it, the translator neither uses it nor calls it training_only") for name in spark]
    wrong = [fault for fault in said if fault.param not in fields and fault.param not in translator.training_only]
    wrong += [Fault("wrong", name, "it is used and called training_only") for name in sorted(set(fields) & translator.training_only)]
    wrong += [
        Fault("beside", name, "training_only names it, and Spark has no such param") for name in sorted(translator.training_only - set(spark) - set(newest))
    ]
    for name, (hint, default) in fields.items():
        if name not in spark:
            wrong.append(Fault("wrong", name, "Spark has no such param"))
            continue
        if not _same_default(default, spark[name].default):
            wrong.append(Fault("default", name, f"the default is {default!r}, in Spark {spark[name].default!r}"))
        wrong += _value_faults(name, literal_values(hint), spark[name], refuses)
    return wrong


def _same_default(ours: Any, theirs: Any) -> bool:
    """What is not set is None, an empty name or an empty list in Params; so is what depends on the uid or the machine, which a saved stage always holds."""
    unset = theirs is NO_DEFAULT or (isinstance(theirs, str) and theirs.startswith("<"))
    if ours is NO_DEFAULT or (ours in (None, "", []) and unset):
        return unset
    return theirs is not NO_DEFAULT and same(ours, theirs)


def _value_faults(name: str, ours: tuple[str, ...] | None, theirs: Param, refuses: str) -> list[Fault]:
    if theirs.allowed is None:
        return [] if ours is None else [Fault("wrong", name, "Spark enumerates no values")]
    if ours is None:
        return [Fault("as text", name, "Spark enumerates its values and the translator takes any text")]
    wrong = [Fault("wrong", name, f"Spark does not have the value {value}") for value in ours if value not in theirs.allowed]
    if theirs.any_case:
        wrong.append(Fault("wrong", name, "Spark takes and saves its values in any case, a Literal takes them in one"))
    missing = [value for value in theirs.allowed if value not in ours and not re.search(rf"\b{re.escape(value)}\b", refuses)]
    return wrong + [Fault("wrong", name, f"the value {value} is neither accepted nor named under Refuses") for value in missing]


def refuses_of(file: Path) -> str:
    """What a translator's docstring says under Refuses."""
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    part = re.search(r"^Refuses: ([\s\S]*?)\n(?=Differs from Spark:)", docstring, re.MULTILINE)
    assert part is not None, file
    return part[1]


def all_faults(version: str = SPARK) -> dict[tuple[str, str], Fault]:
    """Every fault of every class that a Spark version has, by class and param."""
    spark, newest = catalogue(version), catalogue(NEWEST)
    return {
        (name, fault.param): fault
        for name, file in TRANSLATORS.items()
        if name in spark
        for fault in faults(translator_of(file), spark[name], refuses_of(file), newest.get(name, ()))
    }


def test_the_catalogue_is_whole_and_sorted() -> None:
    text = (HERE / f"spark-{SPARK}.json").read_text(encoding="utf-8")
    recorded = json.loads(text)
    assert recorded["spark"] == SPARK
    assert text == json.dumps(recorded, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert (len(catalogue()), sum(len(params) for params in catalogue().values())) == (65, 506)
    assert recorded["python_only"] == [], "pyspark has Transformers without a class in Java, which translators would have to know"


def test_what_the_newest_spark_adds_is_known_by_name_and_it_takes_nothing_away() -> None:
    text = (HERE / f"spark-{NEWEST}.json").read_text(encoding="utf-8")
    recorded = json.loads(text)
    assert recorded["spark"] == NEWEST
    assert recorded["python_only"] == []
    assert text == json.dumps(recorded, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    old, new = catalogue(), catalogue(NEWEST)
    assert set(old) <= set(new)
    assert [(name, param) for name in old for param in old[name] if param not in new[name]] == []
    added = (set(new) - set(old)) | {f"{name}.{param}" for name in old for param in new[name] if param not in old[name]}
    assert added == set(NEW)
    changed = {
        f"{name}.{param}"
        for name in old
        for param, facts in old[name].items()
        if (facts.default, facts.allowed) != (new[name][param].default, new[name][param].allowed)
    }
    assert changed == set(), "the newest Spark has other defaults or other values"


def test_the_translators_know_every_param_of_the_newest_spark() -> None:
    excused = {**NEVER_SAVED, **TAKEN_AS_TEXT, **OTHER_DEFAULTS, **SAVED_BESIDE}
    assert [fault for place, fault in all_faults(NEWEST).items() if place not in excused] == []


def test_every_class_of_spark_has_a_translator_or_is_known_to_lack_one() -> None:
    listed = known_gaps()["classes"]
    assert found().classes == set(listed), "`python -m compat_tests.catalogue.gaps --shrink` takes classes off that have a translator by now"
    assert [why for why in listed.values() if not why.endswith(".")] == []


def test_every_translator_is_of_a_class_of_spark() -> None:
    others = {name: translator_of(file).since for name, file in TRANSLATORS.items() if name not in catalogue()}
    assert others == {name: since for name, since in OF_ANOTHER_SPARK.items() if name in TRANSLATORS}


def test_no_translator_says_that_its_class_is_younger_than_pyspark_says() -> None:
    recorded = json.loads((HERE / f"spark-{SPARK}.json").read_text(encoding="utf-8"))["classes"]
    late = {
        name.rpartition(".")[2]: (since, recorded[name]["pyspark_since"])
        for name, since in ((name, translator_of(file).since) for name, file in TRANSLATORS.items())
        if recorded.get(name, {}).get("pyspark_since") and _version(since) > _version(recorded[name]["pyspark_since"])
    }
    # pyspark 1.3 wrapped a class that Spark calls @Since("1.4.0").
    assert late == {"LogisticRegressionModel": ("1.4.0", "1.3.0")}


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_params_defaults_and_values_are_spark_s_but_for_what_is_explained() -> None:
    excused: dict[str, dict[tuple[str, str], str]] = {"never saved": NEVER_SAVED, "as text": TAKEN_AS_TEXT, "default": OTHER_DEFAULTS, "beside": SAVED_BESIDE}
    wrong = all_faults()
    assert [fault for place, fault in wrong.items() if place not in excused.get(fault.kind, {})] == []
    for kind, reasons in excused.items():
        # What is explained of a class without a translator waits for the translator.
        explained = {place for place in reasons if place[0] in TRANSLATORS}
        assert {place for place, fault in wrong.items() if fault.kind == kind} == explained, f"the list of `{kind}` holds what is no fault any more"


def changed(**params: Any) -> list[str]:
    """The kinds of faults of a made-up translator against a made-up class of Spark."""
    spark = {
        "handleInvalid": Param("error", ("error", "keep"), False, "", ""),
        "outputCol": Param("<uid>__output", None, False, "", ""),
        "degree": Param(2, None, False, "", ""),
        "seed": Param(7, None, False, "", ""),
    } | params.pop("spark", {})
    fields = {"handle_invalid": (Literal["error", "keep"], "error"), "output_col": (str | None, None), "degree": (int, 2)} | params.pop("fields", {})
    made = dataclasses.make_dataclass("Made", [(name, hint, dataclasses.field(default=value)) for name, (hint, value) in fields.items() if hint], frozen=True)
    translator = Translator("org.A", made, lambda stage: iter(()), params.pop("training_only", frozenset({"seed"})), "1.0.0")
    return [f"{fault.kind}: {fault.param}" for fault in faults(translator, spark, params.pop("refuses", "nothing."))]


def test_the_check_of_params_finds_what_it_is_for() -> None:
    assert changed() == []
    assert changed(training_only=frozenset()) == ["never saved: seed"]
    assert changed(training_only=frozenset({"seed", "maxIter"})) == ["beside: maxIter"]
    assert changed(training_only=frozenset({"seed", "degree"})) == ["wrong: degree"]
    assert changed(fields={"degree": (int, 3)}) == ["default: degree"]
    assert changed(fields={"degree": (bool, True)}, spark={"degree": Param(1, None, False, "", "")}) == ["default: degree"]
    assert changed(fields={"degree": (int | None, None)}) == ["default: degree"]
    assert changed(spark={"degree": Param(NO_DEFAULT, None, False, "", "")}) == ["default: degree"]
    assert changed(fields={"size": (int, 1)}) == ["wrong: size"]
    assert changed(fields={"degree": (None, None)}) == ["never saved: degree"]
    assert changed(fields={"handle_invalid": (str, "error")}) == ["as text: handleInvalid"]
    assert changed(fields={"handle_invalid": (Literal["error"], "error")}) == ["wrong: handleInvalid"]
    assert changed(fields={"handle_invalid": (Literal["error"], "error")}, refuses="handleInvalid keep.") == []
    assert changed(fields={"handle_invalid": (Literal["error", "keep", "skip"], "error")}) == ["wrong: handleInvalid"]
    assert changed(spark={"handleInvalid": Param("error", ("error", "keep"), True, "", "")}) == ["wrong: handleInvalid"]
    assert changed(spark={"handleInvalid": Param("error", None, False, "", "")}) == ["wrong: handleInvalid"]


def test_the_list_of_gaps_is_exact_and_only_shrinks() -> None:
    listed = known_gaps()
    gaps, old = found(), known(listed, translated())
    assert lines(gaps) == lines(old), "record what is missing; `python -m compat_tests.catalogue.gaps --shrink` takes off the list what is there by now"
    assert shrunk(listed, gaps, translated()) == listed
    assert set(listed["cases"]) | set(listed["cannot"]) <= set(catalogue()) | set(OF_ANOTHER_SPARK)
    assert not any(set(listed["cases"].get(name, ())) & set(kinds) for name, kinds in listed["cannot"].items()), "a kind is missing or cannot be"
    assert all(why.endswith(".") for kinds in listed["cannot"].values() for why in kinds.values())
