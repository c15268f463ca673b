"""The Spark whose answers are meant: which versions are known, and what they decide. Recorded differences are in compat_tests/test_versions.py."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import mabridge
from compat_tests.plug_ins import write_stage
from mabridge.errors import InvalidInputError, UnsupportedOptionError
from mabridge.plan.reference import KNOWN_LINES, is_known, major_minor

FEATURE = "org.apache.spark.ml.feature"
VENDORS = ("3.3.2-amzn-0", "3.5.0.dbr", "2.4.7.7.1.7.0-551", "3.0.0-preview2", "2.3.2-uber-109", "4.0.0-SNAPSHOT", "3.5.1+dfsg")
NOT_KNOWN = ("9.9", "1.0", "abc", "", "4", "4.4.0", "2.5.0", "3.6", "5.0.0", "3.5 or so", "3.5\n", "03.5x", "-3.5", "3..5", "4.3.0; rm")


def hashing(folder: Path, version: str) -> Path:
    write_stage(folder, f"{FEATURE}.HashingTF", "tf_1", {"inputCol": "words", "outputCol": "tf"}, {"numFeatures": 262144, "binary": False}, version)
    return folder


def test_the_lines_of_spark_are_known_from_their_first_to_their_last() -> None:
    assert [is_known(f"{major}.{minor}.0") for major, newest in KNOWN_LINES for minor in (0, newest, newest + 1)] == [True, True, False] * len(KNOWN_LINES)
    assert [version for version in VENDORS if not is_known(version)] == []
    assert [version for version in NOT_KNOWN if is_known(version)] == []
    assert (major_minor("3.4.1-amzn-1"), major_minor("3.5"), major_minor("3.5x")) == ((3, 4), (3, 5), (0, 0))


@pytest.mark.parametrize("version", NOT_KNOWN)
def test_a_version_that_no_spark_had_is_refused_in_one_sentence(tmp_path: Path, version: str) -> None:
    with pytest.raises(UnsupportedOptionError) as refused:
        mabridge.convert(hashing(tmp_path / "tf", "3.5.7"), as_spark=version)
    assert str(refused.value) == f"{version!r} is not a version of Spark whose answers are known (2.0 to 2.4, 3.0 to 3.5, 4.0 to 4.3); name one as in 3.5.7."


@pytest.mark.parametrize("version", VENDORS)
def test_a_model_of_a_vendors_build_is_read(tmp_path: Path, version: str) -> None:
    assert mabridge.convert(hashing(tmp_path / "tf", version)).reference.spark_version == version


@pytest.mark.parametrize("version", ["4.4.0", "1.6.3", "unreleased"])
def test_a_model_of_an_unknown_version_asks_whose_answers_are_meant(tmp_path: Path, version: str) -> None:
    folder = hashing(tmp_path / "tf", version)
    with pytest.raises(
        UnsupportedOptionError, match=rf"tf was saved by Spark {version}, whose answers are not known \(2\.0 .* 4\.3\); name the Spark .*--as-spark"
    ):
        mabridge.convert(folder)
    assert mabridge.convert(folder, as_spark="4.3.0").reference.spark_version == "4.3.0"


def test_terms_are_hashed_as_before_spark_3_when_a_spark_2_is_meant(tmp_path: Path) -> None:
    folder = hashing(tmp_path / "tf", "3.5.7")
    rows = pa.table({"words": pa.array([["abcde"]])})
    places = {
        version: mabridge.convert(folder, as_spark=version).transform(rows).column("tf").to_pylist()[0]["indices"] for version in ("2.4.8", "3.0.0", "4.3.0")
    }
    assert places["3.0.0"] == places["4.3.0"] != places["2.4.8"]


def test_ansi_is_on_from_spark_4_on(tmp_path: Path) -> None:
    write_stage(tmp_path / "sql", f"{FEATURE}.SQLTransformer", "sql_1", {"statement": "SELECT CAST(s AS int) AS n FROM __THIS__"}, {}, "3.5.7")
    rows = pa.table({"s": ["1", "one"]})
    assert mabridge.convert(tmp_path / "sql").transform(rows).column("n").to_pylist() == [1, None]
    assert mabridge.convert(tmp_path / "sql", as_spark="4.0.0", ansi=False).transform(rows).column("n").to_pylist() == [1, None]
    with pytest.raises(InvalidInputError, match="one"):
        mabridge.convert(tmp_path / "sql", as_spark="4.0.0").transform(rows)
