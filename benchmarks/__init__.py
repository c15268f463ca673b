"""How fast converted models run beside Spark, on the same cores, in one run: `python -m benchmarks`."""
