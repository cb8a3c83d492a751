"""Exact numbers, certified balls, their rounding, and the number that a caller gets, against mpmath and `decimal`."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import mpmath as mp
import pytest
from flint import arb, ctx, fmpq
from oracles import FUNCTIONS, digits, real, value_of

import adtrace
from adtrace import BoundError, OptionError, UndecidedError, Value
from adtrace.elementals import read
from adtrace.limits import DEFAULT, EXACT_BITS
from adtrace.numbers import NeedsPrecision, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import PiMultiple, ball, precision, resolved, sign
from adtrace.numbers.rounding import endpoints, fixed, terminating
from adtrace.settings import HALF_EVEN, HALF_UP, SYSTEMS

CALL = CERTIFIED.functions


def value(expression: str, **at: Any) -> Value:
    """The value of an expression; without variables, of a constant (plus a variable that is 0)."""
    return adtrace.trace(expression if at else f"({expression}) + o", at=at or {"o": 0}).value


# ---------------------------------------------------------------------------------------------- inclusion

ANYWHERE, ABOVE_ZERO, WITHIN_ONE, ABOVE_ONE = (-8, 8), (0, 50), (-1, 1), (1, 50)
RANGES: dict[str, tuple[tuple[int, int] | list[int], ...]] = {
    **dict.fromkeys(("add", "sub", "mul", "div", "atan2", "max", "min"), (ANYWHERE, ANYWHERE)),
    "pow": (ABOVE_ZERO, ANYWHERE),
    **dict.fromkeys(("ln", "log2", "log10", "sqrt"), (ABOVE_ZERO,)),
    **dict.fromkeys(("asin", "acos", "atanh"), (WITHIN_ONE,)),
    "acosh": (ABOVE_ONE,),
    **dict.fromkeys(("polygamma", "besselj"), ([0, 1, 2, 5, 30], ABOVE_ZERO)),
    "beta": (ABOVE_ZERO, ABOVE_ZERO), "mod": (ANYWHERE, ANYWHERE),
    **dict.fromkeys(("loggamma", "Ci", "lambertw"), (ABOVE_ZERO,)),
    **dict.fromkeys(
        ("erfc", "erfi", "gamma", "digamma", "Si", "sinc", "sinc_slope", "floor", "ceiling", "frac"), (ANYWHERE,)
    ),
    **dict.fromkeys(
        ("neg", "exp", "cbrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "asinh", "erf", "abs", "sign",
         "heaviside"),
        (ANYWHERE,),
    ),
}  # fmt: skip
"""Every function of the certified arithmetic, with the range of each operand, or the orders that it has."""


def operand(pick: random.Random, bounds: tuple[int, int] | list[int]) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """A number in the range as adtrace's and as mpmath's, each at its working precision: a fraction, q pi or a sine."""
    if isinstance(bounds, list):
        order = pick.choice(bounds)
        return lambda: fmpq(order), lambda: mp.mpf(order)
    low, high = bounds
    while True:
        ours, theirs = _pair(fmpq(pick.randint(-(10**6), 10**6), pick.randint(1, 10**5)), high, pick.randrange(3))
        if low < theirs() < high and theirs() != 0:
            return ours, theirs


def _pair(q: fmpq, size: int, kind: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    if kind == 0:
        return lambda: q, lambda: real(q)
    if kind == 1:
        return lambda: PiMultiple(q), lambda: real(q) * mp.pi
    return lambda: ball(q).sin() * size, lambda: mp.sin(real(q)) * size


def test_every_function_has_a_range() -> None:
    """The table of ranges above names every function of the arithmetic."""
    assert set(RANGES) == set(CALL)


@pytest.mark.parametrize("name", sorted(RANGES))
@pytest.mark.parametrize("bits", [53, 200])
def test_the_ball_holds_the_true_value(name: str, bits: int) -> None:
    """On random fractions, multiples of pi and irrational balls the result holds mpmath's at twice the precision."""
    pick = random.Random(f"{name} {bits}")
    for _ in range(40):
        operands = [operand(pick, bounds) for bounds in RANGES[name]]
        with precision(bits):
            found = CALL[name](*[ours() for ours, _ in operands])
            low, high, exponent = endpoints(ball(found))
        with mp.workprec(2 * bits + 64):
            true = FUNCTIONS[name](*[theirs() for _, theirs in operands])
            slack = mp.ldexp(max(abs(true), mp.mpf(2) ** -bits), -2 * bits + 16)
            assert mp.ldexp(mp.mpf(low), exponent) - slack <= true <= mp.ldexp(mp.mpf(high), exponent) + slack
            width = mp.ldexp(mp.mpf(high - low), exponent)
            assert width <= mp.ldexp(1 + abs(true), 40 - bits), "a ball is not wide without reason"


@pytest.mark.parametrize("name", ["max", "min", "abs"])
def test_an_undecided_choice_is_a_ball_that_holds_both(name: str) -> None:
    """Where the sign of a difference is open, max, min and abs give a ball that holds the true value."""
    with precision(64):
        one = arb(1) + arb(0, 2**-40)
        operands = (one, fmpq(1)) if name != "abs" else (one - 1,)
        found = CALL[name](*operands)
        assert found.contains(1 if name != "abs" else 0)
        assert found.rad() < 2**-30


