"""Expressions over JSON and CSV texts, and Spark 3.5.7's answers, recorded in data/json.json.

`python compat_tests/unit/sql/functions/json_cases.py` asks Spark and writes the file anew.
"""

from __future__ import annotations

from pathlib import Path

from recording import record

FILE = Path(__file__).with_name("data") / "json.json"

#: Texts that Jackson takes, and texts that it refuses.
TEXTS = (
    '{"a":1,"b":"x","c":[1,2.50,{"d":null}]}',
    '{"a":{"b":[{"c":"p"},{"c":"q"},{"d":1}]}, "a b":true}',
    "{'a':'single','b':'it\"s'}",
    '[1,[2,3],[[4]],"five",null,{"a":6}]',
    '[{"a":1},{"a":2},{"b":3}]',
    '"text"',
    "5",
    "-0",
    "1.50e3",
    "null",
    "true",
    "",
    " ",
    "{}",
    "[]",
    '{"a":1} trailing',
    '{"a":1,"a":2}',
    '{"a":null,"a":3}',
    '{"a":12345678901234567890123,"b":1e400,"c":-0.0,"d":1.0}',
    '{"a":"\\u00e9\\n\\t\\"\\\\/\\/","b":"é\\ud83d\\ude00"}',
    '{"a":1,}',
    "{a:1}",
    '{"a":NaN}',
    '{"a":1',
    '{"a" 1}',
    '{"a":"x"',
    "[1,2",
    "[1 2]",
    "x",
    "1x",
    '{"a":[[{"b":1},{"b":2}],[{"b":3}]]}',
    '{"a":["x"]}',
    '{"a":[]}',
    '{"a":[{"b":["p","q"]},{"b":"r"}]}',
    '{"":1,"a.b":2,"*":3}',
    '{"a":"2020-01-02","b":"1.5","c":{"x":"y"}}',
    '{"a":1.5,"b":true,"c":"NaN"}',
    '{"a":3000000000,"b":null,"c":[null,"s",1]}',
    '{"A":1,"b":{"x":1},"c":{"x":1,"y":"z"}}',
    '{"a":"1","b":5,"c":7}',
    '\ufeff{"a":1}',
)
#: Texts of which only a part fits the schema, or is JSON.
PARTIAL = (
    '{"b":"x","a":"abc',
    '{"b":"x","a":',
    '{"b":"x",a:1}',
    '{"b":"x","a":1',
    '{"b":"x","a":{"c":1,"d":"s"},"m":{"p":1,"q":"s"},"x":[{"a":1},{"a":"s"}]}',
    '{"m":{"p":"s","q":2},"b":"x"}',
    '{"x":[{"a":"s"},5,{"a":2}],"b":"y"}',
    '{"x":[{"a":1},null,{"a":2}],"b":null}',
    '[{"a":1},{"a":"s"},{"a":2}]',
    '[{"a":1},5]',
    '[{"p":1},{"p":"s"}]',
    '{"a":[1,"s",3],"b":"x"}',
    '{"a":[1,null,3],"b":"\\ud83d\\ude00 \\ud83d"}',
    '{"m":{"p":null,"p":2}}',
    '{"b":["\\ud83d\\ude00"],"a":5}',
    '{"b":{"k":"\\u001f/"},"a":2147483648}',
    '{"b":1.0E2,"a":-0}',
    '{"b":"","a":""}',
    '{"b":Infinity,"a":-Infinity}',
    '{"b":+INF,"a":-INF}',
    "[" + "1" * 1000 + "]",
    "[" + "1" * 1001 + "]",
    "[" * 200 + "]" * 200,
)
#: Texts that are wrong inside of a value.
MALFORMED = (
    '{"a":"line\nbreak"}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":tru}',
    '{"a":"\\x"}',
    '{"a":.5}',
    '{"b":"x","a":tru}',
    '{"b":"x","a":[1,}',
    '{"b":"x","a":01}',
    '[{"a":1},{"a":tru}]',
    '{"b":"x","a":[1,2],"z":[1,}',
    '{"a":tru,"b":"x"}',
    '{"a":[{"b":1},{""b":2}],"b":"y"}',
)
_PATHS = (
    *(
        "$",
        "$.a",
        "$.b",
        "$.c",
        "$.c[1]",
        "$.c[2].d",
        "$.a.b",
        "$.a.b[*].c",
        "$.a.b[0].c",
        "$.a.b[9]",
        "$[0]",
        "$[*]",
        "$[*].a",
        "$[1][0]",
        "$[*][*]",
        "$[2][*]",
    ),
    *(
        "$['a']",
        "$['a b']",
        "$.a b",
        "$ .a",
        "$. a",
        "$.a ",
        " $.a",
        "a",
        "",
        "$.",
        "$..a",
        "$.*",
        "$['*']",
        "$[a]",
        "$[-1]",
        "$.a[*][*].b",
        "$.a[*].b",
        "$.a[*].b[*]",
        "$.a[0][*].b",
    ),
    *("$['a.b']", "$.a[*]", "$.a[0]", "$[ 0 ]", "$['a'][0]", "$.A", "$.c[*].d", "$[3]", "$[*].b", "$.c[0]x", "$[99999999999]"),
)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


