"""The output folder: full disks, dead and rival jobs, interrupts. Under the final name there is the old output or the new one, whole."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pyarrow.parquet as pq
import pytest
from jobs import indexer, letters, names_in, predict_command, quiet_environment

import mabridge.files
import mabridge.run.target as targets
from mabridge.errors import OutputExistsError, OutputFailedError
from mabridge.run import predict
from mabridge.run.source import read_source
from mabridge.run.target import SUCCESS, LocalTarget, ObjectTarget


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.parquet"
    pq.write_table(letters(20_000), file, row_group_size=1_000)
    return file


@pytest.fixture
def one_mebibyte() -> Iterator[Path]:
    """A disk of one mebibyte."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False).returncode:
            pytest.skip("this system lets us mount no file system")
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", place], check=True)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def local(path: Path, data: Path, *, overwrite: bool = False) -> LocalTarget:
    return LocalTarget(str(path), read_source(str(data)), overwrite=overwrite)


def test_an_output_that_the_next_read_would_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in" / "more").mkdir(parents=True)
    pq.write_table(letters(100), tmp_path / "in" / "data.parquet")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    patterns = ["in/**/*.parquet", "in/*/*.parquet"]
    pq.write_table(letters(100), tmp_path / "in" / "more" / "data.parquet")
    for source in ["in", "link", *patterns]:
        with pytest.raises(OutputExistsError, match="out lies in the input"):
            predict(indexer(), tmp_path / source, tmp_path / "in" / "out", overwrite=True)
    assert names_in(tmp_path / "in") == ["data.parquet", "more"]


