"""Spark's fitted stages, read slowly: plain Python, one row at a time, straight from Spark's definition. mabridge's kernels are held to them."""
