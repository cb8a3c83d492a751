r"""The LaTeX goldens in pdflatex: no error, no warning, no bad box, and every number on the page.

Without pdflatex and pdftotext these tests skip (Debian: texlive-latex-base, texlive-latex-recommended, poppler-utils).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from goldens import CASES, FOLDER, REFERENCE
from outside import needs

import adtrace
from adtrace.tables.resources import found

pytestmark = needs("pdflatex", "pdftotext")

_COMPLAINT = re.compile(r"^(?:!.*|.*\bWarning:.*|(?:Over|Under)full .*|Missing character.*)$", re.MULTILINE)
_NEW_LABELS = "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right."
_DECIMAL = re.compile(r"\d+\.\d+")
FRAGMENTS = [case for case, made in CASES.items() if "table.tex" in made.files]


UNMARKED = "[hyperref={bookmarks=false}]"
"""Slides without bookmarks, for which beamer asks for a second run."""
WIDE = ["pi-half", "constants", "negative", "single", "powers", "cppad"]
"""Those that are wider than the line of a plain article even in small print."""


def complaints_of(folder: Path, source: str) -> list[str]:
    """What the last run complains about: the first, which has all but references and lists, where there are none."""
    (folder / "main.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
    again = r"\ref" in source or r"\listof" in source
    for _ in range(1 + again):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    log = (folder / "main.log").read_text(encoding="utf-8", errors="replace")
    return [told for told in _COMPLAINT.findall(log) if again or told != _NEW_LABELS]


def compiled(folder: Path, source: str) -> str:
    """The text of the PDF, which was made without complaint."""
    assert complaints_of(folder, source) == []
    command = ["pdftotext", "-raw", "main.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()


def fragments(folder: Path, cases: list[str]) -> str:
    r"""Copies of the fragments, and what inputs them in the middle of a paragraph."""
    for case in cases:
        shutil.copy(FOLDER / case / "table.tex", folder / f"{case}.tex")
    return "\n".join(rf"Text before \input{{{case}}} and after.\clearpage" for case in cases)


def decimals(source: str) -> Counter[str]:
    """The decimal numbers of the rows of a table."""
    return Counter(number for line in source.splitlines() if " & " in line for number in _DECIMAL.findall(line))


def all_decimals(cases: list[str]) -> Counter[str]:
    """The decimal numbers of the rows of these goldens."""
    return sum((decimals((FOLDER / case / "table.tex").read_text(encoding="utf-8")) for case in cases), Counter())


def missing(wanted: Counter[str], text: str) -> list[str]:
    """The numbers that the page shows less often than the source; an exponent may follow a number directly."""
    return [number for number, times in wanted.items() if len(re.findall(rf"(?<!\d){number}", text)) < times]


def test_fragments_need_three_packages(tmp_path: Path) -> None:
    r"""The fragments compile in a plain article with amsmath, array and booktabs, in one document."""
    cases = [case for case in FRAGMENTS if case not in WIDE]
    body = fragments(tmp_path, cases)
    text = compiled(
        tmp_path,
        rf"\documentclass{{article}}\usepackage{{amsmath,array,booktabs}}\begin{{document}}{body}\end{{document}}",
    )

    assert all_decimals(cases).total() > 100
    assert missing(all_decimals(cases), text) == []


def test_wide_fragments_shrink_to_the_line(tmp_path: Path) -> None:
    """Where graphicx is loaded, the widest tables fit the line as well."""
    body = fragments(tmp_path, WIDE)
    packages = r"\usepackage{amsmath,array,booktabs,graphicx}"
    text = compiled(tmp_path, rf"\documentclass{{article}}{packages}\begin{{document}}{body}\end{{document}}")

    assert missing(all_decimals(WIDE), text) == []


def test_too_wide_fragments_say_so(tmp_path: Path) -> None:
    """Without graphicx, a table that is wider than the line even in small print gives a warning that helps."""
    body = adtrace.trace("ln(x1)*sin(x2) + exp(x1*x2)/cos(x1)", at={"x1": 2, "x2": 5}).table(
        format="latex", mode="reverse", digits=12, columns="formula,partial,numbers,value"
    )
    source = rf"\documentclass{{article}}\usepackage{{amsmath,array,booktabs}}\begin{{document}}{body}\end{{document}}"
    complaints = complaints_of(tmp_path, source)

    assert complaints
    assert all(re.match("adtrace Warning: a table is wider than its line; stack its traces", c) for c in complaints)


@pytest.mark.parametrize("case", REFERENCE)
def test_standalone_documents_compile(case: str, tmp_path: Path) -> None:
    """A standalone document compiles as it is, and shows every number, its caption and no page number."""
    source = (FOLDER / case / "standalone.tex").read_text(encoding="utf-8")
    text = compiled(tmp_path, source)

    assert missing(decimals(source), text) == []
    assert text.startswith("Table 1.")
    assert "Forward evaluation trace" in text


def test_fragments_in_two_columns(tmp_path: Path) -> None:
    r"""With colour, links, graphics and a caption package, the tables fit a narrow column; labels are found."""
    body = fragments(tmp_path, list(REFERENCE))
    text = compiled(
        tmp_path,
        r"\documentclass[twocolumn]{article}\usepackage{amsmath,array,booktabs,xcolor,graphicx,caption,hyperref}"
        rf"\begin{{document}}\listoftables {body} See \ref{{tab:three}}.\end{{document}}",
    )

    assert "See 3." in text


def test_fragments_where_characters_are_active(tmp_path: Path) -> None:
    """Shorthands of babel on = < and > do no harm."""
    body = fragments(tmp_path, ["table-1", "table-2"])
    shorthands = "".join(rf"\useshorthands{{{c}}}\defineshorthand{{{c}{c}}}{{no}}" for c in "=<>")
    text = compiled(
        tmp_path,
        r"\documentclass[12pt]{article}\usepackage[english]{babel}\usepackage{amsmath,array,booktabs}"
        rf"{shorthands}\begin{{document}}{body}\end{{document}}",
    )

    assert "11.6521" in text


def test_fragments_on_slides(tmp_path: Path) -> None:
    """Each in a frame of its own, two fragments define their macros once."""
    body = "".join(
        rf"\begin{{frame}}{{{case}}}\input{{{case}}}\end{{frame}}" for case in ("table-1", "table-2", "table-3")
    )
    fragments(tmp_path, ["table-1", "table-2", "table-3"])
    source = (
        rf"\documentclass{UNMARKED}{{beamer}}\usepackage{{amsmath,array,booktabs,lmodern}}\usepackage[T1]{{fontenc}}"
    )
    text = compiled(tmp_path, rf"{source}\begin{{document}}{body}\end{{document}}")

    assert "35.1211" in text


def test_author_may_define_first(tmp_path: Path) -> None:
    """A macro or length that the author has defined stays as it is."""
    fragments(tmp_path, ["table-1"])
    text = compiled(
        tmp_path,
        r"\documentclass{article}\usepackage{amsmath,array,booktabs}\newcommand\adtheading[2]{Mein #2}"
        r"\newcommand\adtgap{1pt}\begin{document}\input{table-1}\end{document}",
    )

    assert "Mein Forward evaluation trace" in text


def test_a_long_table_fills_its_pages_under_its_number(tmp_path: Path) -> None:
    """A long table is on as few pages as hold it; each later part has its number, and a list names it once."""
    wave = "+".join(f"sin({k}*x)" for k in range(1, 31))  # 89 operations
    long = adtrace.trace(wave, at={"x": "0.3"}).table(format="latex", mode="forward", label="wave")
    short = adtrace.trace("x*x", at={"x": 3}).table(format="latex", mode="forward")
    packages = r"\usepackage{amsmath,array,booktabs,hyperref}"
    body = rf"\listoftables\clearpage {long}\clearpage {short} See \ref{{wave}}."
    text = compiled(tmp_path, rf"\documentclass{{article}}{packages}\begin{{document}}{body}\end{{document}}")

    pages = text.split("\f")
    parts = [page for page in pages if "Table 1: Forward mode" in page or "Table 1: (continued)" in page]
    rows = [len(re.findall(r"^(?:v|y) ?\d* ?=", page, re.MULTILINE)) for page in parts]
    assert sum(rows) == 91
    assert rows[0] == rows[1] == 30
    assert 4 <= rows[-1] <= 6, "the last row does not stand alone on its page"
    assert len(parts) == 4
    assert text.count("Table 1: (continued)") == 3
    assert "Table 2: Forward mode" in text
    assert "See 1." in text


def test_captions_print_what_was_typed(tmp_path: Path) -> None:
    """TeX's own characters and letters outside ASCII come out as typed; what the fonts lack is replaced."""
    fragments(tmp_path, ["captioned"])
    plain = compiled(
        tmp_path,
        r"\documentclass{article}\usepackage{amsmath,array,booktabs}\begin{document}\input{captioned}\end{document}",
    )
    modern = compiled(
        tmp_path,
        r"\documentclass{article}\usepackage{amsmath,array,booktabs,lmodern}\usepackage[T1]{fontenc}"
        r"\begin{document}\input{captioned}\end{document}",
    )

    assert "#1 $2" in plain
    assert "\\foo [a](b) *c*" in plain.replace("\n", " ")
    assert "«q»" in modern
    assert "ß" in modern


def test_first_line_names_the_packages() -> None:
    """A fragment says in its first line what it needs."""
    for case in FRAGMENTS:
        first = (FOLDER / case / "table.tex").read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.startswith("% Needs only amsmath, array, booktabs.")


def test_every_style_compiles(tmp_path: Path) -> None:
    """Each of our styles, side by side and stacked, with one seed or many, fits a page without complaint."""
    trace = adtrace.trace("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}, seed=["x1", "x2"])
    names = found(None, "styles", ".toml")
    body = []
    for name in names:
        for layout in ("side-by-side", "stacked"):
            (tmp_path / f"{name}-{layout}.tex").write_text(
                trace.table(format="latex", style=name, layout=layout), encoding="utf-8"
            )
            body.append(rf"\input{{{name}-{layout}}}\clearpage")
    packages = r"\usepackage{amsmath,array,booktabs,graphicx,xcolor}"
    text = compiled(tmp_path, rf"\documentclass{{article}}{packages}\begin{{document}}{''.join(body)}\end{{document}}")

    assert len(names) > 5
    assert "+=" in text  # one relation, not a sum that begins with an equals sign
    assert text.count("Reverse mode AD") == 2 * len(names)
