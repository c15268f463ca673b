"""Rules that the source keeps, each a small check that is itself shown to fail."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from compat_tests.repo.translators import PACKAGE, ROOT

Check = Callable[[ast.Module], list[str]]

OURS = sorted([*(ROOT / "mabridge").rglob("*.py"), *(ROOT / "translators").rglob("*.py"), *(ROOT / "compat_tests" / "plugin").rglob("*.py")])
EVERYTHING = sorted(path for top in ("mabridge", "translators", "compat_tests", "examples", "benchmarks") for path in (ROOT / top).rglob("*.py"))

#: Modules that make objects, or run code, out of what they read.
LOADERS = frozenset({"pickle", "_pickle", "pickletools", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "jsonpickle", "imp", "runpy", "code"})
RUNNERS = frozenset({"eval", "exec", "compile", "__import__"})

#: The classes of Spark ML that mabridge itself names, file by file, and why.
NAMED_CLASSES = {
    ("mabridge/plan/spark_schema.py", "org.apache.spark.ml.linalg.VectorUDT"): "the type of a vector column in Spark's own schema",
    ("mabridge/plan/spark_schema.py", "pyspark.ml.linalg.VectorUDT"): "the same, for pyspark",
    ("mabridge/parity/row_metadata.py", "org.apache.spark.ml.linalg.VectorUDT"): "the same, read back",
    ("mabridge/parity/spark_model.py", "pyspark.ml.pipeline.PipelineModel"): "the live run loads with pyspark what only pyspark's own reader knows",
    ("mabridge/parity/spark_model.py", "pyspark.ml.classification.OneVsRestModel"): "the same",
    ("mabridge/parity/spark_model.py", "pyspark.ml.tuning.CrossValidatorModel"): "the same",
    ("mabridge/parity/spark_model.py", "pyspark.ml.tuning.TrainValidationSplitModel"): "the same",
    ("mabridge/parity/spark_model.py", "org.apache.spark.ml.PipelineStage"): "the live run checks that a class is a stage before Spark makes one",
    ("mabridge/saved/stage.py", "org.apache.spark.ml.PipelineModel"): "a pipeline's metadata must name its stages' folders",
    ("mabridge/saved/stage.py", "pyspark.ml.pipeline.PipelineModel"): "the same",
    ("mabridge/saved/stage.py", "org.apache.spark.ml.feature.StringIndexerModel"): "an example in a docstring",
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that is imported, at any depth; `from a import b` counts as a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of such an expression, else the empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def code_makers(tree: ast.Module) -> list[str]:
    """Imports and calls that turn data into objects or code."""
    faults = [f"imports {name}" for name in imports(tree) if name.split(".", 1)[0] in LOADERS or name.startswith(("numpy.lib.format", "ray.cloudpickle"))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in RUNNERS or name in {f"builtins.{runner}" for runner in RUNNERS} or name in ("torch.load", "np.load", "numpy.load"):
                faults.append(f"calls {name}")
            if any(
                keyword.arg == "allow_pickle" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False) for keyword in node.keywords
            ):
                faults.append("passes allow_pickle")
    return faults


def private_ray(tree: ast.Module) -> list[str]:
    """Uses of what Ray keeps to itself."""
    names = [*imports(tree), *(dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))]
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names += [text for text in texts if re.fullmatch(r"ray(\.\w+)+", text)]
    return [name for name in names if name.split(".")[0] == "ray" and any(part.startswith("_") or part == "internal" for part in name.split(".")[1:])]


def foreign_imports(tree: ast.Module) -> list[str]:
    """What a translator imports beside the plug-in contract, what translators share, numpy, pyarrow and the standard library."""
    allowed = {"numpy", "pyarrow", *sys.stdlib_module_names}
    return [
        name
        for name in imports(tree)
        if not (name.split(".", 1)[0] in allowed or name == "mabridge.sdk" or name.startswith(("mabridge.sdk.", "mabridge_translators._shared.")))
    ]


def spark_classes(text: str) -> set[str]:
    """The classes of Spark ML that a text names in full."""
    return set(re.findall(r"\b(?:org\.apache\.spark|pyspark)\.ml(?:\.[a-z_]\w*)*\.[A-Z]\w*", text))


def faults(files: list[Path], check: Check) -> dict[str, list[str]]:
    assert files
    found = {path.relative_to(ROOT).as_posix(): check(ast.parse(path.read_text(encoding="utf-8"))) for path in files}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_nothing_turns_data_into_objects_or_code() -> None:
    assert faults(OURS, code_makers) == {}


def test_nothing_uses_what_ray_keeps_to_itself() -> None:
    assert faults(OURS, private_ray) == {}


def test_translators_import_the_plug_in_contract_and_nothing_else_of_mabridge() -> None:
    assert faults(sorted(PACKAGE.rglob("*.py")), foreign_imports) == {}


def test_mabridge_names_no_spark_stage() -> None:
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "mabridge").rglob("*.py")}
    named = {(file, name) for file, text in texts.items() for name in spark_classes(text)}
    assert named == set(NAMED_CLASSES), "mabridge knows no stage by name; what it must name stands in NAMED_CLASSES with its reason"


def test_no_file_is_longer_than_600_lines() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in EVERYTHING}
    assert len(lengths) > 200
    assert {name: length for name, length in lengths.items() if length > 600} == {}


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (code_makers, "import pickle"),
        (code_makers, "from joblib import load"),
        (code_makers, "def f():\n    import cloudpickle"),
        (code_makers, "from ray import cloudpickle"),
        (code_makers, "eval('1')"),
        (code_makers, "import builtins\nbuiltins.exec(x)"),
        (code_makers, "import numpy as np\nnp.load(f)"),
        (code_makers, "g(f, allow_pickle=True)"),
        (private_ray, "import ray._private.worker"),
        (private_ray, "from ray._private import worker"),
        (private_ray, "from ray.data._internal.plan import Plan"),
        (private_ray, "import ray\nray.data._internal.x()"),
        (private_ray, "import_module('ray.internal.state')"),
        (private_ray, "def f():\n    from ray import _raylet"),
        (foreign_imports, "from mabridge.plan import ops"),
        (foreign_imports, "import mabridge.errors"),
        (foreign_imports, "from mabridge import sdk, errors"),
        (foreign_imports, "import pandas"),
        (foreign_imports, "from mabridge_translators.feature.bucketizer import Params"),
        (foreign_imports, "from .bucketizer import Params"),
    ],
)
def test_each_check_finds_what_it_is_for(check: Check, wrong: str) -> None:
    assert check(ast.parse(wrong))


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (code_makers, "module.eval()\nre.compile('x')\nstore.read(f, allow_pickle=False)"),
        (private_ray, "import ray\nray.data.from_items([])\nself._private"),
        (foreign_imports, "import numpy as np\nimport math\nfrom mabridge.sdk import Op\nfrom mabridge_translators._shared.columns import x"),
    ],
)
def test_no_check_cries_wolf(check: Check, right: str) -> None:
    assert check(ast.parse(right)) == []


def test_full_names_of_spark_classes_are_found() -> None:
    assert spark_classes("x org.apache.spark.ml.feature.Bucketizer and pyspark.ml.pipeline.PipelineModel, org.apache.spark.ml.PipelineModel") == {
        "org.apache.spark.ml.feature.Bucketizer",
        "pyspark.ml.pipeline.PipelineModel",
        "org.apache.spark.ml.PipelineModel",
    }
    assert spark_classes("from pyspark.ml.functions import array_to_vector; org.apache.spark.sql.X") == set()
