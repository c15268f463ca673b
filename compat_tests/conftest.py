"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from compat_tests.extras import check_environment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def pytest_configure() -> None:
    check_environment()


@pytest.fixture(scope="session")
def spark_session() -> Iterator[SparkSession]:
    """One small local Spark session for all live tests; a test that uses it bears the marker `smoke` or `live`."""
    from mabridge.parity import spark_session as sessions
    from mabridge.plan.reference import Reference

    with sessions.spark_session(Reference("3.5.7"), master="local[2]", driver_memory="1g") as session:
        yield session


@pytest.fixture(autouse=True)
def _spark_tests_are_marked(request: pytest.FixtureRequest) -> None:
    """A test that needs a JVM may not slip into the quick run."""
    if "spark_session" in request.fixturenames and not any(request.node.get_closest_marker(name) for name in ("smoke", "live", "heavy")):
        pytest.fail("a test that uses the fixture `spark_session` needs the marker smoke, live or heavy", pytrace=False)
