"""Record what Spark answers for every function that it lists: `python -m compat_tests.record.sql_functions`."""
