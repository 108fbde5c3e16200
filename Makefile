# Everything a contributor needs; `make` without a target installs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install test lint types docs benchmark build check clean

install: $(BIN)/inkoopcheck

$(BIN)/inkoopcheck: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[ontwikkel]"
	@touch $@

test: install
	$(BIN)/python -m pytest -n auto

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

docs: install
	$(BIN)/python xsd/maak_schemas.py
	$(BIN)/python docs/genereer.py

benchmark: install
	$(BIN)/python -m benchmarks

build: install
	$(BIN)/python -m pip install --quiet build
	$(BIN)/python -m build

check: lint types test
	$(BIN)/python xsd/maak_schemas.py --controleer
	$(BIN)/python docs/genereer.py --controleer

clean:
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
