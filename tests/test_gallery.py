r"""Classes of documents times tables, in pdflatex: no error, nothing past the margin, every number on the page.

Without pdflatex and pdftotext these tests skip; a class that is not installed skips, too.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from test_latex import compiled, decimals, missing

import adtrace

pytestmark = pytest.mark.skipif(
    shutil.which("pdflatex") is None or shutil.which("pdftotext") is None,
    reason="needs pdflatex and pdftotext (texlive-latex-base, texlive-latex-recommended, poppler-utils)",
)

PACKAGES = r"\usepackage{amsmath,array,booktabs}"
CLASSES = {
    "article": r"\documentclass[11pt,a4paper]{article}",
    "letter paper": r"\documentclass[letterpaper]{article}",
    "two columns": r"\documentclass[twocolumn]{article}\usepackage{graphicx}",
    "KOMA": r"\documentclass{scrartcl}",
    "memoir": r"\documentclass[a4paper]{memoir}",
    "beamer": r"\documentclass{beamer}\usefonttheme{serif}",
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
