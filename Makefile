# Two commands: `make demo` and `make test`. Each makes .venv when it is missing.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo run test check format

help:
	@echo "make demo   one newsroom day against a local Telegram: no token, no account, no network"
	@echo "make test   everything: ruff, mypy --strict, import-linter, pytest"
	@echo "make check  the gates without the tests"
	@echo "make run    the bot itself, with the settings in .env"

$(VENV)/.app: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	@touch $@

demo: $(VENV)/.app
	$(BIN)/python -m bot demo

run: $(VENV)/.app
	$(BIN)/python -m bot run

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
