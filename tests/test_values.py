"""A value computes, compares, hashes and converts as a number of Python does: against Fraction, mpmath and numpy."""

from __future__ import annotations

import copy
import math
import numbers
import operator
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace
from adtrace import BoundError, DomainError, OptionError, UndecidedError, Value

FRACTIONS = st.fractions(min_value=-50, max_value=50, max_denominator=60)
SMALL = st.builds(operator.mul, st.fractions(Fraction(1, 60), 5, max_denominator=60), st.sampled_from((1, -1)))
BINARY = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod,
}  # fmt: skip
ORDERS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def rational(x: Fraction) -> Value:
    """A value of a trace that is this fraction."""
    return adtrace.trace("x + 0", at={"x": x}).value


def irrational(name: str, x: Fraction) -> Value:
    """A value of a trace that is no fraction: name(x)."""
    return adtrace.trace(f"{name}(x)", at={"x": x}).value


def as_fraction(x: Any) -> Fraction:
    """A number of Python or a value as the fraction that it is."""
    if isinstance(x, Value):
        assert x.exact is not None
        return x.exact
    return Fraction(x)


@settings(max_examples=60)
@given(FRACTIONS, FRACTIONS, st.sampled_from(sorted(BINARY)))
def test_rational_values_compute_as_fractions(x: Fraction, y: Fraction, sign: str) -> None:
    """+ - * / // % of values, and of a value and a fraction on either side, are Python's own, exactly."""
    compute = BINARY[sign]
    if not y and sign in "//%":
        for left, right in ((rational(x), rational(y)), (rational(x), y), (x, rational(y))):
            with pytest.raises(ZeroDivisionError):
                compute(left, right)
        return
    for left, right in ((rational(x), rational(y)), (rational(x), y), (x, rational(y))):
        assert as_fraction(compute(left, right)) == compute(x, y)


@settings(max_examples=60)
@given(FRACTIONS, FRACTIONS)
def test_a_rational_value_is_its_fraction(x: Fraction, y: Fraction) -> None:
    """Order, hash, floor, ceiling, truncation, rounding, sign and size are those of the fraction."""
    v, w = rational(x), rational(y)
    for order in ORDERS:
        assert order(v, w) is order(x, y)
        assert order(v, y) is order(x, w) is order(x, y)
    assert hash(v) == hash(x)
    assert {x: 1}[v] == 1
    asked = (math.floor, math.ceil, math.trunc, int, round, bool, float, complex)
    assert [ask(v) for ask in asked] == [ask(x) for ask in asked]
    assert [as_fraction(own) for own in (-v, +v, abs(v), round(v, 2), round(v, -1), v.real)] == [
        -x, x, abs(x), round(x, 2), round(x, -1), x
    ]  # fmt: skip
    assert v.imag == 0
    assert v.conjugate() == x


@settings(max_examples=60)
@given(FRACTIONS.filter(bool), st.integers(-12, 12))
def test_powers_of_rational_values(x: Fraction, n: int) -> None:
    """A whole power is the fraction's, and a power is a root's inverse."""
    assert as_fraction(rational(x) ** n) == x**n
    assert as_fraction((rational(x) ** 2) ** Fraction(1, 2)) == abs(x)


@settings(max_examples=30)
@given(st.sampled_from(["sin", "exp", "atan", "cosh"]), SMALL, FRACTIONS)
def test_other_values_compute_to_any_number_of_digits(name: str, x: Fraction, y: Fraction) -> None:
    """With a result that is no fraction, every operation has mpmath's first 60 decimals."""
    v, w = irrational(name, x), rational(y)
    with mp.workdps(300):
        exact = getattr(mp, name)(mp.mpf(x.numerator) / x.denominator)
        other = mp.mpf(y.numerator) / y.denominator
        pairs = [(v + w, exact + other), (w - v, other - exact), (v * v, exact * exact), (w / v, other / exact),
                 (-v, -exact), (abs(v), abs(exact)), (abs(v) ** w, abs(exact) ** other), (3 * v - 0.5, 3 * exact - 0.5),
                 (v ** 3, exact**3), (v % 2, exact % 2), ((v + 1) * (v - 1) / 7, (exact * exact - 1) / 7)]  # fmt: skip
        for ours, theirs in pairs:
            scaled = mp.nint(theirs * mp.mpf(10) ** 60)
            assert int(ours.rounded(60).replace(".", "")) == int(scaled), (ours, theirs)
        assert math.floor(v) == int(mp.floor(exact))
        assert math.ceil(v) == int(mp.ceil(exact))
        assert v // 1 == int(mp.floor(exact))
        assert (v > w) is bool(exact > other)


