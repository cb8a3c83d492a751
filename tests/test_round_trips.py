"""What is printed is read back: every elemental and whole expressions, in every spelling, to the same terms."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace
from adtrace.elementals import FUNCTIONS, TABLE, read
from adtrace.language.allowed import Language
from adtrace.language.readings import readings
from adtrace.language.syntax import GROUP, Apply, Expression, Name, Terms, spelling
from adtrace.tracing.lower import lower
from adtrace.tracing.wengert import Constant
from adtrace.writing.dialects import LATEX, MARKDOWN, PLAIN, TERMINAL
from adtrace.writing.notation import Dialect, spelled

PUBLISHED = json.loads((Path(__file__).parent / "published.json").read_text(encoding="utf-8"))["cases"]
DIALECTS = (LATEX, MARKDOWN, TERMINAL, PLAIN)


def said(terms: Terms) -> list[object]:
    """The terms with every function under its canonical name, brackets left out."""
    found: list[object] = []
    for term in terms:
        if type(term) is not Apply:
            found.append(term[0])
        elif term.head != GROUP:
            entry = TABLE.get((term.head, min(term.arity, 2)))
            found.append((entry.name if entry else term.head, term.arity))
    return found


def rows(expression: Expression, names: tuple[str, ...]) -> list[object]:
    """The rows of the Wengert list, wherever their constants stand in the text."""
    return [
        (row.elemental.name, *(spelling(x.terms) if isinstance(x, Constant) else int(x) for x in row.operands))
        for row in lower(expression, names).rows
    ]


def again(text: str, names: frozenset[str]) -> Terms:
    """The terms of the one reading that a text has."""
    found = readings(text, Language(FUNCTIONS, names))
    assert len(found) == 1, (text, [spelled(one.expression.terms, PLAIN).text for one in found])
    return found[0].expression.terms


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_elemental_is_read_back(dialect: Dialect) -> None:
    """The formula that a row shows for an elemental is read as that elemental, with the operands of a row, too."""
    names = ("v_-1", "v_2") if dialect is not PLAIN else ("x", "y")
    for (name, arity), _ in TABLE.items():
        terms = [*(Name(operand, 0) for operand in ("x", "y")[:arity]), Apply(name, arity, 0)]
        text = spelled(terms, dialect).text
        assert said(again(text, frozenset("xy"))) == said(terms), text
        if dialect is not PLAIN:
            operands = {"x": dialect.subscript("v", -1), "y": dialect.subscript("v", 2)}
            shown = re.sub(r"\b[xy]\b", lambda match, operands=operands: operands[match[0]], text)  # type: ignore[misc]
            expected = [Name(names["xy".index(t[0])], 0) if type(t) is Name else t for t in terms]
            assert said(again(shown, frozenset(names))) == said(expected), shown


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_published_functions_are_read_back(case: dict[str, object], dialect: Dialect) -> None:
    """Each published function, printed as our captions do, is read to the same Wengert list as its author's text."""
    names = tuple(case["at"])  # type: ignore[arg-type]
    typed = read(str(case["expression"]), frozenset(names))
    text = ", ".join(spelled(statement.terms, dialect).text for statement in typed.statements)
    found = readings(text, Language(FUNCTIONS, frozenset(names)))
    assert len(found) == 1
    assert rows(found[0].expression, names) == rows(typed, names)


