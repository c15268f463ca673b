"""Stages on texts and lists of words: Tokenizer, NGram, StopWordsRemover, HashingTF, FeatureHasher, CountVectorizerModel, Word2VecModel."""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from typing import Any

from compat_tests.definitions.core import Definition, Fitted, Near, RefusedError, Row, dense, java_text, sparse


def tokenizer(stage: Fitted) -> Definition:
    """The lower-case text cut at each blank; empty words stay but for those at the end."""

    def define(row: Row) -> dict[str, Any]:
        text = row[stage.params["inputCol"]]
        if text is None:
            raise RefusedError("null")
        words = re.split(r"[ \t\n\x0b\f\r]", text.lower())
        while len(words) > 1 and not words[-1]:
            words.pop()
        # Java gives the whole text where nothing was cut, and nothing where only blanks were.
        return {stage.output: [] if words == [""] and text else words}

    return define


def n_gram(stage: Fitted) -> Definition:
    """n neighbours joined by a blank, from every place on."""
    count = stage.params["n"]

    def define(row: Row) -> dict[str, Any]:
        words = _words(row, stage)
        grams = [words[place : place + count] for place in range(len(words) - count + 1)]
        return {stage.output: [" ".join("null" if word is None else word for word in gram) for gram in grams]}

    return define


def stop_words_remover(stage: Fitted) -> Definition:
    """The words that are not among the stop words, compared in lower case unless caseSensitive says otherwise."""
    sensitive = stage.params["caseSensitive"]

    def lower(word: str | None) -> str | None:
        return word if sensitive or word is None else word.lower()

    stop = {lower(word) for word in stage.params["stopWords"]}

    def define(row: Row) -> dict[str, Any]:
        found = {}
        for source, target in stage.columns():
            if row[source] is None:
                raise RefusedError("null")
            found[target] = [word for word in row[source] if lower(word) not in stop]
        return found

    return define


def _words(row: Row, stage: Fitted) -> list[Any]:
    words = row[stage.params["inputCol"]]
    if words is None:
        raise RefusedError("null")
    return list(words)


def murmur3(data: bytes, *, old: bool = False) -> int:
    """Murmur3 (x86, 32 bits, seed 42) as a signed int; before Spark 3.0 each byte of the tail went in as a whole block, with its sign."""
    mask, state, whole = 0xFFFFFFFF, 42, len(data) // 4 * 4

    def mixed(block: int) -> int:
        block = block * 0xCC9E2D51 & mask
        return (block << 15 | block >> 17) * 0x1B873593 & mask

    def turned(value: int) -> int:
        value = (value << 13 | value >> 19) & mask
        return (value * 5 + 0xE6546B64) & mask

    for place in range(0, whole, 4):
        state = turned(state ^ mixed(int.from_bytes(data[place : place + 4], "little")))
    if old:
        for byte in data[whole:]:
            state = turned(state ^ mixed((byte - 256 if byte > 127 else byte) & mask))
    elif data[whole:]:
        state ^= mixed(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        state = (state ^ state >> shift) * factor & mask
    return state - 2**32 if state >= 2**31 else state


def _hash(value: Any, kind: str, old: bool) -> int:
    """The hash of an element by its type; null's is the seed. Whole numbers and doubles go in as four or eight bytes."""
    if value is None:
        return 42
    if kind == "string":
        return murmur3(value.encode(), old=old)
    if kind in ("int", "smallint", "tinyint", "boolean"):
        return murmur3(struct.pack("<i", value))
    if kind == "bigint":
        return murmur3(struct.pack("<q", value))
    if math.isnan(value):
        return murmur3(struct.pack("<I", 0x7FC00000) if kind == "float" else struct.pack("<Q", 0x7FF8000000000000))
    return murmur3(struct.pack("<f" if kind == "float" else "<d", value))


def hashing_tf(stage: Fitted) -> Definition:
    """How often each hash, modulo the number of features, stands in the list; 1.0 under `binary`."""
    size, old = stage.params["numFeatures"], int(stage.metadata["sparkVersion"].split(".")[0]) < 3

    def define(row: Row) -> dict[str, Any]:
        kind = row.type(stage.params["inputCol"]).removeprefix("array<").removesuffix(">")
        counts = Counter(_hash(word, kind, old) % size for word in _words(row, stage))
        return {stage.output: sparse(size, {place: 1.0 if stage.params["binary"] else float(count) for place, count in counts.items()})}

    return define


def feature_hasher(stage: Fitted) -> Definition:
    """A number adds its value at the hash of its column's name; a text, a boolean and a categorical number add 1.0 at the hash of `name=value`."""
    size = stage.params["numFeatures"]
    categorical = stage.params.get("categoricalCols") or []

    def define(row: Row) -> dict[str, Any]:
        sums: dict[int, float] = {}
        for column in dict.fromkeys(stage.params["inputCols"]):
            value = row[column]
            if value is None:
                continue
            text = column in categorical or row.type(column) in ("string", "boolean")
            place = murmur3((f"{column}={java_text(value, row.type(column))}" if text else column).encode()) % size
            sums[place] = sums.get(place, 0.0) + (1.0 if text else float(value))
        return {stage.output: sparse(size, sums)}

    return define


def count_vectorizer(stage: Fitted) -> Definition:
    """How often each word of the vocabulary stands in the list; counts below minTF (of all words, where it is below 1) are left out."""
    vocabulary = stage.data["vocabulary"]

    def define(row: Row) -> dict[str, Any]:
        words = _words(row, stage)
        least = stage.params["minTF"] if stage.params["minTF"] >= 1 else len(words) * stage.params["minTF"]
        counts = Counter(vocabulary.index(word) for word in words if word in vocabulary)
        kept = {place: float(count) for place, count in counts.items() if count >= least}
        return {stage.output: sparse(len(vocabulary), dict.fromkeys(kept, 1.0) if stage.params["binary"] else kept)}

    return define


def word2_vec(stage: Fitted) -> Definition:
    """The sum of the known words' vectors over the number of all words; no entry for an empty list."""
    vectors = {entry["word"]: entry["vector"] for entry in stage.tables["data"]}
    size = stage.params["vectorSize"]

    def define(row: Row) -> dict[str, Any]:
        words = _words(row, stage)
        if not words:
            return {stage.output: sparse(size, {})}
        known = [vectors[word] for word in words if word in vectors]
        sums = [(sum((vector[place] for vector in known), 0.0), sum(abs(vector[place]) for vector in known)) for place in range(size)]
        return {stage.output: dense([Near(total / len(words), scale / len(words)) for total, scale in sums])}

    return define
