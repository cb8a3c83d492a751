"""One cell of a hand-written trace: whatever its markup, it reads as the names, formulas and numbers that it says.

The cells are facts of published traces, homework and the tables of other programs; what they say is written beside them
by hand, in ASCII, with marked names in <>: ``<dot v_1>`` is the dot of v_1, ``<leibniz y x>`` the quotient dy/dx.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processor import timed

from adtrace.checking.readings.bare import flat
from adtrace.checking.readings.cells import Part, read_cell
from adtrace.checking.readings.hands import whole
from adtrace.checking.readings.names import Name, canonical, named, plainly, surroundings
from adtrace.checking.sheets.rows import LONGEST_EQUATION
from adtrace.checking.work.numerals import agreement, follows, printed, printed_ways, shown_as
from adtrace.elementals import FUNCTIONS, TABLE
from adtrace.language.parse import parse
from adtrace.language.syntax import GROUP, Apply, Terms, spelling
from adtrace.language.syntax import Name as NameTerm
from adtrace.numbers import Scalar
from adtrace.writing.dialects import LATEX, MARKDOWN, PLAIN, TERMINAL
from adtrace.writing.notation import Dialect, spelled, with_names

ROWS = frozenset({"v_-1", "v_0", "v_1", "v_2", "v_3", "v_4", "x_1", "x_2", *"xyfqprskmz"})


def in_ascii(part: Part) -> str:
    """All readings of a part, best first, with its marked names in <>."""
    names = {name.key: f"<{name.key}>" if set(name.key) & set(" |") else name.key for name in part.names}
    return " or ".join(with_names(terms, PLAIN, names).text for terms in part.readings) or "?"


def said(text: str, declared: frozenset[str] = ROWS, decimal: str = "") -> str:
    """What a cell says; an unread part is ``?``."""
    cell = read_cell(text, declared, decimal)
    return "; ".join(f" {chain.sign} ".join(map(in_ascii, chain.parts)) for chain in cell.chains) or cell.state


CELLS = [
    ("$\\dot v_1 = 2 v_0 \\dot v_0 = 6$", "<dot v_1> = 2*v_0*<dot v_0> = 6"),
    ("p = 3, q = 2", "p = 3; q = 2"),
    ("p = 7; q = 3; r = -2", "p = 7; q = 3; r = -2"),
    ("p = 3 and q = 2", "p = 3; q = 2"),
    ("$v_0 &= x = 3 \\\\ v_1 &= v_0^2 = 9$", "v_0 = x = 3; v_1 = v_0^2 = 9"),
    ("v_1 = \\ln(x_1)<br>= 3", "v_1 = ln(x_1) = 3"),
    ("v_1 = x_1 x_2\n= 6", "v_1 = x_1*x_2 = 6"),
    ("s = p - q   --->   4", "s = p - q = 4"),
    ("df/dp = df/ds * ds/dp   --->   -2 * 1 = -2", "<leibniz f p> = <leibniz f s>*<leibniz s p> = -2*1 = -2"),
    ("$x_1 \\to v_1$", "x_1 -> v_1"),
    ("x_1 → v_1", "x_1 -> v_1"),
    ("v_1 := 3", "v_1 = 3"),
    ("v_1 ≈ 0.6931", "v_1 = 0.6931"),
    ("≈ 0.48", "0.48"),
    ("$\\approx 0.48$", "0.48"),
    ("= 2 × 5", "2*5"),
    ("$= v_{-1} v_0$", "v_-1*v_0"),
    ("$\\bar v_0 \\mathrel{+}= \\bar v_1 \\cdot 2 = 4$", "<bar v_0> += <bar v_1>*2 += 4"),
    ("v̄₀ += v̄₁ × 2", "<bar v_0> += <bar v_1>*2"),
    ("a_bar += v2_bar*y", "<bar a> += <bar v_2>*y"),
    ("∂f/∂p: -2", "<leibniz f p> = -2"),
    ("x: 3", "x = 3"),
    ("$\\frac{\\partial f}{\\partial p} = -2$", "<leibniz f p> = -2"),
    ("$\\frac{df}{dp}$ = -2", "<leibniz f p> = -2"),
    ("∂q/∂x = 1, ∂q/∂y = 1", "<leibniz q x> = 1; <leibniz q y> = 1"),
    ("∂f/∂q = z = -4, ∂f/∂z = q = 3", "<leibniz f q> = z = -4; <leibniz f z> = q = 3"),
    (
        "$\\frac{\\partial f}{\\partial x} = \\frac{\\partial f}{\\partial q} \\frac{\\partial q}{\\partial x}$ "
        "= 1*k = 3",
        "<leibniz f x> = <leibniz f q>*<leibniz q x> = 1*k = 3",
    ),
    (
        "(dv3/dv1)(dv1/dx1) + (dv3/dv2)(dv2/dx1)",
        "(<leibniz v_3 v_1>)*(<leibniz v_1 x_1>) + (<leibniz v_3 v_2>)*(<leibniz v_2 x_1>)",
    ),
    ("a = x * y  # 6", "a = x*y = 6"),
    ("f(x_1, x_2) = x_1 x_2 + x_1", "? = x_1*x_2 + x_1"),
    ("x = x_1 = 2", "x = x_1 = 2"),
    ("v_{-1} = x_1 = 2", "v_-1 = x_1 = 2"),
    ("v_1 = 3 (given)", "v_1 = 3"),
    ("3 (input)", "3"),
    ("$\\underbrace{2 v_0}_{6}\\, \\underbrace{\\dot v_0}_{1} = 8$", "2*v_0*<dot v_0> = 8; 2*v_0 = 6; <dot v_0> = 1"),
    ("$v_1 = v_0^2 = \\underbrace{3^2}_{9} = 9$", "v_1 = v_0^2 = 3^2 = 9; 3^2 = 9"),
    ("$\\overbrace{x y}^{v_1} + x$", "x*y + x; x*y = v_1"),
    ("↓ v_1", "v_1"),
    ("→ $v_1$", "v_1"),
    ("$\\boxed{v_1 = 3}$", "v_1 = 3"),
    ("\\cancel{v_1} v_2", "v_1*v_2"),
    ("**3**", "3"),
    ("`v_1 = 3`", "v_1 = 3"),
    (":math:`v_1 = 3`", "v_1 = 3"),
    ("{\\color{red} 4}", "4"),
    ("\\textcolor{red}{4}", "4"),
    ("\\textbf{4}", "4"),
    ("$\\mathbf{11.6521}$", "11.6521"),
    ("4 ✓", "4"),
    ("3[^1]", "3"),
    ("v<sub>1</sub><sup>2</sup>", "v_1^2"),
    ("<b>4</b>", "4"),
    ("d²y/dx² = 4", "<leibniz2 y x|x> = 4"),
    (
        "D_p v_1 = (v_0 D_p v_{-1} - v_{-1} D_p v_0)/v_0^2 = 2",
        "<d v_1|p> = (v_0*<d v_-1|p> - v_-1*<d v_0|p>)/v_0^2 = 2",
    ),
    ("Dₚv₂ + Dₚv₃", "<d v_2|p> + <d v_3|p>"),
    ("v_3^(1) = 2 v_1^(0) v_1^(1)", "<order1 v_3> = 2*<order0 v_1>*<order1 v_1>"),
    ("$v_{1}^{(2)} = 2$", "<order2 v_1> = 2"),
    ("2v4v4'", "2*v_4*<prime v_4>"),
    ("5cos(pi) = 5", "5*cos(pi) = 5"),
    ("exp(v1)v1'", "exp(v_1)*<prime v_1>"),
    ("cos(x1)x1.", "cos(x_1)*x_1 or cos(x_1)*<dot x_1>"),
    ("x1. + x2.", "<dot x_1> + <dot x_2> or <dot x_1> + x_2"),
    ("v_1 = x_1.", "v_1 = x_1"),
    ("$2{v}_{1}\\dot{v}_{1}$", "2*v_1*<dot v_1>"),
    ("$2v_1\\dot(v_1)$", "2*v_1*<dot v_1>"),
    ("${v}_{1}^{2}$", "v_1^2"),
    ("${v}_{3}{v}_{4}$", "v_3*v_4"),
    ("$x^2_1$", "x_1^2"),
    ("$x_4x_1$", "x_4*x_1"),
    ("2x_1\\dot x_1", "2*x_1*<dot x_1>"),
    ("v_1 v_2", "v_1*v_2"),
    ("xy", "x*y"),
    ("2xy", "2*x*y"),
    ("x_1x_2", "x_1*x_2"),
    ("\\sin^2 x", "(sin(x))^2"),
    ("\\sec^2(x_1)\\dot x_1", "(sec(x_1))^2*<dot x_1>"),
    ("\\sin x_1 \\cos x_2", "sin(x_1)*cos(x_2) or sin(x_1*cos(x_2))"),
    ("\\sqrt 2e^{-\\pi/4}/2", "sqrt(2)*e^(-pi/4)/2"),
    ("\\sqrt[3]{x}", "cbrt(x)"),
    ("\\sqrt{v_1}", "sqrt(v_1)"),
    ("\\sqrt v_1", "sqrt(v_1)"),
    ("exp(2)-8", "exp(2) - 8"),
    ("e^{-x^2}", "e^(-x^2)"),
    ("e^x", "e^x"),
    ("|x|", "abs(x)"),
    ("$\\left|x\\right| + |y|$", "abs(x) + abs(y)"),
    ("1[x>0]", "(where(x > 0, 1, 0))"),
    ("$\\mathbb{1}[x > 0]$", "(where(x > 0, 1, 0))"),
    ("max(0,m)", "max(0, m)"),
    ("\\max(0, m)", "max(0, m)"),
    ("σ(z)", "sigmoid(z)"),
    ("$\\sigma'(z)(1-z)$", "(sigmoid(z)*(1 - sigmoid(z)))*(1 - z)"),
    ("\\tanh'(v_1)", "(1 - (tanh(v_1))^2)"),
    ("g'(v_3) \\dot v_3", "g'(v_3)*<dot v_3>"),
    ("g(v_3)", "g(v_3)"),
    ("mul['v1', 'x1']", "v_1*x_1"),
    ("square['x1']", "x_1^2"),
    ("subtract(v1, v2)", "v_1 - v_2"),
    ("np.sin(x)", "sin(x)"),
    ("x**2", "x^2"),
    ("x ** 2 * y", "x^2*y"),
    ("0 x (-4) + 1 x 3 = 3", "0*(-4) + 1*3 = 3"),
    ("v_1/x_1 x_2", "v_1/x_1*x_2 or v_1/(x_1*x_2)"),
    ("x/2y", "x/2*y or x/(2*y)"),
    ("x/(2y)", "x/(2*y)"),
    ("1/2 v_4^{-1/2} dv_4", "1/2*v_4^(-1/2)*<d v_4> or 1/(2*v_4^(-1/2)*<d v_4>)"),
    ("-1/v_1^2 \\dot v_1", "-1/v_1^2*<dot v_1> or -1/(v_1^2*<dot v_1>)"),
    ("$\\frac{1}{v_1}\\dot v_1$", "1/v_1*<dot v_1>"),
    ("$\\dot v_{-1}/v_{-1}$", "<dot v_-1>/v_-1"),
    ("$\\bar v_3 \\frac{\\partial v_3}{\\partial v_0}$", "<bar v_3>*<leibniz v_3 v_0>"),
    (
        "$\\bar v_{0} + \\bar v_{2} \\, \\tfrac{\\partial v_{2}}{\\partial v_{0}}$",
        "<bar v_0> + <bar v_2>*<leibniz v_2 v_0>",
    ),
    ("bv_0 + bv_2 dv2/dv0", "<bar v_0> + <bar v_2>*<leibniz v_2 v_0>"),
    ("$\\log_{3}(x_{1})$", "log(x_1, 3)"),
    ("log2(x)", "log2(x)"),
    ("ln x", "ln(x)"),
    ("\\ln|x|", "ln(abs(x))"),
    ("x!", "gamma(x + 1)"),
    ("½", "1/2"),
    ("$\\tfrac12$", "1/2"),
    ("3/2", "3/2"),
    ("7//2", "7/2"),
    ("$-\\frac{\\sqrt{3}}{2}$", "-sqrt(3)/2"),
    ("√3/2", "sqrt(3)/2"),
    ("π/2", "pi/2"),
    ("\\pi", "pi"),
    ("2 + 3·4", "2 + 3*4"),
    ("10.6931 + 0.9589", "10.6931 + 0.9589"),
    ("(-1)(0.2837)", "(-1)*(0.2837)"),
    ("2(3)", "2*(3)"),
    ("e^2", "e^2"),
    ("e^-0.25", "e^(-0.25)"),
    ("6cos(9)", "6*cos(9)"),
    ("dot v_2 = 2 v_-1 dot v_-1", "<dot v_2> = 2*v_-1*<dot v_-1>"),
    ("dot(v)_1", "<dot v_1>"),
    ("∂y/∂v3 ∂v3/∂v1 + ∂y/∂v4 ∂v4/∂v1", "<leibniz y v_3>*<leibniz v_3 v_1> + <leibniz y v_4>*<leibniz v_4 v_1>"),
    ("D_pv_2v_0+v_2D_pv_0", "<d v_2|p>*v_0 + v_2*<d v_0|p>"),
    ("ln(v-1) - v-1*Dpv-1", "ln(v_-1) - v_-1*<d v_-1|p>"),
    ("v̄-1 + v-1", "<bar v_-1> + v_-1"),
    ("d/dv_5 = 1", "<leibniz v_5> = 1"),
    ("d/dx (x^2)", "?"),
    ("d²f/dxdy", "<leibniz2 f x|y>"),
    ("v_13, f", "v_13; f"),
    ("eʸ v̇_2", "e^y*<dot v_2>"),
    ("entrée", "?"),
    ("输入", "?"),
    ("_____", "dash"),
    (r"$= \dots$", "dash"),
    ("v1 = x1*x2 (= 6)", "v_1 = x_1*x_2 = 6"),
    ("no idea", "?"),
    ("TODO", "?"),
    ("?", "?"),
    ("input", "?"),
    ("product, sum", "?; ?"),
    ("see above", "?"),
    ("Derivative by $x_1$", "?"),
    ("—", "dash"),
    ("-", "dash"),
    ("n/a", "dash"),
    ("$\\,$", "empty"),
]


@pytest.mark.parametrize(("text", "says"), CELLS, ids=[text for text, _ in CELLS])
def test_a_cell_says_what_is_written_in_it(text: str, says: str) -> None:
    """Chains, all readings of each part best first, numbers under braces; words and dashes are none."""
    assert said(text) == says


NAMES = {
    "v_1": "v_1 v1 v₁ v_{1} ${v}_{1}$ $\\mathbf{v}_1$ $\\mathbf{v_1}$ <i>v</i><sub>1</sub> 𝑣₁ v_(1)",
    "v_-1": "v_{-1} v₋₁ v_-1 v_(-1) v−1 v-1 $v_{-1}$",
    "w_21": "w_{21} w21 w₂₁", "v_1_2": "v_{1,2}", "v_a": "v_a v_{a}", "yhat": r"\hat{y} ŷ yhat y_hat",
    "alpha": r"\alpha α alpha", "loss": "loss", "e": "e", "x": "$x$ {x} x",
    "dot v_1": (
        r"\dot{v}_1 \dot{v_1} \dot{v}_{1} \dot(v_1) \dot{\mathbf{v}}_1 v̇₁ v1_dot v1dot dot(v1) vdot1 "
        r"vdot_1 .v1 dot_v1"
    ),
    "dot v_-1": r"\dot{v}_{-1} \dot{v_{-1}} v̇₋₁ v_{-1}_dot", "dot x": r"\dot{x} ẋ x_dot xdot",
    "ddot v_1": r"\ddot{v}_1 v̈₁ ddot(v1)", "prime v_1": "v1' v'_1 v_1' v₁′ v_{1}'", "prime2 v_1": "v_1'' v1''",
    "bar v_1": (
        r"\bar{v}_1 \bar{v_1} \overline{v}_1 \overline{v_1} v̄₁ v1_bar vbar_1 bar(v1) adj(v1) v1_adj bv_1 "
        r"bv1 v1.adj"
    ),
    "d v_1": r"dv_1 dv1 dv₁ ∂v_1 D(v_1) Δv_1 \Delta{v_1}", "delta v_1": r"δ_v1 \delta_{v_1}",
    "bar x": "x.grad",
    "grad x": r"grad_x grad(x) ∇x ∇_x \nabla_{x}",
    "leibniz y v_1": (
        r"\frac{\partial{y}}{\partial{v_1}} \frac{dy}{dv_1} \dfrac{dy}{dv_{1}} ∂y/∂v₁ dy/dv_1 dy_dv1 "
        r"\partial{y}/\partial{v_1}"
    ),
    "leibniz f x": r"df/dx ∂f/∂x ∂f∂x \frac{\mathrm{d}f}{\mathrm{d}x} {∂f}/{∂x}",
    "leibniz2 f x|y": r"\frac{\partial^2f}{\partial{x}\partial{y}} ∂²f/∂x∂y",
    "leibniz2 y x|x": r"\frac{d^2y}{dx^2} d²y/dx²",
    "order2 v_1": "v_1^{(2)} v_1^(2) v₁^(2)", "z⁽¹⁾": "z^{(1)}", "dot v_1|x": r"\dot{v}_1^{(x)}",
}  # fmt: skip


@pytest.mark.parametrize("key", NAMES)
def test_a_name_in_any_hand_is_one_name(key: str) -> None:
    """Accents, indices, primes, words before and behind, quotients; and the key gives the name back."""
    for text in NAMES[key].split(" "):
        cell = read_cell(text if "\\" not in text else f"${text}$")
        assert [plainly(part.name.key) for chain in cell.chains for part in chain.parts if part.name] == [key], text
    assert named(key).key == key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("d v_1", Name("v_1", "d")), ("D_x v_1", Name("v_1", "d", seed="x")),
        ("D_{p} v_{-1}", Name("v_-1", "d", seed="p")),
        (r"\nabla_x v_1", Name("v_1", "grad", seed="x")), (r"\partial_x f", Name("x", "leibniz", "f")),
        (r"\frac{d}{dx} y", Name("x", "leibniz", "y")), ("∂ f / ∂ x", Name("x", "leibniz", "f")),
        ("gradient of x", Name("x", "grad")), ("dot v_1", Name("v_1", "dot")), ("DpV-1", Name("V_-1", "d", seed="p")),
    ],
)  # fmt: skip
def test_a_name_of_several_words_tells_its_direction(text: str, name: Name) -> None:
    """Blanks within a name part nothing."""
    assert read_cell(f"${text}$" if "\\" in text else text).chains[0].parts[0].name == name


def test_a_declared_name_beats_marks_functions_and_constants() -> None:
    """A row e is no constant, a row dx no mark, d beside x may be a product of the two."""
    assert said("e*d", frozenset("de")) == "e*d"
    assert said("dx", frozenset({"dx", "x"})) == "dx"
    assert said("dx*y", frozenset("dxy")) == "<d x>*y or d*x*y"
    assert said("v-1*v0", ROWS) == "v_-1*v_0"
    assert said("v-1", frozenset("v")) == "v - 1"
    assert said("S + N", frozenset("SN")) == "S + N"
    assert said("2v_9", ROWS) == "2*v_9"
    assert said("gain*x", ROWS) == "gain*x"


NUMBERS = [
    ("3", "3"), ("-0.9589", "-0.9589"), ("-.544", "-.544"), ("+3", "3"), ("−2", "-2"), ("$-4$", "-4"), ("(-4)", "-4"),
    ("3.", "3"),
    ("0.333...", "0.333"), ("0.333…", "0.333"), ("1.2e-3", "0.0012"), ("1.2E-03", "0.0012"),
    (r"$1.2 \times 10^{-3}$", "0.0012"),
    ("1.2·10⁻³", "0.0012"), ("1.2*10^-3", "0.0012"), (r"$10^{-10}$", "1e-10"), (r"\num{1.3599}", "1.3599"),
    (r"\num{1.5e-4}", "0.00015"),
    (r"\SI{1.36}{\volt}", "1.36"), (r"\qty{1.36}{m/s}", "1.36"), ("1.3599 V", "1.3599"), ("1.3499 V/s", "1.3499"),
    (r"$3\,\mathrm{m}$", "3"),
    ("2,799.7176", "2799.7176"), ("2.799,7176", "2799.7176"), (r"$2\,699.7176$", "2699.7176"),
    ("2 699.7176", "2699.7176"),
    ("2 699", "2699"), ("1,3499", "1.3499"), ("2{,}718281", "2.718281"), ("1,234,567", "1234567"), ("50 %", "0.5"),
    ("**4**", "4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS, ids=[text for text, _ in NUMBERS])
def test_a_number_in_any_spelling_is_one_number(text: str, value: str) -> None:
    """Signs, thousands, commas, powers of ten, units and markup; its digits are kept as they are printed."""
    part = read_cell(text).chains[0].parts[0]
    assert part.number is not None
    exact = printed(part).exact
    assert Fraction(str(exact)) == Fraction(value)


def test_a_comma_is_read_as_the_document_has_it() -> None:
    """``2,799`` is a thousand or a decimal; a document with decimal commas has no thousands' commas."""
    part = read_cell("2,799").chains[0].parts[0]
    assert [str(way.exact) for way in printed_ways(part)] == ["2799", "2799/1000"]
    assert said("2,799", decimal="comma") == "2.799"
    assert said("2.799", decimal="comma") == "2799"
    assert said("0,5*x + 1,25", decimal="comma") == "0.5*x + 1.25"
    assert said("0,5*x") == "0.5*x"
    assert said("3 m", frozenset("m")) == "3*m"


