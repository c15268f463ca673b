"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from compat_tests.extras import CORE_ONLY, FILES, check_environment
from compat_tests.plug_ins import PLUGIN, install

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


# A busy machine is slow, not wrong: examples are judged by what they give, never by how long they take.
settings.register_profile("mabridge", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mabridge")


collect_ignore = list(FILES) if CORE_ONLY else []


def pytest_configure() -> None:
    check_environment()


@pytest.fixture(scope="session")
def spark_session() -> Iterator[SparkSession]:
    """One small local Spark session for all live tests; a test that uses it bears the marker `smoke` or `live`."""
    from mabridge.parity import spark_session as sessions
    from mabridge.plan.reference import Reference

    with sessions.spark_session(Reference("3.5.7"), master="local[2]", driver_memory="1g") as session:
        yield session


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example plug-in is installed in; `plug_ins.plugged_in` puts it on the path."""
    return install(PLUGIN, tmp_path_factory.mktemp("acme") / "site")


@pytest.fixture(autouse=True)
def _spark_tests_are_marked(request: pytest.FixtureRequest) -> None:
    """A test that needs a JVM may not slip into the quick run."""
    if "spark_session" in request.fixturenames and not any(request.node.get_closest_marker(name) for name in ("smoke", "live", "heavy")):
        pytest.fail("a test that uses the fixture `spark_session` needs the marker smoke, live or heavy", pytrace=False)
