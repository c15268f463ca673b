"""Record Spark's answers for functions of strings over hard values: `python -m compat_tests.unit.sql.functions.record_strings`.

strings.json: for each expression its inputs (column -> type and values), the type and the values of the answer, and the rows that Spark refuses. Binary is
hexadecimal digits, decimals are text.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("strings.json")

TEXTS = [
    "",
    "a",
    "abc",
    "ABC def",
    " pad\t",
    "a,b,,c,",
    "100-200",
    "x1y22z333",
    "日本語",
    "é😀z",
    "😀",
    "aaaa",
    "a\nb\r\nc",
    "ǆ ŉx ﬁ ßs ΣΑΣ",
    "foo.bar.baz",
    "$1\\",
    None,
]
PATTERNS = [
    "",
    "a",
    "[a-z]+",
    "(\\d+)",
    "(\\d+)-(\\d+)",
    "^$",
    "^a|c$",
    "(a)|b",
    "(?:(a)|b)*c",
    "(?i)ABC",
    "\\s+",
    ",",
    ".",
    "a*",
    "(?<x>[a-z])(\\d)",
    "b$",
    "(a+)+",
    None,
]
REPLACEMENTS = ["", "[$0]", "<$1>", "$2", "\\$1", "${x}-", "$", "\\", "$12", None]
COUNTS = [-2147483648, -3, -1, 0, 1, 2, 3, 100, 2147483647, None]
NUMBERS = [
    0.0,
    -0.0,
    0.5,
    1.5,
    2.5,
    0.125,
    0.375,
    1.005,
    2.675,
    -1234567.891,
    1e15,
    123456789012345680.0,
    1e22,
    5e-324,
    0.1,
    9.995,
    float("nan"),
    float("inf"),
    None,
]
DECIMALS = ["0.00", "0.125", "-0.005", "12345.675", "-12454.8", "99999.995", "1.5", "454", "78.12", None]
BASE64 = ["", "QQ==", "QQ=", "QQ", "Q", "QUI=", "QUJD", "QU JD\n", "QQ==QQ==", "Q=Q=", "====", "QUJD=", "QUI*=", "QR==", "QQ=*=", None]
BYTES = [
    "",
    "616263",
    "c3a9",
    "c3",
    "ff",
    "e4b8",
    "e4b861",
    "eda080",
    "edb080",
    "f09f98",
    "f09f9880",
    "f0808080",
    "f4908080",
    "f8888080",
    "c0af",
    "e08080",
    "80",
    "f161",
    "f19061",
    None,
]
URLS = [
    "http://user:pw@host.example.com:8080/a/b.html?k1=v1&k2=v%202&k1=z#ref",
    "https://h/?a=1",
    "mailto:a@b.c",
    "http://h",
    "http://[::1]:80/x?y",
    "inva lid://x",
    "http://a_b.com/p?q=1",
    "//h/p",
    "/p?x=y",
    "http://h:port/",
    "http://h/p?q=a|b",
    "http://h/é?ü=1",
    "http://h/%zz",
    "",
    "http://",
    "ftp://h;x@y/z",
    "http://h?x=1&&y=&z",
    "file:///etc/p",
    "a:b:c",
    "http://1.2.3.4/x",
    "http://h/#",
    "http://-h/x",
    None,
]
TO_NUMBERS = [
    "454",
    "0454",
    "54",
    "454.00",
    "-454",
    "+454",
    "12,454",
    "1,2454",
    "$78.12",
    "78.12",
    "<12>",
    "12-",
    "-12",
    " 12",
    "12,454.8-",
    ".5",
    "0.5",
    "1",
    "99999",
    "a",
    None,
]
FORMATS = ["999", "000", "000.00", "99,999", "$99.99", "S999", "999S", "MI999", "999MI", "99PR", "9.9", "0D00", "9G999D9S", "99,999.9S", "999.", ".99"]
URL_PARTS = ["HOST", "PATH", "QUERY", "REF", "PROTOCOL", "FILE", "AUTHORITY", "USERINFO", "host"]


def crossed(one: list[Any], other: list[Any]) -> tuple[list[Any], list[Any]]:
    """All pairs, as two columns."""
    return [left for left in one for _ in other], [right for _ in one for right in other]


def pairs(one: list[Any], other: list[Any], kinds: tuple[str, str]) -> dict[str, tuple[str, list[Any]]]:
    """The inputs a and b with all pairs."""
    left, right = crossed(one, other)
    return {"a": (kinds[0], left), "b": (kinds[1], right)}


def cases() -> list[tuple[str, dict[str, tuple[str, list[Any]]]]]:
    """Expressions with their inputs."""
    texts = {"a": ("string", TEXTS)}
    found = [
        (f"{name}(a)", texts) for name in ("initcap", "ascii", "soundex", "hex", "unhex", "url_encode", "luhn_check", "octet_length", "bit_length", "trim")
    ]
    found += [(f"{name}(a, b)", pairs(TEXTS, PATTERNS, ("string", "string"))) for name in ("rlike", "split", "regexp_count", "regexp_instr", "regexp_substr")]
    for pattern in ("[a-z]+", "^a|c$", "b$", "^\\\\s*$", "é😀", "[^a]b"):
        found.append((f"a rlike '{pattern}'", texts))
    found += [(f"split(a, '{pattern}', {limit})", texts) for pattern in ("", ",", "a*", "[0-9]") for limit in (-1, 0, 1, 2, 100)]
    for index, patterns in ((0, PATTERNS), (1, ["(\\d+)", "(a)|b", "(?:(a)|b)*c", "(a+)+"]), (2, ["(\\d+)-(\\d+)", "(?<x>[a-z])(\\d)", "(a)|(b)"])):
        found.append((f"regexp_extract(a, b, {index})", pairs(TEXTS, patterns, ("string", "string"))))
        found.append((f"regexp_extract_all(a, b, {index})", pairs(TEXTS, patterns, ("string", "string"))))
    found += [("regexp_extract(a, '(a)', b)", pairs(["b", "a"], [-1, 0, 1, 2, None], ("string", "int")))]
    for pattern, good in (("(a)|b", 3), ("(?<x>[a-z])(\\\\d)?", 6), ("a*", 2), ("[0-9]+", 2)):
        found.append((f"regexp_replace(a, '{pattern}', b)", pairs(TEXTS, REPLACEMENTS[:good], ("string", "string"))))
        found.append((f"regexp_replace('za1', '{pattern}', a)", {"a": ("string", REPLACEMENTS)}))
    found += [("regexp_replace(a, '[a-c]', '<$0>', 2)", texts), ("regexp_replace(a, '^a', 'X', 3)", texts)]
    likes = ["%", "_", "a%", "%c", "%b%", "_b_", "a\\%", "%a%a%", "%日_語", "", "A%", "%\\\\", None]
    found += [(f"{text}", pairs(TEXTS, likes, ("string", "string"))) for text in ("a like b", "a ilike b")]
    found += [("'ab' like a", {"a": ("string", ["\\", "a\\b", "ab\\", "\\_b", "ab"])})]
    found += [
        ("a like any ('a%', '%z', null)", texts),
        ("a not like all ('a%', '%z')", texts),
        ("a ilike all ('a%', '%C')", texts),
        ("a not like any ('a%', b)", pairs(TEXTS, ["%", "x", None], ("string", "string"))),
    ]
    for text in (
        "substring_index(a, '.', b)",
        "substring_index(a, 'aa', b)",
        "split_part(a, ',', b)",
        "locate('a', a, b)",
        "locate('', a, b)",
        "substring(a, b)",
        "overlay(a placing 'XY' from b)",
        "elt(b, a, 'z')",
        "left(a, b)",
        "right(a, b)",
    ):
        found.append((text, pairs(TEXTS, COUNTS, ("string", "int"))))
    found += [
        ("lpad(a, b, '+-')", pairs(TEXTS, [-1, 0, 2, 7, None], ("string", "int"))),
        ("rpad(a, b, '')", pairs(TEXTS, [-1, 2, 7], ("string", "int"))),
        ("repeat(a, b)", pairs(TEXTS, [-1, 0, 3, None], ("string", "int"))),
    ]
    found += [
        ("levenshtein(a, b)", pairs(TEXTS, ["", "abc", "é😀", None], ("string", "string"))),
        ("levenshtein(a, 'abd', b)", pairs(TEXTS, [-1, 0, 1, 3, None], ("string", "int"))),
    ]
    found += [
        ("find_in_set(a, 'a,b,,c')", texts),
        ("concat_ws(a, b, null, split(a, ','), 'z')", pairs(TEXTS, ["q", None], ("string", "string"))),
        ("translate(a, 'ab,😀a', 'X😀')", texts),
    ]
    found += [
        ("trim(both b from a)", pairs(TEXTS, ["a", ",", "", " \t", "😀é", None], ("string", "string"))),
        ("ltrim(b, a)", pairs(TEXTS, ["a", "日"], ("string", "string"))),
        ("btrim(a, 'a ')", texts),
    ]
    found += [
        ("mask(a)", texts),
        ("mask(a, 'U', null, '#', '*')", texts),
        ("mask(a, lowerChar => 'q')", texts),
        ("chr(b)", {"b": ("bigint", [-1, 0, 65, 256, 321, 233, None])}),
    ]
    found += [
        ("unbase64(a)", {"a": ("string", BASE64)}),
        ("to_binary(a, 'base64')", {"a": ("string", BASE64)}),
        ("try_to_binary(a, 'base64')", {"a": ("string", BASE64)}),
        ("to_binary(a)", {"a": ("string", ["", "a", "0g", "AbCd", " 1", None])}),
    ]
    found += [("base64(a)", {"a": ("binary", BYTES)}), ("hex(a)", {"a": ("binary", BYTES)}), ("hex(b)", {"b": ("bigint", [0, -1, 255, -(2**63), None])})]
    charsets = ("UTF-8", "utf-16", "UTF-16BE", "UTF-16LE", "US-ASCII", "iso-8859-1")
    found += [(f"decode(a, '{name}')", {"a": ("binary", BYTES)}) for name in charsets] + [(f"encode(a, '{name}')", texts) for name in charsets]
    found += [("url_decode(a)", {"a": ("string", ["a+b", "%41%C3%A9", "%C3", "%", "%4", "%zz", "é%20", "%E4%B8x", None])})]
    for digits in (0, 1, 2, 3, 17, -1):
        found.append((f"format_number(a, {digits})", {"a": ("double", NUMBERS)}))
    found += [(f"format_number(a, {digits})", {"a": ("decimal(10,3)", DECIMALS)}) for digits in (0, 2, 5)]
    found += [
        ("format_number(b, 1)", {"b": ("bigint", [0, -1, 1234567, -(2**63), None])}),
        ("format_number(a, '#,##0.0#')", {"a": ("double", NUMBERS)}),
        ("format_number(a, '000.##')", {"a": ("double", NUMBERS)}),
        ("format_number(a, '')", {"a": ("double", NUMBERS)}),
    ]
    for form in ("%s", "%10s|", "%-10s|", "%.2s", "%S", "a%%b%n"):
        found.append((f"format_string('{form}', a)", texts))
    for form in ("%d", "%05d", "%,d", "%+d", "%(d", "%x", "%X", "%o", "%8d|", "%-8d|", "% d", "%c", "%s", "%08x"):
        found += [(f"format_string('{form}', a)", {"a": (kind, [0, 65, -5, 1234567, None])}) for kind in ("int", "bigint")]
    for form in ("%f", "%.2f", "%,.1f", "%e", "%.0f", "%10.3f|", "%+.1e", "%s", "%05.1f"):
        found.append((f"format_string('{form}', a)", {"a": ("double", NUMBERS)}))
    found += [
        ("format_string('%2$s-%1$s %b', a, b)", pairs(["x", None], [1, None], ("string", "int"))),
        ("format_string('%d', a)", {"a": ("string", ["x"])}),
        ("format_string(a, 1)", {"a": ("string", ["%d", "%q", "%", "%s %s", None])}),
    ]
    found += [(f"parse_url(a, '{part}')", {"a": ("string", URLS)}) for part in URL_PARTS] + [
        (f"parse_url(a, 'QUERY', '{key}')", {"a": ("string", URLS)}) for key in ("k1", "k2", "a", "y", "z", "k.")
    ]
    found += [(f"{name}(a, '{form}')", {"a": ("string", TO_NUMBERS)}) for name in ("try_to_number",) for form in FORMATS]
    found += [("to_number(a, '99,999.9S')", {"a": ("string", TO_NUMBERS)}), ("to_number(a, '$999')", {"a": ("string", ["$1", "1", "", None])})]
    found += [(f"to_char(a, '{form}')", {"a": ("decimal(10,3)", DECIMALS)}) for form in FORMATS] + [
        (f"to_char(b, '{form}')", {"b": ("int", [0, 5, -12, 454, 12454, -99999, None])}) for form in FORMATS
    ]
    return found


def python_value(value: Any, kind: str) -> Any:
    """A recorded input as Python has it."""
    if value is None:
        return None
    return bytes.fromhex(value) if kind == "binary" else Decimal(value) if kind.startswith("decimal") else value


def json_value(value: Any) -> Any:
    """An answer as JSON."""
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, Decimal):
        return format(value, "f")
    return [json_value(part) for part in value] if isinstance(value, list) else value


def record() -> None:
    """Run all cases in one session and write the file."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "1").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    out: list[dict[str, Any]] = []
    for expression, inputs in cases():
        schema = ", ".join(f"{name} {kind}" for name, (kind, _) in inputs.items())
        columns = [[python_value(value, kind) for value in values] for kind, values in inputs.values()]
        rows = list(zip(*columns, strict=True))
        case: dict[str, Any] = {"expression": expression, "inputs": {name: list(column) for name, column in inputs.items()}}

        def run(some: list[Any], expression: str = expression, schema: str = schema) -> tuple[Any, list[Any]]:
            frame = spark.createDataFrame(some, schema).selectExpr(expression)
            return frame.schema.fields[0], [json_value(row[0]) for row in frame.collect()]

        refused: list[int] = []
        fields: list[Any] = []

        def halved(some: list[Any], first: int, run: Any = run, refused: list[int] = refused, fields: list[Any] = fields) -> list[Any]:
            """The answers; None for a row that is refused by itself."""
            try:
                field, values = run(some)
                fields.append(field)
                return list(values)
            except Exception:
                if len(some) == 1:
                    refused.append(first)
                    return [None]
            middle = len(some) // 2
            return halved(some[:middle], first) + halved(some[middle:], first + middle)

        case["values"] = halved(rows, 0)
        if refused:
            case["refused"] = refused
        for field in fields[:1]:
            case |= {"type": field.dataType.simpleString(), "name": field.name}
        out.append(case)
        print(len(out), expression, len(case.get("refused", [])), flush=True)
    FILE.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=True) for case in out) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    record()
