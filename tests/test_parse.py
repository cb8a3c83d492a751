"""The language: what is read, how it groups, and what is refused with which sentence."""

from __future__ import annotations

import ast
import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adtrace.elementals import FUNCTIONS, read
from adtrace.errors import AdtraceError, BoundError, ParseError
from adtrace.language.syntax import GROUP, Apply, Name, Terms, spelling
from adtrace.limits import Limits
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import spelled

NAMES = ("x", "y", "x1", "w_out", "pi", "e")
NUMBERS = ("0", "2", "10", "0.5", ".25", "3.", "1e3", "2E-3", "1.5e+2")


def tree(terms: Terms) -> object:
    """The terms as nested tuples, brackets left out."""
    stack: list[object] = []
    for term in terms:
        if type(term) is not Apply:
            stack.append(term[0])
        elif term.head != GROUP:
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            stack.append((term.head, *operands))
    assert len(stack) == 1
    return stack[0]


_PYTHON = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
           ast.USub: "neg", ast.UAdd: "+()"}  # fmt: skip


def python_tree(text: str) -> object:
    """What Python's own parser makes of the text, in the same tuples."""
    text = " ".join(text.replace("^", "**").split())

    def convert(node: ast.AST) -> object:
        if isinstance(node, ast.BinOp):
            return (_PYTHON[type(node.op)], convert(node.left), convert(node.right))
        if isinstance(node, ast.UnaryOp):
            return (_PYTHON[type(node.op)], convert(node.operand))
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            return (node.func.id, *map(convert, node.args))
        source = ast.get_source_segment(text, node)
        assert source is not None
        return source

    return convert(ast.parse(text, mode="eval").body)


def random_text(rng: random.Random, depth: int) -> str:
    """An expression of the language, with brackets, signs and blanks where they may stand."""
    blank = rng.choice(("", "", " ", "  ", "\t", "\n"))
    kind = rng.random()
    if depth == 0 or kind < 0.2:
        return rng.choice(NAMES + NUMBERS)
    if kind < 0.3:
        return f"({blank}{random_text(rng, depth - 1)})"
    if kind < 0.45:
        return f"{rng.choice('+-')}{blank}{random_text(rng, depth - 1)}"
    if kind < 0.6:
        name = rng.choice(("sin", "ln", "sqrt", "max", "atan2", "min"))
        count = {"max": 3, "min": 2, "atan2": 2}.get(name, 1)
        return f"{name}{blank.strip(chr(10))}({f',{blank}'.join(random_text(rng, depth - 1) for _ in range(count))})"
    sign = rng.choice(("+", "-", "*", "/", "^", "**", "^", "-"))
    return f"{random_text(rng, depth - 1)}{blank}{sign}{blank}{random_text(rng, depth - 1)}"


RANDOM = [random_text(random.Random(seed), 1 + seed % 5) for seed in range(800)]


def test_random_texts_reach_every_operator_and_depth() -> None:
    """The generator below is no formality: every head, and long texts, occur in it."""
    heads = {term.head for text in RANDOM for term in read(text).terms if type(term) is Apply}
    assert heads >= {"add", "sub", "mul", "div", "pow", "neg", "+()", "()", "sin", "max", "atan2"}
    assert max(map(len, RANDOM)) > 100
    assert len(set(RANDOM)) > 500


def test_groups_as_python_does() -> None:
    """Eight hundred random expressions group exactly as Python's parser groups them."""
    for text in RANDOM:
        assert tree(read(text).terms) == python_tree(text), text


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a - b - c", ("sub", ("sub", "a", "b"), "c")),
        ("a/b/c", ("div", ("div", "a", "b"), "c")),
        ("a^b^c", ("pow", "a", ("pow", "b", "c"))),
        ("-a^2", ("neg", ("pow", "a", "2"))),
        ("a^-b^2", ("pow", "a", ("neg", ("pow", "b", "2")))),
        ("-a*b", ("mul", ("neg", "a"), "b")),
        ("a - -b", ("sub", "a", ("neg", "b"))),
        ("a*b + c/d - e", ("sub", ("add", ("mul", "a", "b"), ("div", "c", "d")), "e")),
    ],
)
def test_precedence(text: str, grouped: object) -> None:
    """Sums and products group to the left, powers to the right and before signs."""
    assert tree(read(text).terms) == grouped


