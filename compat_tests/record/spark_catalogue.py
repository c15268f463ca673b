"""`python -m compat_tests.record.spark_catalogue`: what Spark says of its own Models and Transformers, to compat_tests/catalogue/spark-<version>.json.

The classes are those of Spark's own jar: every concrete class below org.apache.spark.ml that is a Transformer; Models are Transformers. Beside them stands
what pyspark has: its class of the same name, and its Transformers that have no Java class. An object of each class is made by its smallest constructor,
with small made-up arguments, so that params and defaults are those of the class, before a fit copies the estimator's into it.

Of each param stand: `type` (the declared type in Java), `doc`, `default` where there is one (as Spark saves it; `<uid>` for the stage's uid), `check` (the
validator, read from the serialised form of Spark's own function with the values that it captured), and `allowed` where the values are enumerated, with
`allowed_from`: "inArray", the array that Spark's validator holds; or "tried": the words of the class's param docs, and of every such array, that a validator
of Spark's own code takes, so that a value which no doc names would be missed. `any_case` says whether it takes them in capitals too.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import pkgutil
import re
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pyspark
import pyspark.ml
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from compat_tests.record.session import spark_session

TARGET = Path(__file__).resolve().parent.parent / "catalogue"
ROOT = "org.apache.spark.ml"
UID = "uid_of_the_stage"

#: A text that no param enumerates.
NONSENSE = "no such value"

#: Longer lists of values are not Spark's own.
MOST_VALUES = 100

#: How to make what a constructor asks for and reflection cannot: an abstract type -> a class that will do.
STANDS_FOR = {
    f"{ROOT}.tree.Node": f"{ROOT}.tree.LeafNode",
    f"{ROOT}.classification.ClassificationModel": f"{ROOT}.classification.LinearSVCModel",
    f"{ROOT}.Model": f"{ROOT}.feature.VectorSizeHint",
    f"{ROOT}.Transformer": f"{ROOT}.feature.VectorSizeHint",
}


class CatalogueError(Exception):
    """A class of Spark could not be looked at."""


class Catalogue:
    """Looks at Spark's classes through one session."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.jvm: Any = spark._jvm
        self.gateway: Any = spark.sparkContext._gateway
        self.transformer = self.type(f"{ROOT}.Transformer")
        self.model = self.type(f"{ROOT}.Model")
        self.int = self.jvm.java.lang.Integer.TYPE
        self.apply = self.type("scala.Function1").getMethod("apply", self.array(self.jvm.java.lang.Class, [self.type("java.lang.Object")]))

    def type(self, name: str) -> Any:
        """A Java class."""
        return self.jvm.java.lang.Class.forName(name)

    def knows(self, name: str) -> bool:
        """Whether there is such a class in Java, abstract ones too."""
        try:
            self.type(name)
        except Py4JJavaError:
            return False
        return True

    def array(self, kind: Any, values: list[Any]) -> Any:
        """A Java array."""
        made = self.gateway.new_array(kind, len(values))
        for place, value in enumerate(values):
            made[place] = value
        return made

    def class_names(self) -> list[str]:
        """Every concrete Transformer of Spark's mllib jar, sorted."""
        (jar,) = (Path(pyspark.__file__).parent / "jars").glob("spark-mllib_*.jar")
        with zipfile.ZipFile(jar) as entries:
            names = [name.removesuffix(".class").replace("/", ".") for name in entries.namelist() if name.endswith(".class")]
        return sorted(name for name in names if name.startswith(f"{ROOT}.") and self._is_concrete_transformer(name))

    def _is_concrete_transformer(self, name: str) -> bool:
        if "$$" in name or name.endswith("$"):
            return False
        kind = self.type(name)
        return bool(self.transformer.isAssignableFrom(kind)) and not self.jvm.java.lang.reflect.Modifier.isAbstract(kind.getModifiers())

    def instance(self, kind: Any, depth: int = 0) -> Any:
        """An object of a class, by the smallest constructor that takes null for its objects, or else made-up ones.

        Raises:
            CatalogueError: no constructor does.
        """
        constructors = sorted(kind.getDeclaredConstructors(), key=lambda one: (len(one.getParameterTypes()), one.toString()))
        failures = []
        for constructor, null in itertools.product(constructors, (True, False)):
            constructor.setAccessible(True)
            arguments = [self._argument(part, null, depth) for part in constructor.getParameterTypes()]
            try:
                made = constructor.newInstance(self.array(self.jvm.java.lang.Object, arguments))
                if self.transformer.isInstance(made) and not made.uid():
                    continue  # from Spark 4.0 on models have constructors for Spark Connect alone, without a uid
                return made
            except Py4JJavaError as error:
                cause = error.java_exception.getCause() or error.java_exception
                failures.append(f"{constructor.toString()}: {cause.toString()}")
        raise CatalogueError("; ".join(failures))

    def _argument(self, kind: Any, null: bool, depth: int) -> Any:
        name = kind.getName()
        plain = {"java.lang.String": UID, "int": 1, "long": 1, "double": 1.0, "float": 1.0, "boolean": False}
        if name in plain:
            return plain[name]
        if null or depth > 2:
            return None
        if kind.isArray():
            part = kind.getComponentType()
            made = self.jvm.java.lang.reflect.Array.newInstance(part, 1)
            self.jvm.java.lang.reflect.Array.set(made, 0, self._argument(part, null, depth))
            return made
        if name in ("org.apache.spark.ml.linalg.Vector", "org.apache.spark.mllib.linalg.Vector"):
            return (
                self.jvm.java.lang.Class.forName(f"{name}s")
                .getMethod("zeros", self.array(self.jvm.java.lang.Class, [self.int]))
                .invoke(None, self.array(self.jvm.java.lang.Object, [1]))
            )
        if name in (f"{ROOT}.linalg.Matrix", f"{ROOT}.linalg.DenseMatrix"):
            return self.jvm.org.apache.spark.ml.linalg.DenseMatrix.zeros(1, 1)
        if name == "org.apache.spark.sql.types.Metadata":
            return self.jvm.org.apache.spark.sql.types.Metadata.empty()
        if name == "scala.collection.immutable.Map":
            return self.jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(self.jvm.java.util.HashMap())
        if not name.startswith("org.apache.spark.ml"):
            return None
        try:
            return self.instance(self.type(STANDS_FOR.get(name, name)), depth + 1)
        except CatalogueError:
            return None

    def facts(self, name: str) -> dict[str, Any]:
        """One class: whether it is a Model, and its params by name."""
        kind = self.type(name)
        stage = self.instance(kind)
        params = {str(param.name()): self._param(kind, stage, param) for param in stage.params()}
        return {"model": bool(self.model.isAssignableFrom(kind)), "params": dict(sorted(params.items()))}

    def _param(self, kind: Any, stage: Any, param: Any) -> dict[str, Any]:
        getter = kind.getMethod(param.name(), self.array(self.jvm.java.lang.Class, []))
        facts: dict[str, Any] = {
            "type": re.sub(r"\b[a-z][\w]*\.", "", getter.getGenericReturnType().toString().removeprefix("class ")),
            "doc": " ".join(param.doc().split()),
        }
        default = stage.getDefault(param)
        if default.isDefined():
            facts["default"] = self._saved(param, default.get(), stage.uid())
        facts["check"] = self._check(param.isValid())
        if facts["check"].startswith("inArray("):
            allowed = json.loads(facts["check"][len("inArray(") : -1])
            if len(allowed) > MOST_VALUES:
                # Java's locales: the list, and the default among it, are the machine's.
                facts |= {"check": "inArray(what the machine has)", "default": "<of the machine>"}
            else:
                facts |= {"allowed": allowed, "allowed_from": "inArray"}
        return facts

    def _saved(self, param: Any, value: Any, uid: str) -> Any:
        if hasattr(value, "getClass") or not isinstance(value, str | int | float | bool):
            return json.loads(param.jsonEncode(value))
        return json.loads(param.jsonEncode(value).replace(uid, "<uid>"))

    def _check(self, validator: Any) -> str:
        replace = validator.getClass().getDeclaredMethod("writeReplace", self.array(self.jvm.java.lang.Class, []))
        replace.setAccessible(True)
        form = replace.invoke(validator, self.array(self.jvm.java.lang.Object, []))
        place, method = str(form.getImplClass()).rpartition("/")[2], re.sub(r"^\$anonfun\$|\$adapted$|\$\d+", "", str(form.getImplMethodName()))
        captured = [self._plain(form.getCapturedArg(number)) for number in range(form.getCapturedArgCount())]
        owner = "" if place == "ParamValidators$" else f"{place.rstrip('$')}."
        return f"{owner}{method}({', '.join(json.dumps(value) for value in captured)})"

    def _plain(self, value: Any) -> Any:
        if value is None or isinstance(value, str | int | float | bool):
            return value
        if value.getClass().isArray():
            return [self._plain(part) for part in value]
        return str(value.toString()) if not hasattr(value, "uid") else "the stage"

    def try_words(self, name: str, params: dict[str, Any], words: set[str]) -> None:
        """Add what the validator of each text param takes of `words`, where it is code of Spark's own that refuses nonsense."""
        asked = [facts for facts in params.values() if facts["type"] == "Param<String>" and not facts["check"].startswith(("inArray(", "alwaysTrue("))]
        if not asked:
            return
        stage = self.instance(self.type(name))
        for param, facts in params.items():
            validator = stage.getParam(param).isValid()
            if facts in asked and not self._takes(validator, NONSENSE):
                taken = {word for word in words if self._takes(validator, word)}
                any_case = bool(taken) and all(self._takes(validator, word.upper()) for word in taken)
                if any_case:
                    taken -= {word for word in taken if word != word.lower() and word.lower() in taken}
                if taken:
                    facts |= {"allowed": sorted(taken), "allowed_from": "tried", "any_case": any_case}

    def _takes(self, validator: Any, value: str) -> bool:
        try:
            return bool(self.apply.invoke(validator, self.array(self.jvm.java.lang.Object, [value])))
        except Py4JJavaError:
            return False  # it raises, so Spark's `set` would


