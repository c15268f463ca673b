"""A bundle holds what was put in, to the byte, or is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from compat_tests.extras import needed
from mabridge.bundle import is_bundle, read_bundle, write_bundle
from mabridge.errors import MalformedBundleError, MissingModelError, OutputExistsError

PLAN = {"ops": [{"op": "OneHot", "array": "a0000"}], "reference": {"spark_version": "3.5.7"}}
ARRAYS = {"a0000": pa.array(np.arange(5.0)), "a0001": pa.array(["ä", ""], type=pa.string())}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    target = tmp_path / "model"
    write_bundle(str(target), PLAN, ARRAYS, info={"stages": []})
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_was_written_is_read(bundle: Path) -> None:
    found = read_bundle(str(bundle))
    assert found.plan == PLAN
    assert {name: array.to_pylist() for name, array in found.arrays.items()} == {name: array.to_pylist() for name, array in ARRAYS.items()}
    assert is_bundle(str(bundle))


def test_the_same_content_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    write_bundle(str(tmp_path / "again"), PLAN, ARRAYS, info={"stages": []})
    assert files_of(bundle) == files_of(tmp_path / "again")


@pytest.mark.parametrize("name", ["manifest.json", "plan.json", "arrays/a0000.arrow", "arrays/a0001.arrow"])
def test_a_changed_byte_anywhere_is_refused(bundle: Path, name: str) -> None:
    file = bundle / name
    content = file.read_bytes()
    for place in sorted({0, 1, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1}):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(MalformedBundleError):
            read_bundle(str(bundle))
    file.write_bytes(content + b" ")
    with pytest.raises(MalformedBundleError):
        read_bundle(str(bundle))


def test_a_missing_or_added_file_is_refused(bundle: Path) -> None:
    extra = bundle / "arrays" / "a0009.arrow"
    extra.write_bytes(b"x")
    with pytest.raises(MalformedBundleError, match="a0009"):
        read_bundle(str(bundle))
    extra.unlink()
    (bundle / "arrays" / "a0000.arrow").unlink()
    with pytest.raises(MalformedBundleError, match="a0000"):
        read_bundle(str(bundle))


def test_a_link_in_the_place_of_a_file_is_refused(bundle: Path, tmp_path: Path) -> None:
    file = bundle / "plan.json"
    shutil.move(file, tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MalformedBundleError):
        read_bundle(str(bundle))


def test_what_is_no_bundle_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError):
        read_bundle(str(tmp_path / "nothing"))
    with pytest.raises(MissingModelError):
        read_bundle(str(tmp_path))


def test_an_existing_folder_is_replaced_only_when_asked_and_only_if_it_is_a_bundle(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputExistsError):
        write_bundle(str(bundle), PLAN, {}, info={})
    write_bundle(str(bundle), {"ops": []}, {}, info={}, overwrite=True)
    assert read_bundle(str(bundle)).plan == {"ops": []}
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputExistsError):
        write_bundle(str(mine), PLAN, {}, info={}, overwrite=True)
    assert (mine / "thesis.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "model"]


def test_onnx_with_external_data_is_refused(tmp_path: Path) -> None:
    onnx = needed("onnx")
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[1], data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../../secret")
    model = onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], [tensor]))
    target = tmp_path / "model"
    with pytest.raises(MalformedBundleError, match="outside itself"):
        write_bundle(str(target), PLAN, ARRAYS, {"onnx/predictor-0.onnx": model.SerializeToString()}, info={})
    assert not target.exists()
