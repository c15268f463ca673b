"""Texts among few, many and very many labels: one meaning, three ways."""

from __future__ import annotations

import pyarrow as pa
import pytest

from mabridge.lower.kernels import label_finder as module
from mabridge.lower.kernels.label_finder import label_finder

TEXTS = pa.array(["b", None, "", "a", "z", "ü", "b"])


@pytest.mark.parametrize(("hashed_anew", "most_in_a_table"), [(100, 200), (0, 200), (0, 1)])
@pytest.mark.parametrize("labels", [["a", "b", "ü", ""], ["a", "b", "a", "", "b", "c"], ["a"], []])
def test_a_text_stands_where_its_last_label_does(monkeypatch: pytest.MonkeyPatch, labels: list[str], hashed_anew: int, most_in_a_table: int) -> None:
    monkeypatch.setattr(module, "_HASHED_ANEW", hashed_anew)
    monkeypatch.setattr(module, "_MOST_IN_A_TABLE", most_in_a_table)
    last = {label: place for place, label in enumerate(labels)}
    find = label_finder(pa.array(labels, pa.string()))
    assert find(TEXTS).tolist() == [last.get(text, len(labels)) for text in TEXTS.to_pylist()]
    assert find(TEXTS.slice(3, 2)).tolist() == [last.get(text, len(labels)) for text in ("a", "z")]
    assert find(TEXTS.slice(0, 0)).tolist() == []
    assert find(pa.array([None, None], pa.string())).tolist() == [len(labels)] * 2