AUTHORS = [  # as their authors wrote them: kinks and maxima in sympy's names
    ("Abs(x)", "abs(x)"), ("Abs(x-1)", "abs(x - 1)"), ("Abs(x0+x1)+Abs(x1+x2)", "abs(x0 + x1) + abs(x1 + x2)"),
    ("Max(x,y)", "max(x, y)"), ("Max(x,0)-Max(-x,0)", "max(x, 0) - max(-x, 0)"), ("Max(x,0)", "max(x, 0)"),
    ("a*b+b**3+Max(b+a,0)+3*Max(b-a,0)", "a*b + b^3 + max(b + a, 0) + 3*max(b - a, 0)"),
    ("x*cos(y)+x*y", "x*cos(y) + x*y"), ("exp(cos(x)+sin(y))**z", "exp(cos(x) + sin(y))^z"),
    ("3*a/b*sin(a*b+2)", "3*a/b*sin(a*b + 2)"), ("4*x*y+3*x*sin(4*y)", "4*x*y + 3*x*sin(4*y)"),
    ("x1*sqrt(log(x1/sin(x2**2)))", "x1*sqrt(log(x1/sin(x2^2)))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), AUTHORS)
def test_functions_as_their_authors_wrote_them(text: str, plain: str) -> None:
    """Published functions in the spelling of their authors give the rows of the plain language."""
    names = tuple(sorted({t.name for t in read(plain).terms if type(t) is Name}))
    typed = readings(text, Language(FUNCTIONS, frozenset(names)))
    assert len(typed) == 1
    assert rows(typed[0].expression, names) == rows(read(plain), names)


POINTS = [
    ("x₁=2", {"x1": "2"}), ("x=−2", {"x": "-2"}), ("x_1 = \\pi/2", {"x_1": "pi/2"}),
    ("(x, y) = (1, 2)", {"x": "1", "y": "2"}),
    ("x1=1; x2=2", {"x1": "1", "x2": "2"}), ("x=π/4", {"x": "pi/4"}), ("x=½", {"x": "1/2"}), ("x=¼", {"x": "1/4"}),
    ("θ=1", {"theta": "1"}),
    ("x = 1,\ny = 2", {"x": "1", "y": "2"}), ("$x_1=2$, $x_2=5$", {"x_1": "2", "x_2": "5"}), ("x=2π", {"x": "2*pi"}),
    ("x_{1}=\\frac{1}{3}", {"x_1": "1/3"}), ("x=\\sqrt{2}", {"x": "sqrt(2)"}), ("x=e^{-1}", {"x": "e^-1"}),
    ("x=10⁻³", {"x": "10^-3"}),
    ("x=.5", {"x": "1/2"}), ("x=exp(1)", {"x": "exp(1)"}), ("x=np.pi/2", {"x": "pi/2"}),
    ("x=Rational(1, 3)", {"x": "1/3"}),
    ("\\theta_1 = 1", {"theta_1": "1"}), ("𝑥=1", {"x": "1"}), ("x'=3", {"x_prime": "3"}), ("x=−½", {"x": "-1/2"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "point"), POINTS)
def test_points(text: str, point: dict[str, str]) -> None:
    """A point in the spelling of people is the point in the plain language."""
    from adtrace.tracing.point import assignments

    formula = " + ".join(point)
    typed = adtrace.trace(formula, at=assignments(text, "--at"))
    assert typed.value.exact == adtrace.trace(formula, at=point).value.exact
    assert float(typed.value) == float(adtrace.trace(formula, at=point).value)
    assert tuple(typed.wengert.independents) == tuple(point)


def test_decimal_commas_are_read_only_when_they_are_asked_for() -> None:
    """1,5 is a number with ``decimal="comma"``, and refused without; operands are then parted by semicolons."""
    from adtrace.tracing.point import assignments

    with pytest.raises(adtrace.ParseError, match="decimals are written with a point"):
        adtrace.trace("1,5*x", at={"x": 2})
    value = adtrace.trace("1,5*x + max(x; 0,5)", at={"x": "0,25"}, decimal="comma").value
    assert value.exact is not None
    assert value.exact.as_integer_ratio() == (7, 8)
    assert assignments("x=1,5; y=2,5", "--at", "comma") == {"x": "1,5", "y": "2,5"}
    assert assignments("x=1,5, y=2", "--at", "comma") == {"x": "1,5", "y": "2"}


# -- random terms ------------------------------------------------------------------------------------------------------

_NAMES = ("x", "y", "x1", "w_out", "beta")
_LIBRARY = {"ln": "np.log", "asin": "np.arcsin", "abs": "np.abs", "max": "np.maximum", "sqrt": "np.sqrt"}
_MATHEMATICA = {"ln": "Log", "asin": "ArcSin", "abs": "Abs", "max": "Max", "sqrt": "Sqrt", "sin": "Sin", "exp": "Exp",
                "tanh": "Tanh"}  # fmt: skip
_HEADS = ("sin", "exp", "ln", "sqrt", "abs", "asin", "tanh", "max")
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^"}


def random_tree(rng: random.Random, depth: int) -> tuple[object, ...] | str:
    """Nested tuples of heads and operands."""
    kind = rng.random()
    if depth == 0 or kind < 0.15:
        return rng.choice((*_NAMES, "2", "0.5", "10", "3"))
    if kind < 0.6:
        return (rng.choice(tuple(_SIGNS)), random_tree(rng, depth - 1), random_tree(rng, depth - 1))
    if kind < 0.7:
        return ("neg", random_tree(rng, depth - 1))
    head = rng.choice(_HEADS)
    return (head, *(random_tree(rng, depth - 1) for _ in range(2 if head == "max" else 1)))


def written(tree: tuple[object, ...] | str, style: str) -> str:
    """The tree as somebody writes it, with all brackets."""
    if isinstance(tree, str):
        if style == "unicode":
            return {"x1": "x₁", "beta": "β"}.get(tree, tree)
        latex = {"w_out": r"w_{\mathrm{out}}", "x1": "x_1", "beta": r"\beta"} if style == "latex" else {}
        return latex.get(tree, tree)
    head, *operands = tree
    texts = [written(operand, style) for operand in operands]  # type: ignore[arg-type]
    if head == "neg":
        return f"({'−' if style == 'unicode' else '-'}{texts[0]})"
    if head in _SIGNS:
        one, other = texts
        if style == "latex" and head == "div":
            return rf"\frac{{{one}}}{{{other}}}"
        if style == "latex" and head == "pow":
            return f"{{{one}}}^{{{other}}}"
        if style == "juxtaposed" and head == "mul":
            return f"(({one})({other}))"
        sign = {
            "unicode": {"mul": "×", "div": "÷", "sub": "−"},
            "matlab": {"mul": ".*", "div": "./", "pow": ".^"},
            "numpy": {"pow": "**"},
            "latex": {"mul": r"\cdot "},
        }.get(style, {}).get(str(head), _SIGNS[str(head)])  # fmt: skip
        return f"({one} {sign} {other})"
    inside = ", ".join(texts)
    if style == "latex":
        special = {"sqrt": rf"\sqrt{{{inside}}}", "abs": rf"\left|{inside}\right|"}
        return special.get(str(head)) or rf"\{str(head).replace('asin', 'arcsin')}\left({inside}\right)"
    if style == "mathematica":
        return f"{_MATHEMATICA[str(head)]}[{inside}]"
    if style == "numpy":
        return f"{_LIBRARY.get(str(head), f'np.{head}')}({inside})"
    if style == "bars" and head == "abs":
        return f"(|{inside}|)"
    if style == "excel":
        return f"{str(head).upper()}({'; '.join(texts)})"
    return f"{head}({inside})"


@given(st.integers(0, 10**9))
@settings(max_examples=150)
def test_random_terms_come_back_from_each_spelling(seed: int) -> None:
    """Random terms in the spelling of LaTeX, Unicode, numpy, Matlab, Mathematica, Excel, with bars, side by side."""
    rng = random.Random(seed)
    tree = random_tree(rng, rng.randint(1, 4))
    wanted = said(read(written(tree, "plain"), frozenset(_NAMES)).terms)
    for style in ("latex", "unicode", "numpy", "matlab", "mathematica", "excel", "bars", "juxtaposed"):
        text = written(tree, style)
        assert said(again(text, frozenset(_NAMES))) == wanted, (style, text)


@given(st.integers(0, 10**9))
@settings(max_examples=150)
def test_random_terms_come_back_from_our_own_formulas(seed: int) -> None:
    """What adtrace prints of random terms, in each of its dialects, is read as these terms."""
    rng = random.Random(seed)
    tree = random_tree(rng, rng.randint(1, 5))
    terms = read(written(tree, "plain"), frozenset(_NAMES)).terms
    for dialect in DIALECTS:
        text = spelled(terms, dialect).text
        assert said(again(text, frozenset(_NAMES))) == said(terms), (dialect.name, text)
