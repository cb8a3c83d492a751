"""What is asked: functions, variables and points as people state them, and as options name them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from adtrace.checking.check import check
from adtrace.checking.problems.asked import Asked, asked, prose_of
from adtrace.checking.readings.names import canonical
from adtrace.checking.sheets import sheets
from adtrace.errors import BindingError, ParseError
from adtrace.language.syntax import Terms

# ruff: noqa: E501 - prose stands here as it is written


def words(terms: Terms) -> str:
    """Terms in postfix order, without their places and brackets."""
    return " ".join(str(term[0]) for term in terms if term[0] != "()")


def point(found: Asked) -> dict[str, str]:
    """The point as words."""
    return {name: words(terms) for name, terms in found.point.items()}


STATED: Mapping[str, tuple[str, list[str], dict[str, str]]] = {
    "plain": ("f(x, y) = x y + x at (2, 5)", ["x y mul x add"], {"x": "2", "y": "5"}),
    "dollars": (r"For $f(x_1, x_2) = \cos(x_1 x_2)$ at $x_1 = 2$, $x_2 = 0.25$:", ["x_1 x_2 mul cos"],
                {"x_1": "2", "x_2": "0.25"}),
    "tuple": ("Reverse mode of $f(a, b) = a b + 2 a$ at $(a, b) = (5, 3)$.", ["a b mul 2 a mul add"], {"a": "5", "b": "3"}),
    "code": ("the function `y = ln(x1)*x2` at `x1 = 2, x2 = 3`", ["x_1 ln x_2 mul"], {"x_1": "2", "x_2": "3"}),
    "sentence": ("f(x,y,z) = (x+y)z; x=-2, y=5, z=-4", ["x y add z mul"], {"x": "2 neg", "y": "5", "z": "4 neg"}),
    "definitions": (r"$z = \max(0, m)$ with $m = k h$ at $k = 2$, $h = 3$.", ["0 k h mul max"], {"k": "2", "h": "3"}),
    "named e": ("For f = (p + q) * (q - 2) at p = 3, q = 4:", ["p q add q 2 sub mul"], {"p": "3", "q": "4"}),
    "point alone": ("For x = 2:", [], {"x": "2"}),
    "matrix": (r"$$f(x, y) = \begin{bmatrix} x y \\ x - y^2 \end{bmatrix}$$ at $(x, y) = (2, 3)$.",
               ["x y mul", "x y 2 pow sub"], {"x": "2", "y": "3"}),
    "and": (r"Let $f(x) = \begin{pmatrix} x^2 \\ 3x + 1 \end{pmatrix}$ and $x = 4$.", ["x 2 pow", "3 x mul 1 add"], {"x": "4"}),
    "two outputs": ("y_1 = x_1 x_2, y_2 = x_1^2 at x_1 = 2, x_2 = 5", ["x_1 x_2 mul", "x_1 2 pow"], {"x_1": "2", "x_2": "5"}),
    "outputs in brackets": ("(y_1, y_2) = (a b, a^2) at a = 2, b = 5", ["a b mul", "a 2 pow"], {"a": "2", "b": "5"}),
    "order of indices": (r"Tangents of $y = x_2 \sin(x_1)$ by $x_2$ at $(0.5, 4)$:", ["x_2 x_1 sin mul"],
                         {"x_1": "0.5", "x_2": "4"}),
    "constants": (r"f(x) = x^2, $x = \frac{\pi}{3}$", ["x 2 pow"], {"x": "pi 3 div"}),
    "german": ("Vorwärtsmodus von f(t) = 3000*exp(t) bei t = 0,5.", ["3000 t exp mul"], {"t": "0.5"}),
    "braces": (r"Modo direto de $f(t) = \ln(t) \cdot t$ em $t = 2{,}5$.", ["t ln t mul"], {"t": "2.5"}),
    "chinese": ("计算 f(x, y) = x*y + x^2 在 x = 2, y = 3 处的梯度", ["x y mul x 2 pow add"], {"x": "2", "y": "3"}),
    "applied without a sign": ("y = x (1 - exp(-x)) at x = 0.7", ["x 1 x neg exp sub mul"], {"x": "0.7"}),
    "python": ("Evaluation of f(x, y) = x*y:\n\nx, y = 2, 3", ["x y mul"], {"x": "2", "y": "3"}),
    "arrays": ("y = sum(W @ x) at W = [[1, 2], [3, 4]], x = [5, 6]", ["W x matmul sum"],
               {"W": "1 2 array 3 4 array array", "x": "5 6 array"}),
    "columns": ("$y = \\operatorname{sum}(a - b)$ at $a = (3, 1)^T$, $b = (1, 2)^T$", ["a b sub sum"], {"a": "3 1 array", "b": "1 2 array"}),
    "remark behind": ("f(x, y) = x e^y, with x = 2, y = 1 (differentiate w.r.t. y)", ["x e y pow mul"], {"x": "2", "y": "1"}),
    "chain": ("y = f(a, b) = a b at a = b = 3", ["a b mul"], {"a": "3", "b": "3"}),
    "marked": ("f(u, ū) = u ū at u = 2, ū = 3", ["u u_bar mul"], {"u": "2", "u_bar": "3"}),
    "layers": ("$f(W^{(1)}, W^{(2)}) = W^{(1)} W^{(2)}$ at $W^{(1)} = 2$, $W^{(2)} = 5$", ["W⁽¹⁾ W⁽²⁾ mul"],
               {"W⁽¹⁾": "2", "W⁽²⁾": "5"}),
    "derivative": ("The derivative f'(x) = 2x of f(x) = x^2 at x = 3, where f(3) = 9", ["x 2 pow"], {"x": "3"}),
    "point of bars": ("f(x_1, x_2) = x_1 exp(x_2) im Punkt (1|2)", ["x_1 x_2 exp mul"], {"x_1": "1", "x_2": "2"}),
    "words": ("f(x, y) = x Foo(y) bar (2) with x = 2", [], {"x": "2"}),
    "remarks behind": ("f(x, y) = x*y at x = 2 (exact), y = 3 (exact)", ["x y mul"], {"x": "2", "y": "3"}),
    "samples": ("$y = x_1^{(1)} x_2^{(1)}$ at $x_1^{(1)} = 2$, $x_2^{(1)} = 3$", ["x⁽¹⁾_1 x⁽¹⁾_2 mul"],
                {"x⁽¹⁾_1": "2", "x⁽¹⁾_2": "3"}),
    "parameters": ("f(x; a) = a x at x = 2, a = 3", ["a x mul"], {"x": "2", "a": "3"}),
    "a working": ("Steps for f(w) = w^2 - 2w, step 0.25:\n\nw = 3 - 0.25*4 = 2", ["w 2 pow 2 w mul sub"], {}),
    "nothing": ("Dear all, here is my table.", [], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", STATED)
def test_functions_and_points_of_prose(name: str) -> None:
    """Each statement gives the formulas and numbers that it says."""
    prose, functions, values = STATED[name]
    found = asked(None, None, prose)
    assert list(map(words, found.functions)) == functions
    assert point(found) == values
    assert not functions or set(values) <= set(found.variables)


def test_options_come_before_prose() -> None:
    """The caller's function and point, a program among them; what is not given comes from the prose."""
    found = asked("a = x1*x2; y = a + sin(a)", {"x1": 2, "x2": "pi/2"}, "f(x) = x at x = 3")
    assert list(map(words, found.functions)) == ["x_1 x_2 mul x_1 x_2 mul sin add"]
    assert (point(found), found.variables) == ({"x_1": "2", "x_2": "pi 2 div"}, ("x_1", "x_2"))
    found = asked("t^2", None, "Here t = 3, as always.")
    assert point(found) == {"t": "3"}
    assert point(asked(None, {"x": 4}, "f(x) = x^2 at x = 3")) == {"x": "4"}


