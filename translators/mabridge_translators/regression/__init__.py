"""Models of `org.apache.spark.ml.regression`."""