def test_what_is_rounded_is_rounded_once() -> None:
    """A sum that a double cannot hold is right in every digit that is asked for."""
    tiny = adtrace.trace("exp(-x)", at={"x": 60}).value
    assert f"{1 + tiny:.30f}" == "1.000000000000000000000000008757"
    assert round(1 + tiny, 28) == 1 + Fraction(88, 10**28)
    assert float(1 + tiny) == 1.0


def test_numbers_of_other_kinds() -> None:
    """int, bool, float, Decimal and numpy's scalars are the numbers that they are, on both sides."""
    third = rational(Fraction(1, 3))
    for other in (2, True, 0.1, Decimal("0.1"), np.float64(0.1), np.float32(0.1), np.int64(3), np.uint8(7)):
        exact = Fraction(*other.as_integer_ratio()) if hasattr(other, "as_integer_ratio") else Fraction(int(other))
        for ours in (third + other, other + third):
            assert type(ours) is Value
            assert ours.exact == Fraction(1, 3) + exact
        assert (other - third).exact == exact - Fraction(1, 3)
        assert (third < other) is (Fraction(1, 3) < exact)
    assert third + 1j == complex(1 / 3, 1)
    assert third + math.inf == math.inf
    assert math.isnan(third * math.nan)
    assert third < math.inf
    assert third % math.inf == 1 / 3
    for wrong in ("1", None, [1], object()):
        with pytest.raises(TypeError):
            third + wrong
        assert third != wrong


def test_it_is_a_real_number() -> None:
    """A value is a `numbers.Real`, with all that it demands."""
    number = irrational("sin", Fraction(1))
    assert isinstance(number, numbers.Real)
    assert isinstance(sum([number, number]), Value)
    assert divmod(number, 0.5) == (1, number - 0.5)
    assert complex(number) == complex(math.sin(1))
    assert math.isclose(math.sqrt(number), math.sqrt(math.sin(1)))


def test_double_precision_stays_double_precision() -> None:
    """A result of double precision computes as Python's float does, and says nothing better."""
    number = adtrace.trace("sin(x)", at={"x": 1}, arithmetic="float").value
    for ours, theirs in ((number + Fraction(1, 3), math.sin(1) + 1 / 3), (2 / number, 2 / math.sin(1)),
                         (number**2, math.sin(1) ** 2), (1 // number, 1 // math.sin(1)),
                         (1.0 % number, 1.0 % math.sin(1)), (-number, -math.sin(1))):  # fmt: skip
        assert float(ours) == theirs
    assert hash(number) == hash(math.sin(1))
    assert number == math.sin(1)


def test_what_has_no_value_is_said() -> None:
    """Division by zero is Python's error; a power that is not real, a number past the bound, and an order that nothing
    decides are named.
    """
    nothing = adtrace.trace("sin(x)^2 + cos(x)^2 - 1", at={"x": 1}).value
    two = rational(Fraction(2))
    with pytest.raises(ZeroDivisionError):
        two / rational(Fraction(0))
    with pytest.raises(ZeroDivisionError):
        rational(Fraction(0)) ** -1
    with pytest.raises(DomainError, match=r"-2 \*\* 0.5 has no real value"):
        (-two) ** 0.5
    with pytest.raises(BoundError, match="larger than 2"):
        irrational("exp", Fraction(9)) ** 10**6
    with pytest.raises(UndecidedError):
        two / nothing
    with pytest.raises(UndecidedError):
        math.floor(nothing + 1)
    with pytest.raises(UndecidedError):
        assert nothing < 0
    assert nothing != 0
    assert (nothing + 5 == 5) is False
    assert hash(nothing) == hash(nothing + 0)


def test_one_number_found_twice_is_equal() -> None:
    """The same number of the same function at the same point is equal, though no precision could prove it."""
    first, second = (adtrace.trace("exp(x)*y", at={"x": "1/3", "y": 2}) for _ in range(2))
    assert first.value == second.value
    assert hash(first.value) == hash(second.value)
    assert first.gradient == second.gradient
    assert first.value + 1 == second.value + 1
    assert first.value * 2 != second.value
    assert len({first.value, second.value, first.gradient["x"]}) <= 2
    assert first == second
    assert hash(first) == hash(second)
    assert first != adtrace.trace("exp(x)*y", at={"x": "1/3", "y": 3})
    assert adtrace.trace("acos(x)", at={"x": 0}).value * 2 == adtrace.trace("2*acos(x)", at={"x": 0}).value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_value_that_was_sent_computes_on(protocol: int) -> None:
    """A value, and what was computed from values, comes back with every digit, by every protocol."""
    trace = adtrace.trace("sin(x)*y", at={"x": 1, "y": "1/3"})
    v, w = trace.value, trace.gradient["x"]
    for number in (v, w, v + w, (v * w - 3) / 7, v**2 % 1, rational(Fraction(1, 3)), irrational("acos", Fraction(0))):
        back = pickle.loads(pickle.dumps(number, protocol))
        assert back == number
        assert back.rounded(90) == number.rounded(90)
        assert (back - 1).rounded(90) == (number - 1).rounded(90)
        assert copy.deepcopy(number) == copy.copy(number) == number
    assert pickle.loads(pickle.dumps(trace.gradient, protocol)) == trace.gradient


def test_a_long_sum() -> None:
    """Ten thousand values are added, asked for more digits than they were computed with, and sent."""
    part = irrational("sin", Fraction(1))
    total = sum([part] * 10_000)
    with mp.workdps(120):
        text = mp.nstr(10_000 * mp.sin(1), 100)
    assert total.rounded(80)[:80] == text[:80]
    assert pickle.loads(pickle.dumps(total)).rounded(80) == total.rounded(80)
    assert hash(total) == hash(float(total))


def test_formulas_compute_as_formulas() -> None:
    """A value with open letters gives formulas with numbers and with formulas, and refuses what needs a number."""
    trace = adtrace.trace("x*y + sin(x)")
    v = trace.value
    x, y = 0.7, -1.3
    names = dict(zip("xy", (x, y), strict=True))
    for ours, theirs in ((v + 1, x * y + math.sin(x) + 1), (2 / v, 2 / (x * y + math.sin(x))),
                         (v**2 - v, (x * y + math.sin(x)) ** 2 - x * y - math.sin(x)),
                         (trace.gradient["x"] * Fraction(1, 3), (y + math.cos(x)) / 3)):  # fmt: skip
        assert math.isclose(float(ours.sympy().evalf(30, subs=names)), theirs)
    assert pickle.loads(pickle.dumps(v + 1)) == v + 1
    with pytest.raises(OptionError, match="letters that are open"):
        v + irrational("sin", Fraction(1))
    with pytest.raises(OptionError, match="letters that are open"):
        math.floor(v)
    half_open = adtrace.trace("ln(x) + y", at={"x": 2}, open="y").value - adtrace.trace("y").value
    assert math.isclose(float(half_open.sympy().evalf(30, subs={"y": 0.3})), math.log(2))


# -- numpy ---------------------------------------------------------------------------------------------------


def test_numpy_takes_values() -> None:
    """An array of values is an array of the nearest doubles, and of objects where that is asked for."""
    values = list(adtrace.trace("sin(x) + x*y", at={"x": 1, "y": "1/3"}).gradient.values())
    doubles = [float(value) for value in values]
    assert np.array(values, float).tolist() == doubles
    assert np.array(values, np.float32).dtype == np.float32
    assert np.asarray(values[0]).dtype == float
    assert np.asarray(values[0]).tolist() == doubles[0]
    assert np.fromiter(values, float).tolist() == doubles
    assert np.linspace(0, values[0], 3)[-1] == doubles[0]


def test_numpys_functions_of_values() -> None:
    """Operators stay exact, with numpy's scalars too; other functions, and arrays, are in double precision."""
    third, sine = rational(Fraction(1, 3)), irrational("sin", Fraction(1))
    assert np.add(third, 1).exact == Fraction(4, 3)
    assert (np.float64(0.5) * third).exact == Fraction(1, 6)
    assert (np.int64(2) - third).exact == Fraction(5, 3)
    assert np.float64(1) > third
    assert np.exp(sine) == math.exp(math.sin(1))
    assert (np.arange(3) * sine).tolist() == [0, math.sin(1), 2 * math.sin(1)]
    assert (sine + np.ones(2)).tolist() == [1 + math.sin(1)] * 2
    boxes = np.empty(2, object)
    boxes[0], boxes[1] = third, sine
    assert (boxes + third)[0].exact == Fraction(2, 3)
    assert boxes.sum() == third + sine
    assert np.isclose(sine, math.sin(1))
