"""StopWordsRemover: case, locales, nulls, several columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import StopWordsRemover
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table, one_column

case = partial(Case, "feature/stop_words_remover")

#: I, J and their accents in all the spellings that Turkish, Azerbaijani and Lithuanian tell apart.
LETTERS = [
    "I",
    "i",
    "İ",
    "ı",
    "I\u0307",
    "i\u0307",
    "I\u0323\u0307",
    "I\u0300\u0307",
    "IJ",
    "ıj",
    "ij",
    "I\u0300",
    "i\u0307\u0300",
    "J\u0301",
    "j\u0307\u0301",
    "Ì",
    "ì",
]
LETTERS += [
    "i\u0307\u0301",
    "Í",
    "Ĩ",
    "i\u0307\u0303",
    "Į\u0301",
    "į\u0307\u0301",
    "TITLE",
    "tıtle",
    "title",
    "Σ",
    "ΑΣ",
    "ας",
    "ασ",
    "ẞ",
    "ß",
    "Ⅷ",
    "ⅷ",
    "𐐀",
    "𐐨",
]
WORDS: list[Any] = [
    ["The", "quick", "THE", "fox", "the"],
    [],
    ["I", "am", "İ", None],
    [None],
    ["don't", "Don’t", "DON'T"],
    ["", " ", "a"],
    ["Σ", "ΑΣ", "x"],
    LETTERS,
]
ROWS = one_column("w", "array<string>", WORDS)


def remover(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: StopWordsRemover(**{"inputCol": "w", "outputCol": "v", **params})


def columns(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: StopWordsRemover(inputCols=["w", "u"], outputCols=["v", "z"], **params)


def cases() -> list[Case]:
    lists = Table({"w": "array<string>", "u": "array<string>", "x": "int"}, [(["The", "x"], ["a", "b"], 1), ([], [None, "the"], 2)])
    languages = [
        "danish",
        "dutch",
        "english",
        "finnish",
        "french",
        "german",
        "hungarian",
        "italian",
        "norwegian",
        "portuguese",
        "russian",
        "spanish",
        "swedish",
        "turkish",
    ]
    return [
        case("defaults", "English stop words in any case.", remover(), ROWS),
        case("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: StopWordsRemover(inputCol="w"), ROWS),
        case("case_sensitive", "Only as written.", remover(caseSensitive=True), ROWS),
        case("case_sensitive_words", "Only as written, other words.", remover(caseSensitive=True, stopWords=["The", "I", "", "Don’t"]), ROWS),
        case("given_words", "Words in any case, on both sides.", remover(stopWords=["QUICK", "İ", "Fox", ""]), ROWS),
        case("no_words", "No stop words.", remover(stopWords=[]), ROWS),
        *(
            case(f"locale_{locale}_{number}", f"Case as in the locale {locale}.", remover(locale=locale, stopWords=[letter]), ROWS)
            for locale in ("tr", "az", "lt", "en", "tr_TR", "lt_LT", "el")
            for number, letter in enumerate(["I", "İ", "i", "Ì", "J\u0301", "title", "ΑΣ"])
        ),
        *(
            case(
                f"words_{language}",
                f"The default words of {language}.",
                lambda spark, language=language: StopWordsRemover(inputCol="w", outputCol="v", stopWords=StopWordsRemover.loadDefaultStopWords(language)),
                ROWS,
            )  # type: ignore[misc]
            for language in languages
        ),
        case("several_columns", "Two columns.", columns(), lists),
        case(
            "several_columns_one_output",
            "Two outputs of one name.",
            lambda spark: StopWordsRemover(inputCols=["w", "u"], outputCols=["v", "V"]),
            lists,
            "error",
        ),
        case(
            "output_of_the_first_read_by_the_second",
            "The second reads a column that is not there yet.",
            lambda spark: StopWordsRemover(inputCols=["w", "v"], outputCols=["v", "z"]),
            lists,
            "error",
        ),
        case("one_column_in_the_plural", "One column as a list.", lambda spark: StopWordsRemover(inputCols=["w"], outputCols=["v"]), lists),
        case("null_list", "A null list raises.", remover(), one_column("w", "array<string>", [["a"], None]), "error"),
        case("empty_input", "No rows.", remover(), ROWS.empty()),
        case("text_column", "A text is no list.", remover(), one_column("w", "string", ["a"]), "error"),
        case("array_of_numbers", "Numbers are no words.", remover(), one_column("w", "array<int>", [[1]]), "error"),
        case("output_column_exists", "An output column that exists is refused.", remover(outputCol="x"), lists, "error"),
        case("output_differs_by_case", "An output that differs by case alone replaces the column.", remover(outputCol="W"), lists),
        case("missing_column", "A missing column raises.", remover(inputCol="q"), lists, "error"),
    ]
