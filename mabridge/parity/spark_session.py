"""A Spark session that answers as the reference says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mabridge.errors import MissingDependencyError, UnsupportedOptionError
from mabridge.parity.java import find_java
from mabridge.plan.reference import Reference

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Nothing: what goes wrong comes as an exception. (The gateway has a level of its own, or Spark announces that it sets one.)
_LOGGING = """rootLogger.level = off
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""


def reference_settings(reference: Reference) -> dict[str, str]:
    """The SQL settings that decide Spark's answer, and those that let it be written and read without a change."""
    return {
        "spark.sql.ansi.enabled": _flag(reference.ansi),
        "spark.sql.session.timeZone": reference.time_zone,
        "spark.sql.caseSensitive": _flag(reference.case_sensitive),
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    }


def _flag(value: bool) -> str:
    return "true" if value else "false"


@contextmanager
def spark_session(reference: Reference, *, master: str | None = None, driver_memory: str = "2g") -> Iterator[SparkSession]:
    """The session that is active, or else a new one that ends with the block; its settings are the reference's while the block runs.

    Args:
        reference: whose answers are meant.
        master: the cluster; None means the active session's, or `local[*]`.
        driver_memory: of a new session.

    Raises:
        MissingDependencyError: pyspark or Java is not installed.
        UnsupportedOptionError: a session is active that runs on another master.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingDependencyError("Parity runs real Spark, and pyspark is not installed: `pip install 'mabridge[spark]'`.") from error
    active = SparkSession.getActiveSession()
    with ExitStack() as stack:
        if active is None:
            active = stack.enter_context(_new_session(master or "local[*]", driver_memory))
        elif master is not None and active.sparkContext.master != master:
            raise UnsupportedOptionError(
                f"A Spark session is active on the master {active.sparkContext.master}, and {master} was asked for; "
                "stop that session first, or leave the master out."
            )
        stack.enter_context(settings(active, reference_settings(reference)))
        yield active


@contextmanager
def _new_session(master: str, driver_memory: str) -> Iterator[SparkSession]:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    java = find_java()
    own_jvm = SparkContext._gateway is None
    with tempfile.TemporaryDirectory(prefix="mabridge-spark-", ignore_cleanup_errors=True) as scratch:
        logging = Path(scratch) / "log4j2.properties"
        logging.write_text(_LOGGING)
        options = {
            "spark.driver.memory": driver_memory,
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging.as_uri()}",
            "spark.local.dir": scratch,
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.warehouse.dir": (Path(scratch) / "warehouse").as_uri(),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        if master.startswith("local"):
            options |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        builder = SparkSession.builder.master(master).appName("mabridge parity")
        for key, value in options.items():
            builder = builder.config(key, value)
        # Spark's launcher reads these once, when the JVM starts; its Python workers must be this Python.
        with _environment({"JAVA_HOME": java.home, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}):
            try:
                try:
                    session = builder.getOrCreate()
                except Exception as error:
                    raise UnsupportedOptionError(f"Spark does not start on the master {master} with Java {java.version}: {error}") from error
                try:
                    session.sparkContext.setLogLevel("OFF")
                    yield session
                finally:
                    session.stop()
            finally:
                if own_jvm:
                    _end_jvm()


def _end_jvm() -> None:
    """End the JVM that pyspark started: it would stay until Python ends, and clear its scratch folders only then."""
    from pyspark import SparkContext

    gateway: Any = SparkContext._gateway
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = None
    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(timeout=60)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, old in before.items():
            if old is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = old


@contextmanager
def settings(session: SparkSession, values: Mapping[str, str]) -> Iterator[None]:
    """SQL settings for a while."""
    before = {key: session.conf.get(key, None) for key in values}
    for key, value in values.items():
        session.conf.set(key, value)
    try:
        yield
    finally:
        for key, old in before.items():
            if old is None:
                session.conf.unset(key)
            else:
                session.conf.set(key, old)
