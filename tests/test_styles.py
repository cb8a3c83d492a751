"""Styles: notations as data, ours and a user's own, without a line of Python."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from outside import needs
from test_latex import complaints_of

import adtrace
from adtrace.tables.resources import found, template_root
from adtrace.tables.styles import PARTS, style

STYLES = found(None, "styles", ".toml")
FORMATS = ("markdown", "latex", "text", "html", "typst")
AT = {"x1": 2, "x2": 5}
SCALAR = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at=AT)
TRACES = {
    "scalar": SCALAR,
    "outputs": adtrace.trace("(x1*x2, exp(x1)/x2)", at=AT),
    "seeds": adtrace.trace("x1*sin(x2)", at=AT, seed=["each", {"x1": 1, "x2": -2}]),
    "program": adtrace.trace("a = x1*x2; a = a + sin(a); y = a^2", at=AT),
    "kinks": adtrace.trace("max(x1, x2) + abs(x1)", at={"x1": 0, "x2": 0}),
    "no rows": adtrace.trace("x", at={"x": 3}),
}


def test_the_named_styles() -> None:
    """The styles of the published tables are there."""
    assert STYLES == ["aligned", "baydin", "cppad", "cs107", "directional", "four-column", "griewank", "ledger",
                      "numbered-from-one", "stored-partials", "three-part"]  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("trace", TRACES)
def test_every_style_in_every_format(name: str, trace: str) -> None:
    """Each style makes a table of anything in each format and layout; every number of the result stands in it."""
    made = TRACES[trace]
    for form in FORMATS:
        for layout in ("side-by-side", "stacked"):
            document = made.table(style=name, format=form, layout=layout)
            for value in made.values.values():
                shown = value.rounded(4).rstrip("0").rstrip(".")
                text = re.sub(r"<[^>]+>", "", document).replace(r"\u{2212}", "-")  # MathML's tags, Typst's minus
                assert shown in text.replace("−", "-")
    markdown = made.table(style=name)
    for block in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1


@pytest.mark.parametrize("name", STYLES)
def test_a_style_is_valid_by_its_own_words(name: str) -> None:
    """Our records have a comment that says whose notation they are, and parts that are documented."""
    text = template_root().joinpath("styles", f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    parts = {p.part for panel in (*style(name, None).forward, *style(name, None).reverse)
             for column in (*panel.columns, *panel.below) for p in column.parts}  # fmt: skip
    assert parts <= set(PARTS)
    assert tomllib.loads(text)["forward"]


def test_every_part_is_used_by_some_style() -> None:
    """There is no part that no style of ours shows, but those that an order adds, and further operands do."""
    used = {
        part.part
        for name in STYLES
        for panel in (*style(name, None).forward, *style(name, None).reverse)
        for column in (*panel.columns, *panel.below)
        for part in column.parts
    }
    higher = {word for word, part in PARTS.items() if part.quantity.order > 1 or (part.quantity.operand or 0) > 1}
    assert used | {"increment", "increment_numbers"} | higher == set(PARTS)


@needs("pdflatex", "pdftotext")
@pytest.mark.parametrize("trace", ["scalar", "seeds"])
def test_pdflatex_sets_every_style(trace: str, tmp_path: Path) -> None:
    """Every style compiles without an error, a warning or a bad box, all of them in one document."""
    tables = "\n\\clearpage\n".join(TRACES[trace].table(style=name, format="latex") for name in STYLES)
    packages = r"\usepackage{amsmath,array,booktabs,color,graphicx}\usepackage[margin=2cm]{geometry}"
    source = rf"\documentclass{{article}}{packages}\begin{{document}}{tables}\end{{document}}"
    assert complaints_of(tmp_path, source) == []


# -- the notation ---------------------------------------------------------------------------------------------

NOTATIONS = {
    "letter=w": ["w₋₁ = x₁", "w₁ = ln(w₋₁)", "w\u0307₁ = w\u0307₋₁/w₋₁"],
    "numbering=zero": ["v₀ = x₁", "v₁ = x₂", "v₂ = ln(v₀)"],
    "numbering=one": ["v₁ = x₁", "v₃ = ln(v₁)"],
    "numbering=one,letter=x": ["x₃ = ln(x₁)"],
    "names=source": ["v₁ = ln(x₁)"],
    "tangent=prime": ["v₋₁′ = x₁′", "v₁′ = v₋₁′/v₋₁"],
    "tangent=differential": ["dv₁ = dv₋₁/v₋₁"],
    "tangent=directional": ["Dₚv₁ = Dₚv₋₁/v₋₁"],
    "tangent=leibniz": ["∂v₁/∂x₁ = ∂v₋₁/∂x₁/v₋₁", "∂y/∂x₁ = ∂v₅/∂x₁"],
    "adjoint=leibniz": ["∂y/∂v₁ = ∂y/∂v₄ × 1", "∂y/∂v₀ = ∂y/∂x₂ ="],
}


@pytest.mark.parametrize(("notation", "cells"), NOTATIONS.items())
def test_a_table_may_change_the_notation(notation: str, cells: list[str]) -> None:
    """The letter, the numbering, the names and the marks of a style can be changed, as text or as a mapping."""
    table = SCALAR.table(format="text", style="aligned", notation=notation)
    for cell in cells:
        assert cell in table
    mapping = dict(pair.split("=") for pair in notation.split(","))
    assert SCALAR.table(format="text", style="aligned", notation=mapping) == table
    assert SCALAR.table(format="latex", style="aligned", notation=mapping)


def test_leibniz_needs_one_variable() -> None:
    """A derivative by a variable is written for a unit seed; along a direction it is D_p."""
    along = adtrace.trace("x*y", at={"x": 1, "y": 2}, seed={"x": 1, "y": 1})
    assert "Dₚv₁" in along.table(format="text", style="aligned", notation="tangent=leibniz")


@pytest.mark.parametrize(
    ("notation", "sentence"),
    [
        ("letter=vv", "notation: letter is one letter from a to z"),
        ("leter=w", "notation: there is no 'leter' (did you mean 'letter'?); there are letter, numbering"),
        ("numbering=two", "notation: numbering is griewank, zero or one, not 'two'"),
        ("names", "notation: names is numbered or source, not ''"),
        ({"letter": 3}, "notation: letter is one letter from a to z"),
        (7, "notation is a text such as 'names=source,letter=w', or a mapping, not 7"),
    ],
)
def test_a_notation_that_is_none(notation: object, sentence: str) -> None:
    """Another name or value is refused with those that there are."""
    with pytest.raises(adtrace.OptionError, match=f"^{re.escape(sentence)}"):
        SCALAR.table(notation=notation)


@pytest.mark.parametrize("form", FORMATS)
def test_significant_digits_that_are_undecided(form: str) -> None:
    """A tie keeps its mark beside its digits, before a power of ten; what may be 0 has no first digit: 0?."""
    tie = adtrace.trace("x*(4*(atan(1/2) + atan(1/3))/pi)", at={"x": 12345000})
    zero = adtrace.trace("4*(atan(x) + atan(1/3)) - pi", at={"x": "1/2"})

    text = tie.table(format=form, numbers="significant", mode="forward")
    assert re.search(r"1\.234\?(e7| \\times 10\^\{7\}| times 10\^\(7\)|</mn><mo>×</mo><msup>)", text)
    assert re.search(r"(?<![0-9.])0\?", zero.table(format=form, numbers="significant", mode="forward"))
    assert "marks a last digit that is undecided" in text


# -- a user's own ---------------------------------------------------------------------------------------------

OWN = """\
# Two columns, with sources and primes.
names = "source"
tangent = "prime"
numbers = "significant"