@pytest.mark.parametrize(
    ("text", "shape", "entries"),
    [
        ("[[1,2],[3,4]]", (2, 2), "1 2 3 4"), (r"$\begin{bmatrix}1&2\\3&4\end{bmatrix}$", (2, 2), "1 2 3 4"),
        (r"\begin{pmatrix}1\\-2\end{pmatrix}", (2,), "1 -2"), ("(1, 2)^T", (2,), "1 2"),
        ("[1 2; 3 4]", (2, 2), "1 2 3 4"),
        ("[1. 2. 3.]", (3,), "1 2 3"), (r"\left(\begin{array}{cc}1&0\\0&1\end{array}\right)", (2, 2), "1 0 0 1"),
        ("[0, -sqrt(4)/2]", (2,), "0 -1"),
        ("array([[1., 2.]])", (1, 2), "1 2"), ("tensor([4., 1.])", (2,), "4 1"), ("(6, 3)", (2,), "6 3"),
    ],
)  # fmt: skip
def test_an_array_is_read_entry_by_entry(text: str, shape: tuple[int, ...], entries: str) -> None:
    """Matrices of LaTeX, lists of Python, MATLAB and numpy, columns as transposed rows."""
    part = read_cell(text).chains[0].parts[0]
    shown = printed(part)
    assert part.matrix == shown.shape == shape
    assert [str(entry.exact) for entry in shown.entries] == entries.split()


