"""Captions of one's own: formulas of LaTeX in them, drawn in every format, and a program's formula, compared."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outside import needs, skip_without

import adtrace
from adtrace.cli import main
from adtrace.errors import BindingError, MathematicsError, OptionError, ParseError
from adtrace.formats import FORMATS, PICTURES
from adtrace.writing.dialects import TERMINAL, TYPST
from adtrace.writing.mathml import MATHML
from adtrace.writing.mathtext import captioned, parted

TRACE = adtrace.trace("x*y", at={"x": 3, "y": 6})
PROGRAM = "a = x1 + x2; b = x2*x2; c = 1/a; d = cos(x1); g = c + b; y = g + d"
FORMULA = "1/(x1 + x2) + x2^2 + cos(x1)"
POINT = {"x1": 3, "x2": 6}

LEFT_OUT = {"latex": r"f(a, b, \dots)", "markdown": r"f(a, b, \dots)", "typst": "f(a, b, dots)", "text": "f(a, b, ...)"}


@pytest.mark.parametrize("format_", LEFT_OUT)
def test_names_that_are_left_out_are_dots_of_the_format(format_: str) -> None:
    """Three full stops in a formula of LaTeX stand apart as three signs of punctuation."""
    names = "abcdghkmn"
    table = adtrace.trace("+".join(names), at=dict.fromkeys(names, 1)).table(mode="forward", format=format_)
    assert LEFT_OUT[format_] in table


IN_TEXT = [  # by hand, as one writes it on one line
    (r"y = 1/(x_1+x_2)", "y = 1/(x₁ + x₂)"),
    (r"\frac{1}{x_1+x_2}+x_2^2+\cos(x_1)", "1/(x₁ + x₂) + x₂^2 + cos(x₁)"),
    (r"\frac12 a - x^10", "(1/2)a - x^1 0"),
    (r"\frac{a+b}{cd}", "(a + b)/(cd)"),
    (r"\frac{\frac{1}{2}}{3}/x", "(1/2/3)/x"),
    (r"\alpha\beta \le -\Gamma", "αβ ≤ -Γ"),
    (r"v_{-1}, v_{10}, v_{k+1}, w_{\mathrm{out}}", "v₋₁, v₁₀, vₖ₊₁, wₒᵤₜ"),
    (r"x^{n+1} \cdot e^{-x}", "x^(n + 1) ⋅ e^(-x)"),
    (r"\sqrt{x}\sqrt[3]{x+1}", "√x ³√(x + 1)"),
    (r"\left( a \right) \times \{b\} - |c|", "(a) × {b} - |c|"),
    (r"\dot v_1 + \bar{v}_2 + \hat y", "v̇₁ + v̄₂ + y\u0302"),
    (r"2\sin x + \operatorname{relu}(x)", "2 sin x + relu(x)"),
    (r"f'(x) = \partial y/\partial x \to \infty", "f′(x) = ∂y/∂x → ∞"),
    (r"\sum_{i=1}^n x_i^2", "∑_(i = 1)^n xᵢ^2"),
    (r"π × x − 1", "π × x - 1"),
    (r"(a+b)^2/{c+d}", "(a + b)^2/c + d"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "line"), IN_TEXT)
def test_a_formula_on_a_line(formula: str, line: str) -> None:
    """In text a formula stands as one writes it on a line, with the brackets that a fraction needs there."""
    table = TRACE.table(format="text", caption=f"So ${formula}$.", mode="forward")
    assert table.splitlines()[0] == f"Table. So {line}."


@pytest.mark.parametrize("format_", ["latex", "markdown"])
def test_latex_and_markdown_take_it_as_written(format_: str) -> None:
    """What stands between the dollars is not touched; the text around it is made harmless."""
    formula = r"\begin{pmatrix} x_1 & x_{2}\end{pmatrix} \le \frac{1}{2}{{a}}"
    table = TRACE.table(format=format_, caption=rf"50% of ${formula}$ cost \$5_", mode="forward")
    assert f"${formula}$ cost \\$5\\_" in table
    assert ("50\\% of" in table) == (format_ == "latex")


@pytest.mark.parametrize("format_", [name for name in FORMATS if name not in PICTURES])
@pytest.mark.parametrize(
    ("caption", "sentence"),
    [
        ("costs $5", "a $ of the caption is not closed in 'costs $5'; a dollar of the text is written \\$"),
        ("$a$ and $b", "a $ of the caption is not closed"),
        ("$x_{1$", "its braces do not pair"),
        ("$x}{$", "its braces do not pair"),
        ("$50%$", "a bare % or #"),
        ("a $$ b", "an empty formula"),
    ],
)
def test_what_is_no_formula_is_refused_everywhere(caption: str, sentence: str, format_: str) -> None:
    """A dollar without its other, and what would reach beyond its formula, are refused in every format."""
    with pytest.raises(OptionError, match=re.escape(sentence)):
        TRACE.table(format=format_, caption=caption)


@pytest.mark.parametrize(
    "formula", [r"\begin{matrix}1\end{matrix}", r"\input{x}", r"\foo", "a & b", "ж", r"\sqrt[3 x", r"\$", '"x"']
)
@pytest.mark.parametrize("format_", ["text", "html", "typst"])
def test_what_is_not_in_the_set_is_refused(formula: str, format_: str) -> None:
    """Where the formula has to be drawn, what is not known is a sentence, never left out or printed as its source."""
    with pytest.raises(OptionError, match="outside LaTeX and Markdown a formula of the caption is made of letters"):
        TRACE.table(format=format_, caption=f"${formula}$")
    assert main(["table", "x", "--at", "x=1", "-f", format_, "--caption", f"${formula}$"]) == 2


@pytest.mark.parametrize(
    ("formula", "command"), [(r"\frac{1}", r"\\frac"), ("x^", r"\^"), ("x_{1}^_2", r"\^"), (r"\dot", r"\\dot")]
)
def test_what_is_missing_is_said(formula: str, command: str) -> None:
    """A command or a mark with nothing behind it is refused with its name."""
    with pytest.raises(OptionError, match=f"^{command} in .* has nothing that it is of"):
        TRACE.table(format="html", caption=f"${formula}$")


def test_deep_nesting_is_refused() -> None:
    """A thousand nested fractions are a sentence, not a stop."""
    with pytest.raises(OptionError, match="so deep a nesting"):
        TRACE.table(format="html", caption=f"${'{' * 1000}x{'}' * 1000}$")
    with pytest.raises(OptionError, match="so deep a nesting"):
        TRACE.table(format="text", caption="$" + r"\frac{1}{" * 500 + "x" + "}" * 500 + "$")


def test_html_is_a_formula_of_mathml() -> None:
    """The caption's formula is well-formed MathML with the structure of what was written, all of it."""
    caption = captioned(r"<b> $\frac{1}{x_1+x_2^2} < \sqrt[3]{\alpha}$ & more", MATHML)
    math = ET.fromstring(re.search("<math>.*</math>", caption)[0])  # type: ignore[index]
    assert caption.startswith("&lt;b&gt; <math>")
    assert caption.endswith("</math> &amp; more")
    assert [len(node) for tag in ("mfrac", "mroot", "msub", "msubsup") for node in math.iter(tag)] == [2, 2, 2, 3]
    assert "".join(math.itertext()) == "1x1+x22<α3"


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> str:
    """Formulas of the set, nested a little."""
    if depth == 0:
        return draw(st.sampled_from(["x", "7", r"\alpha", "2.5", r"\infty", *"(]|,=-/!'", r"\{"]))
    parts = draw(st.lists(formulas(depth=depth - 1), min_size=1, max_size=3))
    forms = ["{0}", "{{{0}}}", r"\frac{{{0}}}{{{1}}}", r"\sqrt[{0}]{{{1}}}", "{{{0}}}_{{{1}}}", "{{{0}}}^{{{1}}}",
             r"\dot{{{0}}}", r"\sin {0}", r"\mathrm{{ab}}{0}", "{0} + {1}"]  # fmt: skip
    first, last = parts[0], parts[-1]
    return draw(st.sampled_from(forms)).format(first.replace("]", ""), last)