@pytest.mark.parametrize("exponent", [2, 3, 4, 7, 100, 10**9])
@pytest.mark.parametrize("middle", [0, 2**-70, -(2**-70)])
def test_a_power_of_a_ball_round_zero(exponent: int, middle: float) -> None:
    """An integer power of a ball that holds zero is a small ball that holds zero and the powers of both ends."""
    with precision(64):
        found = CALL["pow"](arb(middle, 2**-60), fmpq(exponent))
        assert found.contains(0)
        for end in (middle + 2**-60, middle - 2**-60):
            assert found.contains(arb(end) ** exponent)
        assert abs(found) < arb(2) ** (-59 * exponent + 1)


@pytest.mark.parametrize("exponent", [-7, -2, -1, 0, 1, 2, 3, 64, 1001])
def test_integer_powers_hold_the_true_value(exponent: int) -> None:
    """Integer powers of fractions, multiples of pi and negative balls hold mpmath's at twice the precision."""
    pick = random.Random(exponent)
    for _ in range(20):
        ours, theirs = operand(pick, ANYWHERE)
        with precision(100):
            low, high, shift = endpoints(ball(CALL["pow"](ours(), fmpq(exponent))))
        with mp.workprec(300):
            true = theirs() ** exponent
            slack = abs(true) * mp.mpf(2) ** -250
            assert mp.ldexp(mp.mpf(low), shift) - slack <= true <= mp.ldexp(mp.mpf(high), shift) + slack
            assert mp.ldexp(mp.mpf(high - low), shift) <= abs(true) * mp.mpf(2) ** -70


def test_precision_is_put_back() -> None:
    """The working precision is what it was after the block, after an error in it too."""
    before = ctx.prec
    inside = []
    with precision(999):
        inside.append(ctx.prec)
    with pytest.raises(Singular), precision(999):
        CALL["div"](fmpq(1), fmpq(0))
    assert inside == [999]
    assert ctx.prec == before


# ---------------------------------------------------------------------------------------------- exact values


@pytest.mark.parametrize(
    ("expression", "exact"),
    [
        ("exp(0)", "1"), ("ln(1)", "0"), ("log2(8)", "3"), ("log2(1/8)", "-3"), ("log10(1000)", "3"),
        ("log10(0.001)", "-3"), ("log10(1)", "0"), ("log2(1)", "0"), ("sqrt(4/9)", "2/3"), ("sqrt(0)", "0"),
        ("sqrt(0.0625)", "1/4"), ("cbrt(-8)", "-2"), ("cbrt(27/64)", "3/4"), ("8^(1/3)", "2"), ("4^(-1/2)", "1/2"),
        ("32^0.4", "4"), ("(1/4)^1.5", "1/8"), ("0^0", "1"), ("0^2.5", "0"), ("1^pi", "1"), ("(-1)^1000001", "-1"),
        ("(-2)^(-3)", "-1/8"), ("2^10", "1024"), ("pi/pi", "1"), ("2*pi/(3*pi)", "2/3"), ("pi - pi", "0"),
        ("sin(0)", "0"), ("cos(0)", "1"), ("tan(0)", "0"), ("sin(pi)", "0"), ("sin(pi/6)", "1/2"),
        ("sin(5*pi/6)", "1/2"), ("sin(7*pi/6)", "-1/2"), ("sin(-pi/2)", "-1"), ("sin(1000001*pi/2)", "1"),
        ("cos(pi/3)", "1/2"), ("cos(2*pi/3)", "-1/2"), ("cos(pi/2)", "0"), ("cos(-pi)", "-1"), ("tan(pi/4)", "1"),
        ("tan(3*pi/4)", "-1"), ("tan(5*pi/4)", "1"), ("tan(pi)", "0"), ("cot(pi/2)", "0"), ("sec(pi/3)", "2"),
        ("csc(pi/6)", "2"), ("asin(1/2)/pi", "1/6"), ("asin(-1)/pi", "-1/2"), ("acos(-1/2)/pi", "2/3"),
        ("acos(1)", "0"), ("acos(0)/pi", "1/2"), ("atan(1)/pi", "1/4"), ("atan(-1)/pi", "-1/4"), ("atan(0)", "0"),
        ("atan2(0, -1)/pi", "1"), ("atan2(1, 0)/pi", "1/2"), ("atan2(-2, 0)/pi", "-1/2"), ("atan2(0, 3)", "0"),
        ("atan2(3, 3)/pi", "1/4"), ("atan2(3, -3)/pi", "3/4"), ("atan2(-3, -3)/pi", "-3/4"),
        ("sinh(0)", "0"), ("cosh(0)", "1"), ("tanh(0)", "0"), ("asinh(0)", "0"), ("acosh(1)", "0"), ("atanh(0)", "0"),
        ("erf(0)", "0"), ("sigmoid(0)", "1/2"), ("abs(-3/4)", "3/4"), ("abs(-pi)/pi", "1"), ("sign(-pi)", "-1"),
        ("sign(0)", "0"), ("max(1/3, 0.33)", "1/3"), ("min(2, 3, 1)", "1"), ("relu(-2)", "0"), ("relu(2)", "2"),
        ("heaviside(0)", "1/2"), ("heaviside(-1)", "0"), ("heaviside(pi)", "1"), ("0.1 + 0.2", "3/10"),
        ("0*exp(1)", "0"), ("0/e", "0"), ("sin(asin(1/2))", "1/2"), ("1e-3", "1/1000"), ("1.5e2", "150"),
    ],
)  # fmt: skip
def test_a_rational_value_is_a_fraction(expression: str, exact: str) -> None:
    """Where a function has a rational value at an exact argument, that is the value, not a ball round it."""
    assert value(expression).exact == Fraction(exact)