def test_a_point_of_more_variables_has_them_all() -> None:
    """A function of x at a point of x and y is one of both, as its table has a row for each."""
    assert asked("f(x) = 3*x", {"x": 1, "y": 2}, "").variables == ("x", "y")
    assert asked("f(y, x) = 3*x", {"x": 1}, "y = 2").variables == ("y", "x")


def test_several_functions_stand_by_themselves_too() -> None:
    """Each may belong to a table of its own: which one is told by what the tables compute."""
    found = asked(["5*x", "x^3 + x"], {"x": 2}, "")
    assert [list(map(words, one.functions)) for one in found.each] == [["5 x mul"], ["x 3 pow x add"]]
    assert asked(None, None, "f(x) = x^2, g(x) = 3x at x = 1").each[1].variables == ("x",)


def test_a_function_that_nobody_defines_is_a_remark() -> None:
    """Neither an error nor a product."""
    for found in (asked(None, None, "$y = g(a b)$"), asked("g(a*b)", {"a": 1, "b": 2}, "")):
        assert found.functions == ()
        assert "g is not a function that is known" in found.remarks[0]


def test_what_does_not_fit_is_refused() -> None:
    """A formula that cannot be read, a variable without a value."""
    with pytest.raises(ParseError):
        asked("x +* 2", {"x": 1}, "")
    with pytest.raises(BindingError, match="y of the function has no value"):
        asked("x*y", {"x": 1}, "")


