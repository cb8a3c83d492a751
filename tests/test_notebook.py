"""Notebooks: what a cell shows, the magics, and what nbconvert makes of it."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path
from typing import Any

import pytest
from outside import forked, needs

import adtrace
from tests.test_html import Document, said

ROOT = Path(adtrace.__file__).parent.parent
TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
NUMBERS = ["11.6521", "5.5", "1.7163", "-0.2837", "10.6931"]

needs_ipython = pytest.mark.skipif(importlib.util.find_spec("IPython") is None, reason="no IPython here")
needs_nbconvert = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("nbconvert", "ipykernel")),
    reason="no nbconvert or no ipykernel here",
)


def test_a_trace_shows_its_tables_in_four_formats() -> None:
    """The bundle holds what `table` makes; LaTeX stands where its cell does."""
    bundle = TRACE._repr_mimebundle_()
    assert bundle["text/html"] == TRACE.table(format="html")
    assert bundle["text/markdown"] == TRACE.table(format="markdown")
    assert bundle["text/plain"] == TRACE.table(format="text")
    assert set(bundle) == {"text/html", "text/markdown", "text/latex", "text/plain"}
    latex = bundle["text/latex"]
    assert "[htbp]" not in latex
    assert latex.count(r"\expandafter\adtbegin") == 2
    assert re.sub(r"\\ifdefined\\floatplacement.*?\{format=plain\}\\fi", "", latex, flags=re.DOTALL) == TRACE.table(
        format="latex"
    ).replace(r"\begin{table}[htbp]", "")


def test_show_takes_the_options_of_a_table() -> None:
    """`show` is `table` for a notebook: with its options, refusing the same, in every format at once."""
    shown = TRACE.show(mode="reverse", digits=6, style="ledger")
    assert shown._repr_mimebundle_()["text/html"] == TRACE.table(
        format="html", mode="reverse", digits=6, style="ledger"
    )
    assert repr(shown) == TRACE.table(format="text", mode="reverse", digits=6, style="ledger")
    with pytest.raises(adtrace.OptionError, match="a notebook chooses the format"):
        TRACE.show(format="latex")
    with pytest.raises(adtrace.OptionError, match="did you mean 'mode'"):
        TRACE.show(mod="reverse")


def test_show_standalone_frames_the_page() -> None:
    """The page stands in a frame of its own, whole, allowed its script and nothing else."""
    bundle = TRACE.show(standalone=True, mode="forward")._repr_mimebundle_()
    frame = Document(bundle["text/html"]).find("iframe")[0]
    assert frame.get("srcdoc") == TRACE.table(format="html", standalone=True, mode="forward")
    assert frame.get("sandbox") == "allow-scripts"
    assert bundle["text/plain"] == TRACE.table(format="text", mode="forward")


@pytest.fixture
def shell() -> Any:
    """An IPython shell with the extension loaded."""
    from IPython.core.interactiveshell import InteractiveShell

    running = InteractiveShell()
    running.run_line_magic("load_ext", "adtrace")
    return running


@needs_ipython
def test_magics_show_what_the_command_line_would(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The line magic takes the expression, in quotes or as it is, the cell magic as its body; the options are those of
    the command line.
    """
    expected = adtrace.trace("x*y", at={"x": 2, "y": 3}).show(mode="forward", digits=2)._repr_mimebundle_()
    line = shell.run_line_magic("adtrace", '"x*y" --at x=2,y=3 --mode forward --digits 2')
    cell = shell.run_cell_magic("adtrace", "--at x=2,y=3 --mode forward --digits 2", "x*y\n")
    assert line._repr_mimebundle_() == cell._repr_mimebundle_() == expected
    loose = shell.run_line_magic("adtrace", "x * y --at x=2,y=3 --mode forward --digits 2")  # as a formula is typed
    assert repr(loose).split("\n")[2:] == repr(line).split("\n")[2:]
    program = shell.run_cell_magic("adtrace", "--at x=2,y=3", "a = x*y\nz = a*a\n")
    assert "z" in program.table.__self__.values

    capsys.readouterr()
    assert shell.run_cell_magic("adtrace", "--at x=2 --format markdown", "-x^2") is None
    assert capsys.readouterr().out == adtrace.trace("-x^2", at={"x": 2}).table()
    assert shell.run_line_magic("adtrace", "--help") is None
    assert "EXPRESSION is a formula" in capsys.readouterr().out


@needs_ipython
@pytest.mark.parametrize(
    ("line", "cell", "problem"),
    [
        ("--at x=2", "x*", "the expression ends"),
        ("--at x=2", "x*y", "y"),
        ("--at x=2 --digits many", "x", "'many' is not a valid integer"),
        ("--at x=2 --mode sideways", "x", "mode is forward, reverse, both or second"),
        ("--open y", "x*y", "x has no value"),
        ("--at 'x=2", "x", "No closing quotation"),
        ("--at x=-1", "ln(x)", "ln needs u > 0"),
    ],
)
def test_magics_say_what_is_wrong_without_a_traceback(shell: Any, line: str, cell: str, problem: str) -> None:
    """A wrong call or expression is a UsageError, which IPython prints as one line."""
    from IPython.core.error import UsageError

    with pytest.raises(UsageError) as raised:
        shell.run_cell_magic("adtrace", line, cell)
    assert problem.lower() in str(raised.value).lower()


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook of the examples, run."""
    path = tmp_path_factory.mktemp("notebook") / "traces.ipynb"
    path.write_bytes((ROOT / "examples" / "notebook.ipynb").read_bytes())
    convert(path, "notebook", "--execute", "--inplace")
    return path


def convert(path: Path, to: str, *more: str) -> None:
    """Run nbconvert; the notebook's kernel imports this checkout."""
    nbconvert = pytest.importorskip("nbconvert.nbconvertapp")  # which lets it warn as it likes

    def program(given: list[str]) -> object:
        os.environ |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        return nbconvert.main(given)

    done = forked(program, ["--to", to, *more, path.name], path.parent)
    assert done.returncode == 0, done.stderr


@needs_nbconvert
def test_nbconvert_to_html_has_the_tables_in_mathml(notebook: Path) -> None:
    """Both traces are in the page, row by row, with their numbers, and without a library for formulas."""
    convert(notebook, "html")
    text = notebook.with_suffix(".html").read_text(encoding="utf-8")
    fragments = re.findall(r'<div class="adtrace">.*?</table>\s*</div>', text, re.DOTALL)
    assert len(fragments) == 3
    tables = [said(table) for fragment in fragments for table in Document(fragment).find("table")]
    assert len(tables) == 2 + 1 + 1
    for number in NUMBERS:
        assert any(number in table for table in tables)
    assert "1.716338" in tables[2]
    assert "srcdoc=" in text


@needs_nbconvert
@needs("pandoc")
def test_nbconvert_to_latex_has_the_tables(notebook: Path) -> None:
    """The LaTeX that it writes holds the tables that adtrace writes."""
    convert(notebook, "latex")
    text = notebook.with_suffix(".tex").read_text(encoding="utf-8")
    assert text.count(r"\expandafter\adtbegin\expandafter") == 2 + 1 + 1 + 2
    assert len(re.findall(r"\\adtcaption\{(?:Forward|Reverse) mode AD of", text)) == 2 + 1 + 1 + 2
    for number in NUMBERS:
        assert number in text