@pytest.mark.parametrize(
    "expression",
    [
        "exp(1)", "ln(2)", "log2(3)", "log10(20)", "sqrt(2)", "cbrt(2)", "sin(1)", "sin(pi/5)", "cos(pi/4)",
        "tan(pi/3)", "asin(1/3)", "pi", "e", "2^0.5",
    ],
)  # fmt: skip
def test_an_irrational_value_claims_to_be_no_fraction(expression: str) -> None:
    """An irrational value has no ``exact``."""
    assert value(expression).exact is None


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("div", (1, 0)), ("ln", (0,)), ("ln", (-1,)), ("log2", (0,)), ("log10", (-2,)), ("sqrt", (-1,)),
        ("asin", (2,)), ("acos", (-2,)), ("acosh", (0,)), ("atanh", (1,)), ("atanh", (-1,)), ("atan2", (0, 0)),
        ("pow", (0, -1)), ("pow", (-8, fmpq(1, 3))), ("pow", (0, fmpq(-1, 2))),
    ],
)  # fmt: skip
def test_outside_its_domain_a_function_has_no_number(name: str, operands: tuple[Any, ...]) -> None:
    """Outside the domain the arithmetic raises `Singular` and returns nothing."""
    with pytest.raises(Singular):
        CALL[name](*map(fmpq, operands))


def test_one_number_minus_itself() -> None:
    """One and the same ball cancels and divides exactly; another ball of the same value does neither."""
    root, other = arb(2).sqrt(), arb(2).sqrt()
    assert CALL["sub"](root, root) == fmpq(0)
    assert CALL["div"](root, root) == fmpq(1)
    with pytest.raises(NeedsPrecision):
        sign(CALL["sub"](root, other))


def test_a_ball_round_zero_is_not_divided_by() -> None:
    """Dividing by a ball that holds zero asks for precision; it neither divides nor calls it zero."""
    with precision(64), pytest.raises(NeedsPrecision):
        CALL["div"](fmpq(1), arb(0, 2**-60))


@pytest.mark.parametrize(
    ("name", "operands"),
    [("exp", (10**6,)), ("cosh", (-(10**6),)), ("sinh", (10**6,)), ("pow", (10, 10**9)), ("pow", (2, 10**30)),
     ("pow", (3, fmpq(10**9) + fmpq(1, 3)))],
)  # fmt: skip
def test_a_number_past_the_bound_is_not_computed(name: str, operands: tuple[Any, ...]) -> None:
    """A result of more than the documented number of bits is refused before it is computed."""
    with pytest.raises(TooLarge):
        CALL[name](*map(fmpq, operands))


def test_fractions_do_not_grow_without_bound() -> None:
    """The logistic map doubles the length of a fraction at every step: past the bound it goes on as a ball."""
    x: Any = fmpq(1, 3)
    with precision(256), digits(60):
        true = mp.mpf(1) / 3
        for _ in range(20):
            x = CALL["mul"](CALL["mul"](fmpq(7, 2), x), CALL["sub"](fmpq(1), x))
            true = mp.mpf(7) / 2 * true * (1 - true)
            number = resolved(x)
            assert isinstance(number, arb) or number.height_bits() <= EXACT_BITS
        assert isinstance(x, arb)
        assert abs(real(x) - true) < mp.mpf(10) ** -45


# ---------------------------------------------------------------------------------------------- rounding

_MODES = {HALF_EVEN: ROUND_HALF_EVEN, HALF_UP: ROUND_HALF_UP}


def by_decimal(text: str, decimals: int, rounding: str) -> str:
    """The rounded number by Python's `decimal`, with no negative zero."""
    rounded = Decimal(text).quantize(Decimal(1).scaleb(-decimals), _MODES[rounding], Context(prec=400))
    return f"{rounded if rounded else abs(rounded):f}"


@pytest.mark.parametrize("rounding", [HALF_EVEN, HALF_UP])
@pytest.mark.parametrize("decimals", [0, 1, 4, 30])
def test_fractions_round_as_decimals_do(decimals: int, rounding: str) -> None:
    """Random decimals, a third of them exact ties and half of them negative, round as `decimal` rounds them."""
    pick = random.Random(f"{decimals} {rounding}")
    for trial in range(300):
        places = decimals + 1 if trial % 3 else decimals + pick.randint(2, 20)
        numerator = pick.randint(-(10 ** (places + 2)), 10 ** (places + 2))
        if trial % 3 == 1:
            numerator = numerator // 10 * 10 + 5
        text = f"{Decimal(numerator).scaleb(-places, Context(prec=400)):f}"
        found = fixed(fmpq(numerator, 10**places), decimals, rounding)
        assert found == by_decimal(text, decimals, rounding), text


@pytest.mark.parametrize(
    ("number", "decimals", "even", "up"),
    [
        ("0.5", 0, "0", "1"), ("1.5", 0, "2", "2"), ("2.5", 0, "2", "3"), ("-0.5", 0, "0", "-1"),
        ("-2.5", 0, "-2", "-3"), ("0.00005", 4, "0.0000", "0.0001"), ("-0.00005", 4, "0.0000", "-0.0001"),
        ("0.00015", 4, "0.0002", "0.0002"), ("0.12345", 4, "0.1234", "0.1235"), ("-0.12345", 4, "-0.1234", "-0.1235"),
        ("0.12355", 4, "0.1236", "0.1236"), ("0.99995", 4, "1.0000", "1.0000"), ("-0.00004", 4, "0.0000", "0.0000"),
        ("0.00115", 4, "0.0012", "0.0012"), ("1.005", 2, "1.00", "1.01"), ("-9.99995", 4, "-10.0000", "-10.0000"),
    ],
)  # fmt: skip
def test_ties(number: str, decimals: int, even: str, up: str) -> None:
    """A tie goes to the even digit or away from zero; a rounded zero has no sign."""
    traced = adtrace.trace("x", at={"x": number}).value
    assert traced.rounded(decimals) == traced.rounded(decimals, HALF_EVEN) == even
    assert traced.rounded(decimals, HALF_UP) == up


