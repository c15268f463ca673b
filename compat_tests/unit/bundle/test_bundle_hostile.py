"""A bundle that somebody changed, or made to harm the reader: every file, every way, refused before anything is built from it."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from mabridge.bundle import read_bundle, write_bundle
from mabridge.bundle.layout import canonical, plan_digest_of, sha256
from mabridge.errors import MabridgeError, MalformedBundleError, MissingModelError, OutputFailedError

ROOT = Path(__file__).parents[3]
FLIGHTS_MODEL = ROOT / "examples" / "flights" / "models" / "logistic"


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle, of a pipeline with labels, matrices and SQL, and one file in place of an ONNX predictor."""
    target = tmp_path_factory.mktemp("converted") / "model"
    bundle_of(mabridge.convert(FLIGHTS_MODEL), target)
    return target


def bundle_of(model: mabridge.Model, target: Path) -> None:
    from mabridge.plan.store import plan_to_json

    plan, arrays = plan_to_json(model.steps, model.reference)
    write_bundle(target, plan, arrays, {"onnx/predictor-0.onnx": b"\x08\x0a"}, info={"stages": []})


@pytest.fixture
def bundle(converted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(converted, tmp_path / "model"))


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def resign(bundle: Path, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    """Write a manifest that fits the files as they are: whoever can change a file can do this too."""
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    del manifest["digest"]
    for name, entry in manifest["files"].items():
        content = (bundle / name).read_bytes()
        entry.update(bytes=len(content), sha256=sha256(content))
    manifest["plan_digest"] = plan_digest_of({name: entry["sha256"] for name, entry in manifest["files"].items()})
    change(manifest)
    (bundle / "manifest.json").write_bytes(canonical({**manifest, "digest": sha256(canonical(manifest))}))


def change_plan(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    plan = json.loads((bundle / "plan.json").read_bytes())
    change(plan)
    (bundle / "plan.json").write_bytes(canonical(plan))
    resign(bundle)


def test_a_copy_and_a_copy_signed_anew_load(bundle: Path) -> None:
    digest = mabridge.load(bundle).digest
    resign(bundle)
    assert mabridge.load(bundle).digest == digest
    assert {path.suffix for path in files_of(bundle)} == {".json", ".arrow", ".onnx"}


def test_every_file_is_refused_with_a_flipped_bit_wherever_it_is(bundle: Path) -> None:
    rng = np.random.default_rng(0)
    for file in files_of(bundle):
        content = file.read_bytes()
        places = {0, 1, len(content) // 2, len(content) - 1, *(int(place) for place in rng.integers(0, len(content), 5))}
        for place in sorted(places & set(range(len(content)))):
            file.write_bytes(content[:place] + bytes([content[place] ^ (1 << int(rng.integers(8)))]) + content[place + 1 :])
            with pytest.raises((MalformedBundleError, MissingModelError), match=f"{bundle}"):
                read_bundle(bundle)
        file.write_bytes(content)
    read_bundle(bundle)


def test_every_file_is_refused_truncated_longer_empty_swapped_or_gone(bundle: Path) -> None:
    for file in files_of(bundle):
        content = file.read_bytes()
        for other in (content[:-1], content[: len(content) // 2], content + b"\n", b""):
            file.write_bytes(other)
            with pytest.raises((MalformedBundleError, MissingModelError)):
                read_bundle(bundle)
        file.unlink()
        with pytest.raises((MalformedBundleError, MissingModelError)):
            read_bundle(bundle)
        file.mkdir()
        with pytest.raises((MalformedBundleError, MissingModelError)):
            read_bundle(bundle)
        file.rmdir()
        file.write_bytes(content)
    first, second = [path for path in files_of(bundle) if path.suffix == ".arrow"][:2]
    contents = first.read_bytes(), second.read_bytes()
    first.write_bytes(contents[1])
    second.write_bytes(contents[0])
    with pytest.raises(MalformedBundleError, match="its checksum is not the one"):
        read_bundle(bundle)


@pytest.mark.parametrize("name", ["extra.txt", "arrays/a9999.arrow", "onnx/x.onnx", "model.pkl", "arrays/deep/er/x.arrow", ".hidden", "plan.json.bak"])
def test_an_added_file_is_refused_by_its_name(bundle: Path, name: str) -> None:
    (bundle / name).parent.mkdir(parents=True, exist_ok=True)
    (bundle / name).write_bytes(b"x")
    with pytest.raises(MalformedBundleError, match=f"{name}: the file is not listed"):
        read_bundle(bundle)


def test_links_are_refused_whatever_they_point_to(bundle: Path, tmp_path: Path) -> None:
    for file in files_of(bundle):
        file.rename(tmp_path / "elsewhere")
        for target in (tmp_path / "elsewhere", Path("/dev/zero"), Path("/etc/passwd"), file):
            file.symlink_to(target)
            with pytest.raises((MalformedBundleError, MissingModelError)):
                read_bundle(bundle)
            file.unlink()
        (tmp_path / "elsewhere").rename(file)
    (bundle / "arrays").rename(tmp_path / "arrays")
    (bundle / "arrays").symlink_to(tmp_path / "arrays")
    with pytest.raises(MalformedBundleError, match="it is a link"):
        read_bundle(bundle)


@pytest.mark.parametrize(
    "name",
    [
        "../plan.json",
        "/etc/passwd",
        "arrays/../../x.arrow",
        "arrays/A.arrow",
        "plan.pkl",
        "arrays/a.pkl",
        "",
        "arrays/a\0.arrow",
        "onnx/../../../x.onnx",
        "x" * 300,
    ],
)
def test_a_manifest_that_lists_other_names_is_refused(bundle: Path, name: str) -> None:
    resign(bundle, lambda manifest: manifest["files"].update({name: {"bytes": 5, "sha256": "0" * 64}}))
    with pytest.raises(MalformedBundleError, match="which is no file of a bundle"):
        read_bundle(bundle)


@pytest.mark.parametrize("size", [2**31, 2**62, 2**80, -1, 1.5, True, None, "5", [5]])
def test_a_manifest_that_claims_other_sizes_is_refused(bundle: Path, size: object) -> None:
    resign(bundle, lambda manifest: manifest["files"]["plan.json"].update({"bytes": size}))
    with pytest.raises(MalformedBundleError):
        read_bundle(bundle)


@pytest.mark.parametrize("version", [0, 2, 10**30, -1, 1.0, True, "1", None, [1]])
def test_another_format_version_is_refused(bundle: Path, version: object) -> None:
    resign(bundle, lambda manifest: manifest.update(format_version=version))
    with pytest.raises(MalformedBundleError, match=r"the format version is .*, and this mabridge reads version 1"):
        read_bundle(bundle)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"format":"mabridge-model","format":"mabridge-model"}', "has the key 'format' twice"),
        (b"[" * 10**6, "nests|values|not JSON"),
        (b'{"a":' * 10**5 + b"1" + b"}" * 10**5, "nests more than"),
        (b"[" + b"1," * (5 * 10**6) + b"1]", "more than 4000000 JSON values"),
        (b'{"format":' + b"9" * 10**6 + b"}", "holds a number of"),
        (b'"' + b"x" * (17 * 2**20) + b'"', "at most 16777216 are read"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"null", "damaged"),
        (b"[]", "damaged"),
    ],
)
def test_a_manifest_that_is_no_manifest_is_refused(bundle: Path, text: bytes, reason: str) -> None:
    (bundle / "manifest.json").write_bytes(text)
    with pytest.raises(MalformedBundleError, match=reason):
        read_bundle(bundle)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"ops":[],"ops":[]}', "has the key 'ops' twice"),
        (b"[" * 5_000 + b"]" * 5_000, "nests more than 600 levels"),
        (b"[" + b"1," * (5 * 10**6) + b"1]", "more than 4000000 JSON values"),
        (b"[]", "holds no plan"),
        (b"{}", "does not hold a plan"),
        (b'{"ops":1,"stages":1,"reference":1}', "does not hold a plan"),
    ],
)
def test_a_plan_that_is_no_plan_is_refused(bundle: Path, text: bytes, reason: str) -> None:
    (bundle / "plan.json").write_bytes(text)
    resign(bundle)
    with pytest.raises(MalformedBundleError, match=reason):
        mabridge.load(bundle)


