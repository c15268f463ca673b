"""Expressions over arrays, maps and structs, and Spark 3.5.7's answers, recorded in data/collections.json.

`python compat_tests/unit/sql/functions/collection_cases.py` asks Spark and writes the file anew.
"""

from __future__ import annotations

from pathlib import Path

from recording import record

FILE = Path(__file__).with_name("data") / "collections.json"

#: The tables that the expressions read: name to the SELECT that makes it.
TABLES = {
    "arrays": """
        SELECT CAST(c1 AS ARRAY<INT>) AS ai, CAST(c2 AS ARRAY<INT>) AS bi, CAST(c3 AS ARRAY<DOUBLE>) AS ad, CAST(c4 AS ARRAY<DOUBLE>) AS bd,
               CAST(c5 AS ARRAY<STRING>) AS ss, CAST(c6 AS ARRAY<ARRAY<INT>>) AS aa, CAST(c7 AS INT) AS i, CAST(c8 AS DOUBLE) AS d, CAST(c9 AS STRING) AS s,
               CAST(c10 AS BIGINT) AS l, CAST(c11 AS BOOLEAN) AS t
        FROM VALUES
          (array(3, 1, 2, 1), array(2, 9), array(double('NaN'), -0.0D, 0.0D, 1.5D), array(double('NaN'), 0.0D), array('b', 'a', '', 'ab'),
           array(array(1, 2), array(3)), 1, -0.0D, 'a', 2L, true),
          (array(), array(1), array(), array(null), array(), array(), 2, double('NaN'), ',', 0L, false),
          (null, array(1, 2), null, array(1.0D), null, null, 3, 1.5D, '', 1L, null),
          (array(null, 5, null, -7), null, array(null, 1.0D, double('-Infinity')), null, array('a', null, 'Z', 'é', '😀', '中'), array(null, array(1)), -1, null, 'x', null, true),
          (array(1, 2, 3), array(null, 3), array(-0.0D, 2.0D), array(0.0D, null), array('a', 'a'), array(array(null), array(1), array()), -3, 0.0D, null, -1L, true),
          (array(2147483647, -2147483648), array(), array(double('Infinity'), 1e300D), array(), array('A', 'a', 'B'), array(array(2, 1), array(2), array(2, 1)), null, 1e300D, '|', 5L, null),
          (array(7), array(7, 7), array(double('NaN'), double('NaN'), 1.0D), array(1.0D, double('NaN')), array(null), array(null, null), 4, 1.0D, 'ab', 3L, false)
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)""",
    "maps": """
        SELECT CAST(c1 AS MAP<STRING,INT>) AS m, CAST(c2 AS MAP<STRING,INT>) AS n, CAST(c3 AS MAP<DOUBLE,STRING>) AS md, CAST(c4 AS MAP<INT,ARRAY<INT>>) AS ma,
               CAST(c5 AS ARRAY<STRUCT<k:STRING,v:INT>>) AS es, CAST(c6 AS STRING) AS s, CAST(c7 AS DOUBLE) AS d, CAST(c8 AS INT) AS i, CAST(c9 AS ARRAY<STRING>) AS ks
        FROM VALUES
          (map('a', 1, 'b', 2), map('c', 3), map(1.0D, 'x', double('NaN'), 'y', 0.0D, 'z'), map(1, array(1, 2), 2, null), array(named_struct('k', 'p', 'v', 1), named_struct('k', 'q', 'v', null)),
           'a:1,b:2', double('NaN'), 1, array('a', 'b')),
          (map(), map(), map(), map(), array(), '', -0.0D, 2, array()),
          (null, map('a', 1), null, null, null, null, null, null, null),
          (map('b', null, '', 7), map('z', null), map(-0.0D, 'n'), map(3, array()), array(named_struct('k', 'r', 'v', 5)), 'a', 0.0D, 3, array('c', 'd')),
          (map('é', -1), null, map(double('Infinity'), null), map(1, array(null)), array(named_struct('k', 'r', 'v', 5), null), 'a:1:2, b,:x,c:', 1.0D, 1, array('a'))
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9)""",
    "structs": """
        SELECT CAST(c1 AS STRUCT<x:INT,y:DOUBLE>) AS st, CAST(c2 AS STRUCT<x:INT,y:DOUBLE>) AS su, CAST(c3 AS ARRAY<STRUCT<x:INT,y:STRING>>) AS ast,
               CAST(c4 AS BINARY) AS b, CAST(c5 AS BINARY) AS b2, CAST(c6 AS DECIMAL(10,2)) AS e, CAST(c7 AS ARRAY<DECIMAL(5,1)>) AS ae, CAST(c8 AS FLOAT) AS f,
               CAST(c9 AS INT) AS i, CAST(c10 AS STRING) AS s, CAST(c11 AS ARRAY<BOOLEAN>) AS at
        FROM VALUES
          (named_struct('x', 1, 'y', 2.5D), named_struct('x', 1, 'y', 2.5D), array(named_struct('x', 1, 'y', 'b'), named_struct('x', 1, 'y', 'a')), X'00FF', X'00', 1.5BD, array(1.5BD, 2.0BD), 1.5F, 1, 'p', array(true, false, null)),
          (named_struct('x', 1, 'y', double('NaN')), named_struct('x', 1, 'y', double('NaN')), array(), X'', X'00', -0.25BD, array(), float('NaN'), 2, '', array()),
          (named_struct('x', null, 'y', 0.0D), named_struct('x', 0, 'y', -0.0D), null, null, X'7F', null, null, null, null, null, null),
          (named_struct('x', 2, 'y', null), named_struct('x', 2, 'y', 1.0D), array(null, named_struct('x', null, 'y', 'z')), X'80', X'7F', 100.00BD, array(null, 0.1BD), -0.0F, -1, 'q', array(null)),
          (null, named_struct('x', 1, 'y', 1.0D), array(named_struct('x', 2, 'y', null), named_struct('x', 1, 'y', 'c')), X'61', X'61', 0.00BD, array(10.0BD), 0.0F, 0, 'p', array(false)),
          (named_struct('x', 0, 'y', 0.0D), named_struct('x', 0, 'y', -0.0D), array(named_struct('x', 1, 'y', 'b')), X'6162', X'61', 1.50BD, array(1.5BD), 3.0F, 3, 'é', array(true, true))
        AS v(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)""",
}

