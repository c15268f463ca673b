"""Documents that are generated from the code: `python -m compat_tests.generate --write` (or `make docs`), `--check` in CI."""
