"""Models of `org.apache.spark.ml.clustering`."""
