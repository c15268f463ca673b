"""Spark's recorded answers for every SQL function, and their replay without a JVM."""
