"""Random pipelines, each fitted by live Spark and held to it: `python -m compat_tests.live.pipelines --count 300 --seed 1`."""
