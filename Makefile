# make demo   a fresh machine's first look: installs into .venv, prints a table, writes the reference tables to out/
# make test   the whole test suite
# make lint   ruff and mypy --strict
# make bench  how long it takes, beside yardsticks and the peers that are installed
# make picture   the README's picture, docs/table.png; needs pdflatex and pdftoppm
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test lint bench picture clean

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "adtrace needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

demo: .venv/installed
	$(BIN)/adtrace table "ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 --mode forward --format text
	$(BIN)/python examples/reference_tables.py out

test: .venv/tested
	$(BIN)/python -m pytest

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/tested
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	mkdir -p out
	$(BIN)/python tests/benchmarks/bench.py --json out/bench.json --markdown out/bench.md

picture: .venv/installed
	mkdir -p out
	$(BIN)/adtrace table "f(x1, x2) = ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 --mode reverse -o out/table.tex
	cd out && pdflatex -interaction=batchmode -halt-on-error -no-shell-escape ../docs/picture.tex
	pdftoppm -r 150 -png -singlefile out/picture.pdf docs/table

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache
