"""Expressions over arrays, maps and structs (data/collections.txt), and Spark 3.5.7's answers, recorded in data/collections.json.

`python compat_tests/unit/sql/functions/collection_cases.py` asks Spark and writes the file anew.
"""

from __future__ import annotations

from pathlib import Path

from recording import expressions, record

FILE = Path(__file__).with_name("data") / "collections.json"

#: The tables that the expressions read: name to the SELECT that makes it.
TABLES = {
    "arrays": """
        SELECT CAST(c1 AS ARRAY<INT>) AS ai, CAST(c2 AS ARRAY<INT>) AS bi, CAST(c3 AS ARRAY<DOUBLE>) AS ad, CAST(c4 AS ARRAY<DOUBLE>) AS bd,
               CAST(c5 AS ARRAY<STRING>) AS ss, CAST(c6 AS ARRAY<ARRAY<INT>>) AS aa, CAST(c7 AS INT) AS i, CAST(c8 AS DOUBLE) AS d,
           CAST(c9 AS STRING) AS s,
               CAST(c10 AS BIGINT) AS l, CAST(c11 AS BOOLEAN) AS t
        FROM VALUES
          (array(3, 1, 2, 1), array(2, 9), array(double('NaN'), -0.0D, 0.0D, 1.5D), array(double('NaN'), 0.0D), array('b', 'a', '', 'ab'),
           array(array(1, 2), array(3)), 1, -0.0D, 'a', 2L, true),
          (array(), array(1), array(), array(null), array(), array(), 2, double('NaN'), ',', 0L, false),
          (null, array(1, 2), null, array(1.0D), null, null, 3, 1.5D, '', 1L, null),
          (array(null, 5, null, -7), null, array(null, 1.0D, double('-Infinity')), null, array('a', null, 'Z', 'é', '😀', '中'), array(null, array(1)),
           -1, null, 'x', null, true),
          (array(1, 2, 3), array(null, 3), array(-0.0D, 2.0D), array(0.0D, null), array('a', 'a'), array(array(null), array(1), array()), -3, 0.0D,
           null, -1L, true),
          (array(2147483647, -2147483648), array(), array(double('Infinity'), 1e300D), array(), array('A', 'a', 'B'), array(array(2, 1), array(2),
           array(2, 1)), null, 1e300D, '|', 5L, null),
          (array(7), array(7, 7), array(double('NaN'), double('NaN'), 1.0D), array(1.0D, double('NaN')), array(null), array(null, null), 4, 1.0D,
           'ab', 3L, false)
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)""",
    "maps": """
        SELECT CAST(c1 AS MAP<STRING,INT>) AS m, CAST(c2 AS MAP<STRING,INT>) AS n, CAST(c3 AS MAP<DOUBLE,STRING>) AS md,
           CAST(c4 AS MAP<INT,ARRAY<INT>>) AS ma,
               CAST(c5 AS ARRAY<STRUCT<k:STRING,v:INT>>) AS es, CAST(c6 AS STRING) AS s, CAST(c7 AS DOUBLE) AS d, CAST(c8 AS INT) AS i,
           CAST(c9 AS ARRAY<STRING>) AS ks
        FROM VALUES
          (map('a', 1, 'b', 2), map('c', 3), map(1.0D, 'x', double('NaN'), 'y', 0.0D, 'z'), map(1, array(1, 2), 2, null), array(named_struct('k',
           'p', 'v', 1), named_struct('k', 'q', 'v', null)),
           'a:1,b:2', double('NaN'), 1, array('a', 'b')),
          (map(), map(), map(), map(), array(), '', -0.0D, 2, array()),
          (null, map('a', 1), null, null, null, null, null, null, null),
          (map('b', null, '', 7), map('z', null), map(-0.0D, 'n'), map(3, array()), array(named_struct('k', 'r', 'v', 5)), 'a', 0.0D, 3, array('c',
           'd')),
          (map('é', -1), null, map(double('Infinity'), null), map(1, array(null)), array(named_struct('k', 'r', 'v', 5), null), 'a:1:2, b,:x,c:',
           1.0D, 1, array('a'))
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9)""",
    "structs": """
        SELECT CAST(c1 AS STRUCT<x:INT,y:DOUBLE>) AS st, CAST(c2 AS STRUCT<x:INT,y:DOUBLE>) AS su, CAST(c3 AS ARRAY<STRUCT<x:INT,y:STRING>>) AS ast,
               CAST(c4 AS BINARY) AS b, CAST(c5 AS BINARY) AS b2, CAST(c6 AS DECIMAL(10,2)) AS e, CAST(c7 AS ARRAY<DECIMAL(5,1)>) AS ae,
           CAST(c8 AS FLOAT) AS f,
               CAST(c9 AS INT) AS i, CAST(c10 AS STRING) AS s, CAST(c11 AS ARRAY<BOOLEAN>) AS at
        FROM VALUES
          (named_struct('x', 1, 'y', 2.5D), named_struct('x', 1, 'y', 2.5D), array(named_struct('x', 1, 'y', 'b'), named_struct('x', 1, 'y', 'a')),
           X'00FF', X'00', 1.5BD, array(1.5BD, 2.0BD), 1.5F, 1, 'p', array(true, false, null)),
          (named_struct('x', 1, 'y', double('NaN')), named_struct('x', 1, 'y', double('NaN')), array(), X'', X'00', -0.25BD, array(), float('NaN'),
           2, '', array()),
          (named_struct('x', null, 'y', 0.0D), named_struct('x', 0, 'y', -0.0D), null, null, X'7F', null, null, null, null, null, null),
          (named_struct('x', 2, 'y', null), named_struct('x', 2, 'y', 1.0D), array(null, named_struct('x', null, 'y', 'z')), X'80', X'7F', 100.00BD,
           array(null, 0.1BD), -0.0F, -1, 'q', array(null)),
          (null, named_struct('x', 1, 'y', 1.0D), array(named_struct('x', 2, 'y', null), named_struct('x', 1, 'y', 'c')), X'61', X'61', 0.00BD,
           array(10.0BD), 0.0F, 0, 'p', array(false)),
          (named_struct('x', 0, 'y', 0.0D), named_struct('x', 0, 'y', -0.0D), array(named_struct('x', 1, 'y', 'b')), X'6162', X'61', 1.50BD,
           array(1.5BD), 3.0F, 3, 'é', array(true, true))
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)""",
}

#: The expressions by the table that they read.
EXPRESSIONS = expressions(FILE.with_suffix(".txt"))


if __name__ == "__main__":
    record(FILE, TABLES, EXPRESSIONS)