def test_a_bold_entry_is_a_number() -> None:
    """It was shown as a vector of ones, spread(1), which a bold 1 beside an array is."""
    assert read_cell(r"$\begin{bmatrix}\mathbf{1}&2\\3&-\mathbf{1}\end{bmatrix}$").bare == "((1, 2), (3, -1))"


def test_pairs_and_lists_are_parted() -> None:
    """Dual numbers and lists of pairs."""
    for text, entries in (("(6, 3)", ["6", "3"]), ("(2, 1), (3, 0)", ["(2, 1)", "(3, 0)"]), ("6 + 3ε", ["6", "3"]),
                          ("v_1 = (6, 3)", ["6", "3"]), ("[0, 1]", ["0", "1"]),
                          ("(6,3)", ["6", "3"]), ("-sin(y), x", ["-sin(y)", "x"])):  # fmt: skip
        assert [part.text for part in read_cell(text).pair] == entries
    assert not read_cell("max(0, m)", ROWS).pair
    assert not read_cell("(x + 1)(y + 2)", ROWS).pair


def test_a_part_is_shown_without_its_markup() -> None:
    """What a report quotes is what a person reads."""
    texts = {r"$-\frac{\sqrt{3}}{2}$": "-sqrt(3)/2", r"$2 v_0 \dot{v}_{0}$": "2 v_0 v̇_0", "v̄₁": "v̄_1", "`x^2`": "x^2"}
    assert {text: read_cell(text, ROWS).bare for text in texts} == texts