@pytest.mark.parametrize(
    "scalar", [fmpq(-1, 10**9), -1e-9, -(arb(10) ** -9), PiMultiple(fmpq(-1, 10**9)), -0.0, fmpq(0)]
)
def test_zero_has_no_sign(scalar: Any) -> None:
    """No number system ever prints -0.0000."""
    for rounding in (HALF_EVEN, HALF_UP):
        assert fixed(scalar, 4, rounding) == "0.0000"


def test_a_ball_decides_its_digits_or_says_nothing() -> None:
    """A ball whose ends round alike gives the digits, another none: 0.12345 is a tie that no ball can decide."""
    with precision(200):
        root = (arb(2) + arb(3).sqrt()).log()
        assert fixed(root, 20, HALF_EVEN) == "1.31695789692481670863"
        assert fixed(arb("0.12345"), 4, HALF_EVEN) is None
        assert fixed(arb("0.12345"), 5, HALF_EVEN) == "0.12345"
        assert fixed(arb(1.00005, 1e-9), 4, HALF_EVEN) is None
        assert fixed(arb(0, 1e-9), 4, HALF_EVEN) == "0.0000"
        assert fixed(arb(0.00005, 1e-20), 4, HALF_EVEN) is None  # half a unit of the last decimal, and small itself
        assert fixed(arb(0.00005, 1e-20), 4, HALF_UP) is None
    with precision(64):
        assert fixed(arb.pi(), 40, HALF_EVEN) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: arb(1) + arb(0, arb(2) ** -(10**12)),
        lambda: arb(2) * (arb(2) ** -(10**12)).cos(),
        lambda: arb(2) - (arb(2) ** -(10**12)).exp(),
        lambda: arb(2) ** -(10**12) + arb(0, 2**-100),
        lambda: arb(2).sqrt(),
        lambda: -arb(2).sqrt(),
        lambda: arb(0, 3),
        lambda: arb(5),
    ],
)
def test_the_ends_of_a_ball_hold_it_and_fit_in_memory(make: Callable[[], arb]) -> None:
    """Both ends enclose the ball, at most a grid point outside it, whatever its midpoint and radius are like."""
    with precision(128):
        x = make()
        low, high, exponent = endpoints(x)
        assert max(low.bit_length(), high.bit_length()) < 10 * DEFAULT.bits
    with precision(100_000):
        grid = arb(2) ** exponent
        assert arb(low) * grid <= x.lower()
        assert arb(high) * grid >= x.upper()
        assert arb(high - low) * grid <= x.rad() * 2 + 4 * grid


@pytest.mark.parametrize(
    ("q", "decimals", "text"),
    [("11/2", 4, "5.5"), ("2", 4, "2"), ("-1/8", 4, "-0.125"), ("1/3", 4, None), ("1/32", 4, None), ("100", 0, "100"),
     ("1/2", 0, None), ("0", 4, "0"), ("-40", 3, "-40")],
)  # fmt: skip
def test_a_fraction_that_ends(q: str, decimals: int, text: str | None) -> None:
    """The shortest decimal that is the fraction, or nothing."""
    assert terminating(fmpq(*map(int, (q + "/1").split("/")[:2])), decimals) == text


# ------------------------------------------------------------- where double precision prints wrong digits

HARD = [
    ("(1 - cos(x))/x^2", {"x": "2e-8"}, "0.5000", ["0.0000"]),
    ("(x - sin(x))/x^3", {"x": "1.3e-5"}, "0.1667", ["0.0000"]),
    ("(exp(x) - 1 - x)/x^2", {"x": "1e-6"}, "0.5000", ["0.1667"]),
    ("x + y - x", {"x": "3e16", "y": 1}, "1.0000", ["0.0000", "1.0000"]),
    ("x^2 - y^2", {"x": 300000001, "y": 300000000}, "600000001.0000", ["600000002.0000", "-600000000.0000"]),
    ("333.75*b^6 + a^2*(11*a^2*b^2 - b^6 - 121*b^4 - 2) + 5.5*b^8 + a/(2*b)", {"a": 77617, "b": 33096}, "-0.8274",
     None),
    ("1e15*ln(x)", {"x": "1.000000000000003"}, "3.0000", ["999999999999997.0000"]),
    ("sin(x)", {"x": "314159265358979323846"}, "-0.2613", ["0.9653"]),
    ("sin(x^3)", {"x": "271828.182845904"}, "0.8857", None),
    ("sin(exp(x))", {"x": 39}, "0.9962", None),
    ("ln(exp(x) + exp(y))", {"x": 900, "y": 901}, "901.3133", ["0.2689", "0.7311"]),
    ("x^y", {"x": "1.000000001", "y": "3e9"}, "20.0855", ["60256610618.9215", None]),
    ("1e16*(1 - tanh(x))", {"x": "18.5"}, "1.7066", ["-3.4132"]),
    ("1/(x - 0.1*3)", {"x": "0.3000000002"}, "5000000000.0000", ["-25000000000000000000.0000"]),
    ("cosh(x)^2 - sinh(x)^2", {"x": 22}, "1.0000", ["0.0000"]),
    ("x*y", {"x": "1.15", "y": "0.001"}, "0.0012", ["0.0010", "1.1500"]),
]  # fmt: skip
"""Functions at points where textbook double precision misprints the fourth decimal, with the right digits."""


