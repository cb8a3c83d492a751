r"""Classes of documents times tables, in pdflatex: no error, nothing past the margin, every number on the page.

Without pdflatex and pdftotext these tests skip; a class that is not installed skips, too.
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from outside import needs
from test_latex import UNMARKED, compiled, decimals, missing

import adtrace

pytestmark = needs("pdflatex", "pdftotext", "pdffonts")

PACKAGES = r"\usepackage{amsmath,array,booktabs}"
CLASSES = {
    "article": r"\documentclass[11pt,a4paper]{article}",
    "letter paper": r"\documentclass[letterpaper]{article}",
    "two columns": r"\documentclass[twocolumn]{article}\usepackage{graphicx}",
    "KOMA": r"\documentclass{scrartcl}",
    "memoir": r"\documentclass[a4paper]{memoir}",
    "beamer": rf"\documentclass{UNMARKED}{{beamer}}\usefonttheme{{serif}}",
}
BAYDIN = ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5})
HOMEWORK = ("1/(x1 + x2) + x2^2 + cos(x1)", {"x1": 3, "x2": 6})
TABLES = {
    "reference 1": (*BAYDIN, {"mode": "forward"}),
    "reference 2": (*BAYDIN, {"mode": "reverse"}),
    "reference 3": (*HOMEWORK, {"mode": "forward"}),
    "reference 4": (*HOMEWORK, {"mode": "reverse"}),
    "partials put in": (*BAYDIN, {"mode": "reverse", "style": "baydin"}),
    "side": (*BAYDIN, {"mode": "forward", "layout": "side"}),
    "stacked": (*HOMEWORK, {"mode": "reverse", "layout": "stacked"}),
    "one trace": (*BAYDIN, {"mode": "reverse", "style": "aligned"}),
    "two lines each": (*BAYDIN, {"mode": "forward", "style": "griewank"}),
}


@cache
def fragment(name: str) -> str:
    """The fragment of a table, which brings its macros."""
    expression, at, options = TABLES[name]
    return adtrace.trace(expression, at=at).table(format="latex", **options)


def body(folder: Path, *, frames: bool) -> str:
    """All tables, each on a page or a frame of its own."""
    pages = []
    for place, name in enumerate(TABLES):
        (folder / f"t{place}.tex").write_text(fragment(name), encoding="utf-8")
        frame = rf"\begin{{frame}}{{{name}}}\input{{t{place}}}\end{{frame}}"
        pages.append(frame if frames else rf"Before \input{{t{place}}} and after.\clearpage")
    return "\n".join(pages)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_sets_every_table(name: str, tmp_path: Path) -> None:
    """No box is too full, no word is missing, in any class that LaTeX comes with."""
    kind = re.search(r"\{(\w+)\}", CLASSES[name])
    assert kind is not None
    found = subprocess.run(["kpsewhich", f"{kind[1]}.cls"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"{kind[1]} is not installed")
    frames = kind[1] == "beamer"
    document = rf"{CLASSES[name]}{PACKAGES}\begin{{document}}{body(tmp_path, frames=frames)}\end{{document}}"
    text = compiled(tmp_path, document)
    numbers = sum((decimals(fragment(table)) for table in TABLES), start=decimals(""))
    assert missing(numbers, text) == []
    assert "?" not in text


def test_a_fragment_adds_no_space(tmp_path: Path) -> None:
    """A fragment in the middle of a word is a float and no space."""
    (tmp_path / "t.tex").write_text(fragment("reference 1"), encoding="utf-8")
    lines = ["Alpha%", r"\input{t}%", "Beta"]
    body = "\n".join(lines)
    text = compiled(tmp_path, rf"\documentclass{{article}}{PACKAGES}\begin{{document}}{body}\end{{document}}")
    assert "AlphaBeta" in text


@pytest.mark.parametrize("packages", ["", r"\usepackage{amsmath}", r"\usepackage{array,booktabs}"])
def test_missing_packages_are_one_error(packages: str, tmp_path: Path) -> None:
    """Where a package is missing, LaTeX says so once, however many tables there are."""
    (tmp_path / "t.tex").write_text(fragment("reference 2"), encoding="utf-8")
    document = rf"\documentclass{{article}}{packages}\begin{{document}}\input{{t}}\input{{t}}\end{{document}}"
    (tmp_path / "main.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "main.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    log = (tmp_path / "main.log").read_text(encoding="utf-8", errors="replace")
    assert re.findall(r"^! .*", log, re.MULTILINE) == [
        "! Package adtrace Error: A trace needs amsmath, array, booktabs."
    ]


def test_the_reference_table_is_not_small(tmp_path: Path) -> None:
    r"""In a plain article at 11pt the reference Table 3 stands side by side, its words at \small or larger."""
    document = rf"{CLASSES['article']}{PACKAGES}\begin{{document}}normal{fragment('reference 3')}\end{{document}}"
    text = compiled(tmp_path, document)
    assert re.search(r"Forward evaluation trace\s+Forward derivative trace", text)
    fonts = subprocess.run(["pdffonts", "main.pdf"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    assert "CMBX10" in fonts  # the headings; \footnotesize would be CMBX9


def test_a_narrow_column_stacks_its_traces(tmp_path: Path) -> None:
    """In two columns the traces stand one below the other, and the caption speaks of them so."""
    document = rf"{CLASSES['two columns']}{PACKAGES}\begin{{document}}{fragment('reference 4')}\end{{document}}"
    text = compiled(tmp_path, document)
    assert not re.search(r"Forward evaluation trace\s+Reverse adjoint trace", text)
    assert "(read the adjoints upwards)" in " ".join(text.split())
