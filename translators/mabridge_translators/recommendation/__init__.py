"""Models of `org.apache.spark.ml.recommendation`."""