#: The expressions by the table that they read.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "arrays": (
        *("array(1, 2L)", "array()", "array(i, d)", "array(i, s)", "array(ai, bi)", "array(ai, array(l))", "array(1, NULL)", "array(NULL)", "array(t, i)", "array(struct(i), struct(l))"),
        *("ai[0]", "ai[i]", "ai[l]", "ad[1]", "ss[i]", "aa[0][1]", "aa[0]", "ai['a']", "ai[d]", "ss[0]", "get(ai, 0)", "get(ai, i)", "get(ss, -1)", "get(ad, l)"),
        *("element_at(ai, 1)", "element_at(ai, i)", "element_at(ai, -1)", "element_at(ai, 0)", "element_at(ai, l)", "element_at(ss, 2)", "try_element_at(ai, i)", "try_element_at(ai, 0)"),
        *("size(ai)", "size(aa)", "cardinality(ss)", "array_size(ai)", "size(NULL)", "array_size(NULL)", "size(i)"),
        *("array_contains(ai, 1)", "array_contains(ai, i)", "array_contains(ai, l)", "array_contains(ad, d)", "array_contains(ss, s)", "array_contains(aa, ai)", "array_contains(ai, '1')"),
        *("array_contains(ai, NULL)", "array_contains(bi, 3)", "array_contains(ad, 0)", "array_contains(aa, array(1))", "array_contains(ai, 1.0)", "array_contains(NULL, 1)"),
        *("array_position(ai, 1)", "array_position(ai, i)", "array_position(ad, d)", "array_position(ss, s)", "array_position(ad, 0D)", "array_position(aa, array(2, 1))", "array_position(ai, NULL)"),
        *("array_distinct(ai)", "array_distinct(ad)", "array_distinct(ss)", "array_distinct(aa)", "array_distinct(bi)", "array_distinct(array(d, 0D, -0D, d))", "array_distinct(array(array(d), array(0D)))"),
        *("array_union(ai, bi)", "array_union(ad, bd)", "array_union(ai, bd)", "array_union(ss, array('a', NULL))", "array_union(aa, array(ai))", "array_union(ai, ss)", "array_union(ai, array(l))"),
        *("array_intersect(ai, bi)", "array_intersect(ad, bd)", "array_intersect(ss, array('a', NULL))", "array_intersect(aa, array(array(1), NULL))", "array_intersect(ai, array(l, 1))"),
        *("array_except(ai, bi)", "array_except(ad, bd)", "array_except(ss, array('a'))", "array_except(aa, array(array(1), array(2, 1)))", "array_except(bd, ad)", "array_except(array(0D), ad)"),
        *("arrays_overlap(ai, bi)", "arrays_overlap(ad, bd)", "arrays_overlap(ss, array(s))", "arrays_overlap(aa, array(ai))", "arrays_overlap(ai, array(1.0D))", "arrays_overlap(ai, ss)"),
        *("array_remove(ai, 1)", "array_remove(ai, i)", "array_remove(ad, d)", "array_remove(ad, 0D)", "array_remove(ss, 'a')", "array_remove(aa, array(1))", "array_remove(ai, NULL)", "array_remove(ai, 1.5D)"),
        *("array_repeat(i, 2)", "array_repeat(s, i)", "array_repeat(ai, 2)", "array_repeat(1, 0)", "array_repeat('a', -1)", "array_repeat(NULL, 2)", "array_repeat(d, l)", "array_repeat(i, '2')"),
        *("array_append(ai, 1)", "array_append(ai, i)", "array_append(ai, l)", "array_append(ad, i)", "array_append(ss, s)", "array_append(ai, NULL)", "array_append(ai, 'x')", "array_append(aa, ai)"),
        *("array_prepend(ai, 1)", "array_prepend(ai, i)", "array_prepend(ai, l)", "array_prepend(ss, s)", "array_prepend(ai, NULL)", "array_prepend(aa, bi)"),
        *("array_insert(ai, 1, 9)", "array_insert(ai, i, 9)", "array_insert(ai, -1, 9)", "array_insert(ai, -2, 9)", "array_insert(ai, 6, 9)", "array_insert(ai, -7, 9)", "array_insert(ai, 0, 9)"),
        *("array_insert(ai, 2, i)", "array_insert(ai, 2, l)", "array_insert(ss, 1, s)", "array_insert(ai, NULL, 1)", "array_insert(ai, 2, NULL)", "array_insert(ai, -6, 1)", "array_insert(ai, -5, 1)"),
        *("array_compact(ai)", "array_compact(ss)", "array_compact(aa)", "array_compact(bd)"),
        *("array_join(ss, ',')", "array_join(ss, s)", "array_join(ss, '-', '?')", "array_join(ai, ',')", "array_join(ad, ' ', 'none')", "array_join(ss, ',', s)", "array_join(ss, NULL)", "array_join(ss, ',', NULL)"),
        *("array_join(aa, ',')", "array_join(array(t, NULL), '|')", "array_min(ai)", "array_max(ai)", "array_min(ad)", "array_max(ad)", "array_min(ss)", "array_max(ss)", "array_max(aa)", "array_min(aa)"),
        *("sort_array(ai)", "sort_array(ai, false)", "sort_array(ad, false)", "sort_array(bd)", "sort_array(ss)", "sort_array(ss, false)", "sort_array(aa)", "sort_array(aa, false)", "sort_array(ai, t)"),
        *("array_sort(ai)", "array_sort(bd)", "array_sort(ss)", "array_sort(aa)", "array_sort(array_compact(ai), (a, b) -> b - a)", "array_sort(ss, (a, b) -> length(a) - length(b))"),
        *("array_sort(ss, (a, b) -> CASE WHEN a IS NULL AND b IS NULL THEN 0 WHEN a IS NULL THEN -1 WHEN b IS NULL THEN 1 WHEN length(a) < length(b) THEN 1 WHEN length(a) = length(b) THEN 0 ELSE -1 END)",),
        *("array_sort(ai, (a, b) -> CASE WHEN coalesce(a, 0) * i < coalesce(b, 0) * i THEN 1 WHEN coalesce(a, 0) * i > coalesce(b, 0) * i THEN -1 ELSE 0 END)", "array_sort(ai, (a, b) -> a)"),
        *("reverse(ai)", "reverse(ss)", "reverse(aa)", "reverse(s)", "reverse(i)", "concat(ai, bi)", "concat(ai, array(l))", "concat(ai, ss)", "concat(aa, aa)", "concat(ai)", "ai || bi", "concat(ai, NULL)"),
        *("slice(ai, 1, 2)", "slice(ai, -2, 2)", "slice(ai, i, 1)", "slice(ss, 2, 10)", "slice(ai, 0, 1)", "slice(ai, 1, -1)", "slice(ai, 9, 1)", "slice(ai, -9, 3)", "slice(ai, 1, 0)", "slice(ai, 1, l)"),
        *("sequence(1, 5)", "sequence(i, 4)", "sequence(5, i)", "sequence(1, 10, 3)", "sequence(i, l)", "sequence(10, 1, -4)", "sequence(1, 5, -1)", "sequence(3, 3, 0)", "sequence(1Y, 3Y)", "sequence(0, i, 2)"),
        *("sequence(1L, 3)", "sequence(1.5, 3)", "sequence('1', 3)", "flatten(aa)", "flatten(ai)", "flatten(array(aa, aa))", "flatten(array(array(s), array('q', NULL)))", "shuffle(ai)"),
        *("arrays_zip(ai, bi)", "arrays_zip(ai)", "arrays_zip(ai, array(1, 2))", "arrays_zip(ai, ss, ad)", "arrays_zip()", "arrays_zip(ai, i)", "arrays_zip(AI, bi)"),
        *("transform(ai, x -> x + 1)", "transform(ai, (x, j) -> x * j)", "transform(ai, x -> x + i)", "transform(aa, x -> transform(x, y -> y + size(x)))", "filter(ai, x -> x > 1)", "filter(ai, (x, j) -> j % 2 = 0)"),
        *("filter(ai, x -> NULL)", "filter(ai, x -> x)", "exists(ai, x -> x > 2)", "exists(ai, x -> x IS NULL)", "exists(ss, x -> x = s)", "exists(ai, x -> 1)", "exists(aa, x -> exists(x, y -> y = i))"),
        *("forall(ai, x -> x > 0)", "forall(ai, x -> x IS NOT NULL)", "forall(ss, x -> length(x) > 0)", "forall(aa, x -> size(x) > 0)", "exists(ai, (x, j) -> x > 2)"),
        *("aggregate(ai, 0, (acc, x) -> acc + x)", "aggregate(ai, 0, (acc, x) -> acc + coalesce(x, 0))", "aggregate(ai, 0, (acc, x) -> acc + coalesce(x, 0), acc -> acc * 10)", "reduce(ai, 1, (acc, x) -> x)"),
        *("aggregate(ai, 0L, (acc, x) -> acc + x)", "aggregate(ai, 0, (acc, x) -> acc + l)", "aggregate(ad, 0D, (acc, x) -> acc + x)", "aggregate(ss, '', (acc, x) -> concat(acc, coalesce(x, '?')))", "aggregate(ai, i, (a, x) -> greatest(a, x))"),
        *("aggregate(ai, named_struct('s', 0, 'n', 0), (a, x) -> named_struct('s', a.s + coalesce(x, 0), 'n', a.n + 1), a -> a.s / a.n)", "aggregate(aa, 0, (a, x) -> a + aggregate(x, 0, (b, y) -> b + y))"),
        *("zip_with(ai, bi, (x, y) -> x + y)", "zip_with(ai, ss, (x, y) -> concat(x, y))", "zip_with(ai, bi, (x, y) -> struct(x, y))", "zip_with(ai, bi, (x, y) -> i)", "zip_with(ai, bi, x -> x)"),
        *("ai = bi", "ai < bi", "ai <=> bi", "ad = bd", "ad <= bd", "ai = array(l)", "aa = array(ai)", "ss > array(s)", "ai IN (bi, array(7))", "ai = ss", "ai = 1", "aa < array(bi)", "ai IS NULL", "ad <=> array(0D, 2D)"),
        *("coalesce(ai, bi)", "coalesce(ai, array(l))", "coalesce(ai, ss)", "coalesce(ai, array())", "if(t, ai, bi)", "if(t, ai, array('x'))", "CASE WHEN t THEN aa END", "greatest(ai, bi)", "least(ai, bi)", "nullif(ai, bi)"),
        *("nvl(ss, array('none'))", "coalesce(ai, array(1.5))", "greatest(ad, bd)", "coalesce(array(struct(i AS p)), array(struct(l AS q)))", "coalesce(array(struct(i AS p)), array(struct(l AS P)))"),
        *("CAST(ai AS STRING)", "CAST(ad AS STRING)", "CAST(ss AS STRING)", "CAST(aa AS STRING)", "CAST(ai AS ARRAY<STRING>)", "CAST(ai AS ARRAY<BIGINT>)", "CAST(ss AS ARRAY<INT>)", "CAST(ad AS ARRAY<INT>)", "CAST(ai AS INT)"),
        *("CAST(aa AS ARRAY<ARRAY<STRING>>)", "CAST(array() AS ARRAY<INT>)", "CAST(array(t) AS STRING)", "CAST(ai AS ARRAY<BOOLEAN>)", "TRY_CAST(ss AS ARRAY<INT>)", "CAST(NULL AS ARRAY<INT>)", "CAST(array(NULL) AS STRING)"),
        *("CAST(ai AS ARRAY<DECIMAL(5,2)>)", "array_contains(transform(ss, x -> upper(x)), 'A')", "size(filter(ai, x -> x > i))", "element_at(filter(ss, x -> x > 'A'), 1)"),
    ),
    "maps": (
        *("m['a']", "m[s]", "md[d]", "md[0]", "md[i]", "ma[i]", "ma[1][0]", "m.a", "m[1]", "element_at(m, 'a')", "element_at(md, d)", "element_at(ma, i)", "try_element_at(m, 'q')", "element_at(m, 1)", "element_at(md, 0D)"),
        *("map('a', 1)", "map('a', i, 'b', 2L)", "map()", "map(i, s)", "map(d, 1)", "map(1, 2, 1, 3)", "map('a', 1, 2, 3)", "map(ks, i)", "map(-0D, 1)", "map(0D, 1, -0D, 2)", "map('a')", "map(md, 1)", "map(1, NULL)"),
        *("map_from_arrays(ks, transform(ks, x -> length(x)))", "map_from_arrays(ks, array(1, 2))", "map_from_arrays(array(1, 2), array('a', 'b'))", "map_from_arrays(array(1), array(s))", "map_from_arrays(array(NULL), array(1))"),
        *("map_from_entries(es)", "map_from_entries(array(struct(1, 'a'), struct(2, s)))", "map_from_entries(array(struct(1, 'a'), struct(1, s)))", "map_from_entries(array(struct(i, 'a')))", "map_from_entries(ks)"),
        *("map_keys(m)", "map_values(m)", "map_entries(m)", "map_keys(md)", "map_entries(ma)", "map_values(map())", "map_keys(i)", "map_contains_key(m, 'a')", "map_contains_key(md, d)", "map_contains_key(m, s)", "map_contains_key(md, 0)"),
        *("map_concat(m, n)", "map_concat(m)", "map_concat()", "map_concat(m, map('a', 5))", "map_concat(m, map('x', 5L))", "map_concat(md, map(7D, 'q'))", "map_concat(m, map('y', 'x'))", "map_concat(m, i)"),
        *("str_to_map(s)", "str_to_map(s, ',')", "str_to_map(s, ',', ':')", "str_to_map('a=1;b=2', ';', '=')", "str_to_map('a1b22c', '[0-9]', 'x')", "str_to_map('a:1,a:2')", "str_to_map(s, s)", "str_to_map('a|b', '|')"),
        *("map_filter(m, (k, v) -> v > 1)", "map_filter(m, (k, v) -> k > 'a')", "map_filter(ma, (k, v) -> size(v) > i)", "transform_keys(m, (k, v) -> concat(k, '!'))", "transform_keys(m, (k, v) -> 1)", "transform_keys(m, (k, v) -> v)"),
        *("transform_values(m, (k, v) -> v + 1)", "transform_values(m, (k, v) -> concat(k, s))", "transform_values(ma, (k, v) -> transform(v, x -> x + k))", "transform_keys(md, (k, v) -> k * 0)", "transform_values(m, v -> v)"),
        *("map_zip_with(m, n, (k, a, b) -> coalesce(a, 0) + coalesce(b, 0))", "map_zip_with(m, map('a', 's'), (k, a, b) -> concat(k, a, b))", "map_zip_with(md, map(0D, 1, CAST('NaN' AS DOUBLE), 2), (k, a, b) -> struct(a, b))"),
        *("size(m)", "cardinality(map())", "m = m", "m <=> n", "m IN (n)", "coalesce(m, n)", "coalesce(m, map('q', 1L))", "if(i = 1, m, n)", "m IS NULL", "CAST(m AS STRING)", "CAST(md AS STRING)", "CAST(ma AS STRING)", "array_contains(ks, s)"),
        *("CAST(m AS MAP<STRING,STRING>)", "CAST(m AS MAP<STRING,BIGINT>)", "CAST(ma AS MAP<STRING,ARRAY<STRING>>)", "CAST(m AS MAP<INT,INT>)", "CAST(md AS MAP<FLOAT,STRING>)", "CAST(m AS INT)", "array(m, n)", "array_distinct(array(m))"),
        *("coalesce(map(1, 2), map('a', 3))", "transform(map_entries(m), e -> e.key)", "map_entries(m)[0].value", "aggregate(map_values(m), 0, (a, x) -> a + x)", "size(map_keys(n))", "map_from_entries(map_entries(m))", "reverse(map_values(m))"),
        *("CAST(es AS STRING)", "es.k", "es[0].v", "CAST(es AS ARRAY<STRUCT<a:STRING,b:STRING>>)", "array(map('a', 1), map('b', 2L))", "greatest(m, n)", "sort_array(array(m))"),
    ),
    "structs": (
        *("st = su", "st < su", "st <=> su", "st >= su", "st IN (su)", "st.x", "st.X", "st.z", "ast.y", "ast[0].y", "st['x']", "struct(i, s)", "struct(i AS p, s)", "struct(i + 1, s)", "named_struct('a', i, 'b', s)"),
        *("struct(st.x, i)", "struct(1, 'a')", "struct()", "named_struct('a', 1).a", "struct(*)", "(i, s)", "struct(i, s) = struct(1, 'p')", "(i, s) IN ((1, 'p'), (2, ''))", "struct(i, s).col1", "struct(i, s).i"),
        *("CAST(st AS STRING)", "CAST(ast AS STRING)", "CAST(struct(e, f, s, NULL) AS STRING)", "CAST(st AS STRUCT<a:STRING,b:INT>)", "CAST(st AS STRUCT<a:STRING>)", "CAST(ae AS STRING)", "CAST(at AS STRING)", "CAST(array(b2) AS STRING)"),
        *("array_distinct(ast)", "sort_array(ast)", "sort_array(ast, false)", "array_max(ast)", "array_min(ast)", "array_sort(ast)", "array_contains(ast, named_struct('x', 1, 'y', 'a'))", "array_position(ast, struct(1, 'b'))", "array_union(ast, ast)"),
        *("array_sort(ast, (a, b) -> CASE WHEN a.x < b.x THEN -1 WHEN a.x > b.x THEN 1 ELSE 0 END)", "transform(ast, e -> e.y)", "filter(ast, e -> e.x = 1)", "array_distinct(ae)", "array_contains(ae, 1.5)", "array_contains(ae, e)", "array_sort(at)"),
        *("b = b2", "b < b2", "b <=> b2", "b >= b2", "b IN (b2)", "greatest(b, b2)", "array_distinct(array(b, b2, b))", "sort_array(array(b, b2))", "array_contains(array(b2), b)", "b = 'a'", "array_max(array(b, b2))", "map(b, 1)[b]"),
        *("array(e, i)", "array(f, i)", "array(e, f)", "array(e, 1)", "array_union(ae, array(e))", "concat(ae, array(e))", "coalesce(ae, array(i))", "array_append(ae, e)", "array_append(ae, i)", "array_remove(ae, 1.5)", "array_position(ae, i)"),
        *("array_distinct(at)", "array_union(at, array(NULL))", "array_distinct(array(f, 0F, -0F))", "array_max(array(f, 1F))", "array_join(ae, ';')", "array_join(at, ',', '?')", "map('k', st)", "map(st, 1)[su]", "coalesce(st, su)"),
        *("coalesce(st, struct(1, 2))", "coalesce(st, named_struct('X', 1L, 'Y', 2))", "if(i = 1, st, su)", "nullif(st, su)", "greatest(st, su)", "least(st, su)", "st = named_struct('x', 1L, 'y', 2)", "st = named_struct('p', 1, 'q', 2D)"),
        *("named_struct(s, 1)", "named_struct('a')", "array(st, su)", "array(st, NULL)", "flatten(array(ast, ast))", "arrays_zip(ast, at)", "arrays_zip(ast.x, at)", "array_repeat(st, 2)"),
    ),
}


if __name__ == "__main__":
    record(FILE, TABLES, EXPRESSIONS)