@pytest.mark.parametrize(
    ("source", "target"), [("in", "inner"), ("in", "in/_out"), ("in", "in/.out"), ("in/*.parquet", "in/out"), ("in/data.parquet", "in/out")]
)
def test_an_output_that_no_next_read_finds_is_written(source: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pq.write_table(letters(100), tmp_path / "in" / "data.parquet")
    for _ in range(2):
        assert predict(indexer(), tmp_path / source, tmp_path / target, overwrite=True).rows_in == 100


def test_an_output_in_the_input_is_refused_on_other_filesystems_too() -> None:
    with fsspec.filesystem("memory").open("/nested/in/data.parquet", "wb") as file:
        pq.write_table(letters(10), file)
    with pytest.raises(OutputExistsError, match="memory://nested/in/out lies in the input memory://nested/in,"):
        predict(indexer(), "memory://nested/in", "memory://nested/in/out")
    assert predict(indexer(), "memory://nested/in", "memory://nested/inner").rows_in == 10


def test_a_full_disk_ends_in_one_sentence_and_leaves_nothing(one_mebibyte: Path, tmp_path: Path) -> None:
    pq.write_table(letters(400_000), tmp_path / "large.parquet")
    with pytest.raises(OutputFailedError, match=r"out could not be written: the disk is full\. Nothing was left under its name\."):
        predict(indexer(), tmp_path / "large.parquet", one_mebibyte / "made" / "out")
    assert names_in(one_mebibyte) == []


def test_a_full_disk_leaves_the_output_that_was_there(one_mebibyte: Path, tmp_path: Path, data: Path) -> None:
    predict(indexer(), data, one_mebibyte / "out", columns=["i"])
    before = content(one_mebibyte / "out")
    pq.write_table(letters(400_000), tmp_path / "large.parquet")
    with pytest.raises(OutputFailedError, match="the disk is full"):
        predict(indexer(), tmp_path / "large.parquet", one_mebibyte / "out", overwrite=True)
    assert content(one_mebibyte / "out") == before
    assert names_in(one_mebibyte) == ["out"]


def test_a_full_disk_leaves_no_half_model(one_mebibyte: Path) -> None:
    (one_mebibyte / "filler").write_bytes(bytes(2**20 - 2 * 4096))
    with pytest.raises(OutputFailedError, match="the disk is full"):
        indexer().save(one_mebibyte / "model")
    assert names_in(one_mebibyte) == ["filler"]


@pytest.mark.parametrize("at", ["open_output_stream", "move"])
def test_a_disk_that_refuses_at_any_step_leaves_nothing(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """The same without a mount: the filesystem says that it is full."""
    from mabridge.run import parts
    from mabridge.run.source import filesystem_of

    class Full:
        def __init__(self, inner: object) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> object:
            if name == at:

                def refuse(*arguments: object) -> None:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

                return refuse
            return getattr(self.inner, name)

    def full(uri: str) -> tuple[object, str]:
        filesystem, path = filesystem_of(uri)
        return (Full(filesystem) if "staging" in uri else filesystem), path

    monkeypatch.setattr(parts, "filesystem_of", full)
    with pytest.raises(OutputFailedError, match="out could not be written: the disk is full"):
        predict(indexer(), data, tmp_path / "made" / "out")
    assert names_in(tmp_path) == ["data.parquet"]


@pytest.mark.parametrize("place", ["data.parquet/out", "/proc/nowhere/out"])
def test_a_place_that_cannot_be_written_is_named(data: Path, tmp_path: Path, place: str) -> None:
    with pytest.raises(OutputFailedError, match=r"out cannot be written: (Not a directory|No such file)"):
        predict(indexer(), data, tmp_path / place)
    assert names_in(tmp_path) == ["data.parquet"]


def test_folders_made_above_the_output_go_with_a_failed_job(data: Path, tmp_path: Path) -> None:
    from mabridge.errors import InvalidRowError

    pq.write_table(letters(10).set_column(1, "s", [["unseen"] * 10]), tmp_path / "other.parquet")
    with pytest.raises(InvalidRowError):
        predict(indexer("error"), tmp_path / "other.parquet", tmp_path / "a" / "b" / "out")
    assert names_in(tmp_path) == ["data.parquet", "other.parquet"]
    predict(indexer("error"), data, tmp_path / "a" / "b" / "out")
    assert (tmp_path / "a" / "b" / "out" / SUCCESS).exists()


def test_a_file_uri_is_a_local_folder(data: Path, tmp_path: Path) -> None:
    predict(indexer(), data.as_uri(), (tmp_path / "an out").as_uri())
    predict(indexer(), data, tmp_path / "other")
    assert content(tmp_path / "an out").values()
    assert list(content(tmp_path / "an out")) == list(content(tmp_path / "other"))


def test_of_two_jobs_for_one_target_the_second_is_refused_and_the_first_unharmed(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with local(out, data) as first:
        (Path(first.uri) / "part-0").touch()
        for overwrite in (False, True):
            with pytest.raises(OutputExistsError, match=r"Another run is writing to .*out now; wait for it to end, or choose another name\."):
                predict(indexer(), data, out, overwrite=overwrite)
        assert names_in(Path(first.uri)) == ["part-0"]
        first.commit()
    assert names_in(out) == [SUCCESS, "part-0"]
    assert names_in(tmp_path) == ["data.parquet", "out"]


@pytest.mark.heavy
def test_of_many_processes_for_one_target_one_writes_it(data: Path, tmp_path: Path) -> None:
    indexer().save(tmp_path / "model")
    command = predict_command(tmp_path / "model", data, tmp_path / "out")
    jobs = [subprocess.Popen(command, env=quiet_environment(), stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [job.communicate()[1] for job in jobs]
    assert sorted(job.returncode for job in jobs) == [0, 2, 2, 2]
    assert all("exists already" in text or "Another run is writing" in text for job, text in zip(jobs, said, strict=True) if job.returncode)
    predict(indexer(), data, tmp_path / "alone")
    assert content(tmp_path / "out") == content(tmp_path / "alone")
    assert names_in(tmp_path) == ["alone", "data.parquet", "model", "out"]


def test_an_output_that_appears_meanwhile_is_not_replaced_unasked(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with local(out, data) as target:
        out.mkdir()
        (out / "part-mine").touch()
        with pytest.raises(OutputExistsError, match="exists already"):
            target.commit()
    with local(out, data, overwrite=True) as target:
        (out / "thesis.txt").touch()
        with pytest.raises(OutputExistsError, match=r"thesis\.txt"):
            target.commit()
    assert names_in(out) == ["part-mine", "thesis.txt"]


def test_a_dead_job_s_rest_is_cleared_and_not_taken_for_output(data: Path, tmp_path: Path) -> None:
    rest = tmp_path / ".out.mabridge-staging"
    (rest / "folder").mkdir(parents=True)
    (rest / "part-00099-dead.parquet").touch()
    predict(indexer(), data, tmp_path / "out")
    predict(indexer(), data, tmp_path / "other")
    assert content(tmp_path / "out") == content(tmp_path / "other")
    assert names_in(tmp_path) == ["data.parquet", "other", "out"]


def test_a_link_in_the_place_of_the_staging_folder_is_not_followed(data: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").touch()
    (tmp_path / ".out.mabridge-staging").symlink_to(tmp_path / "precious")
    with pytest.raises(OutputFailedError, match="out cannot be written"):
        predict(indexer(), data, tmp_path / "out")
    assert names_in(tmp_path / "precious") == ["thesis.txt"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_an_overwrite_replaces_all_in_one_step_or_in_two(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool) -> None:
    if not in_one_step:
        monkeypatch.setattr(targets, "exchange", lambda first, second: False)
    predict(indexer(), data, tmp_path / "out")
    predict(indexer(), data, tmp_path / "out", columns=["i"], overwrite=True)
    predict(indexer(), data, tmp_path / "other", columns=["i"])
    assert content(tmp_path / "out") == content(tmp_path / "other")
    assert names_in(tmp_path) == ["data.parquet", "other", "out"]


def killed_in_an_overwrite(data: Path, out: Path, calls: int) -> None:
    """A process that replaces `out` in two renames and is killed at its rename number `calls`."""
    code = f"""
    import os, pathlib, signal, sys
    sys.path.insert(0, {str(Path(__file__).parent)!r})
    from jobs import indexer
    import mabridge.run.target as targets
    from mabridge.run import predict
    targets.exchange = lambda first, second: False
    real, count = pathlib.Path.rename, []
    def rename(self, target):
        count.append(1)
        if len(count) == {calls}:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, target)
    pathlib.Path.rename = rename
    real_rmtree = targets.shutil.rmtree
    def rmtree(path, **options):
        if {calls} == 3 and str(path).endswith("-old"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real_rmtree(path, **options)
    targets.shutil.rmtree = rmtree
    predict(indexer(), {str(data)!r}, {str(out)!r}, columns=["i"], overwrite=True)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=quiet_environment(), check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_job_killed_while_it_replaces_an_output_is_put_right_by_the_next(data: Path, tmp_path: Path, calls: int) -> None:
    out = tmp_path / "out"
    predict(indexer(), data, out)
    before = content(out)
    predict(indexer(), data, tmp_path / "new", columns=["i"])
    killed_in_an_overwrite(data, out, calls)
    assert out.exists() == (calls != 2)
    # A run that may not replace puts the old output back, or keeps the new one, and clears the rest.
    with pytest.raises(OutputExistsError):
        predict(indexer(), data, out)
    assert content(out) == (content(tmp_path / "new") if calls == 3 else before)
    assert names_in(tmp_path) == ["data.parquet", "new", "out"]
    predict(indexer(), data, out, columns=["i"], overwrite=True)
    assert content(out) == content(tmp_path / "new")


def test_a_second_rename_that_fails_puts_the_old_output_back(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    predict(indexer(), data, out)
    before = content(out)
    monkeypatch.setattr(targets, "exchange", lambda first, second: False)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name.endswith("-staging"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputFailedError, match="out cannot be written: Input/output error"):
        predict(indexer(), data, out, overwrite=True)
    assert content(out) == before
    assert names_in(tmp_path) == ["data.parquet", "out"]


@pytest.mark.heavy
@pytest.mark.parametrize("parts", [0, 1, 4])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_job_killed_at_any_moment_leaves_no_half_output(tmp_path: Path, parts: int, overwrite: bool) -> None:
    out, staging = tmp_path / "out", tmp_path / ".out.mabridge-staging"
    pq.write_table(letters(200_000), tmp_path / "data.parquet", row_group_size=10_000)
    indexer().save(tmp_path / "model")
    before: dict[str, bytes] = {}
    if overwrite:
        predict(indexer(), tmp_path / "data.parquet", out, columns=["i"])
        before = content(out)
    more = ("--batch-size", "2", "--workers", "1", *(["--overwrite"] if overwrite else []))
    job = subprocess.Popen(predict_command(tmp_path / "model", tmp_path / "data.parquet", out, *more), env=quiet_environment())
    deadline = time.monotonic() + 120
    while job.poll() is None and time.monotonic() < deadline and not (staging.exists() and len(list(staging.glob("part-*.parquet"))) >= parts):
        time.sleep(0.002)
    job.send_signal(signal.SIGKILL)
    assert job.wait() == -signal.SIGKILL, "the job ended before it could be killed"
    assert (content(out) if overwrite else names_in(tmp_path)) == (before if overwrite else [".out.mabridge-staging", "data.parquet", "model"])
    predict(indexer(), tmp_path / "data.parquet", out, overwrite=overwrite)
    assert (out / SUCCESS).exists()
    assert names_in(tmp_path) == ["data.parquet", "model", "out"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_job_says_so_and_leaves_nothing(tmp_path: Path, sent: signal.Signals) -> None:
    pq.write_table(letters(200_000), tmp_path / "data.parquet", row_group_size=100_000)
    indexer().save(tmp_path / "model")
    command = predict_command(tmp_path / "model", tmp_path / "data.parquet", tmp_path / "made" / "out", "--batch-size", "1")
    job = subprocess.Popen(command, env=quiet_environment(), stderr=subprocess.PIPE, text=True)
    staging = tmp_path / "made" / ".out.mabridge-staging"
    deadline = time.monotonic() + 120
    while job.poll() is None and time.monotonic() < deadline and not (staging.exists() and any(staging.iterdir())):
        time.sleep(0.01)
    job.send_signal(sent)
    said = job.communicate(timeout=120)[1]
    assert job.returncode == 128 + sent
    assert said == "mabridge: stopped; nothing was left under the final name.\n"
    assert names_in(tmp_path) == ["data.parquet", "model"]


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    store = fsspec.filesystem("memory")
    yield store
    if store.exists("/target-tests"):
        store.rm("/target-tests", recursive=True)


def stored(memory: fsspec.AbstractFileSystem) -> list[str]:
    return sorted(path.rsplit("/", 1)[-1] for path in memory.ls("/target-tests/out", detail=False)) if memory.exists("/target-tests/out") else []


def test_two_jobs_at_once_on_an_object_store_never_mix(data: Path, memory: fsspec.AbstractFileSystem) -> None:
    uri = "memory://target-tests/out"
    source = read_source(str(data))
    with ObjectTarget(uri, source, overwrite=False) as first:
        first.written.add("part-first")
        memory.pipe("/target-tests/out/part-first", b"1")
        with pytest.raises(OutputExistsError, match="exists already"):
            predict(indexer(), data, uri)
        memory.pipe("/target-tests/out/part-second", b"2")
        with pytest.raises(OutputFailedError, match="Another run wrote part-second"):
            first.commit()
    assert SUCCESS not in stored(memory)


def test_a_failed_job_on_an_object_store_removes_its_files_and_never_commits(data: Path, tmp_path: Path, memory: fsspec.AbstractFileSystem) -> None:
    from mabridge.errors import InvalidRowError

    pq.write_table(letters(10).set_column(1, "s", [["a"] * 5 + ["unseen"] * 5]), tmp_path / "other.parquet", row_group_size=2)
    with pytest.raises(InvalidRowError):
        predict(indexer("error"), tmp_path / "other.parquet", "memory://target-tests/out")
    assert stored(memory) == []
    predict(indexer(), data, "memory://target-tests/out")
    whole = stored(memory)
    with pytest.raises(InvalidRowError):
        predict(indexer("error"), tmp_path / "other.parquet", "memory://target-tests/out", overwrite=True)
    assert stored(memory) == [name for name in whole if name != SUCCESS]


def test_foreign_files_and_the_input_are_not_removed_from_an_object_store(data: Path, memory: fsspec.AbstractFileSystem) -> None:
    memory.pipe("/target-tests/out/thesis.txt", b"years of work")
    with pytest.raises(OutputExistsError, match=r"thesis\.txt"):
        predict(indexer(), data, "memory://target-tests/out", overwrite=True)
    memory.rm("/target-tests/out/thesis.txt")
    memory.pipe("/target-tests/out/part-0.parquet", data.read_bytes())
    with pytest.raises(OutputExistsError, match="holds the input file"):
        predict(indexer(), "memory://target-tests/out", "memory://target-tests/out", overwrite=True)
    assert stored(memory) == ["part-0.parquet"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OutputFailedError, match="/dev/full could not be written: the disk is full"):
        mabridge.files.write_whole("/dev/full", b"x")
    mabridge.files.write_whole(str(tmp_path / "x"), b"1")
    with pytest.raises(FileExistsError):
        mabridge.files.write_whole(str(tmp_path / "x"), b"2")
    assert content(tmp_path) == {"x": b"1"}
    mabridge.files.write_whole(str(tmp_path / "x"), b"2", overwrite=True)
    with pytest.raises(OutputFailedError, match="'' is not a path"):
        mabridge.files.write_whole("", b"")
    with pytest.raises(OutputFailedError, match="No such file or directory"):
        mabridge.files.write_whole(str(tmp_path / "nowhere" / "x"), b"")
    assert content(tmp_path) == {"x": b"2"}


def test_a_full_disk_leaves_the_file_that_was_there(one_mebibyte: Path) -> None:
    mabridge.files.write_whole(str(one_mebibyte / "x"), b"1")
    with pytest.raises(OutputFailedError, match="the disk is full"):
        mabridge.files.write_whole(str(one_mebibyte / "x"), bytes(2**21), overwrite=True)
    assert content(one_mebibyte) == {"x": b"1"}