def test_two_spellings_of_a_power_are_one() -> None:
    """``^`` and ``**`` mean the same."""
    assert spelling(read("x^2").terms) == spelling(read("x**2").terms)


def test_spelled_and_read_again() -> None:
    """An expression printed in ASCII reads back as the same tree, with every bracket of the author's still there."""
    for text in RANDOM:
        terms = read(text).terms
        printed = spelled(terms, PLAIN).text
        again = read(printed).terms
        assert tree(again) == tree(terms), (text, printed)
        assert _brackets(again) >= _brackets(terms), (text, printed)
        assert spelled(again, PLAIN).text == printed, (text, printed)


def _brackets(terms: Terms) -> int:
    return sum(type(term) is Apply and term.head == GROUP for term in terms)


@pytest.mark.parametrize(
    "text", ["ln(x1) + x1*x2 - sin(x2)", "(x)", "((x))", "x*(y + 1)", "(x*y)*2", "1/3", "0.10", "x - (-y)", "+x", "1e3"]
)
def test_kept_as_typed(text: str) -> None:
    """What is written with our blanks comes back character by character: no bracket, zero or sign is lost."""
    assert spelled(read(text).terms, PLAIN).text == text


def test_terms_carry_their_places() -> None:
    """Each term knows where in the text it stands."""
    text = " ln ( x1 ) + 20*x2"
    for term in read(text).terms:
        word = {"add": "+", "mul": "*"}.get(term[0], term[0])
        assert text.startswith(word, term.position), term


# --- refusals, in full ---------------------------------------------------------------------------------------------

LETTERS = "names are the letters A to Z and a to z, digits and underscores"
NOT = "is not part of the language"
EQUALS = f"'=' {NOT}: an equals sign stands after the left side only"
MISSING = "an operator is missing here: products are written with *"
POINT = f"'.' {NOT}: a point stands in a number only, and functions are bare names: sin(x)"

REFUSED = [
    # products that are not written
    ("2x", "products are written out: 2*x", 1),
    ("2(x + 1)", "products are written out: 2*(...)", 1),
    ("2 x", MISSING, 2),
    ("x y", MISSING, 2),
    ("(x)(y)", MISSING, 3),
    ("(x)y", MISSING, 3),
    ("1e5x", "products are written out: 1e5*x", 3),
    ("1_000", f"'_' {NOT}: a name begins with a letter", 1),
    ("0x10", "numbers are written in decimal", 1),
    ("0b11*x", "numbers are written in decimal", 1),
    ("1.2.3", "a number has one decimal point", 3),
    ("x if x else y", MISSING, 2),
    ("import os", MISSING, 7),
    # functions
    ("sin x", "sin is a function: write its operand in brackets, sin(...)", 0),
    ("ln", "ln is a function: write its operand in brackets, ln(...)", 0),
    ("x + cos", "cos is a function: write its operand in brackets, cos(...)", 4),
    ("sin^2(x)", "sin is a function: write its power as sin(...)^2", 0),
    ("sin**2(x)", "sin is a function: write its power as sin(...)^2", 0),
    ("sine(x)", "unknown function 'sine' (did you mean 'sin'?)", 0),
    ("Sin(x)", "unknown function 'Sin' (did you mean 'sin'?)", 0),
    ("log_2(x)", "unknown function 'log_2' (did you mean 'log2'?)", 0),
    ("2*tg(x)", "unknown function 'tg' (here it is written tan)", 2),
    ("pow(x, 2)", "unknown function 'pow' (here it is written u^w)", 0),
    ("round(x)", "unknown function 'round'", 0),
    ("zeta(x)", "unknown function 'zeta' (did you mean 'beta'?)", 0),
    ("eval(x)", "unknown function 'eval'", 0),
    ("qqqq(x)", "unknown function 'qqqq'", 0),
    ("pi(x)", "pi is a constant, not a function; write pi*(...) for a product", 0),
    ("sin(x, y)", "sin takes one operand, not 2", 0),
    ("1 + max(x)", "max takes 2 or more operands, not 1", 4),
    ("atan2(x)", "atan2 takes 2 operands, not 1", 0),
    ("log(x, 2, 3)", "log takes 1 or 2 operands, not 3", 0),
    # brackets and commas
    ("(x", "this bracket is never closed", 0),
    ("2*sin(x", "this bracket is never closed", 5),
    ("((x)", "this bracket is never closed", 0),
    ("x)", "this bracket was never opened", 1),
    ("()", "there is nothing in these brackets", 1),
    ("sin( )", "there is nothing in these brackets", 5),
    ("max(x,)", "there is no operand after the comma", 6),
    ("max(,x)", "',' has no operand before it", 4),
    (
        "1,5*x",
        "a comma separates the operands of a function; "
        "decimals are written with a point, 1.5, and several outputs in brackets, (a, b)",
        1,
    ),
    ("x[0]", "x is a number and has no entries: write x_1 for a name", 1),
    ("{x}", f"'{{' {NOT}: use round brackets", 0),
    ("x^{2}", f"'{{' {NOT}: use round brackets", 2),
    # operators
    ("", "there is no expression", 0),
    ("x +", "the expression ends too early", 3),
    ("-", "the expression ends too early", 1),
    ("*x", "'*' has no operand before it", 0),
    ("x^^2", "'^' has no operand before it", 2),
    ("(x +)", "')' has no operand before it", 4),
    ("x//2", "whole-number division is floor(x/y)", 2),
    ("x!", f"'!' {NOT}: there is no factorial", 1),
    ("x % 2", f"'%' {NOT}: a remainder is mod(x, y), and x percent is x/100", 2),
    ("|x|", f"'|' {NOT}: write abs(...)", 0),
    ("x < 3", f"'<' {NOT}: there are no comparisons", 2),
    ("x & y", f"'&' {NOT}", 2),
    ("~x", f"'~' {NOT}", 0),
    # equals signs
    ("x==3", EQUALS, 1),
    ("x = y = 3", EQUALS, 6),
    ("= x", EQUALS, 0),
    ("y =", "there is no expression", 3),
    ("y = x +", "the expression ends too early", 7),
    ("y := x", f"':' {NOT}: a left side ends in =", 2),
    ("lambda: x", f"':' {NOT}: a left side ends in =", 6),
    ("f(2) = x", "'2' is not a name", 2),
    ("f() = x", "'' is not a name", 2),
    ("f(x, ) = x", "'' is not a name", 5),
    ("f(x, x) = x", "x is declared twice", 5),
    # other alphabets and marks
    ("x²", f"'²' {NOT}: write ^2", 1),
    ("x⁷", f"'⁷' {NOT}: write ^7", 1),
    ("x₁", f"'₁' {NOT}: write the digit on the line, 1", 1),
    ("½*x", f"'½' {NOT}: write fractions as 1/2", 0),
    ("σ(x)", f"'σ' {NOT}: write sigmoid(...), or sigma for a variable", 0),
    ("2*π", f"'π' {NOT}: write pi", 2),
    ("λ*x", f"'λ' {NOT}: write lambda", 0),
    ("Γ*x", f"'Γ' {NOT}: write Gamma", 0),
    ("√x", f"'√' {NOT}: write sqrt(...)", 0),
    ("x−1", f"'−' {NOT}: write the minus sign as -", 1),
    ("x·y", f"'·' {NOT}: write *", 1),
    ("x ÷ y", f"'÷' {NOT}: write /", 2),
    ("∞", f"'∞' {NOT}: numbers are finite", 0),
    ("٣*x", f"'٣' {NOT}: digits are 0 to 9", 0),
    ("１*x", f"'１' {NOT}: digits are 0 to 9", 0),
    ("ｓｉｎ(x)", f"'ｓ' {NOT}: {LETTERS}", 0),
    ("х + 1", f"'х' {NOT}: {LETTERS}", 0),
    ("xé", f"'é' {NOT}: {LETTERS}", 1),
    # text of other languages
    ("\\frac{1}{x}", f"'\\' {NOT}: write the formula as plain text: ln(x1), not LaTeX", 0),
    ("$x$", f"'$' {NOT}: write the formula without dollar signs", 0),
    ("'x'", f'"\'" {NOT}: there are no quotes or primes', 0),
    ('"x"', f"'\"' {NOT}: there are no quotes", 0),
    ("x; y", "only the last statement may stand without a name, such as y = ...", 0),
    ("(x; y)", "this bracket is never closed", 0),
    ("np.sin(x)", POINT, 2),
    ("x.real", POINT, 1),
    ("x@y", f"'@' {NOT} of numbers: it is of arrays, and there is none here", 1),
]


@pytest.mark.parametrize(("text", "sentence", "column"), REFUSED, ids=[repr(text) for text, _, _ in REFUSED])
def test_refused_with_its_place(text: str, sentence: str, column: int) -> None:
    """What is not in the language is refused in one sentence, the text below it, and a caret under the fault."""
    with pytest.raises(ParseError) as refusal:
        read(text)
    assert str(refusal.value) == f"{sentence}\n  {text}\n  {' ' * column}^"
    assert (refusal.value.problem, refusal.value.text) == (sentence, text)


def test_a_caret_stands_under_its_character() -> None:
    """Characters that take two columns of a terminal, or none, are counted so; control characters are shown."""
    with pytest.raises(ParseError) as wide:
        read("f(ｘ) = x")
    assert str(wide.value).endswith("\n  f(ｘ) = x\n    ^")
    with pytest.raises(ParseError) as after:
        read("f(x, ｘ, é) = x")
    assert str(after.value).endswith("\n  f(x, ｘ, é) = x\n       ^")
    with pytest.raises(ParseError) as control:
        read("x\x00\x1b[31m")
    assert str(control.value) == f"'\\x00' {NOT}\n  x\\x00\\x1b[31m\n   ^"


def test_a_long_text_is_shown_in_part() -> None:
    """Of a long line only the neighbourhood of the fault is shown."""
    with pytest.raises(ParseError) as refusal:
        read("x + " * 500 + "2x" + " + x" * 500)
    _, line, caret = str(refusal.value).split("\n")
    assert line.startswith("  ...")
    assert line.endswith("...")
    assert len(line) < 140
    assert line[len(caret) - 1] == "x"


def test_a_line_end_is_a_blank_but_shown_in_a_message() -> None:
    """An expression may have several lines; a message shows the one at fault, with its number."""
    assert tree(read("x\n +\r\n\ty").terms) == ("add", "x", "y")
    with pytest.raises(ParseError) as refusal:
        read("x\n+ 2y")
    assert str(refusal.value) == "products are written out: 2*y\n  line 2: + 2y\n             ^"


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["beta", "S", "N", "E", "e", "pi", "sin", "gamma", "I", "O", "Q", "lambda", "max", "ln"]
)
def test_a_declared_name_is_a_variable(name: str) -> None:
    """Whatever sympy, Python or this language means by a name: declared, it is the author's variable."""
    for expression in (read(f"{name} + 1", frozenset([name])), read(f"f({name}) = {name} + 1")):
        assert [term.name for term in expression.terms if type(term) is Name] == [name]
        assert tree(expression.terms) == ("add", name, "1")


def test_a_declared_name_is_not_called() -> None:
    """A variable before a bracket is a product that is not written."""
    with pytest.raises(ParseError) as refusal:
        read("x(x + 1)", frozenset("x"))
    assert str(refusal.value) == "x is a variable, not a function; write x*(...) for a product\n  x(x + 1)\n  ^"


def test_left_sides() -> None:
    """A left side names the function and orders its variables, or names the result."""
    whole = read(" f ( x2 ,x1 ) = x1 + x2")
    assert (whole.function, whole.parameters, whole.statements[0].name) == ("f", ("x2", "x1"), None)
    named = read("y = x1 + x2")
    assert (named.function, named.parameters, named.statements[0].name) == (None, None, "y")
    bare = read("x1 + x2")
    assert (bare.function, bare.parameters, bare.statements[0].name) == (None, None, None)
    assert spelling(whole.terms) == spelling(named.terms) == spelling(bare.terms)


def test_a_function_may_share_the_name_of_one() -> None:
    """``sin(x) = x`` declares a function called sin and does not call the sine."""
    assert read("sin(x) = x").function == "sin"


@pytest.mark.parametrize("name", ["arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "step", "log", "ln"])
def test_other_names_that_people_type(name: str) -> None:
    """The aliases are functions of one operand and are kept in the author's spelling."""
    assert tree(read(f"{name}(x)").terms) == (name, "x")


def test_the_functions_of_the_language() -> None:
    """Each function that the language promises can be called with its operands."""
    one = (
        "exp ln log log2 log10 sqrt cbrt sin cos tan cot sec csc asin acos atan sinh cosh tanh asinh acosh atanh "
        "abs sign relu sigmoid softplus heaviside erf erfc erfi normcdf gamma loggamma digamma trigamma lambertw "
        "Si Ci sinc floor ceiling ceil frac"
    )
    for name in one.split():
        assert tree(read(f"{name}(x)").terms) == (name, "x")
    for name in ("atan2", "max", "min", "log", "polygamma", "besselj", "beta", "mod"):
        assert tree(read(f"{name}(x, y)").terms) == (name, "x", "y")
    assert tree(read("max(x, y, 1, 2)").terms) == ("max", "x", "y", "1", "2")


# --- bounds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1e1000000000", "1e-1000000000", "1e401", "9" * 401, "0." + "1" * 400, "1e" + "9" * 99]
)
def test_a_number_is_bounded_before_it_is_made(text: str) -> None:
    """Digits and exponent of a literal are bounded, and the sentence says by how much and where."""
    with pytest.raises(BoundError, match=r"^a number may have 400 digits and a decimal exponent up to 400\n"):
        read(f"x + {text}")


def test_bounds_are_what_they_say() -> None:
    """The bound itself is allowed; a caller's bound takes its place."""
    assert len(read("9" * 400).terms) == 1
    assert len(read("1e400").terms) == 1
    assert len(read("9" * 401, limits=Limits(literal_digits=401)).terms) == 1
    with pytest.raises(BoundError, match=r"^the expression has 5 characters; the bound is 4$"):
        read("x + 1", limits=Limits(characters=4))


def test_depth_needs_no_recursion() -> None:
    """Twenty thousand brackets, signs, powers or functions are read in one loop: Python goes a thousand deep."""
    assert len(read("(" * 20_000 + "x" + ")" * 20_000).terms) == 20_001
    assert len(read("-" * 20_000 + "x").terms) == 20_001
    assert len(read("x" + "^x" * 20_000).terms) == 40_001
    assert len(read("sin(" * 20_000 + "x" + ")" * 20_000).terms) == 20_001


# --- anything at all -----------------------------------------------------------------------------------------------

_QUICK = settings(max_examples=300)
_SEEDS = ["ln(x1) + x1*x2 - sin(x2)", "f(x, y) = x^2/y - max(x, 1e-3, pi)", "-(x + 2)^-0.5*exp(-x)", "y = log(x, 2)"]
_ALPHABET = st.one_of(st.characters(), st.sampled_from("()+-*/^,.= _0123456789eExy\\'\"[]{}$|²π\x00\n"))


def _accepted_or_refused(text: str) -> None:
    """Read the text; an error of ours is fine, and has a place inside the text."""
    refusal: AdtraceError | None = None
    terms: Terms = ()
    try:
        terms = read(text).terms
    except AdtraceError as error:
        refusal = error
    if refusal is None:
        assert re.fullmatch(r"[\x20-\x7e\s]*", text)
        assert all(term.head in FUNCTIONS or term.head in _HEADS for term in terms if type(term) is Apply)
    if isinstance(refusal, ParseError):
        assert 0 <= refusal.position <= len(text)
        assert str(refusal).count("\n") == 2
        assert all(char.isprintable() or char == "\n" for char in str(refusal))


_HEADS = {*_PYTHON.values(), GROUP}


@_QUICK
@given(st.text(_ALPHABET))
@example("f(" + "x" * 40 + "=")
@example("\ud800")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Arbitrary text is accepted or refused with our error, never anything else."""
    _accepted_or_refused(text)


@_QUICK
@given(st.sampled_from(_SEEDS + RANDOM[:100]), st.integers(0, 10**6), st.sampled_from("idr"), _ALPHABET)
def test_one_wrong_character_is_read_or_refused(text: str, place: int, change: str, char: str) -> None:
    """A valid text with one character put in, taken out or replaced is accepted or refused with our error."""
    place %= len(text)
    _accepted_or_refused(text[:place] + ("" if change == "d" else char) + text[place + (change != "i") :])