def first_op(plan: dict[str, Any], name: str) -> dict[str, Any]:
    return next(op for op in plan["ops"] if op["op"] == name)


def scorer(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = first_op(plan, "Predict")["scorer"]
    return found


#: What somebody may write into a plan whose checksums are right.
PLANS: dict[str, Callable[[dict[str, Any]], object]] = {
    "an op that names a class": lambda plan: plan["ops"][0].update(op="os.system"),
    "an op of no kind": lambda plan: plan["ops"][0].update(op=5),
    "an op without its fields": lambda plan: plan["ops"].append({"op": "OneHot", "stage": 0}),
    "a field that no op has": lambda plan: plan["ops"][0].update(__class__="x"),
    "a stage outside": lambda plan: plan["ops"][0].update(stage=10**9),
    "a stage before the first": lambda plan: plan["ops"][0].update(stage=-1),
    "a size below zero": lambda plan: first_op(plan, "OneHot").update(categories=-5),
    "a size of 2^31": lambda plan: first_op(plan, "OneHot").update(categories=2**31),
    "a size of 2^70": lambda plan: first_op(plan, "OneHot").update(categories=2**70),
    "a size that is NaN": lambda plan: first_op(plan, "OneHot").update(categories="NaN"),
    "a size that is a fraction": lambda plan: first_op(plan, "OneHot").update(categories=1.5),
    "an array that is not there": lambda plan: scorer(plan)["coefficients"].update(array="nothing"),
    "an array of another shape": lambda plan: scorer(plan)["coefficients"].update(shape=[1, 5]),
    "a shape of 2^62": lambda plan: scorer(plan)["coefficients"].update(shape=[2**31, 2**31]),
    "a shape below zero": lambda plan: scorer(plan)["coefficients"].update(shape=[-1, -1]),
    "a shape of many sizes": lambda plan: scorer(plan)["coefficients"].update(shape=[1] * 100),
    "an array in place of a name": lambda plan: first_op(plan, "OneHot").update(input={"array": "a0000"}),
    "another value in place of a scorer": lambda plan: first_op(plan, "Predict").update(scorer={"value": "Head"}),
    "a value of no kind": lambda plan: first_op(plan, "Predict").update(scorer={"value": "subprocess.Popen"}),
    "a time zone that is a path": lambda plan: plan["reference"].update(time_zone=["../../etc/passwd"]),
    "coefficients turned round": lambda plan: scorer(plan)["coefficients"].update(shape=scorer(plan)["coefficients"]["shape"][::-1]),
    "a scaler of another size": lambda plan: first_op(plan, "ShiftScale").update(size=1),
    "more inputs than surrogates": lambda plan: first_op(plan, "FillMissing")["inputs"].append("x"),
    "a claim of fewer classes than none": lambda plan: first_op(plan, "Predict").update(declared_classes=-1),
    "a declaration that is no JSON": lambda plan: plan["ops"].append({"op": "DeclareColumn", "stage": 0, "column": "x", "like": None, "metadata": "{"}),
    "a decision for other classes": lambda plan: first_op(plan, "Predict")["head"].update(decision="scaled probability", thresholds=[1.0] * 5),
    "a reference without a version": lambda plan: plan["reference"].pop("spark_version"),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_with_wrong_content_is_refused_when_it_is_loaded(bundle: Path, name: str) -> None:
    change_plan(bundle, PLANS[name])
    with pytest.raises(MalformedBundleError, match=r"plan\.json does not hold a plan"):
        mabridge.load(bundle)


def tree_plan() -> tuple[dict[str, Any], dict[str, pa.Array]]:
    from mabridge.plan.store import plan_to_json

    model = mabridge.convert(ROOT / "examples" / "flights" / "models" / "gbt")
    return plan_to_json(model.steps, model.reference)


#: What somebody may write into the arrays of trees: field -> from the right values to wrong ones.
TREES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a root behind the last node": ("roots", lambda values: np.append(values[:-1], 10**9).astype(np.int32)),
    "a root before the first": ("roots", lambda values: np.append(values[:-1], -1).astype(np.int32)),
    "no trees": ("roots", lambda values: values[:0]),
    "a child behind the last node": ("left", lambda values: np.append(2**31 - 1, values[1:]).astype(np.int32)),
    "a child before the first": ("right", lambda values: np.append(-5, values[1:]).astype(np.int32)),
    "a cycle": ("left", lambda values: np.append(0, values[1:]).astype(np.int32)),
    "a feature that is not there": ("feature", lambda values: np.append(2**31 - 1, values[1:]).astype(np.int32)),
    "a feature below zero": ("feature", lambda values: np.append(-7, values[1:]).astype(np.int32)),
    "fewer thresholds": ("threshold", lambda values: values[:-1]),
    "categories outside": ("category_start", lambda values: values + 10**9),
    "more categories than there are": ("category_count", lambda values: np.full_like(values, 10**9)),
    "fewer values": ("values", lambda values: values[:-1]),
    "leaves without numbers": ("leaf_number", lambda values: np.full_like(values, -1)),
    "values of another type": ("values", lambda values: values.astype(np.float32)),
    "nodes of another type": ("left", lambda values: values.astype(np.int64)),
}


@pytest.mark.parametrize("name", TREES)
def test_trees_that_lead_outside_are_refused_when_they_are_loaded(tmp_path: Path, name: str) -> None:
    plan, arrays = tree_plan()
    field, spoil = TREES[name]
    entry = scorer(plan)[field]
    values = arrays[entry["array"]].to_numpy(zero_copy_only=False).reshape(entry["shape"])
    spoilt = spoil(values)
    entry["shape"] = list(spoilt.shape)
    write_bundle(tmp_path / "model", plan, {**arrays, entry["array"]: pa.array(spoilt.reshape(-1))}, info={})
    with pytest.raises(MalformedBundleError, match=r"plan\.json does not hold a plan"):
        mabridge.load(tmp_path / "model")


def claims_many_values(bundle: Path) -> None:
    """An array file of booleans whose batch claims 2^40 rows."""
    file = next(bundle.glob("arrays/*.arrow"))
    sink = pa.BufferOutputStream()
    batch = pa.record_batch({"values": pa.array([True])})
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content = bytearray(sink.getvalue())
    one = struct.pack("<q", 1)
    place = content.find(one)
    while place >= 0:
        content[place : place + 8] = struct.pack("<q", 2**40)
        place = content.find(one, place + 8)
    file.write_bytes(bytes(content))


def compressed_array(bundle: Path) -> None:
    """An array file of two gigabytes of zeros, compressed to almost nothing."""
    file = next(bundle.glob("arrays/*.arrow"))
    batch = pa.record_batch({"values": np.zeros(2**22)})
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(batch)


def extension_array(bundle: Path) -> None:
    """An array file with a type that a reader would look up by its name."""
    file = next(bundle.glob("arrays/*.arrow"))
    field = pa.field("values", pa.binary(), metadata={b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": b"cos\nsystem\n."})
    batch = pa.record_batch([pa.array([b"x"])], schema=pa.schema([field]))
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)


@pytest.mark.parametrize("spoil", [claims_many_values, compressed_array, extension_array])
def test_an_array_file_with_right_checksums_and_wrong_content_is_refused(bundle: Path, spoil: Callable[[Path], None]) -> None:
    spoil(bundle)
    resign(bundle)
    with pytest.raises(MalformedBundleError):
        mabridge.load(bundle)


def test_an_onnx_file_that_refers_to_others_is_refused_when_it_is_read(bundle: Path) -> None:
    # Model.graph (7) . initializer (5) . external_data (13) . {key "location"}
    entry = b"\x0a\x08location\x12\x09../secret"
    tensor = b"\x6a" + bytes([len(entry)]) + entry
    graph = b"\x2a" + bytes([len(tensor)]) + tensor
    (bundle / "onnx" / "predictor-0.onnx").write_bytes(b"\x3a" + bytes([len(graph)]) + graph)
    resign(bundle)
    with pytest.raises(MalformedBundleError, match="refers to data outside itself"):
        read_bundle(bundle)


def test_no_python_object_of_a_bundle_is_ever_unpickled() -> None:
    """Nothing under mabridge imports what could run code from a file."""
    for file in [*ROOT.glob("mabridge/**/*.py"), *ROOT.glob("translators/**/*.py")]:
        text = file.read_text(encoding="utf-8")
        for word in ("import pickle", "import marshal", "import shelve", "import dill", "cloudpickle", "joblib", "allow_pickle=True", " eval(", " exec("):
            assert word not in text, f"{file} has {word!r}"


def test_hostile_bundles_are_refused_in_bounded_memory_and_time(converted: Path, tmp_path: Path) -> None:
    spoilers: list[Callable[[Path], object]] = [claims_many_values, compressed_array]
    sizes = [
        lambda plan: first_op(plan, "OneHot").update(categories=2**31 - 1),
        lambda plan: scorer(plan)["coefficients"].update(shape=[2**31, 2**31]),
        lambda plan: plan.update(ops=plan["ops"] * 2_000),
    ]
    for position, spoil in enumerate(spoilers):
        bundle = Path(shutil.copytree(converted, tmp_path / str(position)))
        spoil(bundle)
        resign(bundle)
    for position, size in enumerate(sizes, len(spoilers)):
        change_plan(Path(shutil.copytree(converted, tmp_path / str(position))), size)
    sparse = Path(shutil.copytree(converted, tmp_path / str(len(spoilers) + len(sizes))))
    # A sparse file: eight gigabytes that take no room on the disk.
    os.truncate(sparse / "plan.json", 8 * 2**30)
    for text in (b"[" * 10**7, b'"' * 10**7, b'{"a":' * 10**6):
        spoilt = Path(shutil.copytree(converted, tmp_path / str(len(list(tmp_path.iterdir())))))
        (spoilt / "manifest.json").write_bytes(text)
    script = """
import resource, sys
import mabridge
from mabridge.errors import MabridgeError
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for position in range(int(sys.argv[2])):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        mabridge.load(f"{sys.argv[1]}/{position}").input_schema
    except MabridgeError as error:
        assert len(str(error)) < 1_000, error
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    if used > 10:
        raise SystemExit(f"{position} took {used} s")
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
raise SystemExit(None if peak < 1_100_000 else f"{peak} KiB were used")
"""
    command = [sys.executable, "-c", script, str(tmp_path), str(len(list(tmp_path.iterdir())))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_overwrite_that_was_killed_between_its_renames_is_put_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mabridge.bundle import place
    from mabridge.errors import OutputExistsError

    target = tmp_path / "model"
    write_bundle(target, {"a": 1}, {}, info={})
    target.rename(place.previous_name(str(target)))
    with pytest.raises(MissingModelError, match="An overwrite was interrupted"):
        read_bundle(target)
    with pytest.raises(OutputExistsError):
        write_bundle(target, {"a": 2}, {}, info={})
    assert read_bundle(target).plan == {"a": 1}
    monkeypatch.setattr(place, "exchange", lambda first, second: False)
    write_bundle(target, {"a": 2}, {}, info={}, overwrite=True)
    assert read_bundle(target).plan == {"a": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_bundle_is_written_nowhere_that_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(MabridgeError, match="'' is not a path"):
        write_bundle("", {}, {}, info={})
    with pytest.raises(OutputFailedError, match="Not a directory"):
        write_bundle("/dev/full/model", {}, {}, info={})