@pytest.mark.parametrize(("expression", "at", "wanted", "gradient"), HARD)
def test_digits_that_double_precision_gets_wrong(
    expression: str, at: dict[str, Any], wanted: str, gradient: list[str | None] | None
) -> None:
    """Value and gradient are right to four decimals, from the forward and from the reverse sweep."""
    trace = adtrace.trace(expression, at=at)
    assert f"{trace.value:.4f}" == wanted
    reverse = [f"{x:.4f}" for x in trace.gradient.values()]
    forward = [f"{adtrace.trace(expression, at=at, seed=name).tangent:.4f}" for name in at]
    assert forward == reverse
    if gradient is not None:
        assert [g if w else w for g, w in zip(reverse, gradient, strict=True)] == gradient


@pytest.mark.parametrize(("expression", "at", "wanted", "gradient"), HARD)
def test_the_right_digits_are_those_of_mpmath(
    expression: str, at: dict[str, Any], wanted: str, gradient: list[str | None] | None
) -> None:
    """The list above is checked itself: mpmath at 400 digits gives its values and, by differences, its slopes."""
    trace = adtrace.trace(expression, at=at)
    terms = read(expression, frozenset(at)).terms
    with digits(400):
        point = {name: mp.mpf(str(x)) for name, x in at.items()}
        true = value_of(terms, point)
        assert abs(mp.mpf(trace.value.rounded(40)) - true) < mp.mpf(10) ** -38
        assert abs(mp.mpf(wanted) - true) <= mp.mpf("0.00005")
        h = mp.mpf(10) ** -120
        for name, slope in zip(at, gradient or [None] * len(at), strict=True):
            above, below = (value_of(terms, point | {name: point[name] + side * h}) for side in (1, -1))
            true = (above - below) / (2 * h)
            assert abs(mp.mpf(trace.gradient[name].rounded(40)) - true) < mp.mpf(10) ** -38
            assert slope is None or abs(mp.mpf(slope) - true) <= mp.mpf("0.00005")


# ---------------------------------------------------------------------------------------------- what a caller gets


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("11/2", "5.5"), ("1/3", "1/3"), ("-4", "-4"), ("0", "0"), ("1e15", "1000000000000000"), ("sqrt(2)",
        "1.4142135623730951"), ("-pi", "-3.141592653589793"), ("exp(1000)", "1.9700711140170470e+434"),
        ("-exp(-1000)", "-5.0759588975494568e-435"),
        ("exp(10000)*exp(10000)", "(more than 2^20000)"),
        ("-exp(10000)*exp(10000)", "-(more than 2^20000)"),
        ("exp(-20000)", "0.0"), ("1e-300*exp(-12)", "6.14421235332821e-306"),
    ],
)  # fmt: skip
def test_printing(expression: str, text: str) -> None:
    """A fraction prints as a short decimal or a fraction, a real number as its nearest double, or with its power."""
    number = value(expression)
    assert str(number) == f"{number}" == text
    assert repr(number) == f"Value({text})"


def test_scientific_digits_are_those_of_mpmath() -> None:
    """Where a double is too small a word, 17 digits are printed, correctly rounded, at every magnitude."""
    pick = random.Random(17)
    for _ in range(60):
        q = pick.choice((-1, 1)) * pick.randint(710_000, 13_000_000)
        mantissa, _, power = str(adtrace.trace("exp(x/1000)", at={"x": q}).value).partition("e")
        with digits(60):
            true = mp.exp(mp.mpf(q) / 1000) / mp.mpf(10) ** int(power)
            assert abs(mp.mpf(mantissa) - true) <= mp.mpf("0.5e-16")
        assert len(mantissa) == 18


@pytest.mark.parametrize(
    ("expression", "spec", "text"),
    [
        ("0.00115", ".4f", "0.0012"), ("0.00115", "10.4f", "    0.0012"), ("0.00115", "+.4f", "+0.0012"),
        ("0.00115", "<9.4f", "0.0012   "), ("1234567.00005", ",.4f", "1,234,567.0000"), ("1/3", "f", "0.333333"),
        ("2.5", ".0f", "2"), ("sqrt(2)", ".30f", "1.414213562373095048801688724210"), ("1/3", "", "1/3"),
        ("sqrt(2)", "e", "1.414214e+00"), ("exp(100)", ".2f", "26881171418161354484126255515800135873611118.77"),
        ("sqrt(2)", ".3g", "1.41"),
    ],
)  # fmt: skip
def test_formatting(expression: str, spec: str, text: str) -> None:
    """``.Nf`` rounds the true value once, with any width, sign or comma; other formats are the double's."""
    assert format(value(expression), spec) == text


@pytest.mark.parametrize("spec", ["s", "x", ".101f", "4", "q.2f"])
def test_a_format_that_does_not_exist(spec: str) -> None:
    """A format that is not one of a number is refused by name, or is the double's."""
    number = value("sqrt(2)")
    if spec == "4":
        assert format(number, spec) == format(math.sqrt(2), spec)
        return
    with pytest.raises(OptionError):
        format(number, spec)


