"""Tokenizer, RegexTokenizer and NGram: white space, Java patterns, case, UTF-16, empty words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import NGram, RegexTokenizer, Tokenizer
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table, one_column
from compat_tests.record.session import with_params

tokenizer = partial(Case, "feature/tokenizer")
regex = partial(Case, "feature/regex_tokenizer")
ngram = partial(Case, "feature/n_gram")

#: Texts that break careless splitting: empty words, all of Java's and Unicode's white space, case without one-to-one letters, pairs of UTF-16 units.
TEXTS = [
    "The quick  brown Fox",
    "",
    " ",
    "   ",
    " leading",
    "trailing  ",
    "tab\tnew\nline\r\nvertical\x0bform\x0c.",
    "no\xa0break\u2003em\u3000wide\x85next\u2028line\x1cfile\ufeffmark",
    "İstanbul IŞIK ẞtraße ǅ",
    "ΟΔΟΣ ΣΑΣ Σ ΑΣ",
    "Ünïcode ÀÉÎ Ж Ⅷ Ⓐ",
    "😀 a😀b 𝒜 𐐀𐐁",
    "日本語 テキスト",
    "don't stop-me, now! 3.14 x_y",
    "a,b;c|d",
    "null",
    "e\u0301 a\u0308b",
    "0123 ٣٤٥ ५",
    "\x00zero\x00 \x7f",
    "a",
]
ROWS = one_column("t", "string", TEXTS)
WORDS: list[list[str | None] | None] = [["a", "b", "c"], [], ["x"], ["x", "y"], ["a", None, "b"], [None], [None, None], ["", "", "b c"], ["é", "😀", "z"] * 3]


def plain(spark: SparkSession) -> Any:
    return Tokenizer(inputCol="t", outputCol="w")


def by(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: RegexTokenizer(inputCol="t", outputCol="w", **params)


def grams(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: NGram(inputCol="w", outputCol="g", **params)


#: name -> pattern; each is recorded splitting at it and matching it.
PATTERNS = {
    "word_characters": r"\w+",
    "other_characters": r"\W",
    "runs_of_other_characters": r"\W+",
    "letters": r"[a-zA-Z]+",
    "not_letters": r"[^a-zA-Z]",
    "unicode_letters": r"\p{L}+",
    "not_unicode_letters": r"\P{L}+",
    "han": r"\p{IsHan}",
    "alphabetic": r"\p{IsAlphabetic}+",
    "punctuation": r"\p{Punct}|\s",
    "intersection": r"[a-z&&[^aeiou]]+",
    "nested_union": r"[^a-m[0-9]]",
    "word_edges": r"\b",
    "whole_words": r"\b\w+\b",
    "horizontal_space": r"\h+",
    "line_breaks": r"\R",
    "vertical_space": r"\v",
    "any_case": r"(?i)[F-Q]+|THE",
    "any_case_in_part": r"(?i:q)u|(?-i)B",
    "lazy": r"a.*?[bo]",
    "possessive": r"[a-z]*+t|\s++",
    "atomic": r"(?>a|ab)c|\s",
    "lookahead": r"[a-z](?=\s)",
    "not_lookahead": r"o(?!\w)",
    "lookbehind": r"(?<=o)\w",
    "not_lookbehind": r"(?<![a-z])[a-z]",
    "comma_or_space": r"[,;|\s]+",
    "dot": r"o.",
    "dot_all": r"(?s)b.n",
    "line_start": r"(?m)^\w",
    "line_end": r"(?m).$",
    "text_start": r"^\s*\w",
    "text_end": r"\w$",
    "very_end": r"\w\z",
    "counts": r"[a-z]{2,4}",
    "exact_count": r"(?:\w\s){1}",
    "quotation": r"\Q.14\E|\Q|\E",
    "code_point_escapes": r"\x{1F600}|\u0041|\x61|\0142|\uD83D\uDE00",
    "named_group": r"(?<first>[a-c])(b|\s)",
    "emoji": r"[😀-😎]",
    "empty_option": r"b|",
    "may_be_empty": r"\s*",
    "nothing": "",
}
#: The patterns that stop between UTF-16 units see no such character.
NO_PAIRS = one_column("t", "string", [text for text in TEXTS if all(character <= "\uffff" for character in text)])
STOPS_BETWEEN_UNITS = ("word_edges", "lookbehind", "not_lookbehind", "empty_option", "may_be_empty", "nothing", "line_start")


def cases() -> list[Case]:
    null = one_column("t", "string", ["a b", None])
    words = one_column("w", "array<string>", WORDS)
    return [
        tokenizer("defaults", "Lower case, split at Java's white space; empty words stay, but not at the end.", plain, ROWS),
        tokenizer("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: Tokenizer(inputCol="t"), ROWS.head(4)),
        tokenizer("ascii", "Nothing but ASCII.", plain, one_column("t", "string", ["The End", "", " ", "A  B\tC ", "\n\nX"])),
        tokenizer("null_text", "A null text raises.", plain, null, "error"),
        tokenizer("null_text_not_asked_for", "Nobody asks for the words.", plain, Table({"t": "string", "x": "int"}, [(None, 1), ("a", 2)]), columns=("x",)),
        tokenizer("empty_input", "No rows.", plain, ROWS.empty()),
        tokenizer("number_column", "A number is not split.", plain, one_column("t", "int", [1]), "error"),
        tokenizer("array_column", "An array is not split.", plain, one_column("t", "array<string>", [["a"]]), "error"),
        tokenizer("missing_column", "A missing column raises.", plain, one_column("x", "string", ["a"]), "error"),
        tokenizer("output_column_exists", "An output column that exists is refused.", plain, Table({"t": "string", "w": "int"}, [("a", 1)]), "error"),
        tokenizer("output_differs_by_case", "An output that differs by case alone replaces the column.", with_params(plain, outputCol="T"), ROWS.head(4)),
        tokenizer(
            "space_in_column_name",
            "A space in the names.",
            with_params(plain, inputCol="my text", outputCol="my words"),
            Table({"my text": "string"}, [("A b",)]),
        ),
        regex("defaults", "Split at runs of white space, in lower case; empty words go.", by(), ROWS),
        regex("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: RegexTokenizer(inputCol="t"), ROWS.head(4)),
        regex("case_kept", "The case stays.", by(toLowercase=False), ROWS),
        regex("min_length_zero", "Empty words stay, but not at the end.", by(minTokenLength=0), ROWS),
        regex("min_length_zero_single", "Each white space splits by itself.", by(minTokenLength=0, pattern=r"\s"), ROWS),
        regex("min_length_two", "Shorter words go; a character beyond U+FFFF counts twice.", by(minTokenLength=2), ROWS),
        regex("min_length_three_of_characters", "Matches of one character, all too short.", by(minTokenLength=3, gaps=False, pattern="."), ROWS),
        regex("min_length_zero_matches", "Empty matches are words of no length.", by(minTokenLength=0, gaps=False, pattern=r"\s*"), NO_PAIRS),
        *(
            regex(
                f"{kind}_{name}",
                f"Words {what} {pattern}",
                by(pattern=pattern, gaps=kind == "between", toLowercase=False, minTokenLength=0),
                NO_PAIRS if name in STOPS_BETWEEN_UNITS else ROWS,
            )
            for name, pattern in PATTERNS.items()
            for kind, what in (("between", "between matches of"), ("of", "that match"))
        ),
        regex("null_text", "A null text raises.", by(), null, "error"),
        regex("empty_input", "No rows.", by(pattern="x*y"), ROWS.empty()),
        regex("number_column", "A number is not split.", by(), one_column("t", "int", [1]), "error"),
        regex("output_column_exists", "An output column that exists is refused.", by(), Table({"t": "string", "w": "int"}, [("a", 1)]), "error"),
        ngram("defaults", "Pairs of neighbours; a null reads null.", grams(), words),
        ngram("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: NGram(inputCol="w"), words),
        *(ngram(f"n_{n}", f"{n} neighbours.", grams(n=n), words) for n in (1, 3, 9, 10, 100)),
        ngram("null_list", "A null list raises.", grams(), one_column("w", "array<string>", [["a"], None]), "error"),
        ngram("empty_input", "No rows.", grams(), words.empty()),
        ngram("empty_lists", "Lists without words alone.", grams(n=3), one_column("w", "array<string>", [[], []])),
        ngram("array_of_numbers", "Numbers are not joined.", grams(), one_column("w", "array<int>", [[1, 2]]), "error"),
        ngram("text_column", "A text is no list.", grams(), one_column("w", "string", ["a b"]), "error"),
        ngram("output_column_exists", "An output column that exists is refused.", grams(), Table({"w": "array<string>", "g": "int"}, [(["a"], 1)]), "error"),
    ]