@given(formulas())
def test_whatever_is_in_the_set_is_drawn(formula: str) -> None:
    """Each is drawn or is a sentence; HTML is always well formed, and Typst's round brackets and quotes pair."""
    try:
        drawn = {dialect.name: captioned(f"${formula}$", dialect) for dialect in (TERMINAL, MATHML, TYPST)}
    except OptionError:  # it is told apart by the tests above
        return
    ET.fromstring(drawn["html"])
    typst = re.sub(r'\\.|"[^"]*"', "", drawn["typst"])
    assert typst.count("(") == typst.count(")")
    assert '"' not in typst
    assert "\\" not in drawn["text"]


@needs("pdftotext")
def test_typst_sets_every_formula(tmp_path: Path) -> None:
    """All formulas in one caption are typeset; a fraction keeps its bar and so its denominator."""
    pytest.importorskip("typst", reason="not installed: typst")
    skip_without("pdftotext")
    caption = " and ".join(f"${formula}$" for formula, _ in IN_TEXT) + r' with "quotes" \$5'
    (tmp_path / "t.pdf").write_bytes(TRACE.picture(caption=caption))
    command = ["pdftotext", "-layout", str(tmp_path / "t.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "with “quotes” $5" in text or 'with "quotes" $5' in text
    assert "𝑐𝑑" in text
    assert captioned(r"$\frac{1}{a+b}$", TYPST) == '$frac(1, a + b, style: "vertical")$'


def test_parted_keeps_what_is_prose() -> None:
    """Prose and formulas in turn; a backslash before a dollar is for the dollar alone."""
    assert parted(r"a \$5 $x$ b") == ["a $5 ", "x", " b"]
    assert parted("plain_text {") == ["plain_text {"]


# -- the formula of a program ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["latex", "markdown", "text", "html", "typst"])
def test_a_program_has_the_caption_of_its_formula(format_: str) -> None:
    """The rows are the program's, in its order; the caption is the one that the formula itself would have."""
    table = adtrace.trace(PROGRAM, at=POINT).table(format=format_, caption_formula=FORMULA)
    plain = adtrace.trace(PROGRAM, at=POINT).table(format=format_)
    theirs = adtrace.trace(f"y = {FORMULA}", at=POINT).table(format=format_)
    captions = [re.findall("(?:Forward|Reverse) mode AD of .*", text) for text in (table, theirs, plain)]
    assert captions[0] == captions[1] != captions[2]
    assert [line for line in table.splitlines() if "mode AD" not in line] == [
        line for line in plain.splitlines() if "mode AD" not in line
    ]


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The homework in its published row order, with the formula in the caption; its function may have a name."""
    given = ["table", PROGRAM, "--at", "x1=3,x2=6", "--mode", "forward", "-f", "text", "--caption-formula"]
    assert main([*given, f"g(x1, x2) = {FORMULA}"]) == 0
    assert capsys.readouterr().out.startswith(
        "Table. Forward mode AD of y = g(x₁, x₂) = 1/(x₁ + x₂) + x₂^2 + cos(x₁) at (x₁, x₂) = (3, 6)."
    )
    assert main([*given, FORMULA.replace("cos", "sin")]) == 2
    assert "caption_formula is another function: its value at the point is 36.2522, where y has 35.1211" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("expression", "formula", "error", "message"),
    [
        ("x^2", "2*x - 1", OptionError, "another function: its value nearby"),
        ("x", "x^3/3 + 2/3", OptionError, "another function: its value nearby"),
        ("x", "x^2", OptionError, "its derivative by x at the point is 2, where y has 1"),
        ("x", "x + 1e-20", OptionError, "another function"),
        ("x", "(x, x)", OptionError, "one formula for each output, of which there are 1"),
        ("x", "a = x; a", OptionError, "one formula for each output"),
        ("x", "x + z", BindingError, "z"),
        ("x", "x +", ParseError, "the expression ends"),
        ("x", "x + ln(x - 1)", MathematicsError, "ln needs"),
        ("x", "+".join("x" * 70) + "-69*x", OptionError, "longer than a caption"),
    ],
)
def test_no_wrong_formula_is_shown(expression: str, formula: str, error: type[Exception], message: str) -> None:
    """Another function is refused, even one with the same value and slope at the point; so is what is no formula."""
    with pytest.raises(error, match=re.escape(message)):
        adtrace.trace(expression, at={"x": 1}).table(caption_formula=formula)


def test_the_order_of_the_variables_is_theirs() -> None:
    """A left side with other variables, or in another order, would show another point."""
    trace = adtrace.trace("a = x - y; z = a*a", at={"x": 3, "y": 1})
    with pytest.raises(OptionError, match=r"a formula of \(x, y\), in this order"):
        trace.table(caption_formula="f(y, x) = (x - y)^2")


def test_formulas_of_functions_outputs_and_doubles() -> None:
    """A Python function, several outputs and a trace in double precision have formulas, too."""
    function = adtrace.trace(lambda x, y: (x * y) * (x * y), at={"x": 2, "y": 0.1})
    assert "= (x × y)^2 at" in function.table(format="text", caption_formula="(x*y)^2")
    pair = adtrace.trace("a = x*y; b = x*x", at={"x": 2, "y": 3}, outputs=["a", "b"])
    assert "(x × y, x^2) at" in pair.table(format="text", caption_formula="(x*y, x^2)")
    with pytest.raises(OptionError, match="where b has 4"):
        pair.table(format="text", caption_formula="(x*y, x^3)")
    doubles = adtrace.trace(PROGRAM, at=POINT, arithmetic="float")
    assert "cos(x₁) at" in doubles.table(format="text", caption_formula=FORMULA)
    kinked = adtrace.trace("a = abs(x); y = a*2", at={"x": 0}, kinks="abs=1")
    assert "2 × abs(x) at" in kinked.table(format="text", caption_formula="2*abs(x)")