def test_a_seed_of_a_stranger() -> None:
    """A seed of what is no variable is refused by name; where no function is told it is noted beside the report."""
    table = "| name | formula | value | d |\n|---|---|---|---|\n| v_1 | x | 2 | 1 |\n| v_2 | v_1^2 | 4 | 4 |\n"
    with pytest.raises(BindingError, match="the seed names q; the variables are x"):
        check(table, {"x": 2}, function="x^2", seed="q")
    with pytest.raises(BindingError, match="a seed is the name of a variable, or a mapping"):
        check(table, {"x": 2}, function="x^2", seed=1.0)  # type: ignore[arg-type]
    assert [problem.sentence for problem in check(table, seed="q").problems] == [
        "the seed names q; the variables are x"
    ]
    assert not check(table, {"x": 2}, function="x^2", seed="x").problems


@pytest.mark.parametrize(("prose", "seed"), [
    ("f(x_1, x_2) = x_1 x_2 at (2, 3), derivative by x1", {"x_1": "1", "x_2": "0"}),
    ("g(s, t) = s t at s = 2, t = 3; Ableitung nach t", {"s": "0", "t": "1"}),
    ("g(s, t) = s t at s = 2, t = 3, along (1, -2)", {"s": "1", "t": "2 neg"}),
    ("g(s, t) = s t at s = 2, t = 3, derivatives by s and by t", {}),
    ("g(s, t) = s t at (2, 3) with seed s = 1, t = -2", {"s": "1", "t": "2 neg"}),
    (r"$g(s, t) = s t$ at $(2, 3)$, $\dot s = 1$ and $\dot t = -2$", {"s": "1", "t": "2 neg"}),
    (r"$g(s, t) = s t$ at $(2, 3)$, $\Delta s = 1$, $\Delta t = -2$", {"s": "1", "t": "2 neg"}),
    (r"$g(s, t) = s t$ at $(2, 3)$. Setting $D_p s = 1$ and $D_p t = -2$ gives", {"s": "1", "t": "2 neg"}),
    (r"$g(x_1, x_2) = x_1 x_2$ at $(2, 3)$, $x_1^{(1)} = 1$, $x_2^{(1)} = -2$", {"x_1": "1", "x_2": "2 neg"}),
    (r"$g(x_1, x_2) = x_1 x_2$ at $(2, 3)$ with $\dot{x} = (1, -2)$", {"x_1": "1", "x_2": "2 neg"}),
    (r"$f(x, \dot x) = x \dot x$ at $x = 2$, $\dot x = 3$", {}),
])  # fmt: skip
def test_directions(prose: str, seed: dict[str, str]) -> None:
    """A variable, a direction or tangents that the prose names are a hint at the seed, and nothing of the point."""
    found = asked(None, None, prose)
    assert {name: words(terms) for name, terms in found.seed.items()} == seed
    assert list(point(found).values()) == ["2", "3"]
    assert not found.weights


def test_our_own_captions_are_read_in_every_format() -> None:
    """Function and point come back out of the caption of each."""
    import adtrace

    trace = adtrace.trace("f(x1, x2) = ln(x1) + x1*x2", at={"x1": 2, "x2": 5})
    for form in ("markdown", "text", "latex", "html", "typst", "json"):
        found = asked(None, None, prose_of(sheets(trace.table(format=form), form)))
        assert list(map(words, found.functions)) == ["x_1 ln x_1 x_2 mul add"], form
        assert {name: float(value) for name, value in point(found).items()} == {"x_1": 2, "x_2": 5}, form


def test_names_have_one_spelling() -> None:
    """The index stands apart."""
    assert [canonical(name) for name in ("x1", "x_1", "x_{1}", "w_12", "loss", "v_-1")] == [
        "x_1",
        "x_1",
        "x_1",
        "w_12",
        "loss",
        "v_-1",
    ]


@pytest.mark.parametrize("prose", ["x = " * 5_000, "f(" * 9_000, "$" * 19_000, "(x, y) = (" * 2_000, "\n" * 19_000,
                                   " at (1," * 3_000, "f(x) = " + "(" * 900, "a = 1, " * 3_000])  # fmt: skip
def test_hostile_prose_is_answered(prose: str) -> None:
    """Something, and no traceback."""
    assert asked(None, None, prose).functions is not None


STARTED = {
    r"Seed $\bar f = 2$.": "11 3.4327",
    "The reverse sweep is seeded with 2.": "11 3.4327",
    "Reverse mode with weight -3 on f.": "-16.5 -5.149",
    r"We start from $\bar v_5 = 0.5$.": "2.75 0.8582",
    "Reverse mode.": "5.5 1.7163",
}
"""What prose says of the adjoint of the result, and the gradient of ln(x) + x y - sin(y) at (2, 5) times that: by hand
it is (1/2 + 5, 2 - cos 5)."""


@pytest.mark.parametrize("said", STARTED)
def test_adjoints_begin_as_the_prose_says(said: str) -> None:
    """The last rows of the sweep are right with the weight that is told, and wrong with any other."""
    x, y = STARTED[said].split()
    rows = "| v_1 | ln(x) | 0.6931 |\n| v_2 | x y | 10 |\n| v_3 | sin(y) | -0.9589 |\n| v_4 | v_1 + v_2 | 10.6931 |\n"
    table = f"| | operation | value |\n|-|-|-|\n| x | | 2 |\n| y | | 5 |\n{rows}| v_5 | v_4 - v_3 | 11.6521 |\n"
    grad = f"\n| | adjoint |\n|-|-|\n| x̄ | {x} |\n| ȳ | {y} |\n"
    prose = r"$f(x, y) = \ln(x) + x y - \sin(y)$ at $(x, y) = (2, 5)$. "
    assert not [f for f in check(prose + said + "\n\n" + table + grad).findings if f.state == "wrong"]
    other = check(prose + said + "\n\n" + table + grad.replace(x, "7").replace(y, "8"))
    assert [f.place.row for f in other.findings if f.state == "wrong"]


@pytest.mark.parametrize(
    ("said", "weights"),
    [(r"Setting $\bar y = 3$ and $\bar z = -1$", "3 | 1 neg"), ("with weights 3 on y and -1 on z", "3 | 1 neg"),
     ("with weights (3, -1)", "3 | 1 neg"), ("weights 3 and -1", "3 | 1 neg"), ("Forward mode with seed 2", ""),
     (r"First $\bar y = 1$, then $\bar y = 0$", "1"), (r"First $\bar y = 2$, then $\bar y = 0$", "")],
)  # fmt: skip
def test_weights_of_several_outputs(said: str, weights: str) -> None:
    """Each output has the weight that the prose gives it; none if it gives one two, but 1 in a sweep of its own, and none
    of a forward sweep.
    """
    named = asked(None, None, f"(y, z) = (a b, a^2) at a = 2, b = 5. {said}")
    assert " | ".join(map(words, named.weights.values())) == weights


@pytest.mark.parametrize(
    "said",
    ["De functie f(x, y) = x y in x = 1,2 en y = 2,5.", "f(x, y) = x y voor x = 1,2 en y = 2,5",
     "On calcule f(x, y) = x y en x = 1,2 et y = 2,5", "f(x, y) = x y com x = 1,2 e y = 2,5",
     "f(x, y) = x y för x = 1,2 och y = 2,5", "f(x, y) = x y dla x = 1,2 i y = 2,5", "f(x, y) = x y for x = 1,2 and y = 2,5",
     "$f(x, y) = x y$ in $x = 1{,}2$ en $y = 2{,}5$"],
)  # fmt: skip
def test_decimal_commas_in_sentences(said: str) -> None:
    """x = 1,2 of one name is a decimal in every language; x, y = 1,2 are two numbers."""
    assert point(asked(None, None, said)) == {"x": "1.2", "y": "2.5"}
    assert point(asked(None, None, "f(x, y) = x*y:\n\nx, y = 1,2")) == {"x": "1", "y": "2"}


def test_corrections_have_the_commas_of_the_document() -> None:
    """0,83 is corrected to 0,93, and what the cell says stays as it stands there; with points it is 0.93."""
    rows = "| v1 | x*y | 3 |\n| v2 | sin(x) | 0,83 |\n| v3 | v1+v2 | 3,932 |\n"
    table = f"f(x, y) = x y + sin(x) bei x = 1,2 und y = 2,5\n\n| | Operation | Wert |\n|-|-|-|\n{rows}"
    assert [f.sentence for f in check(table).mistakes] == ["0,83 should be 0,93"]
    english = table.replace(",2 und", ".2 and").replace("2,5", "2.5").replace("0,83", "0.83").replace("3,932", "3.932")
    assert [f.sentence for f in check(english).mistakes] == ["0.83 should be 0.93"]


def test_too_few_decimals_are_the_cause_that_is_told() -> None:
    """10.69 for 10.6931 is rounded rightly, and has two of the four decimals that are asked for."""
    rows = "| v1 | ln(x) | 0.6931 |\n| v2 | x*y | 10 |\n| v3 | v1+v2 | 10.69 |\n"
    table = f"f(x, y) = ln(x) + x*y at x = 2, y = 5\n\n| | operation | value |\n|-|-|-|\n{rows}"
    told = [f.sentence for f in check(table, digits=4).mistakes]
    assert told == ["10.69 should be 10.6931 (it has 2 decimals where 4 are asked for)"]
    assert not check(table, digits=2).mistakes


TOLD = {
    r"(y, z) = (a b, a^2) at a = 2, b = 5, weights (3, -1)": ("adjoint", "a | | 2 | 11", "b | | 5 | 6", "", ""),
    r"(y, z) = (a b, a^2) at a = 2, b = 5, weights 3 on y and -1 on z": (
        "adjoint",
        "a | | 2 | 11",
        "b | | 5 | 6",
        "",
        "",
    ),
    r"(y, z) = (a b, a^2) at (2, 5) with seed a = 1, b = -2": ("tangent", "a | | 2 | 1", "b | | 5 | -2", " 1", " 4"),
    r"(y, z) = (a b, a^2) at (2, 5). Setting $D_p a = 1$, $D_p b = -2$": (
        "tangent",
        "a | | 2 | ",
        "b | | 5 | ",
        " 1",
        " 4",
    ),
}
"""Ways to say how a sweep starts, and what follows: 3*5 - 2*2 = 11 and 3*2 = 6; 5 - 2*2 = 1 and 2*2 = 4."""


@pytest.mark.parametrize("said", TOLD)
def test_sweeps_start_as_the_prose_says(said: str) -> None:
    """What is right with these weights, or along this seed, is right, and any other number of an end is not."""
    quantity, a, b, y, z = TOLD[said]
    rows = f"| {a} |\n| {b} |\n| y | a b | 10 |{y} |\n| z | a^2 | 4 |{z} |\n"
    table = f"{said}\n\n| | operation | value | {quantity} |\n|-|-|-|-|\n{rows}"
    assert not check(table).mistakes, check(table)
    for right, wrong in (("11", "12"), ("| 5 | 6", "| 5 | 7"), ("10 | 1 ", "10 | 2 "), ("4 | 4", "4 | 5")):
        if right in table:
            assert [f.state for f in check(table.replace(right, wrong)).findings].count("wrong") == 1, right


def test_a_second_formula_of_the_prose_is_no_second_output() -> None:
    """p is what the table is of; q, called otherwise, is only spoken of.  p_1 and p_2 are outputs, both."""
    table = "\n\n| | operation | value |\n|-|-|-|\n| v_1 | x | 2 |\n| v_2 | y | 3 |\n| v_3 | v_1 v_2 | 6 |\n"
    one = check("We study p = x y at x = 2, y = 3.  Compare q = x + y." + table)
    assert (one.exit_status, str(one).startswith("judged as f(x, y) = x*y at")) == (0, True)
    both = check("We study p_1 = x y and p_2 = x + y at x = 2, y = 3." + table + "| v_4 | v_1 + v_2 | 5 |\n")
    assert (both.exit_status, str(both).startswith("judged as f(x, y) = (x*y, x + y) at")) == (0, True)