def test_unknown_functions_stay_letters() -> None:
    """``g(v_3)`` and its derivative are names of their own, and the part says so."""
    part = read_cell(r"$g'(v_3) \dot v_3$", ROWS).chains[0].parts[0]
    assert part.unknown == "g"
    assert [name.key for name in part.names] == ["g'(v_3)", "dot v_3"]
    assert not read_cell("d/dx (x^2)", ROWS).chains[0].parts[0].readings


def without_groups(terms: Terms) -> tuple[object, ...]:
    """Terms whatever their brackets and the spelling of inverse functions."""
    spoken = [term for term in terms if not (type(term) is Apply and term.head == GROUP)]
    return tuple((key[0].replace("arc", "a"), *key[1:]) if isinstance(key, tuple) else key for key in spelling(spoken))


@pytest.mark.parametrize("dialect", [LATEX, MARKDOWN, TERMINAL, PLAIN], ids=lambda dialect: dialect.name)
def test_what_is_written_in_a_dialect_is_read_back(dialect: Dialect) -> None:
    """Every elemental and its partials, of names with an index, with a minus, in Greek; and every mark."""
    names = {"u": "x_1", "w": "x_2", "v": "alpha"}
    for (head, _), entry in TABLE.items():
        for text in () if head == "besselj" else (entry.formula_text, *entry.partials_text):
            terms = [NameTerm(names[t.name], 0) if type(t) is NameTerm and t.name in names else t
                     for t in parse(text, FUNCTIONS).terms]  # fmt: skip
            part = read_cell(spelled(terms, dialect).text, frozenset(names.values())).chains[0].parts[0]
            assert without_groups(terms) in map(without_groups, part.readings), text
    for letter, index, key in (("v", -1, "v_-1"), ("w", 3, "w_3")):
        name = dialect.subscript(letter, index)
        marks = {"dot": dialect.dot, "ddot": dialect.ddot, "bar": dialect.bar} if dialect is not PLAIN else {}
        for mark, write in marks.items():
            assert read_cell(write(name)).chains[0].parts[0].name == Name(key, mark)


