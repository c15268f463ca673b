# Everything runs in .venv, which the first target that needs it creates.
# Another Python: make venv PYTHON=/path/to/python3.11

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
OLDEST := .venv-oldest
INSTALLED := $(VENV)/.installed
FLIGHTS := examples/flights/data/flights.parquet
MODEL := examples/flights/models/logistic
DEMO := build/demo
PYTHON ?= $(shell for name in python3.11 python3; do "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)

.PHONY: help venv demo test test-all test-oldest record-versions docs lint typecheck clean flights-data train-flights bench constraints

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(INSTALLED) ## Create .venv and install mabridge with all extras, in the versions of constraints.txt

# torch comes first and on its own, so that pip takes a CPU build where one is at hand before anything else asks for torch.
$(INSTALLED): pyproject.toml constraints.txt
	@python='$(PYTHON)'; [[ -n "$$python" ]] && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "mabridge needs Python 3.11 or later; name one, as in: make venv PYTHON=/path/to/python3.11" >&2; exit 1; }
	@[[ -x $(BIN)/python ]] || '$(PYTHON)' -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[all,test]'
	@touch $@

demo: $(INSTALLED) $(FLIGHTS) ## Convert a saved Spark pipeline, predict 336,776 flights with Ray, and compare with Spark
	rm -rf $(DEMO)
	mkdir -p $(DEMO)
	$(BIN)/mabridge convert $(MODEL) $(DEMO)/ray_model
	$(BIN)/mabridge predict $(DEMO)/ray_model $(FLIGHTS) $(DEMO)/out --engine ray --overwrite
	@$(BIN)/python examples/flights/show.py $(DEMO)/out
	$(BIN)/mabridge parity $(MODEL) $(DEMO)/ray_model --data $(FLIGHTS)

test: $(INSTALLED) $(FLIGHTS) ## Run the tests that need no Spark, and one smoke test that does
	$(BIN)/pytest -m '(not live and not heavy) or smoke'

test-all: $(INSTALLED) $(FLIGHTS) ## Run all tests, with Spark and Ray
	$(BIN)/pytest

test-oldest: $(OLDEST)/.installed $(FLIGHTS) ## Run the core's tests with the oldest versions that it declares, and no extra
	MABRIDGE_CORE_ONLY=1 $(OLDEST)/bin/python -m pytest -q -m 'not live and not heavy and not smoke'

$(OLDEST)/.installed: pyproject.toml compat_tests/oldest.py | $(INSTALLED)
	$(BIN)/python -m venv --clear $(OLDEST)
	$(OLDEST)/bin/pip install --quiet $$($(BIN)/python -m compat_tests.oldest)
	$(OLDEST)/bin/pip install --quiet --no-deps -e .
	@touch $@

record-versions: $(INSTALLED) ## Record one model of every class with each line of Spark, or with SPARK=4.1 alone
	$(BIN)/python -m compat_tests.record.versions $(if $(SPARK),--spark $(SPARK))

docs: $(INSTALLED) ## Write the documents that are generated from the code
	$(BIN)/python -m compat_tests.generate --write

lint: $(INSTALLED) ## Check style, formatting and generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m compat_tests.generate --check

typecheck: $(INSTALLED) ## Check types
	$(BIN)/mypy
	$(BIN)/mypy examples/flights/*.py
	$(BIN)/mypy -p benchmarks

flights-data: $(FLIGHTS) ## Write the flights example's data

$(FLIGHTS): examples/flights/make_data.py | $(INSTALLED)
	$(BIN)/python examples/flights/make_data.py

train-flights: $(INSTALLED) $(FLIGHTS) ## Train the flights example's pipelines anew with Spark (replaces the committed models)
	$(BIN)/python examples/flights/train.py

bench: $(INSTALLED) ## Measure mabridge beside Spark and write benchmarks/README.md
	$(BIN)/python -m benchmarks

constraints: $(INSTALLED) ## Write constraints.txt from what is installed
	@{ grep '^#' constraints.txt; $(BIN)/pip freeze --all --exclude-editable --exclude pip | sed 's/+cpu$$//'; } > constraints.new
	@mv constraints.new constraints.txt

clean: ## Remove what the targets above write, and .venv with it
	rm -rf $(VENV) $(OLDEST) build dist out examples/flights/data .hypothesis .mypy_cache .pytest_cache .ruff_cache metastore_db spark-warehouse derby.log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf -- *.egg-info
