"""Where a model's bytes may come from, and what none of these places may do."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from pathlib import Path

import fsspec
import pytest
from build_saved import INDEXER, metadata, write_metadata, write_pipeline, write_stage, zip_folder

from mabridge.errors import MalformedModelError, MissingDependencyError, MissingModelError
from mabridge.saved import Limits, read_saved
from mabridge.saved.stage import SavedStage

DATA = Path(__file__).parent / "data"


def labels(pipeline: SavedStage) -> object:
    return [stage.table().to_pylist() for stage in pipeline.children]


@pytest.mark.parametrize("top", ["", "model/", "some/"])
def test_zip_file_is_read_like_the_folder(tmp_path: Path, top: str) -> None:
    folder = write_pipeline(tmp_path / "model", ["a", "b"])
    archive = zip_folder(folder, tmp_path / "model.zip", top)
    read = read_saved(archive)
    assert [stage.uid for stage in read.children] == ["a", "b"]
    assert labels(read) == labels(read_saved(folder))
    assert read.children[1].path == f"{archive}/{top}stages/1_b"
    assert read.children[1].names() == ("data", "metadata")


def test_zip_file_of_an_mlflow_model_is_read(tmp_path: Path) -> None:
    write_pipeline(tmp_path / "m" / "sparkml", ["a"])
    (tmp_path / "m" / "MLmodel").write_text("flavors:\n  spark:\n    model_data: sparkml\n")
    assert read_saved(zip_folder(tmp_path / "m", tmp_path / "m.zip", "m/")).children[0].uid == "a"


def test_zip_file_without_a_model_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(MissingModelError, match=r"x\.zip is not a saved Spark model: it has no `metadata`; it holds `readme.txt`"):
        read_saved(tmp_path / "x.zip")


def test_filesystem_of_fsspec_is_read_like_the_folder(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "model", ["a"])
    memory = fsspec.filesystem("memory")
    memory.put(str(folder), "/saved-sources/model", recursive=True)
    memory.put(str(zip_folder(folder, tmp_path / "model.zip")), "/saved-sources/model.zip")
    try:
        for uri in ("memory://saved-sources/model", "memory://saved-sources/model.zip"):
            read = read_saved(uri)
            assert read.path.startswith(uri)
            assert labels(read) == labels(read_saved(folder))
            assert not read.has("nothing")
        with pytest.raises(MissingModelError, match="memory://saved-sources/other: there is no such file or folder"):
            read_saved("memory://saved-sources/other")
        memory.pipe("/saved-sources/text", b"hello")
        with pytest.raises(MissingModelError, match="a file of an unknown kind, not a saved Spark model"):
            read_saved("memory://saved-sources/text")
    finally:
        memory.rm("/saved-sources", recursive=True)


def test_file_uri_is_a_local_folder(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "a model", ["a"])
    assert labels(read_saved(folder.as_uri())) == labels(read_saved(folder))
    assert read_saved(f"file:{tmp_path}/a%20model").uid == "pipeline_1"


def test_uri_of_an_unknown_scheme_is_refused_without_its_password() -> None:
    with pytest.raises((MissingModelError, MissingDependencyError)) as caught:
        read_saved("nosuchscheme://user:secret@host/path?token=hidden")
    assert "nosuchscheme://host/path" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "model", ["a"])
    (folder / "stages" / "0_a").rename(folder / "stages" / "real")
    (folder / "stages" / "0_a").symlink_to("real")
    assert read_saved(folder).children[0].uid == "a"


def test_link_to_the_whole_model_is_followed(tmp_path: Path) -> None:
    write_pipeline(tmp_path / "model", ["a"])
    (tmp_path / "latest").symlink_to("model")
    assert read_saved(tmp_path / "latest").children[0].table().num_rows == 1


@pytest.mark.parametrize("place", ["metadata", "metadata/part-00000", "stages", "stages/0_a", "stages/0_a/data"])
def test_link_that_leaves_the_folder_is_refused(tmp_path: Path, place: str) -> None:
    folder = write_pipeline(tmp_path / "model", ["a"])
    (folder / place).rename(tmp_path / "outside")
    (folder / place).symlink_to(tmp_path / "outside")
    with pytest.raises(MalformedModelError, match="it is a symbolic link that leaves the folder"):
        read_saved(folder).children[0].table()


@pytest.mark.parametrize("place", ["metadata", "stages/0_a", "stages/0_a/data"])
def test_link_to_itself_is_refused(tmp_path: Path, place: str) -> None:
    folder = write_pipeline(tmp_path / "model", ["a"])
    (folder / place).rename(tmp_path / "outside")
    (folder / place).symlink_to((folder / place).name)
    with pytest.raises((MalformedModelError, MissingModelError)):
        read_saved(folder).children[0].table()


def test_stages_that_contain_themselves_are_refused(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "model", ["a", "b"])
    for name in ("0_a", "1_b"):
        (folder / "stages" / name).rename(tmp_path / name)
        (folder / "stages" / name).symlink_to("..")
    with pytest.raises(MalformedModelError, match="stages nest more than 32 deep"):
        read_saved(folder)


def test_stages_without_end_are_refused(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "model", ["a", "b"])
    for name in ("0_a", "1_b"):
        (folder / "stages" / name).rename(tmp_path / name)
        (folder / "stages" / name).symlink_to("..")
    with pytest.raises(MalformedModelError, match="the model holds more than 50 stages"):
        read_saved(folder, Limits(stage_depth=100, stages=50))


def test_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    write_stage(tmp_path, "a")
    (tmp_path / "metadata" / "part-00000").unlink()
    os.mkfifo(tmp_path / "metadata" / "part-00000")
    with pytest.raises(MalformedModelError, match="part-00000: it is not a file"):
        read_saved(tmp_path)


@pytest.mark.parametrize("call", ["open", "scandir", "stat"])
def test_what_the_system_refuses_is_refused_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    write_stage(tmp_path, "a")
    real = getattr(os, call)

    def refuse(path: object, *rest: object, **options: object) -> object:
        if str(path).startswith(f"{tmp_path}/metadata"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *rest, **options)

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(MalformedModelError, match=r"metadata.*Permission denied"):
        read_saved(tmp_path)


def test_folder_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    write_stage(tmp_path, "a")
    for position in range(20):
        (tmp_path / "metadata" / f"x{position}").touch()
    with pytest.raises(MalformedModelError, match="the folder holds more than 10 entries"):
        read_saved(tmp_path, Limits(entries=10))


def write_zip(path: Path, entries: dict[str, bytes], **attributes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b", "a//b", "./a"])
def test_zip_entry_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MalformedModelError, match="leaves the archive's own folder"):
        read_saved(write_zip(tmp_path / "x.zip", {name: b"x"}))


def test_zip_entry_that_is_a_link_is_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "x.zip", {"metadata/part-00000": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16, create_system=3)
    with pytest.raises(MalformedModelError, match="the zip entry is a symbolic link"):
        read_saved(archive)


def test_zip_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("metadata/part-00000", "a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("metadata/part-00000", "b")
    with pytest.raises(MalformedModelError, match="holds this entry twice"):
        read_saved(tmp_path / "x.zip")


def test_zip_entry_that_is_file_and_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedModelError, match=r"(both as a file and as a folder|twice)"):
        read_saved(write_zip(tmp_path / "x.zip", {"metadata": b"x", "metadata/part-00000": b"y"}))


def test_zip_bomb_is_refused_by_its_declared_sizes(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "x.zip", {"metadata/part-00000": bytes(80 << 20)})
    assert archive.stat().st_size < 1 << 20
    with pytest.raises(MalformedModelError, match="claim to unpack to 83886080"):
        read_saved(archive)


def test_zip_bomb_of_many_entries_is_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "x.zip", {f"f{position}": bytes(1 << 20) for position in range(70)})
    with pytest.raises(MalformedModelError, match="claim to unpack to 73400320"):
        read_saved(archive)


def test_zip_entry_that_holds_more_than_it_declares_is_not_unpacked(tmp_path: Path) -> None:
    content = b'{"a":"' + b"x" * 100_000 + b'"}'
    archive = write_zip(tmp_path / "x.zip", {"metadata/part-00000": content})
    data = archive.read_bytes()
    size = len(content).to_bytes(4, "little")
    assert data.count(size) == 2
    archive.write_bytes(data.replace(size, (50).to_bytes(4, "little")))
    with pytest.raises(MalformedModelError, match=r"(damaged here|declares 50 bytes)"):
        read_saved(archive)


def test_zip_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "x.zip", {f"f{position}": b"" for position in range(30)})
    with pytest.raises(MalformedModelError, match="the zip file holds 30 entries, and at most 20 are read"):
        read_saved(archive, Limits(entries=20))
    with pytest.raises(MalformedModelError, match="its list of entries claims"):
        read_saved(archive, Limits(zip_directory_bytes=1_000))


def test_zip_with_overlapping_entries_is_refused(tmp_path: Path) -> None:
    content = os.urandom(10_000)
    archive = write_zip(tmp_path / "x.zip", {"a": content, "b": b"x"})
    data = bytearray(archive.read_bytes())
    # Each entry of the central directory claims the first file's bytes.
    second = data.rindex(b"PK\x01\x02")
    packed = data[data.index(b"PK\x01\x02") + 20 :][:8]
    data[second + 20 : second + 28] = packed
    archive.write_bytes(data)
    with pytest.raises(MalformedModelError, match="they overlap"):
        read_saved(archive)


def test_encrypted_and_otherwise_packed_entries_are_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "x.zip", {"metadata/part-00000": b"x"})
    data = archive.read_bytes()
    directory = data.index(b"PK\x01\x02")
    archive.write_bytes(data[: directory + 8] + b"\x01" + data[directory + 9 :])
    with pytest.raises(MalformedModelError, match="the zip entry is encrypted"):
        read_saved(archive)
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("metadata/part-00000", "x")
    with pytest.raises(MalformedModelError, match="uses compression method 14"):
        read_saved(tmp_path / "y.zip")


@pytest.mark.parametrize("cut", [5, 40, 200, -1, -30])
def test_truncated_zip_is_refused(tmp_path: Path, cut: int) -> None:
    archive = zip_folder(write_pipeline(tmp_path / "m", ["a"]), tmp_path / "m.zip")
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(MalformedModelError, match="the zip file is damaged"):
        read_saved(archive)


def test_changed_byte_in_a_zip_entry_is_refused(tmp_path: Path) -> None:
    content = metadata(INDEXER, "a")
    write_metadata(tmp_path / "m", content)
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.write(tmp_path / "m" / "metadata" / "part-00000", "metadata/part-00000")
    data = (tmp_path / "m.zip").read_bytes()
    (tmp_path / "m.zip").write_bytes(data.replace(b"3.5.7", b"3.5.8", 1))
    with pytest.raises(MalformedModelError, match="metadata/part-00000: the zip file is damaged here"):
        read_saved(tmp_path / "m.zip")


def test_large_zip_entry_is_unpacked_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mabridge.saved.archive as archive_module

    monkeypatch.setattr(archive_module, "WHOLE_BYTES", 100)
    folder = write_pipeline(tmp_path / "m", ["a"])
    assert labels(read_saved(zip_folder(folder, tmp_path / "m.zip"))) == labels(read_saved(folder))


def test_large_local_file_is_read_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mabridge.saved.folder as folder_module

    folder = write_pipeline(tmp_path / "m", ["a"])
    whole = labels(read_saved(folder))
    monkeypatch.setattr(folder_module, "WHOLE_BYTES", 100)
    assert labels(read_saved(folder)) == whole
    with pytest.raises(MalformedModelError, match="at most 200 are read"):
        labels(read_saved(folder, Limits(payload_bytes=200)))
