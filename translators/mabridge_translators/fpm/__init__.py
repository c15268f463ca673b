"""Models of `org.apache.spark.ml.fpm`."""
