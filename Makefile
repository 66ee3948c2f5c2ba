# `make demo` and `make test` work on a bare machine with Python and make: what they need, .ci/setup puts into .venv.

READY := .venv/.ready
PYTHON_IN := .venv/bin/python

.PHONY: help demo app screenshots i18n test test-all parity bench lint setup

help:
	@echo "make demo       recordings in, converted voice out: the whole path on the bundled recordings"
	@echo "make app        the desktop app"
	@echo "make test       the tests, but for the slow ones and those that need a GPU"
	@echo "make test-all   all tests that this machine can run"
	@echo "make parity     the largest difference from the reference, for every array"
	@echo "make bench      how fast all stages are, and whether any has become slower by comparison"
	@echo "make lint       ruff and mypy"
	@echo "make screenshots  pictures of every page of the app, into build/screenshots"
	@echo "make i18n       collect the app's texts for translation, and say which have none"
	@echo "make setup      only what all of these do first: .venv and the packages in it"

demo: $(READY)
	@$(PYTHON_IN) -m rvc demo $(ARGS)

app: $(READY)
	@$(PYTHON_IN) -m rvcstudio $(ARGS)

screenshots: $(READY)
	@$(PYTHON_IN) -m tests.app.screenshots $(ARGS)

i18n: $(READY)
	@$(PYTHON_IN) resources/i18n/make.py $(ARGS)

test: $(READY)
	@$(PYTHON_IN) -m pytest -m "not slow and not gpu" $(ARGS)

test-all: $(READY)
	@$(PYTHON_IN) -m pytest -m "$$($(PYTHON_IN) -c 'import torch; print("" if torch.cuda.is_available() else "not gpu")')" $(ARGS)

parity: $(READY)
	@$(PYTHON_IN) -m tests.parity $(ARGS)

bench: $(READY)
	@$(PYTHON_IN) -m rvc bench --all --clock cpu --against tests/ratios.json --out build/bench.json --plots build $(ARGS)

lint: $(READY)
	@$(PYTHON_IN) -m ruff check
	@$(PYTHON_IN) -m ruff format --check
	@$(PYTHON_IN) -m mypy

setup: $(READY)

$(READY): pyproject.toml .ci/constraints.txt .ci/setup
	@bash .ci/setup
	@touch $@