@given(st.text(alphabet="v1_{}^\\dotfrac()[]=,.+-*/ |'$∂₁̇xe", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text ends in an error, and what has no reading has a problem or is a word."""
    for chain in read_cell(text, ROWS).chains:
        for part in chain.parts:
            assert part.readings or part.problem
            assert isinstance(part.text, str)


HOSTILE = [
    "{", "(", "|", "[", r"\frac{", r"\dot{", r"\underbrace{", "x'", "f(", "|x", "x^", "x_", "1,", "v_1=1,", "=", "$",
    "∂x/", "1 ", r"\text{", "**a", "<", "\n", ";", r"\begin{pmatrix}", "x(x", "sin ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_cells_are_answered_at_once(piece: str) -> None:
    """As many as a cell may have, and a longer one is refused; the bound is generous, not a measurement."""
    seconds, cell = timed(
        lambda: read_cell(piece * (LONGEST_EQUATION // len(piece)), ROWS) and read_cell(piece * 100_000, ROWS)
    )
    assert seconds < 5
    assert cell.state == "words"
    assert "are read" in cell.chains[0].parts[0].problem


AGREEMENTS = [
    ("0.6931", "0.69314718056", "rounded"), ("0.693", "0.69314718056", "rounded"),
    ("0.6932", "0.69314718056", "last digit"),
    ("0.6933", "0.69314718056", ""), ("-0.989", "-0.98999249", "cut"), ("0.5", "0.5", "exact"),
    ("1340", "1339.4307", "rounded"),
    ("1340", "1341", ""), ("1344", "1339.4307", ""), ("0.909", "0.9092974268", "rounded"),
    ("1", "0.9999997", "rounded"),
    ("1", "1.001", ""), ("12", "11.65", ""), ("100", "99.7", "rounded"),
    ("10.6931 + 0.9589", "11.652071", "approximate"),
    ("10.6931 + 0.9589", "11.66", ""), ("5.185e21", "5184710000000000000001", "rounded"), ("3/2", "1.5", "exact"),
    ("2*5", "10", "exact"),
    ("-0", "0", "exact"), ("0.24999999999999994", "0.25", "rounded"), ("1e-10", "0.0000000001", "exact"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "how"), AGREEMENTS, ids=[f"{text} {value}" for text, value, _ in AGREEMENTS])
def test_a_printed_number_is_a_value_or_not(text: str, value: str, how: str) -> None:
    """Rounded, cut, one off in the last digit, three significant figures; a slip is none of these."""
    shown = printed(read_cell(text).chains[0].parts[0])
    assert agreement(shown, exactly(value)) == how
    assert bool(how) <= follows(shown, exactly(value))


def exactly(text: str) -> Scalar:
    """A decimal as an exact number."""
    return printed(read_cell(text).chains[0].parts[0]).exact


def test_decimals_may_be_demanded() -> None:
    """``--digits 4``: 0.69 is not enough, an exact fraction is."""
    shown = printed(read_cell("0.69").chains[0].parts[0])
    assert agreement(shown, exactly("0.69314718")) == "rounded"
    assert agreement(shown, exactly("0.69314718"), 4) == ""
    assert agreement(printed(read_cell("1/2").chains[0].parts[0]), exactly("0.5"), 4) == "exact"


@pytest.mark.parametrize(
    ("text", "value", "correction"),
    [("1", "0.9999997", "0.9999997"), ("0.72", "0.69314718", "0.69"), ("1.5^3", "3.38112", "3.3811"), ("3", "7", "7"),
     ("0.69", "0.6901234", "0.6901"), ("2.1e-7", "0.00000032518", "3.3e-7")],
)  # fmt: skip
def test_a_correction_is_not_what_is_printed(text: str, value: str, correction: str) -> None:
    """As many digits as the cell has, and as many as tell the two apart."""
    assert shown_as(exactly(value), printed(read_cell(text).chains[0].parts[0])) == correction


def test_spellings_meet() -> None:
    """Names of the language and of cells have one spelling; a flat text stays flat."""
    assert [canonical(name) for name in ("x1", "x_1", "y_hat", "v_{-1}", "w_{2,1}", "loss")] == [
        "x_1", "x_1", "yhat", "v_-1", "w_2_1", "loss",
    ]  # fmt: skip
    assert surroundings(ROWS).families == frozenset("vx")
    assert whole("sin") is None
    assert flat(r"$\dot{v}_1$")[0] == flat("v̇_1")[0]
