"""Stages of `org.apache.spark.ml.feature`."""
