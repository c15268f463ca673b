"""ALSModel: known and unknown ids, every numeric type of id, what is refused, and factors that overflow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.ml.feature import SQLTransformer, StringIndexerModel
from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, INF, NAN, Case, Table
from compat_tests.record.session import java_model, with_params

FOLDER = "recommendation/als_model"
case = partial(Case, FOLDER)

TRAIN = Table({"user": "int", "item": "int", "rating": "double"}, [(i % 7, (i * 3) % 11 - 2, (i * i) % 9 / 2) for i in range(40)])
PAIRS = Table(
    {"user": "int", "item": "int", "why": "string"},
    [*((user, item, "known") for user in range(7) for item in (-2, 0, 5, 8)), (3, 99, "item"), (7, 0, "user"), (-1, -9, "both")],
)
INT_MAX, INT_MIN = 2147483647, -2147483648
GIVEN = {
    1: [0.1, 0.2, 0.3],
    2: [3e38, 3e38, -3e38],
    3: [INF, 1.0, 0.0],
    4: [1e-30, 1e-45, -0.0],
    5: [NAN, 0.0, 0.0],
    INT_MAX: [1.0, 2.0, 3.0],
    INT_MIN: [-1.0, 0.0, 0.5],
    16777217: [16777216.0, 1.0, 1.0],
}


def fitted(train: Table = TRAIN, after: dict[str, Any] | None = None, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return ALS(**{"rank": 3, "maxIter": 2, "seed": 11, "numUserBlocks": 1, "numItemBlocks": 1, **params}).fit(train.frame(spark))

    return with_params(model, **(after or {}))


def given(users: dict[int, Any] = GIVEN, items: dict[int, Any] = GIVEN, rank: int = 3, **params: Any) -> Callable[[SparkSession], Any]:
    """A model whose factors are these."""

    def model(spark: SparkSession) -> Any:
        tables = [spark.createDataFrame(list(factors.items()), "id int, features array<float>").coalesce(1)._jdf for factors in (users, items)]
        return java_model(spark, ALSModel, "recommendation.ALSModel", "als_given", rank, *tables)

    return with_params(model, **{"userCol": "user", "itemCol": "item", "coldStartStrategy": "nan", **params})


def ids(kind: str, values: Sequence[Any]) -> Table:
    return Table({"user": kind, "item": "int"}, [(value, 1) for value in values])


def pipeline(*stages: Callable[[SparkSession], Any]) -> Callable[[SparkSession], Any]:
    return lambda spark: PipelineModel([stage(spark) for stage in stages])


def statement(text: str) -> Callable[[SparkSession], Any]:
    return lambda spark: SQLTransformer(statement=text)


def pipelines() -> list[Case]:
    """What other stages make of ratings and of the check of ids."""
    rows = Table({"user": "bigint", "item": "int"}, [(1, 1), (2, 1), (None, 1), (77, 1), (2**32 + 1, 1)])
    keep = "SELECT * FROM __THIS__ WHERE user < 100"
    in_pipeline = partial(Case, "ml/pipeline_model")
    return [
        in_pipeline(
            "als_later_filter_saves_a_bad_id", "A later filter on the id comes first, so the id is not refused.", pipeline(given(), statement(keep)), rows
        ),
        in_pipeline(
            "als_later_filter_on_the_rating",
            "A filter on the rating comes after the check.",
            pipeline(given(), statement("SELECT * FROM __THIS__ WHERE prediction > 0")),
            rows,
            "error",
        ),
        in_pipeline("als_filter_and_drop", "A filter on the id and the drop of unknown ids.", pipeline(given(coldStartStrategy="drop"), statement(keep)), rows),
        in_pipeline(
            "als_rating_left_out",
            "A statement that leaves the rating out does not save a bad id.",
            pipeline(given(), statement("SELECT item FROM __THIS__")),
            rows,
            "error",
        ),
        in_pipeline(
            "als_of_indices",
            "Ids that a StringIndexerModel made.",
            pipeline(lambda spark: StringIndexerModel.from_labels(["a", "b", "c"], "name", "user", "keep"), given()),
            Table({"name": "string", "item": "int"}, [("b", 1), ("c", 1), ("a", 1), ("zzz", 1), (None, 2)]),
        ),
    ]


def cases() -> list[Case]:
    everything = Table({"user": "int", "item": "int"}, [(user, item) for user in (*GIVEN, 77) for item in (*GIVEN, 77)])
    return [
        case("defaults", "Known pairs have a rating, unknown ids have NaN.", fitted(), PAIRS),
        case("drop", "Under drop rows without a rating go.", fitted(coldStartStrategy="drop"), PAIRS),
        case("drop_in_capitals", "The strategy counts in any case.", fitted(after={"coldStartStrategy": "DROP"}), PAIRS),
        case("implicit_preferences", "implicitPrefs matters in fit alone.", fitted(implicitPrefs=True, nonnegative=True, alpha=2.0), PAIRS),
        case("rank_one", "One factor.", fitted(rank=1), PAIRS),
        case("rank_thirteen", "More factors than any unrolled loop.", fitted(rank=13), PAIRS),
        case("block_size", "blockSize changes nothing here.", fitted(blockSize=2), PAIRS),
        case("other_columns", "Other names of all columns.", with_params(fitted(), userCol="item", itemCol="user", predictionCol="p"), PAIRS),
        case("one_column_for_both", "One column is user and item.", with_params(fitted(), userCol="item"), PAIRS),
        case("hard_factors", "Factors that overflow, vanish, or are no numbers, in float32.", given(), everything),
        case("hard_factors_drop", "Under drop a NaN that was computed goes, too.", given(coldStartStrategy="drop"), everything),
        case("rank_below_the_factors", "The metadata's rank says how many factors count.", given(rank=2), everything),
        case("rank_zero", "No factors: 0.0.", given(rank=0), everything),
        case("null_factors", "An id with null for factors has no rating.", given(users={1: None, 2: [1.0, 2.0, 3.0]}), everything),
        case("no_users", "A model without users.", given(users={}), everything),
        case("factors_too_short", "Fewer factors than the rank.", given(users={1: [1.0]}), ids("int", [1]), "error"),
        case(
            "data_has_the_columns_of_the_factors",
            "Columns id and features of the data's own stay.",
            fitted(),
            Table({"id": "int", "user": "int", "features": "string", "item": "int"}, [(5, 1, "x", 0), (6, 2, None, 2)]),
        ),
        *(
            case(f"{kind.split('(')[0]}_ids", f"Ids of type {kind}.", given(), ids(kind, values))
            for kind, values in (
                ("tinyint", [1, 2, 77]),
                ("smallint", [1, 2, 77]),
                ("bigint", [1, INT_MAX, INT_MIN, 77, 16777217]),
                ("float", [1.0, -0.0, 2.0, 77.0, 16777216.0, float(INT_MIN)]),
                ("double", [1.0, -0.0, 2.0, 77.0, 16777217.0, float(INT_MAX), float(INT_MIN)]),
                ("decimal(12,2)", [Decimal("1.00"), Decimal("2147483647.00"), Decimal("-2147483648.00"), Decimal("77.00")]),
            )
        ),
        case("decimal_ids_without_scale", "Ids of type decimal(10,0).", given(), ids("decimal(10,0)", [Decimal(1), Decimal(INT_MAX), Decimal(77)])),
        case("float_two_to_the_31", "As a float the largest int is 2^31, and so it passes.", given(), ids("float", [2147483648.0])),
        *(
            case(f"refuses_{name}", f"{value!r} as {kind} is no id.", given(), ids(kind, [value]), "error")
            for name, kind, value in (
                ("null_int", "int", None),
                ("null_bigint", "bigint", None),
                ("null_double", "double", None),
                ("fraction", "double", 1.5),
                ("small_fraction", "double", DENORMAL),
                ("nan", "double", NAN),
                ("infinity", "double", INF),
                ("double_two_to_the_31", "double", 2147483648.0),
                ("float_beyond", "float", -2147483904.0),
                ("bigint_beyond", "bigint", 2147483648),
                ("bigint_that_wraps_to_an_id", "bigint", 4294967297),
                ("decimal_fraction", "decimal(12,2)", Decimal("1.01")),
                ("decimal_beyond", "decimal(12,0)", Decimal(4294967297)),
                ("decimal_far_beyond", "decimal(38,10)", Decimal("1234567890123456789012345678.0000000001")),
            )
        ),
        case("refuses_null_item", "Items are checked, too.", given(), Table({"user": "int", "item": "int"}, [(1, 1), (1, None)]), "error"),
        case("refuses_under_drop", "A null id is refused and not dropped.", given(coldStartStrategy="drop"), ids("int", [None]), "error"),
        case(
            "refuses_though_not_asked_for",
            "An id is checked even where nobody asks for the prediction.",
            given(),
            ids("bigint", [4294967297]),
            "error",
            columns=("item",),
        ),
        case("prediction_not_asked_for", "Nobody asks for the prediction.", given(), ids("bigint", [1, 77]), columns=("user",)),
        Case(FOLDER, "ansi_refuses_beyond", "Under ANSI the cast refuses.", given(), ids("bigint", [4294967297]), "error", ansi=True),
        Case(
            FOLDER, "ansi_refuses_float_two_to_the_31", "Under ANSI the cast refuses the float 2^31.", given(), ids("float", [2147483648.0]), "error", ansi=True
        ),
        Case(FOLDER, "ansi", "The same answers under ANSI.", given(), ids("double", [1.0, 2.0, 77.0]), ansi=True),
        case("string_ids_are_refused", "A string column is not numeric.", given(), ids("string", ["1"]), "error"),
        case("missing_column", "A missing column raises.", given(), Table({"user": "int"}, [(1,)]), "error"),
        case("user_differs_by_case", "A column's name must agree in case.", given(userCol="USER"), ids("int", [1]), "error"),
        case("prediction_exists", "An existing output column is refused.", given(predictionCol="item"), ids("int", [1]), "error"),
        case(
            "prediction_differs_by_case_drop",
            "Under drop the name is then ambiguous.",
            given(predictionCol="ITEM", coldStartStrategy="drop"),
            ids("int", [1]),
            "error",
        ),
        case("empty_prediction_name", "An output without a name.", given(predictionCol=""), ids("int", [1, 77])),
        case("empty_input", "No rows.", fitted(), PAIRS.empty()),
        case("empty_input_drop", "No rows under drop.", fitted(coldStartStrategy="drop"), PAIRS.empty()),
        *pipelines(),
    ]
