"""A package of somebody else's brings a SQL function: built, installed and found as a user's would be."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import mabridge
from compat_tests.plug_ins import install, plugged_in
from compat_tests.repo.test_plug_in import changed_copy
from mabridge.errors import InvalidInputError, MalformedBundleError, UnsupportedExpressionError

STATEMENT = "SELECT haversine_km(a, b, c, 0) AS km FROM __THIS__"
#: A quarter of the way round, the same place, and nothing known; 6371 km times pi / 2.
PLACES = pa.table({"a": [90.0, 0.0, None], "b": [0.0, 0.0, 0.0], "c": pa.array([0, 0, 0], pa.int32())})
DISTANCES = [10007.543398010286, 0.0, None]


def distances(model: mabridge.Model) -> list[float | None]:
    return [None if value is None else round(value, 6) for value in model.transform(PLACES)["km"].to_pylist()]


def test_a_statement_calls_the_package_s_function_with_spark_s_implicit_casts(acme: Path) -> None:
    with plugged_in(acme):
        assert distances(mabridge.sql(STATEMENT)) == [round(DISTANCES[0], 6), 0.0, None]
        assert distances(mabridge.sql(STATEMENT.replace("haversine_km", "Haversine_KM"))) == [round(DISTANCES[0], 6), 0.0, None]


def test_a_model_that_calls_it_is_loaded_with_the_package_and_refused_without(acme: Path, tmp_path: Path) -> None:
    with plugged_in(acme):
        mabridge.sql(STATEMENT).save(tmp_path / "model")
        assert distances(mabridge.load(tmp_path / "model")) == [round(DISTANCES[0], 6), 0.0, None]
    with pytest.raises(MalformedBundleError, match=r"'haversine_km'.*`mabridge\.sql_functions`"):
        mabridge.load(tmp_path / "model")


def test_wrong_arguments_are_refused(acme: Path) -> None:
    with plugged_in(acme):
        with pytest.raises(UnsupportedExpressionError, match="takes 4 arguments, not 1"):
            mabridge.sql("SELECT haversine_km(a) AS km FROM __THIS__")
        with pytest.raises(InvalidInputError, match="where double is expected"):
            mabridge.sql("SELECT haversine_km(true, b, c, 0) AS km FROM __THIS__").transform(PLACES)


def test_an_item_with_it_needs_a_name(acme: Path) -> None:
    with plugged_in(acme), pytest.raises(UnsupportedExpressionError, match="give the item a name with AS"):
        mabridge.sql("SELECT haversine_km(a, b, c, 0) FROM __THIS__")


def _changed(folder: Path, name: str, old: str, new: str) -> Path:
    source = changed_copy(folder / f"{name}_source", f"acme-{name}", f"acme_{name}")
    for file in (source / "pyproject.toml", source / f"acme_{name}" / "haversine.py"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new), encoding="utf-8")
    return install(source, folder / f"{name}_site")


def test_a_function_that_returns_something_else_is_refused(tmp_path: Path) -> None:
    short = _changed(tmp_path, "short", "mask=~valid)", "mask=~valid)[:1]")
    with plugged_in(short), pytest.raises(InvalidInputError, match="haversine_km returned 1 rows of double, where 3 rows of double are due"):
        mabridge.sql(STATEMENT).transform(PLACES)


def test_two_packages_for_one_function_and_one_with_spark_s_own_name_are_refused(acme: Path, tmp_path: Path) -> None:
    fork = install(changed_copy(tmp_path / "source", "acme-fork", "acme_fork"), tmp_path / "site")
    with (
        plugged_in(acme, fork),
        pytest.raises(UnsupportedExpressionError, match=r"two packages, .*acme-mabridge.*acme-fork|two packages, .*acme-fork.*acme-mabridge"),
    ):
        mabridge.sql(STATEMENT)
    own = _changed(tmp_path, "own", "haversine_km", "log1p")
    with plugged_in(own), pytest.raises(UnsupportedExpressionError, match="the name of Spark's own"):
        mabridge.sql("SELECT log1p(a) AS x FROM __THIS__")
