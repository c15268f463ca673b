"""Record what Spark 3.5.7 answers for hashes, digests, casts of bytes and numerals over hard values; needs Java.

    python -m compat_tests.unit.sql.functions.record_math

writes math_answers/answers.parquet: the table of hard values, and behind it a column e0, e1, ... for each expression of `EXPRESSIONS`.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ANSWERS = Path(__file__).parent / "math_answers" / "answers.parquet"
_SCALARS = ["b", "i1", "i2", "i4", "i8", "f4", "f8", "d9", "d38", "s", "y", "dt", "ts"]
_NESTED = ["ai", "as_", "st", "ast", "v"]
_OF_DOUBLES = ["sign", "signum", "cbrt", "log2", "log10", "sinh", "cosh", "tanh", "expm1", "log1p"]
_PAIRS = ("i1, i1", "i4, i4", "i8, i4", "d9, d38", "d38, d38", "f8, i4")
EXPRESSIONS: tuple[str, ...] = (
    *(f"{function}({name})" for function in ("hash", "xxhash64") for name in (*_SCALARS, *_NESTED)),
    *(f"{function}({', '.join(names)})" for function in ("hash", "xxhash64") for names in (_SCALARS, [*_NESTED, *_SCALARS], ["NULL", "s", "1", "i4"])),
    *(f"{function}({name})" for function in ("md5", "sha1", "sha", "crc32") for name in ("s", "y")),
    *(f"sha2({name}, {bits})" for name in ("s", "y") for bits in ("0", "224", "256", "384", "512", "1", "i4")),
    *(f"conv({text}, {bases})" for text in ("s", "i8") for bases in ("10, 16", "16, 10", "16, -10", "36, 2", "10, -36", "2, 37", "1, 10", "i1, 10")),
    *(f"bin({name})" for name in ("i1", "i4", "i8", "f8", "d9")),
    *(f"CAST({name} AS BINARY)" for name in ("i1", "i2", "i4", "i8", "s", "y")),
    "CAST(CAST(s AS BINARY) AS STRING)",
    *(f"{function}({name}, {digits})" for function in ("floor", "ceil") for name in ("i4", "i8", "f8", "f4", "d9", "d38") for digits in ("2", "0", "-2")),
    *(f"width_bucket({what})" for what in ("f8, -10, 10, 5", "f8, 10, -10, 5", "i4, i1, i2, i8", "f8, f4, 100, 7", "d9, 0, 1000, 3")),
    *(f"{function}({name})" for function in ("bit_count", "bitmap_bucket_number", "bitmap_bit_position") for name in ("i1", "i2", "i4", "i8")),
    *(f"try_{function}({pair})" for function in ("add", "subtract", "multiply", "divide") for pair in _PAIRS),
    *(f"{function}({name})" for function in _OF_DOUBLES for name in ("f8", "f4", "i4")),
    *(f"equal_null({pair})" for pair in ("f8, f4", "i4, NULL", "s, s", "d9, i4")),
    *(f"typeof({name})" for name in (*_SCALARS, *_NESTED)),
)  # fmt: skip


def hard_values() -> pa.Table:
    """The table without its vectors, which Spark makes of the doubles `vd`."""
    nan, inf, day = float("nan"), float("inf"), dt.date(1970, 1, 1)
    zone = dt.UTC
    i4 = [0, 1, -1, 2**31 - 1, -(2**31), 127, 128, 255, 256, -129, 32768, 65536, 7, None, 10, 12345, 384, 224]
    f8 = [0.0, -0.0, 1.0, -1.5, nan, inf, -inf, 1e-300, 1.7976931348623157e308, 5e-324, 0.1, 123456.789, 2.5, None, -2.5, 1e10, 3.0, 9.995]
    texts = [
        "",
        "a",
        "ab",
        "abc",
        "abcd",
        "Spark SQL",
        "é😀",
        "x" * 31,
        "y" * 32,
        "z" * 33,
        "0123456789" * 7,
        "18446744073709551615",
        "18446744073709551616",
        None,
    ]
    texts += [" -7f ", "-9223372036854775808", "FFFFFFFFFFFFFFFF", "12.5"]
    wide = ["0", "1", "-1", "12345678901234567890123456.123456789012", "-99999999999999999999999999.999999999999", "0.000000000128", "-0.000000000128", "0.5"]
    d38: list[Decimal | None] = [Decimal(text) for text in (*wide, "127", "-128", "1e15", "0.000000032768", "7.25")]
    d38 += [None, Decimal("99.99"), Decimal("-250"), Decimal("3"), Decimal("1e-12")]
    times = [dt.datetime(1969, 12, 25, 1, 2, 3, place, zone) + dt.timedelta(days=place) for place in range(18)]
    doubles = [[0.0, float(place), -0.0, 0.0, 7.0 * (place % 2)] if place % 3 else [1.0, 2.0, float(place), -0.5, inf] for place in range(18)]
    structs: list[Any] = [None if place == 13 else {"p": None if place % 5 == 1 else place, "q": texts[place]} for place in range(18)]
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "b": (pa.bool_(), [None if place == 13 else place % 3 == 0 for place in range(18)]),
        "i1": (pa.int8(), [0, 1, -1, 127, -128, 2, 3, 10, 16, 36, 37, 64, 7, None, 8, 100, -100, 5]),
        "i2": (pa.int16(), [0, 1, -1, 32767, -32768, 255, 256, 10, 100, 1000, -255, 128, 7, None, -129, 12345, 5, 200]),
        "i4": (pa.int32(), i4),
        "i8": (pa.int64(), [0, 1, -1, 2**63 - 1, -(2**63), 2**32, -(2**32), 10, 255, 32768, 32769, -32768, -32769, None, 123456789012, 5, 3, 77]),
        "f4": (pa.float32(), [None if value is None else min(value, 3e38) if value < inf else value for value in f8]),
        "f8": (pa.float64(), f8),
        "d9": (pa.decimal128(9, 2), [None if place == 13 else Decimal(place * place * 37 - 900) / 4 * (1 if place % 2 else -1) for place in range(18)]),
        "d38": (pa.decimal128(38, 12), d38),
        "s": (pa.string(), texts),
        "y": (pa.binary(), [None if text is None else text.encode() + bytes([0, 255, 128])[: place % 4] for place, text in enumerate(texts)]),
        "dt": (pa.date32(), [None if place == 13 else day + dt.timedelta(days=place * 997 - 3000) for place in range(18)]),
        "ts": (pa.timestamp("us", tz="UTC"), [None if place == 13 else time for place, time in enumerate(times)]),
        "ai": (pa.list_(pa.int32()), [None if place == 13 else [None if value % 4 == 3 else value * 7 for value in range(place % 6)] for place in range(18)]),
        "as_": (pa.list_(pa.string()), [None if place == 13 else texts[: place % 5] + [None] * (place % 2) for place in range(18)]),
        "st": (pa.struct([("p", pa.int64()), ("q", pa.string())]), structs),
        "ast": (pa.list_(pa.struct([("p", pa.int64()), ("q", pa.string())])), [None if place == 13 else structs[: place % 4] for place in range(18)]),
        "vd": (pa.list_(pa.float64()), doubles),
    }  # fmt: skip
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def main() -> None:
    """Run Spark once and write the file."""
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.functions import array_to_vector
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    spark = builder.getOrCreate()
    folder = Path(tempfile.mkdtemp())
    pq.write_table(hard_values(), folder / "input.parquet")
    frame = spark.read.parquet(str(folder / "input.parquet"))
    # The assembler makes some of the vectors sparse.
    assembler = VectorAssembler(inputCols=["dense"], outputCol="v")
    frame = assembler.transform(frame.withColumn("dense", array_to_vector("vd"))).drop("vd", "dense")
    items = [f"{expression} AS e{place}" for place, expression in enumerate(EXPRESSIONS)]
    frame.selectExpr("*", *items).write.parquet(str(folder / "output"))
    (part,) = (folder / "output").glob("part-*.parquet")
    found = pq.read_table(part)
    ANSWERS.parent.mkdir(exist_ok=True)
    pq.write_table(found.replace_schema_metadata(None), ANSWERS, compression="zstd")
    spark.stop()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