@pytest.mark.parametrize("decimals", [-1, 101])
def test_decimals_have_bounds(decimals: int) -> None:
    """Fewer than no decimals, or more than the documented bound, are refused, as is an unknown rounding."""
    with pytest.raises(OptionError):
        value("sqrt(2)").rounded(decimals)
    with pytest.raises(OptionError):
        value("sqrt(2)").rounded(2, "down")


def test_float_is_the_nearest_double() -> None:
    """On random expressions of every magnitude ``float`` is mpmath's value, rounded once."""
    pick = random.Random(53)
    for _ in range(150):
        name = pick.choice(("exp", "sin", "atan", "cbrt", "tanh", "erf", "sigmoid"))
        x = f"{pick.randint(-7000, 7000)}/{pick.randint(1, 97)}"
        number = float(adtrace.trace(f"{name}(x)", at={"x": x}).value)
        with digits(250):
            true = FUNCTIONS[name](mp.mpf(x.partition("/")[0]) / int(x.partition("/")[2]))
            if abs(true) >= mp.mpf(2) ** 1024 or abs(true) < mp.mpf(2) ** -1022:
                assert number in (0.0, math.inf) or abs(mp.mpf(number) - true) <= mp.mpf(2) ** -1075
                continue
            candidates = (math.nextafter(number, -math.inf), number, math.nextafter(number, math.inf))
            best = min(candidates, key=lambda d: abs(mp.mpf(d) - true) if math.isfinite(d) else mp.inf)
            assert number == best, (name, x)


@pytest.mark.parametrize(
    ("expression", "double"),
    [
        ("0.1", 0.1), ("1/3", 1 / 3), ("pi", math.pi), ("-pi", -math.pi), ("1e308*10", math.inf),
        ("-exp(800)", -math.inf), ("exp(-800)", 0.0), ("-exp(-800)", 0.0), ("exp(1000) + 1 - exp(1000)", 1.0),
        ("cos(exp(-1400000))", 1.0), ("cos(exp(-10^12))", 1.0), ("exp(exp(-exp(1000)))", 1.0), ("erf(1e300)", 1.0),
        ("exp(-745)", 5e-324), ("sqrt(2) - sqrt(2)", 0.0),
    ],
)  # fmt: skip
def test_float_at_the_ends_of_the_range(expression: str, double: float) -> None:
    """Past the range ``float`` is infinite or zero, with no negative zero, and cancellation costs nothing."""
    number = float(value(expression))
    assert number == double
    assert math.copysign(1, number) == math.copysign(1, double)


def test_int_cuts_off_the_true_value() -> None:
    """``int`` cuts off exactly, where the nearest double would have rounded up to the next integer."""
    assert int(value("3 - exp(-100)")) == 2
    assert int(value("exp(-100) - 3")) == -2
    assert int(value("7/2")) == 3
    assert int(value("-7/2")) == -3
    assert int(value("exp(-10^9)")) == 0
    with digits(80):
        assert int(value("exp(100)")) == int(mp.floor(mp.exp(100)))
    with pytest.raises(BoundError):
        int(value("exp(10000)*exp(10000)"))


@pytest.mark.parametrize("other", [2, Fraction(7, 3), 2.25, Decimal("2.3"), math.inf])
def test_comparisons_with_numbers_of_python(other: Any) -> None:
    """A value is ordered exactly against int, Fraction, float, Decimal and infinity, from either side."""
    for expression, sample in (("7/4", 1.75), ("exp(0.5)", 1.6487), ("sqrt(2)*pi", 4.4429)):
        number = value(expression)
        assert (number < other) == (sample < other) == (other > number)
        assert (number > other) == (sample > other) == (other < number)
        assert (number <= other) == (sample <= other)
        assert (number >= other) == (sample >= other)
        assert number != other
        assert number > -math.inf


def test_comparisons_are_exact() -> None:
    """A comparison sees what a double does not: the distance from a decimal, a hair, or the whole of pi."""
    assert value("0.1") == Fraction(1, 10) == value("1/10")
    assert value("0.1") != 0.1  # that double is a little more than a tenth
    assert value("0.1") < 0.1
    assert value("0.1") == Decimal("0.1")
    assert value("5.5") == 5.5
    assert value("4") == 4
    assert value("pi") > math.pi
    assert value("1 + exp(-5000)") > 1
    assert value("exp(-10^9)") > 0
    assert bool(value("exp(-10^9)"))
    assert not value("0")
    assert sorted([value("3"), value("e"), value("pi")], key=lambda v: v)[0] < value("2.8")
    assert value("1/3") < value("exp(1)")
    assert value("exp(1)") > value("1/3")


def test_equality_of_real_numbers() -> None:
    """Equal multiples of pi are equal, a number is equal to itself, and no number is equal to a text."""
    trace = adtrace.trace("sin(x)", at={"x": 1})
    assert trace.value == trace.value
    assert value("2*asin(1/2)") == value("acos(1/2)") == value("pi/3")
    assert value("pi/3") != value("pi/4")
    assert value("pi") != "3.14"
    assert value("pi") != None  # noqa: E711
    with pytest.raises(TypeError):
        assert value("pi") < "4"


def test_hashes() -> None:
    """A value that is a fraction is the same key as the fraction; a real number is one key, whoever asks."""
    assert {value("11/2"): 1}[5.5] == {value("11/2"): 1}[Fraction(11, 2)] == {5.5: 1}[value("11/2")] == 1
    assert hash(value("pi")) == hash(value("2*asin(1)"))
    trace = adtrace.trace("sin(x)", at={"x": 1})
    assert {trace.value: "sine"}[trace.value] == "sine"


