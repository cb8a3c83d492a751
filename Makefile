# make demo   a fresh machine's first look: installs into .venv, prints a table, writes the reference tables and a PDF to out/
# make test   the whole test suite
# make lint   ruff and mypy --strict
# make docs   the documentation as HTML, out/docs/index.html, and where XeLaTeX with its packages is as out/adtrace.pdf
# make bench  how long it takes, beside yardsticks and the peers that are installed
# make picture   the README's pictures, docs/table.png, cs107.png, arrays.png, layers.png, graph.svg, page.png and checked.png; needs pdflatex, pdftoppm and chromium
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test lint docs bench picture clean

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "adtrace needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[pdf]'
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

demo: .venv/installed
	$(BIN)/adtrace table "ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 --mode forward --format text
	$(BIN)/python examples/reference_tables.py out
	$(BIN)/adtrace table "ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 -o out/trace.pdf && echo out/trace.pdf

test: .venv/tested
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: .venv/tested
	$(BIN)/python -m sphinx -W -q docs out/docs && echo out/docs/index.html
	@if kpsewhich fncychap.sty tabulary.sty needspace.sty fontspec.sty pzdr.tfm >/dev/null 2>&1 && command -v xelatex latexmk >/dev/null; then \
	  $(BIN)/python -m sphinx -q -b latex docs out/docs-latex && $(MAKE) --silent -C out/docs-latex LATEXMKOPTS=-silent >out/docs-latex.log 2>&1 \
	  && cp out/docs-latex/adtrace.pdf out/adtrace.pdf && echo out/adtrace.pdf; \
	else echo "no PDF: that needs xelatex and latexmk with texlive-latex-extra and texlive-fonts-recommended"; fi

bench: .venv/tested
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	mkdir -p out
	$(BIN)/python tests/benchmarks/bench.py --json out/bench.json --markdown out/bench.md

picture: .venv/installed
	mkdir -p out
	$(BIN)/adtrace table "f(x1, x2) = ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 --mode reverse -o out/table.tex
	cd out && pdflatex -interaction=batchmode -halt-on-error -no-shell-escape ../docs/picture.tex
	pdftoppm -r 150 -png -singlefile out/picture.pdf docs/table
	$(BIN)/adtrace table "exp(-(sin(x) - cos(y))^2)" --at x=pi/2,y=pi/3 --mode forward --style cs107 --numbers exact -o docs/cs107.png
	$(BIN)/adtrace table "z = conv1d(x, k) + b; r = relu(z); v = maxpool1d(r, 2, stride=1); yhat = w @ v + a; L = (y - yhat)^2/2" \
	  --at "x=[1, 2, -1, 3, 0.5]; k=[1, -1, 2]; b=0.5; w=[2, -1]; a=0.25; y=1" --const y --mode reverse --digits 5 --learning-rate 0.01 -o docs/arrays.png
	$(BIN)/adtrace layers "CONV3-10, ReLU, POOL-2, CONV3-20(3,2), ReLU, POOL-2, FLATTEN, FC-10" --input 32x32x3 --standalone -o out/layers.tex
	cd out && pdflatex -interaction=batchmode -halt-on-error -no-shell-escape layers.tex
	pdftoppm -r 140 -x 100 -y 105 -W 960 -H 545 -png -singlefile out/layers.pdf docs/layers
	$(BIN)/adtrace graph "ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 -o docs/graph.svg
	$(BIN)/adtrace table "ln(x1) + x1*x2 - sin(x2)" --at x1=2,x2=5 -o out/page.html
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=out/chromium --virtual-time-budget=3000 \
	  --force-device-scale-factor=1.5 --window-size=1120,880 --screenshot=docs/page.png "file://$(CURDIR)/out/page.html#16"
	sed -n '/^```markdown official.md/,/^```$$/{/^```/d;p}' docs/tasks/checking.md >out/official.md
	cd out && ../$(BIN)/adtrace check official.md -o checked.html || test $$? = 3
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=out/chromium --virtual-time-budget=3000 \
	  --force-device-scale-factor=1.5 --window-size=960,570 --screenshot=docs/checked.png "file://$(CURDIR)/out/checked.html"

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache
