"""The three sweeps on the examples of the books, on repeated and shared operands, and by the dot-product test."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq
from oracles import close, digits, real
from wengert_lists import contributions

import adtrace
from adtrace.errors import BoundError
from adtrace.limits import Limits
from adtrace.numbers.rounding import fixed
from adtrace.settings import HALF_EVEN
from adtrace.tracing.spread import spread
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.tracing.wengert import Variable, validate

GRIEWANK = "f(x1, x2) = (sin(x1/x2) + (x1/x2 - exp(x2)))*(x1/x2 - exp(x2))"
BAYDIN = "f(x1, x2) = ln(x1) + x1*x2 - sin(x2)"


def rounded(numbers: list[Any]) -> list[str | None]:
    """Numbers of a sweep at four decimals."""
    return [fixed(x, 4, HALF_EVEN) for x in numbers]


def fractions(numbers: list[Any]) -> list[Fraction]:
    """Numbers of a sweep that must be exact."""
    assert all(type(x) is fmpq for x in numbers)
    return [Fraction(int(x.p), int(x.q)) for x in numbers]


def rows(trace: adtrace.Trace) -> list[str]:
    """The rows as ``mul -1 0``: the elemental and the indices of its operands, ``c`` for a constant."""
    return [
        " ".join([row.elemental.name, *(str(int(x)) if type(x) is Variable else "c" for x in row.operands)])
        for row in trace.wengert.rows
    ]


def sweep(expression: str, at: dict[str, Any], **options: Any) -> Sweep:
    """The sweep of an expression at a point."""
    return adtrace.trace(expression, at=at, **options).evaluation.first()


def test_griewank_s_example() -> None:
    """Griewank and Walther, Tables 1.2 to 1.4: values, tangents of x1 and adjoints at (1.5, 0.5).

    The book computes with rounded factors, and prints 2.0167 for 2.01664... and -13.7239 for -13.72396...
    """
    trace = adtrace.trace(GRIEWANK, at={"x1": 1.5, "x2": 0.5}, seed="x1")
    assert rows(trace) == ["div -1 0", "sin 1", "exp 0", "sub 1 3", "add 2 4", "mul 5 4"]
    found = trace.evaluation.first()
    assert rounded(found.values) == [
        "1.5000", "0.5000", "3.0000", "0.1411", "1.6487", "1.3513", "1.4924", "2.0166",
    ]  # fmt: skip
    assert rounded(found.tangents[0]) == [
        "1.0000", "0.0000", "2.0000", "-1.9800", "0.0000", "2.0000", "0.0200", "3.0118",
    ]  # fmt: skip
    assert rounded(found.adjoints) == [
        "3.0118", "-13.7240", "1.5059", "1.3513", "-2.8437", "2.8437", "1.3513", "1.0000",
    ]  # fmt: skip


def test_baydin_s_example() -> None:
    """Baydin et al., Tables 2 and 3 at (2, 5): rows, values, tangents, adjoints; the second total of v_-1 is 5.5."""
    trace = adtrace.trace(BAYDIN, at={"x1": 2, "x2": 5})
    assert rows(trace) == ["ln -1", "mul -1 0", "sin 0", "add 1 2", "sub 4 3"]
    found = trace.evaluation.first()
    assert rounded(found.values) == ["2.0000", "5.0000", "0.6931", "10.0000", "-0.9589", "10.6931", "11.6521"]
    assert rounded(found.tangents[0]) == ["1.0000", "0.0000", "0.5000", "5.0000", "0.0000", "5.5000", "5.5000"]
    assert rounded(found.adjoints) == ["5.5000", "1.7163", "1.0000", "1.0000", "-1.0000", "1.0000", "1.0000"]
    made = list(contributions(found, -1))
    assert [(c.row, c.target, c.slots, c.first) for c in made] == [
        (5, 4, (0,), True), (5, 3, (1,), True), (4, 1, (0,), True), (4, 2, (1,), True), (3, 0, (0,), True),
        (2, -1, (0,), True), (2, 0, (1,), False), (1, -1, (0,), False),
    ]  # fmt: skip
    assert rounded([c.total for c in made if c.target == -1]) == ["5.0000", "5.5000"]


@pytest.mark.parametrize(
    ("expression", "structure", "values", "tangents", "adjoints"),
    [
        ("x*x", ["mul 0 0"], [3, 9], [1, 6], [6, 1]),
        ("x + x", ["add 0 0"], [3, 6], [1, 2], [2, 1]),
        ("x - x", ["sub 0 0"], [3, 0], [1, 0], [0, 1]),
        ("x/x", ["div 0 0"], [3, 1], [1, 0], [0, 1]),
        ("(x*x)*(x*x)", ["mul 0 0", "mul 1 1"], [3, 9, 81], [1, 6, 108], [108, 18, 1]),
        ("x*x*x", ["mul 0 0", "mul 1 0"], [3, 9, 27], [1, 6, 27], [27, 3, 1]),
        ("max(x, x)", ["max 0 0"], [3, 3], [1, 1], [1, 1]),
        ("atan2(x, x) - atan2(x, x)", ["atan2 0 0", "sub 1 1"], None, [1, 0, 0], [0, 0, 1]),
        ("x^2*x^(-1)", ["powi 0 c", "powi 0 c", "mul 1 2"], [3, 9, Fraction(1, 3), 3], [1, 6, Fraction(-1, 9), 1],
         [1, Fraction(1, 3), 9, 1]),
    ],
)  # fmt: skip
def test_repeated_operands(expression: str, structure: list[str], values: Any, tangents: Any, adjoints: Any) -> None:
    """An operand that occurs twice in a row has one partial, the sum over its slots, in both sweeps."""
    trace = adtrace.trace(expression, at={"x": 3})
    found = trace.evaluation.first()
    assert rows(trace) == structure
    assert values is None or fractions(found.values) == values
    assert fractions(found.tangents[0]) == tangents
    assert fractions(found.adjoints) == adjoints


def test_repeated_operands_contribute_once() -> None:
    """A row whose operands are one variable makes one contribution; other rows make one for each operand."""
    found = sweep("(x*x)*(x*x) + x", {"x": 3})
    assert [c[:4] for c in contributions(found, 0)] == [
        (3, (0,), 2, True), (3, (1,), 0, True), (2, (0, 1), 1, True), (1, (0, 1), 0, False),
    ]  # fmt: skip


def test_shared_rows() -> None:
    """A sub-expression that occurs twice is one row with two contributions, or with sharing off two rows."""
    text = "sin(x*y) + x*y*(x*y)"
    shared = adtrace.trace(text, at={"x": 2, "y": 3})
    apart = adtrace.trace(text, at={"x": 2, "y": 3}, sharing=False)
    assert rows(shared) == ["mul -1 0", "sin 1", "mul 1 1", "add 2 3"]
    assert rows(apart) == ["mul -1 0", "sin 1", "mul -1 0", "mul -1 0", "mul 4 3", "add 2 5"]
    for name in ("x", "y"):
        assert shared.gradient[name].rounded(50) == apart.gradient[name].rounded(50)
    assert shared.value.rounded(50) == apart.value.rounded(50)
    assert [c.row for c in contributions(shared.evaluation.first(), -1) if c.target == 1] == [3, 2]


@pytest.mark.parametrize("sharing", [True, False])
@pytest.mark.parametrize("powers", ["rows", "products"])
def test_powers_as_products(powers: str, sharing: bool) -> None:
    """However a power is written, as a row or as products, value and gradient are the same fractions."""
    trace = adtrace.trace("x^5 - 2*x^3*y^2", at={"x": "1/3", "y": -2}, powers=powers, sharing=sharing)
    x, y = Fraction(1, 3), -2
    assert trace.value == x**5 - 2 * x**3 * y**2
    assert [v.exact for v in trace.gradient.values()] == [5 * x**4 - 6 * x**2 * y**2, -4 * x**3 * y]


def test_a_variable_that_does_not_occur() -> None:
    """An independent variable of the left side that the expression does not use has the derivative 0 in both sweeps."""
    trace = adtrace.trace("f(x, unused, y) = x*y", at={"x": 2, "unused": 7, "y": 3})
    assert [v.exact for v in trace.gradient.values()] == [3, 0, 2]
    dead = adtrace.trace("f(x, unused, y) = x*y", at={"x": 2, "unused": 7, "y": 3}, seed="unused")
    assert dead.tangent == 0
    assert 1 not in dead.evaluation.spread.targets


@pytest.mark.parametrize(
    ("expression", "value", "gradient"),
    [("f(x) = x", 4, 1), ("f(x) = 3", 3, 0), ("f(x) = (x)", 4, 1), ("f(x) = 0*x", 0, 0), ("f(x) = x^0", 1, 0)],
)
def test_functions_of_almost_no_rows(expression: str, value: int, gradient: int) -> None:
    """The identity and constants have no rows or dull ones, and still a value and a gradient from both sweeps."""
    trace = adtrace.trace(expression, at={"x": 4})
    assert trace.value == value
    assert trace.gradient["x"] == gradient
    assert trace.tangent == gradient


@pytest.mark.parametrize(
    ("expression", "gradient"),
    [("max(0, x^2)", 0), ("min(-(x^2), 0)", 0), ("max(1, x^0) + x", 1), ("max(0, x) + min(0, x)", 1),
     ("min(x, 0) + max(x, 0)", 1), ("relu(x) + min(x, 0)", 1), ("abs(x) - 2*max(x, 0)", -1),
     ("abs(x) - max(x, -x)", 0), ("relu(x) - relu(-x)", 1)],
)  # fmt: skip
def test_a_tie_with_a_constant_that_is_smooth(expression: str, gradient: int) -> None:
    """At a tie of a variable with a constant the true derivative is found where there is one, in both sweeps."""
    trace = adtrace.trace(expression, at={"x": 0})
    assert trace.evaluation.first().primal.kinks == ()
    assert trace.gradient["x"] == gradient
    assert trace.tangent == gradient


def test_slopes_along_the_axes_are_not_enough() -> None:
    """min(|x|, |y|) is flat along both axes at 0, but no derivative exists there: the conventions are recorded."""
    trace = adtrace.trace("min(abs(x), abs(y))", at={"x": 0, "y": 0})
    assert [kink.row for kink in trace.evaluation.first().primal.kinks] == [1, 2, 3]


def test_a_zero_adjoint_stays_exact() -> None:
    """A row whose adjoint is zero makes its contributions, which are exact zeros in both sweeps."""
    trace = adtrace.trace("0*exp(x) + y", at={"x": 2, "y": 3})
    assert [v.exact for v in trace.gradient.values()] == [0, 1]
    assert trace.value.exact == 3
    assert trace.tangent.exact == 0


# ---------------------------------------------------------------------------------- forward against reverse

RATIONAL = [
    ("x*y/z - z^3 + x/(y - 1/9)", ("x", "y", "z")),
    ("(x + y)*(x - y)/(x*x + y*y)", ("x", "y")),
    ("((x - 1/3)^2 + y^2)^3/(1 + x^2*y^2) - abs(x)*max(y, z)", ("x", "y", "z")),
    ("relu(x*y) + min(x, y, z)*sign(z) - x/y/z", ("x", "y", "z")),
    ("x*x*x*x - (x*x)*(x*x) + x - x + x/x", ("x",)),
]
SMOOTH = [
    (BAYDIN.partition("= ")[2], ("x1", "x2")),
    ("exp(sin(x)*y) - atan2(y, x)*sqrt(x^2 + y^2)", ("x", "y")),
    ("x^y + log(x, y) - tanh(x*y)/cosh(z)", ("x", "y", "z")),
    ("softplus(x - y) + sigmoid(z)*erf(x)*cbrt(z)", ("x", "y", "z")),
    ("pi*asin(x/9) + acos(y/9)^2 - sin(pi*z)", ("x", "y", "z")),
]


def points(pick: random.Random, names: tuple[str, ...]) -> dict[str, Fraction]:
    """A random positive rational point, of distinct coordinates."""
    numerators = pick.sample(range(1, 60), len(names))
    return {name: Fraction(n, pick.choice((7, 11, 13))) for name, n in zip(names, numerators, strict=True)}


@pytest.mark.parametrize(("expression", "names"), RATIONAL)
def test_forward_basis_sweeps_are_the_reverse_sweep(expression: str, names: tuple[str, ...]) -> None:
    """On rational functions the tangent for each unit seed is the adjoint, as one and the same fraction."""
    pick = random.Random(expression)
    for _ in range(10):
        at = points(pick, names)
        gradient = [v.exact for v in adtrace.trace(expression, at=at).gradient.values()]
        assert None not in gradient
        assert [adtrace.trace(expression, at=at, seed=name).tangent.exact for name in names] == gradient


@pytest.mark.parametrize(("expression", "names"), SMOOTH)
def test_forward_basis_sweeps_agree_with_the_reverse_sweep(expression: str, names: tuple[str, ...]) -> None:
    """With transcendental functions both sweeps give the same 60 decimals."""
    pick = random.Random(expression)
    for _ in range(3):
        at = points(pick, names)
        gradient = [v.rounded(60) for v in adtrace.trace(expression, at=at).gradient.values()]
        assert [adtrace.trace(expression, at=at, seed=name).tangent.rounded(60) for name in names] == gradient


@pytest.mark.parametrize(("expression", "names"), RATIONAL)
def test_the_dot_product(expression: str, names: tuple[str, ...]) -> None:
    """For random rational seeds the weighted tangent equals the adjoints times the seed, exactly."""
    pick = random.Random(expression)
    for _ in range(10):
        at = points(pick, names)
        seed = {name: Fraction(pick.randint(-50, 50), pick.randint(1, 20)) for name in names}
        trace = adtrace.trace(expression, at=at, seed=seed)
        total = sum(trace.gradient[name].exact * seed[name] for name in names)  # type: ignore[operator]
        assert trace.tangent.exact == total


@pytest.mark.parametrize(("expression", "names"), SMOOTH)
def test_the_dot_product_of_balls(expression: str, names: tuple[str, ...]) -> None:
    """With transcendental functions the two sides of the dot-product test are balls that overlap, and narrow ones."""
    pick = random.Random(expression)
    seed = {name: Fraction(pick.randint(-50, 50), pick.randint(1, 20)) for name in names}
    evaluation = adtrace.trace(expression, at=points(pick, names), seed=seed).evaluation
    with digits(100):
        found = evaluation.at(400)
        left = real(found.tangents[0][-1])
        right = sum(real(found.adjoints[place]) * seed[name].numerator / seed[name].denominator
                    for place, name in enumerate(names))  # fmt: skip
        assert close(left, right, -80)


def test_the_sum_of_the_contributions_is_the_adjoint() -> None:
    """Every contribution is the adjoint of its row times the partial; those of a variable add up."""
    for expression, names in RATIONAL:
        found = sweep(expression, points(random.Random(1), names))
        offset = len(names) - 1
        totals: dict[int, Any] = {}
        for c in contributions(found, -offset):
            assert c.increment == found.adjoints[c.row + offset] * c.partial
            assert c.first == (c.target not in totals)
            totals[c.target] = totals.get(c.target, fmpq(0)) + c.increment
            assert c.total == totals[c.target]
        for target, total in totals.items():
            assert found.adjoints[target + offset] == total


def test_who_contributes_is_known_from_the_list() -> None:
    """Without a number: every operand of each row on which an output that counts depends, the last row first; one with
    the weight 0, 1 - 1 as well, does not count.
    """
    text = "f(x, y, z) = (exp(x*y) - x*x, cos(z)*y, x*y)"
    trace = adtrace.trace(text, at={"x": 2, "y": 3, "z": 1}, weights={"f_1": 1, "f_2": "1 - 1", "f_3": 0})
    graph = {index: [x for x in row.operands if isinstance(x, Variable)] for index, row in
             enumerate(trace.wengert.rows, start=1)}  # fmt: skip
    last, *others = (int(x) for x in trace.wengert.dependents if isinstance(x, Variable))
    needed, todo = set[int](), [last]
    while todo:
        index = todo.pop()
        needed.add(index)
        todo += [int(x) for x in graph.get(index, [])]
    expected = [(row, target) for row in sorted(graph, reverse=True) if row in needed
                for target in dict.fromkeys(graph[row])]  # fmt: skip
    made, first = trace.evaluation.spread, trace.wengert.first
    assert [(row + first, target + first) for row, target in zip(made.rows, made.targets, strict=True)] == expected
    assert others[0] not in needed
    assert made == spread(trace.wengert, {last - first})
    assert made.before[made.targets.index(-2 - first)] is None
    for at, target in enumerate(made.targets):  # the one before is the latest to the same target
        assert made.before[at] == max((k for k in range(at) if made.targets[k] == target), default=None)


# ---------------------------------------------------------------------------------- evaluations and precision


def test_each_precision_is_swept_once_and_narrows() -> None:
    """A sweep is computed once a precision, and at a higher one every ball is inside the lower one's."""
    evaluation = adtrace.trace(BAYDIN, at={"x1": 2, "x2": 5}).evaluation
    assert evaluation.at(256) is evaluation.at(256)
    coarse, fine = evaluation.at(128), evaluation.at(1024)
    pairs = ((coarse.values, fine.values), (coarse.tangents[0], fine.tangents[0]), (coarse.adjoints, fine.adjoints))
    for lower, higher in pairs:
        for low, high in zip(lower, higher, strict=True):
            assert type(low) is type(high)
            if type(low) is fmpq:
                assert low == high
            else:
                assert low.overlaps(high)
                assert high.rad() < low.rad() * 2**-800