@pytest.mark.parametrize(
    "ask",
    [
        lambda v: v.rounded(0),
        lambda v: v > 0.5,
        lambda v: v <= Fraction(1, 2),
        lambda v: format(v, ".0f"),
        lambda v: v < value("cos(1)^2 + sin(1)^2 - 0.5"),
    ],
)
def test_what_no_precision_settles_is_said(ask: Callable[[Value], Any]) -> None:
    """sin^2 + cos^2 - 1/2 is one half, which no precision proves: a tie and an order are refused, not guessed, and what
    cannot be told to be equal is not.
    """
    number = value("sin(1)^2 + cos(1)^2 - 0.5")
    assert float(number) == 0.5
    assert number.rounded(4) == "0.5000"
    with pytest.raises(UndecidedError, match=f"{DEFAULT.bits} bits"):
        ask(number)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("x^(e - e)", "whether the exponent (e - e) is positive is not decided at 16384 bits"),
        ("1/(exp(x) - exp(x + 0))", "whether w != 0 in v_5 = 1/v_4 is not decided at 16384 bits"),
        ("max(ln(x^2), 2*ln(x))", "whether u = w in v_5 = max(v_2, v_4) is not decided at 16384 bits"),
        ("x*(1/(e - e))", "a comparison of constants is not decided at 16384 bits"),
    ],
)
def test_an_undecided_comparison_in_a_trace_is_said(expression: str, message: str) -> None:
    """A domain or a kink that no precision decides is refused with the condition and the row."""
    with pytest.raises(UndecidedError) as refused:
        adtrace.trace(expression, at={"x": 3})
    assert str(refused.value) == message


def test_arithmetic_with_other_numbers_gives_a_float() -> None:
    """``+ - * /`` with a number of Python give a float, from either side; with a text they are no operation."""
    number = value("1/4")
    assert [number + 1, 1 + number, number - 1, 1 - number, number * 2, 2 * number, number / 2, 1 / number] == [
        1.25, 1.25, -0.75, 0.75, 0.5, 0.5, 0.125, 4.0,
    ]  # fmt: skip
    assert [-number, abs(-number), number + number, number * Fraction(1, 2), number - Decimal("0.25")] == [
        -0.25, 0.25, 0.5, 0.125, 0.0,
    ]  # fmt: skip
    for operation in (lambda: number + "1", lambda: "1" * number, lambda: number / [], lambda: None - number):
        with pytest.raises(TypeError):
            operation()


def test_the_precision_of_a_caller_is_left_alone() -> None:
    """Asking for many digits changes nothing outside."""
    before = ctx.prec
    assert len(value("sqrt(2)").rounded(100)) == 102
    assert ctx.prec == before


# ---------------------------------------------------------------------------------------------- double precision


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("x*x*x", {"x": "1e200"}, "v_1 = v_0*v_0 is larger than 2^1024, which is the bound of float arithmetic"),
        ("x*1e350", {"x": 1}, "1e350 is larger than 2^1024, which is the bound of float arithmetic"),
        ("exp(x)", {"x": 800}, "v_1 = exp(v_0) is larger than 2^1024, which is the bound of float arithmetic"),
        ("x*1e200", {"x": "1e-200"}, None),
        ("(x*1e200)*1e200", {"x": "1e-200"}, "a derivative is larger than 2^1024, which is the bound of float "
         "arithmetic"),
    ],
)  # fmt: skip
def test_floats_past_their_range_are_refused(expression: str, at: dict[str, Any], message: str | None) -> None:
    """In double precision no infinity goes on through a trace: the row, number or derivative is named."""
    if message is None:
        assert float(adtrace.trace(expression, at=at, arithmetic="float").value) == 1.0
        return
    with pytest.raises(BoundError) as refused:
        assert adtrace.trace(expression, at=at, arithmetic="float").gradient
    assert str(refused.value) == message


def test_a_double_is_a_value_too() -> None:
    """A trace in double precision gives values that print, compare and convert, with certified ones as well."""
    double = adtrace.trace("sin(x)", at={"x": 1}, arithmetic="float").value
    assert float(double) == math.sin(1)
    assert double.exact == Fraction(math.sin(1))
    assert str(double) == repr(math.sin(1))
    assert f"{double:.4f}" == "0.8415"
    assert double < value("exp(1)")
    assert value("exp(1)") > double
    assert double != value("sin(1)")
    assert adtrace.trace("sigmoid(x)", at={"x": -800}, arithmetic="float").value == 0


def test_an_extreme_sigmoid_is_a_number() -> None:
    """The sigmoid of a large negative number is tiny, not past the bound; its digits are those of exp."""
    assert str(value("sigmoid(-20000)")) == str(value("exp(-20000)"))
    assert value("sigmoid(20000)").rounded(4) == "1.0000"


# -- values past a double, and formats --------------------------------------------------------------------------

E_TO_1000 = "1.97007111401704699388887935224e+434"
"""From mpmath: nstr(exp(1000), 30)."""


@pytest.mark.parametrize("text", ["exp(x)", "exp(3*x) - (exp(3*x) - exp(x))"])
def test_a_value_past_a_double_has_its_digits(text: str) -> None:
    """Text and formats come from the certified value; only float() is infinite."""
    value = adtrace.trace(text, at={"x": 1000}).value
    assert str(value) == "1.9700711140170470e+434"
    assert repr(value) == f"Value({value})"
    assert float(value) == math.inf
    assert isinstance(hash(value), int)
    assert f"{value:.3e}" == "1.970e+434"
    assert f"{value:.29e}" == E_TO_1000
    assert f"{value:g}" == "1.97007e+434"
    assert str(int(value)).startswith("197007111401704699388887935224")
    assert str(round(value)) == f"{value:.0f}"
    assert float(adtrace.trace(f"-({text})", at={"x": 1000}).value) == -math.inf


