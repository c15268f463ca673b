"""Which translator serves a class: by its exact name, from whatever is installed. How a real package is found: compat_tests/repo/test_plug_in.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from compat_tests.plug_ins import plugged_in
from mabridge.errors import AmbiguousTranslatorError
from mabridge.registry import GROUP, find_translator, supported_classes

BUCKETIZER = "org.apache.spark.ml.feature.Bucketizer"


def installed(folder: Path, name: str, rows: dict[str, str]) -> Path:
    """A folder with the metadata of an installed package, and nothing else of it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{spark_class} = {target}" for spark_class, target in rows.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_classes_are_sorted_and_each_has_its_translator() -> None:
    classes = supported_classes()
    assert list(classes) == sorted(set(classes))
    for name in classes:
        translator = find_translator(name)
        assert translator is not None
        assert name in (translator.spark_class, *translator.also)


@pytest.mark.parametrize("name", ["", "Bucketizer", BUCKETIZER.lower(), f"{BUCKETIZER} ", "org.apache.spark.ml.feature", "os.path"])
def test_only_the_exact_name_finds_a_translator(name: str) -> None:
    assert find_translator(name) is None


def test_metadata_that_lists_the_same_target_twice_is_no_ambiguity(tmp_path: Path) -> None:
    target = "mabridge_translators.feature.bucketizer:TRANSLATOR"
    with plugged_in(installed(tmp_path, "mabridge-again", {BUCKETIZER: target})):
        translator = find_translator(BUCKETIZER)
    assert translator is not None
    assert translator.spark_class == BUCKETIZER


def test_a_package_that_brings_a_class_of_ours_again_is_refused_and_only_for_that_class(tmp_path: Path) -> None:
    with plugged_in(installed(tmp_path, "acme-fast", {BUCKETIZER: "acme_fast:TRANSLATOR"})):
        with pytest.raises(AmbiguousTranslatorError, match=r"acme_fast:TRANSLATOR \(acme-fast\)"):
            find_translator(BUCKETIZER)
        assert find_translator("org.apache.spark.ml.PipelineModel") is not None


def test_a_package_is_not_imported_before_its_class_is_asked_for(tmp_path: Path) -> None:
    with plugged_in(installed(tmp_path, "acme-odd", {"com.acme.Odd": "package_that_is_not_there:TRANSLATOR"})):
        assert "com.acme.Odd" in supported_classes()
        assert find_translator(BUCKETIZER) is not None