[[forward]]
heading = "Work"
columns = [{ heading = "What", cell = "v = operation" }, { heading = "Worth", cell = "value" },
           { heading = "Slope {by}", cell = "dv = tangent_value" }]
"""


def folder_with(tmp_path: Path, text: str, name: str = "mine") -> Path:
    """A folder with one style."""
    (tmp_path / "styles").mkdir(exist_ok=True)
    (tmp_path / "styles" / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_style_of_one_s_own(tmp_path: Path) -> None:
    """A record of ten lines in a folder is a style in every format."""
    folder = folder_with(tmp_path, OWN)
    trace = adtrace.trace("a = x*y; z = a + sin(a)", at={"x": 2, "y": "1/3"})
    text = trace.table(style="mine", template_dir=folder, format="text", mode="forward", digits=3)
    for line in ("  Work", "  What         Worth  Slope by x", "│ a = x × y    0.667  a′ = 0.333"):
        assert line in text.splitlines()
    for form in FORMATS:
        assert "0.667" in trace.table(style="mine", template_dir=folder, format=form, mode="forward", digits=3)


def test_a_user_s_style_comes_before_ours(tmp_path: Path) -> None:
    """A record with the name of one of ours is used in its place."""
    folder = folder_with(tmp_path, OWN, "cs107")
    assert "Worth" in SCALAR.table(style="cs107", template_dir=folder, mode="forward")
    assert "Worth" not in SCALAR.table(style="cs107", mode="forward")


def test_a_style_with_a_template_of_its_own(tmp_path: Path) -> None:
    """A template of the style's name is used for its format; the record's template for the others."""
    folder = folder_with(tmp_path, OWN)
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "mine.txt").write_text("<% for table in tables %>\n<<table.mode>>!\n<% endfor %>\n", "utf-8")
    assert SCALAR.table(style="mine", template_dir=folder, format="text", mode="forward") == "forward!\n"
    assert SCALAR.table(style="mine", template_dir=folder, mode="forward").startswith("**Table")


PANEL = '[[forward]]\ncolumns = ["v", "= value"]\n'
WRONG = {
    "letter = \n": r"Invalid value \(at line 1",
    'leter = "w"\n' + PANEL: r"there is no 'leter' \(did you mean 'letter'\?\)",
    "letter = 7\n" + PANEL: "letter is one letter from a to z",
    'letter = "é"\n' + PANEL: "letter is one letter from a to z",
    'numbering = "two"\n' + PANEL: "numbering is griewank, zero or one, not 'two'",
    'numbering = ["one"]\n' + PANEL: r"numbering is griewank, zero or one, not \['one'\]",
    'outputs = "yes"\n' + PANEL: "outputs is true or false",
    'template = "../up"\n' + PANEL: "template is the name of a template",
    "": r"there is no \[\[forward\]\] and no \[\[reverse\]\] panel",
    "forward = 3\n": "forward is a list",
    "forward = [3]\n": "a panel is a table",
    "[[forward]]\n": "a panel has no columns",
    "[[forward]]\ncolumns = 3\n": "columns is a list",
    "[[forward]]\ncolumns = [3]\n": "a column is a text, or a table with heading and cell",
    '[[forward]]\ncolumns = ["vv"]\n': r"there is no part 'vv' \(did you mean '[a-z]+'\?\); there are v, operation",
    '[[forward]]\ncolumns = ["v = = value"]\n': "there is no part",
    '[[forward]]\ncolumns = [{cell = "v", width = 3}]\n': "a column is a text, or a table with heading and cell",
    '[[forward]]\ncolumns = [{heading = "x"}]\n': "a column is a text, or a table with heading and cell",
    '[[forward]]\nline = "variables"\ncolumns = ["v"]\n': r"a panel has no 'line' \(did you mean 'lines'\?\)",
    '[[forward]]\nlines = "rows"\ncolumns = ["v"]\n': "lines is variables or contributions",
    '[[forward]]\norder = "up"\ncolumns = ["v"]\n': "order is beside or computing",
    '[[forward]]\ncolumns = ["v", "= value"]\nbelow = ["dv"]\n': "below has a column for each of columns",
    '[[forward]]\nheading = 3\ncolumns = ["v"]\n': "heading is text, and upward is true or false",
    '[[forward]]\nupward = "yes"\ncolumns = ["v"]\n': "heading is text, and upward is true or false",
    '[[forward]]\nlines = ["variables"]\ncolumns = ["v"]\n': "lines is variables or contributions",
    '[[reverse]]\nlines = "contributions"\ncolumns = ["bv", "= value"]\n': "a line of contributions has no 'value'",
    '[[forward]]\ncolumns = [{heading = 3, cell = "v"}]\n': "a column is a text, or a table with heading and cell",
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.items())
def test_a_wrong_record_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    """Whatever is wrong with a record is said in a sentence that names the file."""
    folder = folder_with(tmp_path, text)
    with pytest.raises(adtrace.TemplateError, match=rf"^styles/mine\.toml: .*{sentence}"):
        SCALAR.table(style="mine", template_dir=folder, mode="forward")


def test_a_mode_without_panels(tmp_path: Path) -> None:
    """A style that has only forward panels says so when a reverse table is asked for."""
    folder = folder_with(tmp_path, OWN)
    with pytest.raises(adtrace.TemplateError, match="the style mine has no reverse panel"):
        SCALAR.table(style="mine", template_dir=folder, mode="reverse")
    assert SCALAR.table(style="mine", template_dir=folder).count("**Table") == 1


def test_unknown_styles() -> None:
    """A style that is not there is refused with those that are; a name that leads out of the folder, too."""
    with pytest.raises(adtrace.TemplateError, match=r"there is no style 'griewnak' \(did you mean 'griewank'\?\)"):
        SCALAR.table(style="griewnak")
    for name in ("../styles/cs107", "", "a/b", "cs107.toml\0"):
        with pytest.raises(adtrace.TemplateError, match="a style is a name of letters, digits"):
            SCALAR.table(style=name)
