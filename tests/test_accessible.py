"""Pages for those who listen: axe-core finds nothing in them, by day and by night, and row headers say their words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from goldens import CASES, STYLES

import adtrace
from adtrace.cli import main
from adtrace.writing.aloud import labelled, words
from tests.chromium import BINARY, Chromium

TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
ARRAYS = adtrace.trace(
    "z = W @ x + b\nh = sigmoid(z)\nL = bce(h, y)",
    at={"x": [1, 2], "W": [[1, -1], [0.5, 0.25]], "b": [0.5, -0.5], "y": [1, 0]},
    const=["y"],
)
SHORT = adtrace.trace("x1*sin(x2)", at={"x1": 2, "x2": 5})
"""A table of few cells: axe takes its time for every one."""
SECOND = adtrace.trace("x1*sin(x2)", at={"x1": 1, "x2": 2}, seed=[{"x1": 1, "x2": 2}, {"x1": 0, "x2": 1}])
LETTERS = r"x1=\hat x; x2=\mathbf{w}^{(1)}"


@cache
def axe() -> str:
    """axe-core's own text, as npm has installed it; empty where it has not."""
    if shutil.which("npm") is None:
        return ""
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
    script = Path(root) / "axe-core" / "axe.min.js"
    return script.read_text(encoding="utf-8") if script.is_file() else ""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests."""
    if BINARY is None:
        pytest.skip("not installed: chromium")
    if not axe():
        pytest.skip("not installed: axe-core")
    with Chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


def file(folder: Path, *arguments: str) -> str:
    """What a command writes to a file."""
    path = folder / "page.html"
    assert main([*arguments, "-o", str(path)]) in (0, 3, 4)
    return path.read_text(encoding="utf-8")


def checked(folder: Path) -> str:
    """The report on a table with mistakes, an empty cell and one that cannot be read."""
    sheet = folder / "sheet.md"
    table = TRACE.table(mode="reverse").replace("1.7163", "1.7164").replace("$= 10.6931$", "").replace("$= 10$", "huh?")
    sheet.write_text(f"f(x1, x2) = ln(x1) + x1*x2 - sin(x2)\n\n{table}", encoding="utf-8")
    return file(folder, "check", str(sheet), "--at", "x1=2,x2=5")


def fragments(folder: Path) -> str:
    """Tables of every style, and those of layers, windows and convolutions, in a page of an author's own."""
    tables = [SHORT.table(format="html", style=name, mode="reverse") for name in STYLES]
    for call in (
        ("layers", "CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", "--input", "32x32x3"),
        ("window", "--in", "64", "--out", "32", "--set", "k=8,d=1", "--find", "s,p"),
        ("convolve", "[1,2,3,4]", "[1,0,2]", "--modes", "full,same,valid"),
    ):
        whole = file(folder, *call)
        tables.append(whole[whole.index("<main") : whole.index("</main>")].partition("</h1>")[2])
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Notes</title></head><body><main>'
        f"<h1>Notes</h1>{''.join(tables)}</main></body></html>"
    )


NETWORK = ("layers", "CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", "--input", "32x32x3")
DAY, NIGHT, PHONE = ("light", 1280), ("dark", 1280), ("light", 390)
PAGES = {
    "page": (lambda _: SHORT.table(format="html", standalone=True, letters=LETTERS), (DAY, NIGHT, PHONE)),
    "second": (lambda _: SECOND.table(format="html", mode="second", learning_rate="0.1", standalone=True), (DAY,)),
    "arrays": (lambda _: ARRAYS.table(format="html", standalone=True), (NIGHT,)),
    "layers": (lambda folder: file(folder, *NETWORK), (PHONE,)),
    "report": (checked, (DAY, NIGHT)),
    "fragments": (fragments, (DAY,)),
}


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(page: str, browser: Chromium, tmp_path: Path) -> None:
    """In light and in dark, on a desk and on a phone, with all of axe's rules."""
    make, media = PAGES[page]
    path = tmp_path / "found.html"
    path.write_text(make(tmp_path), encoding="utf-8")
    for scheme, wide in media:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.send("Emulation.setDeviceMetricsOverride", width=wide, height=900, deviceScaleFactor=1, mobile=False)
        browser.send("Emulation.setEmulatedMedia", media="", features=features)
        browser.open(path.as_uri())
        browser.ask(f"{axe()};0")
        asked = (
            "axe.run(document, {resultTypes: ['violations']})"
            ".then(found => JSON.stringify(found.violations.map(v => [v.id, v.nodes[0].html])))"
        )
        answer = browser.send("Runtime.evaluate", expression=asked, awaitPromise=True, returnByValue=True)
        assert json.loads(answer["result"]["value"]) == [], (scheme, wide)