def python_classes() -> dict[str, Any]:
    """The concrete Transformers of pyspark.ml: full name -> class; Spark Connect's are a library of their own and left out."""
    found = {}
    for module in pkgutil.walk_packages(pyspark.ml.__path__, "pyspark.ml."):
        if module.name.split(".")[2] in ("connect", "tests", "torch", "deepspeed"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(value) and issubclass(value, pyspark.ml.Transformer) and value.__module__ == module.name and not value.__name__.startswith("_"):
                found[f"{module.name}.{value.__name__}"] = value
    return found


def _java_name(python: str) -> str:
    parts = python.split(".")
    return ".".join([ROOT, *(part for part in parts[2:-1] if part not in ("base", "pipeline")), parts[-1]])


def _since(kind: Any) -> str | None:
    said = re.search(r"versionadded:: (\S+)", kind.__doc__ or "")
    return said[1] if said else None


def catalogue(spark: SparkSession) -> dict[str, Any]:
    """The whole document.

    Raises:
        CatalogueError: a class cannot be looked at; it names every one.
    """
    looking = Catalogue(spark)
    classes: dict[str, Any] = {}
    failures = []
    for name in looking.class_names():
        try:
            classes[name] = looking.facts(name)
        except (CatalogueError, Py4JJavaError) as error:
            failures.append(f"{name}: {error}")
    if failures:
        raise CatalogueError("\n".join(failures))
    enumerated = {word for facts in classes.values() for param in facts["params"].values() for word in param.get("allowed", ())}
    for name, facts in classes.items():
        said = {word for param in facts["params"].values() for word in re.findall(r"[A-Za-z]\w*(?:-\w+)*", param["doc"])}
        looking.try_words(name, facts["params"], enumerated | said)
    python_only = []
    for python, kind in sorted(python_classes().items()):
        if _java_name(python) in classes:
            classes[_java_name(python)] |= {"pyspark": python, "pyspark_since": _since(kind)}
        elif not inspect.isabstract(kind) and not looking.knows(_java_name(python)) and not python.startswith("pyspark.ml.wrapper."):
            python_only.append(python)
    return {"spark": spark.version, "python_only": python_only, "classes": classes}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="catalogue-") as scratch, spark_session(scratch) as spark:
        found = catalogue(spark)
    target = TARGET / f"spark-{found['spark']}.json"
    target.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(found['classes'])} classes, {sum(len(facts['params']) for facts in found['classes'].values())} params")
    return 0


if __name__ == "__main__":
    sys.exit(main())
