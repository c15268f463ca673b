"""Models of `org.apache.spark.ml.classification`."""
