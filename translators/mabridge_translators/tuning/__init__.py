"""Models of `org.apache.spark.ml.tuning`."""
