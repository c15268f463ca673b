"""What a report prints: text, JSON, HTML."""

from __future__ import annotations

import json
import math
from html.parser import HTMLParser

import pyarrow as pa

from mabridge.parity.compare import compare_tables
from mabridge.parity.report import ColumnReport, ParityReport
from mabridge.parity.rules import Rules


def different() -> ParityReport:
    spark = pa.table({"<b>name</b>": ["a", "<script>alert(1)</script>"], "prediction": [0.0, 1.0], "score": [1.0, math.inf]})
    ours = pa.table({"<b>name</b>": ["a", "b"], "prediction": [0.0, 0.0], "score": [1.0 + 2**-52, 1.0]})
    return compare_tables(spark, ours, Rules(exact=frozenset({"prediction"})))


def test_the_text_names_each_column_its_worst_row_and_both_values() -> None:
    text = str(different())
    assert "score, row 1: Spark inf, mabridge 1.0" in text
    assert "row 1: inf / 1.0" in text
    assert "3 of 3 columns differ" in text
    assert "\x1b[" not in text


def test_the_text_of_an_equal_table_states_the_worst_row_too() -> None:
    text = str(compare_tables(pa.table({"x": [1.0]}), pa.table({"x": [1.0 + 2**-52]})))
    assert "row 0: 1.0 / 1.0000000000000002" in text
    assert text.endswith("Equal: 1 row and 1 column agree, in the same order.")


def test_no_line_of_the_text_is_cut() -> None:
    name = "column" * 60
    assert name in str(compare_tables(pa.table({name: [1]}), pa.table({name: [1]})))


def test_the_json_is_strict_and_holds_the_whole_report() -> None:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    plain = json.loads(different().to_json(), parse_constant=refuse)
    assert (plain["format"], plain["ok"], plain["expected_rows"], plain["first_difference"]) == (1, False, 2, 1)
    score = plain["columns"][2]
    assert (score["name"], score["type"], score["role"], score["ok"]) == ("score", "double", "computed", False)
    assert (score["max_absolute"], score["worst"]["row"], score["worst"]["expected"]) == ("Infinity", 1, "inf")
    assert plain["columns"][1]["tolerance"] == "exact"


class Tags(HTMLParser):
    """Collects tags and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick", "onload"}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_one_page_without_outside_files_and_shows_values_as_text() -> None:
    page = different().to_html()
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"script", "b", "link", "img", "iframe"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.startswith("<!doctype html>")


def test_a_notebook_shows_the_same_table() -> None:
    report = different()
    assert report._repr_html_() in report.to_html()


def test_a_rich_console_can_print_the_report() -> None:
    from rich.console import Console

    console = Console(record=True, width=300, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        console.print(different())
    assert "prediction" in console.export_text()


def test_a_column_that_one_side_lacks_has_a_line_in_every_form() -> None:
    report = compare_tables(pa.table({"a": [1], "b": [1.0]}), pa.table({"a": [1], "c": ["x"]}))
    assert [(column.name, column.type, column.actual_type) for column in report.columns] == [
        ("a", "bigint", "bigint"),
        ("b", "double", ""),
        ("c", "", "string"),
    ]
    for form in (str(report), report.to_html(), report.to_json()):
        assert "mabridge does not return it" in form
        assert "Spark does not return it" in form


def test_the_verdict_of_a_column_tells_nulls_apart() -> None:
    column = ColumnReport("x", "double", "double", differing=3, null_rows=2, layouts=1)
    assert column.verdict == "3 rows differ (2 null on one side only); 1 vector is stored in another way"
    assert not column.ok
