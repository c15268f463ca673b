"""Ops on text and on lists of words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import AttributeGroup
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import ArrayType, StringType, VectorType

WORDS = ArrayType(StringType())


@dataclass(frozen=True, eq=False)
class SplitText(Op):
    """A text as a list of words (Tokenizer and RegexTokenizer, Spark 3.5); a null text is refused.

    Attributes:
        input: a string column.
        output: array of strings.
        pattern: a regular expression of Java 17.
        gaps: whether the pattern matches what stands between words (`Pattern.split`: trailing empty words go); else it matches the words.
        lowercase: whether the text is put in lower case first, as Java's root locale does.
        min_length: words of fewer UTF-16 units are left out.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    pattern: str
    gaps: bool
    lowercase: bool
    min_length: int

    def __post_init__(self) -> None:
        # A pattern that is refused is refused where the plan is made or read, not where it runs.
        from mabridge.java_regex import compile_java

        compile_java(self.pattern)

    def bind(self, binder: Binder) -> None:
        column = binder.read(self.input)
        if not isinstance(column.kind, StringType):
            raise InvalidInputError(f"{binder.stage} expects string in `{column.name}`; the column is {column.kind}. Spark refuses this too.")
        binder.refuse_existing(self.output)
        output = binder.set(self.output, WORDS)
        binder.emit(SplitText(column.id, output, self.pattern, self.gaps, self.lowercase, self.min_length))


@dataclass(frozen=True, eq=False)
class DropWords(Op):
    """Lists without some words (StopWordsRemover, Spark 3.5); a null list is refused.

    Attributes:
        inputs: arrays of strings.
        outputs: one for each input.
        words: string array, what is dropped.
        drops_null: whether null entries are dropped too.
        lower_case: "no" compares as written; else both sides are put in lower case first: "root" as Java does in most locales, "tr" as in Turkish and
            Azerbaijani, "lt" as in Lithuanian.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    outputs: tuple[str, ...] = field(metadata=WRITES)
    words: pa.Array
    drops_null: bool
    lower_case: Literal["no", "root", "tr", "lt"]

    def bind(self, binder: Binder) -> None:
        columns = [read_words(binder, name) for name in self.inputs]
        if len({name if binder.reference.case_sensitive else name.lower() for name in self.outputs}) != len(self.outputs):
            raise InvalidInputError(f"{binder.stage} writes two columns of one name ({', '.join(self.outputs)}); Spark refuses this too.")
        for name in self.outputs:
            binder.refuse_existing(name)
        for column, name in zip(columns, self.outputs, strict=True):
            output = binder.set(name, WORDS)
            binder.emit(DropWords((column.id,), (output,), self.words, self.drops_null, self.lower_case))


@dataclass(frozen=True, eq=False)
class JoinNeighbours(Op):
    """Every run of `count` neighbouring words, joined by spaces (NGram, Spark 3.5); a null word reads `null`, a null list is refused.

    Attributes:
        input: an array of strings.
        output: array of strings; empty where the list is shorter than `count`.
        count: at least 1.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"{self.count} neighbours cannot be joined")

    def bind(self, binder: Binder) -> None:
        column = read_words(binder, self.input)
        binder.refuse_existing(self.output)
        output = binder.set(self.output, WORDS)
        binder.emit(JoinNeighbours(column.id, output, self.count))


@dataclass(frozen=True, eq=False)
class CountWords(Op):
    """How often each known word stands in a list, as a sparse vector (CountVectorizerModel, Spark 3.5); a null list is refused.

    Attributes:
        input: an array of strings.
        output: vectors of one feature for each word.
        words: string array; feature i counts word i, not counting the null below.
        null_place: the feature that counts null entries, where the vocabulary holds null; it pushes later words one feature on.
        minimum: counts below it are left out; below 1 it is a share of the list's length.
        binary: whether counts become 1.0.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    words: pa.Array
    null_place: int | None
    minimum: float
    binary: bool

    def __post_init__(self) -> None:
        if self.null_place is not None and not 0 <= self.null_place <= len(self.words):
            raise ValueError(f"the null has place {self.null_place} among {len(self.words)} words")

    @property
    def size(self) -> int:
        return len(self.words) + (self.null_place is not None)

    def bind(self, binder: Binder) -> None:
        column = read_words(binder, self.input)
        binder.refuse_existing(self.output)
        # Spark lists its features' attributes, all of them the default that its JSON leaves out.
        output = binder.set(self.output, VectorType(self.size), attributes=AttributeGroup(self.size, {}))
        binder.emit(CountWords(column.id, output, self.words, self.null_place, self.minimum, self.binary))


@dataclass(frozen=True, eq=False)
class AverageWords(Op):
    """The mean of the words' vectors (Word2VecModel, Spark 3.5).

    Floats are added up as doubles in the order of the list and multiplied by 1.0 / its length, words without a vector counted; an empty list gives a
    sparse vector that stores nothing, a null list is refused.

    Attributes:
        input: an array of strings.
        output: vectors.
        words: string array without repeats.
        vectors: float32, shape (words, size); one row more, for null, where null has a vector.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    words: pa.Array
    vectors: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) - len(self.words) not in (0, 1):
            raise ValueError(f"vectors of shape {self.vectors.shape} for {len(self.words)} words")

    def bind(self, binder: Binder) -> None:
        column = read_words(binder, self.input)
        binder.refuse_existing(self.output)
        output = binder.set(self.output, VectorType(self.vectors.shape[1]))
        binder.emit(AverageWords(column.id, output, self.words, self.vectors))


def read_words(binder: Binder, name: str) -> BoundColumn:
    """A column of arrays of strings.

    Raises:
        MissingColumnError, InvalidInputError: absent, or of another type.
    """
    column = binder.read(name)
    if column.kind != WORDS:
        raise InvalidInputError(f"{binder.stage} expects array<string> in `{column.name}`; the column is {column.kind}. Spark refuses this too.")
    return column