@pytest.mark.parametrize(
    ("number", "spec", "text"),
    [
        ("0.12345", ".3e", "1.234e-01"), ("2.675", ".2e", "2.68e+00"), ("1e-400", ".3e", "1.000e-400"),
        ("10^400", ".3e", "1.000e+400"), ("10^400", "g", "1e+400"), ("1e-400", ".2f", "0.00"),
        ("0", ".2e", "0.00e+00"), ("0", "g", "0"), ("-1/3", "+.3g", "-0.333"), ("1/3", "+10.3g", "    +0.333"),
        ("1/8", ".1%", "12.5%"), ("1234567.5", ",.1f", "1,234,567.5"), ("2.5", "*^9.0f", "****2****"),
    ],
)  # fmt: skip
def test_a_format_rounds_the_value_once(number: str, spec: str, text: str) -> None:
    """Ties are those of the exact value and go to the even digit; width, sign and fill are Python's."""
    assert format(adtrace.trace(f"x + {number}", at={"x": 0}).value, spec) == text


def test_formats_are_those_of_a_float() -> None:
    """A value that is a double is formatted as the double, which Python rounds once, too (but for its -0)."""
    draw = random.Random(3)
    for _ in range(400):
        x = draw.uniform(-1, 1) * 10.0 ** draw.randint(-12, 12)
        kinds = [".3e", ".0e", "g", ".12G", ".2g", "E", ".3f"]
        choices = ["", "<", "*^", "="], ["", "+", " "], ["", "14", "020"], kinds
        spec = "".join(map(draw.choice, choices))
        number = fmpq(*x.as_integer_ratio())
        value, text = Value(number, lambda bits, number=number: number), format(x, spec)  # type: ignore[misc]
        assert format(value, spec) == text or (not re.search("[1-9]", text) and text.count("-") == 1), (x, spec)


def test_round_is_exact() -> None:
    """round() gives an integer, or the rounded decimal as a value; ties go to the even digit."""
    value = adtrace.trace("x", at={"x": "2.675"}).value
    assert round(value) == 3
    assert round(value, 2) == Fraction("2.68")
    assert round(adtrace.trace("x", at={"x": "250"}).value, -2) == 200
    assert round(adtrace.trace("exp(x)", at={"x": 1}).value, 20) == Fraction("2.71828182845904523536")
    assert round(adtrace.trace("x", at={"x": "2.5"}, arithmetic="float").value) == 2


def iterated(factor: str, steps: int) -> str:
    """The logistic map, iterated."""
    return "\n".join(["a = x", *[f"a = {factor}*a*(1 - a)"] * steps])


@pytest.mark.parametrize(("factor", "steps", "x"), [("4", 150, "3/10"), ("3.99", 90, "1/3"), ("4", 400, "1/7")])
def test_an_iterated_map_asks_for_more_bits(factor: str, steps: int, x: str) -> None:
    """A map that doubles every error has certified digits, however wide its first intervals grow."""
    trace = adtrace.trace(iterated(factor, steps), at={"x": x})
    with mp.workdps(600):
        value, slope = mp.mpf(Fraction(x).numerator) / Fraction(x).denominator, mp.mpf(1)
        for _ in range(steps):
            slope *= mp.mpf(factor) * (1 - 2 * value)
            value *= mp.mpf(factor) * (1 - value)
        assert abs(mp.mpf(trace.value.rounded(20)) - value) < mp.mpf(10) ** -20
        assert abs(mp.mpf(f"{trace.gradient['x']:.12e}") / slope - 1) < 1e-12
    assert "?" not in trace.table(format="text", mode="reverse", caption="")


def test_large_numbers_keep_their_bound() -> None:
    """A number that is larger than the bound is refused, not only a ball that is wide."""
    with pytest.raises(adtrace.BoundError, match=r"v_\d+ = v_\d+\^2 is larger than 2\^20000"):
        adtrace.trace("\n".join(["a = x", *["a = a^2"] * 20]), at={"x": "pi"})
    with pytest.raises(adtrace.BoundError, match=r"larger than 2\^20000"):
        adtrace.trace("exp(9000)*exp(x)", at={"x": 9000}).table()


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("atan2(x, x*(e - e))", 2, "1.5708"),
        ("atan2(x, x*(e - e))", -2, "-1.5708"),
        ("atan2(x*(e - e), x)", 3, "0.0000"),
    ],
)
def test_one_operand_may_decide_an_angle(text: str, x: int, value: str) -> None:
    """e - e is known as a ball round 0 only; where the other operand tells the half plane, that is enough."""
    assert adtrace.trace(text, at={"x": x}).value.rounded(4) == value
    with pytest.raises(adtrace.UndecidedError, match=r"whether u != 0 or w != 0"):
        adtrace.trace("atan2(x*(e - e), -x)", at={"x": 3})


@pytest.mark.parametrize("name", sorted(SYSTEMS))
def test_a_number_system_that_can_be_asked_for_is_there(name: str) -> None:
    """Each name of the table of number systems computes sqrt(2) to the digits that its numbers have."""
    value = adtrace.trace("sqrt(x)", at={"x": 2}, arithmetic=name).values["y"]
    assert abs(float(value) - 2**0.5) < 1e-15