TABLES = {
    "texts": "SELECT c1 AS j FROM VALUES " + ", ".join(f"({_quoted(text)})" for text in TEXTS) + ", (NULL) AS v(c1)",
    "partial": "SELECT c1 AS j FROM VALUES " + ", ".join(f"({_quoted(text)})" for text in PARTIAL) + " AS v(c1)",
    "malformed": "SELECT c1 AS j FROM VALUES " + ", ".join(f"({_quoted(text)})" for text in MALFORMED) + " AS v(c1)",
    "values": """
        SELECT CAST(c1 AS INT) AS i, CAST(c2 AS DOUBLE) AS d, CAST(c3 AS STRING) AS s, CAST(c4 AS ARRAY<INT>) AS ai,
           CAST(c5 AS MAP<STRING,DOUBLE>) AS m,
               CAST(c6 AS STRUCT<x:INT,y:STRING>) AS st, CAST(c7 AS BOOLEAN) AS t, CAST(c8 AS DECIMAL(10,3)) AS e, CAST(c9 AS BINARY) AS b,
           CAST(c10 AS FLOAT) AS f,
               CAST(c11 AS MAP<INT,ARRAY<STRING>>) AS mi, CAST(c12 AS BIGINT) AS l
        FROM VALUES
          (1, 1.5D, 'a"b\\\\c', array(1, null, 2), map('k', 1.5D, 'n', null), named_struct('x', 1, 'y', 'é'), true, 1.5BD, X'00FF', 0.1F, map(1,
           array('p', null)), 5L),
          (null, double('NaN'), null, null, null, null, null, null, null, null, null, null),
          (-3, double('-Infinity'), '', array(), map(), named_struct('x', null, 'y', null), false, 0.000BD, X'', float('Infinity'), map(),
           -9223372036854775808L),
          (0, -0.0D, 'tab\\t\\n\\u0001/', array(7), map('', 1e10D), named_struct('x', 2, 'y', ''), true, -12.345BD, X'616263', 1e-5F, map(2, null,
           -1, array()), 0L)
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12)""",
}

EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "texts": (
        *(f"get_json_object(j, {_quoted(path)})" for path in _PATHS),
        *(
            "get_json_object(j, NULL)",
            "get_json_object(NULL, '$.a')",
            "get_json_object(5, '$')",
            "get_json_object(j, substr('$.a', 1))",
            "get_json_object(j, 1)",
        ),
        *("json_array_length(j)", "json_object_keys(j)", "json_array_length(5)", "json_object_keys(NULL)", "CAST(get_json_object(j, '$.a') AS INT) + 1"),
        *(
            "from_json(j, 'a INT')",
            "from_json(j, 'a STRING')",
            "from_json(j, 'a INT, b STRING')",
            "from_json(j, 'a DOUBLE, b BOOLEAN')",
            "from_json(j, 'a BIGINT, b DOUBLE, c STRING')",
        ),
        *(
            "from_json(j, 'a: STRING')",
            "from_json(j, 'STRUCT<a: STRING>')",
            "from_json(j, 'a STRING, b STRING, c ARRAY<STRING>')",
            "from_json(j, 'a STRUCT<b: STRING>')",
            "from_json(j, 'c STRUCT<x: INT, y: INT>')",
        ),
        *(
            "from_json(j, 'ARRAY<INT>')",
            "from_json(j, 'ARRAY<STRING>')",
            "from_json(j, 'ARRAY<STRUCT<a: INT>>')",
            "from_json(j, 'MAP<STRING,STRING>')",
            "from_json(j, 'MAP<STRING,INT>')",
            "from_json(j, 'a DECIMAL(5,1)')",
        ),
        *(
            "from_json(j, 'a ARRAY<ARRAY<STRUCT<b: INT>>>')",
            "from_json(j, 'a FLOAT, c FLOAT')",
            "from_json(j, 'a TINYINT, b SMALLINT')",
            "from_json(j, 'INT')",
            "from_json(j, 'MAP<INT,INT>')",
            "from_json(j, j)",
        ),
        *(
            "from_json(j, 'a INT').a",
            "from_json(j, 'nonsense')",
            "from_json(j, 'a STRING, A STRING')",
            "from_json(j, 'a DATE')",
            "from_json(5, 'a INT')",
            "schema_of_json('{\"a\":1}')",
        ),
        *(
            """schema_of_json('{"a":1,"b":[1.5,2],"c":{"d":null},"e":"x","f":true,"g":12345678901}')""",
            "schema_of_json('[1,\"a\"]')",
            "schema_of_json('[]')",
            "schema_of_json('1')",
            'schema_of_json(\'[{"a":1},{"b":2.5}]\')',
        ),
        *(
            'schema_of_json(\'{"a":1e5,"b":99999999999999999999,"c":[]}\')',
            "schema_of_json('null')",
            "schema_of_json('{')",
            "schema_of_json(j)",
            "schema_of_json('')",
            'schema_of_json(\'{"a":{},"b":[{}],"":1,"1":2,"c":""}\')',
            "schema_of_json('[{},{}]')",
            "schema_of_json('[1,99999999999999999999,1.5,null]')",
            "schema_of_json('[99999999999999999999,1]')",
            'schema_of_json(\'{"b":[{"x":1},{"x":"s","y":[]}],"a":[true,1]}\')',
            "schema_of_json(NULL)",
            "from_json(j, schema_of_json('{\"a\":1}'))",
            "schema_of_json('{\"a\":NaN}')",
            'schema_of_json(\'{"b c":1,"a":[[1],[2.0]]}\')',
        ),
    ),
    "partial": (
        "from_json(j, 'a INT, b STRING')",
        "from_json(j, 'b STRING, a ARRAY<INT>')",
        "from_json(j, 'a STRUCT<c: INT, d: INT>, m MAP<STRING,INT>, x ARRAY<STRUCT<a: INT>>, b STRING')",
        "from_json(j, 'MAP<STRING,STRING>')",
        "from_json(j, 'ARRAY<STRUCT<a: INT>>')",
        "from_json(j, 'ARRAY<MAP<STRING,INT>>')",
        "from_json(j, 'a DOUBLE, b DOUBLE')",
        "get_json_object(j, '$.b')",
        "get_json_object(j, '$.x[*].a')",
        "get_json_object(j, '$.b[*]')",
        "get_json_object(j, '$[0]')",
    ),
    "malformed": (
        "get_json_object(j, '$.a')",
        "json_array_length(j)",
        "json_object_keys(j)",
        "from_json(j, 'a INT, b STRING')",
        "from_json(j, 'MAP<STRING,STRING>')",
        "from_json(j, 'a ARRAY<STRUCT<b: INT>>, b STRING')",
        "from_json(j, 'z INT')",
    ),
    "values": (
        *(
            "to_json(struct(i, s))",
            "to_json(named_struct('d', d, 'f', f, 'e', e))",
            "to_json(st)",
            "to_json(m)",
            "to_json(ai)",
            "to_json(mi)",
            "to_json(array(st, st))",
            "to_json(named_struct('t', t, 'b', b, 'l', l))",
        ),
        *(
            "to_json(i)",
            "to_json(array(d, f))",
            "to_json(named_struct('a', st, 'b', ai, 'c', m))",
            "to_json(array(m))",
            "to_json(map(t, i))",
            "to_json(named_struct('q\"x', s))",
            "to_json(array(s))",
            "to_json(named_struct('n', NULL))",
        ),
        *("to_json(map('a', st))", "to_json(NULL)", "to_json(array(ai, NULL))", "to_json(map(l, d))", "to_json(map('d', e))"),
    ),
}


if __name__ == "__main__":
    record(FILE, TABLES, EXPRESSIONS)
