# Two commands: `make demo` and `make test`. Each makes .venv when it is missing.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo run test check soak format

help:
	@echo "make demo   one newsroom day against a local Telegram: no token, no account"
	@echo "make test   everything: ruff, mypy --strict, import-linter, pytest"
	@echo "make check  the gates without the tests"
	@echo "make soak   an hour (MINUTES=60 SEED=1) of kills, faults, full disks and wrong clocks: what was found how often"
	@echo "make run    the bot itself, with the settings in .env"

# A recipe that fails half-way leaves no stamp, so the next make begins again.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Holovne needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.app: pyproject.toml | $(BIN)/python
	@echo "Installing Holovne into $(VENV) …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.app
	@echo "Installing what the tests need …"
	@$(PIP) --editable ".[test]"
	@touch $@

demo: $(VENV)/.app
	$(BIN)/python -m bot demo

run: $(VENV)/.app
	$(BIN)/python -m bot run

check: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: check
	@$(BIN)/pytest -n auto --dist loadfile

MINUTES ?= 60
SEED    ?= 1
soak: $(VENV)/.test
	$(BIN)/python -m bench.soak --minutes $(MINUTES) --seed $(SEED)

format: $(VENV)/.test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
