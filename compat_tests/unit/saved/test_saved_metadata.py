"""Metadata that is wrong, or that was made to harm the reader."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from build_saved import INDEXER, metadata, write_metadata
from hypothesis import given
from hypothesis import strategies as st

from mabridge.errors import MalformedModelError
from mabridge.saved import Limits, read_saved
from mabridge.saved.json_text import JsonTextError, canonical_json, parse_json


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "the metadata is empty"),
        (b"   \n\n", "the metadata is empty"),
        (b"hello", "is not JSON"),
        (b"{", "is not JSON"),
        (b'{"class": "a"', "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8 text"),
        (b"[1]", "is JSON, but no object"),
        (b"3", "is JSON, but no object"),
        (b'{"a":1,"a":2}', "has the key 'a' twice"),
        (b'{"paramMap":{"a":1,"a":2}}', "has the key 'a' twice"),
        (b'{"a":1e400}', "holds the number 1e400, which no double can hold"),
        (b'{"a":' + b"9" * 5_000 + b"}", "holds a number of 5000 digits"),
        (b'{"a":0.' + b"9" * 5_000 + b"}", "holds a number of 5002 digits"),
        (b'{"a":"\\ud800"}', "half of a surrogate pair"),
        (b'{"\\udc00":1}', "half of a surrogate pair"),
        (b"[" * 300 + b"]" * 300, "nests more than 200 levels deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nests more than 200 levels deep"),
        (b"[" * 10_000_000, "more than 4000000 JSON values"),
        (b"[" + b"[]," * 3_000_000 + b"[]]", "more than 4000000 JSON values"),
        (b"[" + b"0," * 5_000_000 + b"0]", "more than 4000000 JSON values"),
        (b'"' * 20_000_000, "more than 4000000 JSON values"),
        (b'"' + b'\\"' * 20_000_000, "is not JSON"),
        (b'"' + b"\\" * 20_000_001, "is not JSON"),
    ],
)
def test_what_is_no_metadata_is_refused_with_its_path(tmp_path: Path, text: bytes, reason: str) -> None:
    write_metadata(tmp_path, text)
    with pytest.raises(MalformedModelError) as caught:
        read_saved(tmp_path)
    assert reason in str(caught.value)
    assert f"{tmp_path}/metadata" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"class": None}, "`class` is 'None' where a text of printable characters is expected"),
        ({"class": ""}, "`class` is '' where"),
        ({"class": 5}, "`class` is '5' where"),
        ({"class": "a\x1b[2Jb"}, "`class` is "),
        ({"class": "x" * 5_000}, "`class` is "),
        ({"uid": None}, "`uid` is 'None' where"),
        ({"uid": ["a"]}, "`uid` is "),
        ({"sparkVersion": 3.5}, "`sparkVersion` is '3.5' where"),
        ({"paramMap": [1]}, "`paramMap` is '[1]' where an object is expected"),
        ({"defaultParamMap": "x"}, "`defaultParamMap` is 'x' where an object is expected"),
    ],
)
def test_metadata_with_a_wrong_field_is_refused(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    write_metadata(tmp_path, {**metadata(INDEXER, "a"), **change})
    with pytest.raises(MalformedModelError) as caught:
        read_saved(tmp_path)
    assert reason in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("field", ["uid", "class"])
def test_metadata_that_lacks_a_field_is_refused(tmp_path: Path, field: str) -> None:
    content = metadata(INDEXER, "a")
    del content[field]
    write_metadata(tmp_path, content)
    with pytest.raises(MalformedModelError, match=f"`{field}` is nothing where"):
        read_saved(tmp_path)


def test_missing_defaults_and_params_are_empty(tmp_path: Path) -> None:
    content = metadata(INDEXER, "a")
    del content["defaultParamMap"], content["paramMap"]
    write_metadata(tmp_path, content)
    assert (read_saved(tmp_path).params, read_saved(tmp_path).defaults) == ({}, {})


def test_non_finite_params_stay_as_written_and_bare_ones_become_floats(tmp_path: Path) -> None:
    text = json.dumps(metadata(INDEXER, "a", {"missing": "NaN", "bare": math.nan, "splits": ["-Infinity", 0.0, -math.inf]}))
    assert "NaN," in text.replace('"NaN"', "")
    write_metadata(tmp_path, text)
    params = read_saved(tmp_path).params
    assert params["missing"] == "NaN"
    assert math.isnan(params["bare"])
    assert params["splits"] == ["-Infinity", 0.0, -math.inf]


def test_metadata_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata(INDEXER, "a", {"x": "y" * 2_000}))
    with pytest.raises(MalformedModelError, match=r"part-00000: the file holds .* bytes, and at most 1000 are read"):
        read_saved(tmp_path, Limits(json_bytes=1_000))
    with pytest.raises(MalformedModelError, match="the metadata of all stages together holds more than 1000 bytes"):
        read_saved(tmp_path, Limits(model_json_bytes=1_000))


def test_compressed_metadata_is_bounded_while_it_is_unpacked(tmp_path: Path) -> None:
    import gzip

    write_metadata(tmp_path, gzip.compress(bytes(10 << 20)), "part-00000.gz")
    with pytest.raises(MalformedModelError, match="at most 1048576 are read"):
        read_saved(tmp_path, Limits(json_bytes=1 << 20))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner),
)


@given(json_values)
def test_json_is_read_as_the_standard_library_reads_it(value: object) -> None:
    assert parse_json(canonical_json(value)) == value
    assert parse_json(json.dumps(value, ensure_ascii=False, indent=2).encode()) == value


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\u0019eE.-ntrfals', max_size=60).map(str.encode))
def test_any_bytes_are_read_as_the_standard_library_reads_them_or_refused(data: bytes) -> None:
    try:
        ours = parse_json(data)
    except JsonTextError:
        return
    assert repr(ours) == repr(json.loads(data.decode("utf-8")))


@given(st.text(alphabet='[]{}"\\a,', max_size=40))
def test_depth_is_counted_outside_strings_alone(text: str) -> None:
    quoted = json.dumps(text)
    assert parse_json(f"[{quoted}]".encode(), Limits(json_depth=1)) == [text]
    with pytest.raises(JsonTextError, match="nests more than 1 levels deep"):
        parse_json(f"[[{quoted}]]".encode(), Limits(json_depth=1))