SAID = [  # formulas, and what a person would say
    ("cos(x)", {}, "equals cosine of v 0"),
    ("x^2", {}, "equals v 0 squared"),
    ("sqrt(abs(x))", {}, "equals square root of v 1"),
    ("exp(-x)", {}, "equals exponential of v 1"),
    ("1/(x + 3)", {}, "equals 1 over v 1"),
    ("x^x", {}, "equals v 0 to the power of v 0"),
    ("log(x, 2)", {}, "equals logarithm 2 of v 0"),
    ("5 - x", {"letters": r"x=\hat x_1", "notation": "names=source"}, "equals 5 minus x hat 1"),
    ("x*x*x", {"letters": r"x=\mathbf w^{(2)}", "notation": "names=source"},
     "equals bold w with superscript 2 times bold w with superscript 2"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "options", "sentence"), SAID)
def test_formulas_are_said_as_a_person_says_them(formula: str, options: dict[str, str], sentence: str) -> None:
    """The words of a cell; by hand."""
    table = adtrace.trace(formula, at={"x": 3}).table(format="html", mode="forward", **options)
    assert sentence in [words(found) for found in re.findall(r"<math>.*?</math>", table)]


def test_a_derivative_is_said_by_what_it_is_by() -> None:
    """A bar, a dot, a quotient of the chain rule, brackets where a listener needs them and none elsewhere."""
    said = [words(found) for found in re.findall(r"<math[ >].*?</math>", TRACE.table(format="html"))]
    for sentence in ("v bar minus 1", "equals v bar 4 times partial v 4 by partial v 1", "v dot 4",
                     "equals v dot minus 1 over v minus 1", "equals minus 0.2837"):  # fmt: skip
        assert sentence in said
    assert words("<math><mfrac><mrow><mn>1</mn></mrow><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>") == (
        "1 over open bracket x plus 1 close bracket"
    )


def test_row_headers_say_their_words() -> None:
    """A program that looks for text in a header finds it, and nothing in it can end the attribute."""
    assert '<th role="rowheader" scope="row"><math aria-label="v minus 1">' in TRACE.table(format="html")
    assert labelled('<math><mtext>"&lt;b&gt;&amp;</mtext></math>').startswith(
        '<math aria-label="&quot;&lt;b&gt;&amp;"><mtext>'
    )


@pytest.mark.parametrize("name", [*(f"style-{style}" for style in STYLES), "arrays", "convolution", "second", "kink",
                                  "stacked", "letters"])  # fmt: skip
def test_a_pdf_is_one_for_those_who_listen(name: str) -> None:
    """Typst takes it as PDF/UA-1, which asks for a title, a language and words for every formula."""
    pytest.importorskip("typst", reason="not installed: typst")
    case = CASES[name]
    made = case.trace().picture(**case.options | {"format": "pdf"})  # what Typst refuses as PDF/UA is none
    assert b"pdfuaid" in made
    assert b"/Lang" in made


def test_the_words_of_a_pdf_are_those_of_its_rows() -> None:
    """Cell by cell and formula by formula in the caption, also of a long table that is cut into pages."""
    typ = TRACE.table(format="typst", mode="reverse", standalone=True)
    assert '#adt-said("equals natural logarithm of v minus 1", $= ln(v_(-1))$)' in typ
    assert '#adt-said("equals v bar 4 times partial v 4 by partial v 1"' in typ
    assert 'Setting #adt-said("y bar equals 1", $macron(y) = 1$) gives' in typ
    assert 'title: "y = f(x\\u{2081}, x\\u{2082}) = ln(' in typ
    long = adtrace.trace(" + ".join(f"sin({k}*x)" for k in range(2, 40)), at={"x": 1}).table(format="typst")
    rows = re.findall(r'adt-said\("(v \d+)", \$v_\((\d+)\)\$\)', long)
    assert len(rows) > 60
    assert all(words == f"v {index}" for words, index in rows)
    assert "$v_(" not in re.sub(r'adt-said\("[^"]*", \$.*?\$\)', "", long)


def test_a_template_of_ones_own_still_makes_a_pdf(tmp_path: Path) -> None:
    """One that has formulas without words is no PDF/UA, and is made."""
    pytest.importorskip("typst", reason="not installed: typst")
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "bare.typ").write_text("<% for table in tables %>$x$ <<table.caption>><% endfor %>")
    plain = TRACE.picture(format="pdf", style="bare", template_dir=str(tmp_path))
    assert plain.startswith(b"%PDF")
    assert b"pdfuaid" not in plain