def test_a_sweep_takes_the_precision_that_its_comparisons_need() -> None:
    """Where 128 bits do not tell a difference from zero, the first sweep is the least that does, and is remembered."""
    trace = adtrace.trace("abs(sin(x) - sin(x - h))", at={"x": 1, "h": "1e-300"})
    found = trace.evaluation.first()
    assert trace.evaluation.first() is found
    assert found.values[-1].rad() < 1e-300
    assert trace.gradient["x"] < 0  # the cosine falls, so that sin(x) - sin(x - h) does
    assert trace.gradient["h"].rounded(10) == "0.5403023059"


def test_another_seed_is_another_evaluation() -> None:
    """``seeded`` changes the tangents only, and leaves the first evaluation as it was."""
    trace = adtrace.trace("x*y", at={"x": 2, "y": 3})
    other: Evaluation = trace.evaluation.seeded(adtrace.trace("x*y", at={"x": 2, "y": 3}, seed="y").evaluation.seeds)
    assert fractions(other.first().tangents[0]) == [0, 1, 2]
    assert fractions(trace.evaluation.first().tangents[0]) == [1, 0, 3]
    assert fractions(other.first().adjoints) == fractions(trace.evaluation.first().adjoints)


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("ln(x1)", {"x1": -2}, "ln needs u > 0, but v_0 = -2 in v_1 = ln(v_0)"),
        (
            "a/(b - 1)",
            {"a": 3, "b": 1},
            "a division needs w != 0, but w = v_1 = 0 in v_2 = v_{-1}/v_1",
        ),
        ("2*x + x/(x - x)", {"x": 3}, "a division needs w != 0, but w = v_2 = 0 in v_3 = v_0/v_2"),
        ("x + ln(1 - 2)", {"x": 3}, "ln needs u > 0, not ln(1 - 2)"),
        ("x + (-8)^(1/2)", {"x": 3}, "(-8)^(1/2) has no real value"),
        ("x + (-8)^pi", {"x": 3}, "(-8)^pi has no real value"),
    ],
)
def test_a_domain_error_names_row_and_operands(expression: str, at: dict[str, Any], message: str) -> None:
    """The sentence says what is needed, what each operand is, and in which row or constant."""
    with pytest.raises(adtrace.DomainError) as refused:
        adtrace.trace(expression, at=at)
    assert str(refused.value) == message


