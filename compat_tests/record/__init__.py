"""Record what real Spark answers, as cases that are replayed without a JVM: `python -m compat_tests.record [--only PATTERN]`."""