def test_a_row_past_the_magnitude_is_named() -> None:
    """A row whose value would pass the bound is refused before it is computed."""
    with pytest.raises(BoundError) as refused:
        adtrace.trace("x + exp(exp(x))", at={"x": 100})
    assert str(refused.value) == "v_2 = exp(v_1) is larger than 2^20000, which is the bound of certified arithmetic"


def test_long_traces_are_computed_in_double_precision() -> None:
    """Up to the documented number of rows the digits are certified, past it they are doubles; both agree."""
    text = " + ".join(f"sin(x*{k})" for k in range(1, 40))
    certified = adtrace.trace(text, at={"x": "0.3"})
    double = adtrace.trace(text, at={"x": "0.3"}, limits=Limits(certified_rows=50))
    assert certified.evaluation.arithmetic.name == "certified"
    assert double.evaluation.arithmetic.name == "float"
    assert abs(float(certified.value) - float(double.value)) < 1e-12
    assert abs(float(certified.gradient["x"]) - float(double.gradient["x"])) < 1e-10


@pytest.mark.parametrize(("expression", "names"), RATIONAL + SMOOTH)
@pytest.mark.parametrize("sharing", [True, False])
def test_every_list_is_well_formed(expression: str, names: tuple[str, ...], sharing: bool) -> None:
    """Operands come before their use, no row is constant, and rows have as many operands as their elemental."""
    validate(adtrace.trace(expression, at=points(random.Random(2), names), sharing=sharing).wengert)


@pytest.mark.parametrize(("x", "digits", "differ"), [("1.3e-5", 4, True), ("0.5", 4, False), ("2", 8, False)])
def test_sweeps_in_doubles_that_differ_have_a_note(x: str, digits: int, differ: bool) -> None:
    """(x - sin x)/x^3 near 0 loses its digits to rounding, other ones in each sweep: both tables say so."""
    trace = adtrace.trace("(x - sin(x))/x^3", at={"x": x}, arithmetic="float")
    forward, reverse = (f"{float(number):.{digits}f}" for number in (trace.tangent, trace.gradient["x"]))
    assert (forward != reverse) == differ
    sentence = f"the derivative is {forward} by the forward sweep and {reverse} by the reverse sweep"
    for mode in ("forward", "reverse", "both"):
        assert any(sentence in note for note in trace.to_dict(mode=mode, digits=digits)["notes"]) == differ
        if mode != "both":
            assert (sentence in trace.table(mode=mode, digits=digits, format="text").replace("\n", " ")) == differ
