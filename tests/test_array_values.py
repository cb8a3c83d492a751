"""Arrays of a trace as a script gets them: they compute with numbers, lists, each other and numpy as one expects."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace

OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
THIRDS = adtrace.trace("W/3", at={"W": [[1, -2], [4, 5]]}).value
EXACT = [[Fraction(1, 3), Fraction(-2, 3)], [Fraction(4, 3), Fraction(5, 3)]]
CERTIFIED = adtrace.trace("sin(W)", at={"W": [[1, -2], [4, 5]]}).value


@pytest.mark.parametrize("of", OPERATORS)
@pytest.mark.parametrize("other", [2, Fraction(1, 7), Decimal("0.5"), [3, 4], [[1], [2]], [[1, 2], [3, 4]]])
def test_arrays_of_fractions_compute_exactly(of: Callable[[Any, Any], Any], other: Any) -> None:
    """On either side, entry by entry, with numpy's rule for shapes: held against Python's fractions."""
    whole = of is operator.pow
    other = 2 if whole else other
    plain = np.array(EXACT, dtype=object)
    theirs = np.array(Fraction(other) if isinstance(other, Decimal) else other, dtype=object)
    assert of(THIRDS, other).exact == of(plain, theirs).tolist()
    if not whole:
        assert of(other, THIRDS).exact == of(theirs, plain).tolist()


def test_products_of_matrices() -> None:
    """``@`` with arrays and lists; two vectors give a value."""
    plain = np.array(EXACT, dtype=object)
    assert (THIRDS @ THIRDS).exact == (plain @ plain).tolist()
    assert ([1, 2] @ THIRDS).exact == (np.array([1, 2], dtype=object) @ plain).tolist()
    assert THIRDS[0] @ THIRDS[1] == Fraction(4, 9) - Fraction(10, 9)
    assert isinstance(THIRDS[0] @ [1, 1], adtrace.Value)


def test_what_is_certified_stays_so() -> None:
    """A difference that doubles lose is there: the digits are found anew at the precision that they need."""
    assert (CERTIFIED + 10**30 - 10**30).rounded(20) == CERTIFIED.rounded(20)
    assert (CERTIFIED * adtrace.trace("x*pi", at={"x": 1}).value).rounded(10)[0][0] == "2.6435590641"  # pi sin 1
    assert (abs(-CERTIFIED)).rounded(4) == [["0.8415", "0.9093"], ["0.7568", "0.9589"]]
    assert round(CERTIFIED, 1)[0, 0] == Fraction(8, 10)
    assert f"{CERTIFIED:.2f}" == "[[0.84, -0.91], [-0.76, -0.96]]"


@pytest.mark.parametrize("of", [*OPERATORS[:4], operator.matmul])
def test_beside_numpy_a_result_is_numpys(of: Callable[[Any, Any], Any]) -> None:
    """An array or a number of numpy's gives its array, in doubles, on either side."""
    theirs = np.array([[1.5, 2.0], [0.5, -3.0]])
    for other in (theirs, np.float64(2.5)) if of is not operator.matmul else (theirs,):
        for one, two in ((CERTIFIED, other), (other, CERTIFIED)):
            made = of(one, two)
            assert type(made) is np.ndarray
            assert made.dtype == float
            assert made == pytest.approx(of(np.asarray(one, float), np.asarray(two, float)))
    assert np.exp(CERTIFIED)[0, 0] == pytest.approx(np.exp(np.sin(1.0)))


def test_a_step_of_gradient_descent() -> None:
    """As a script writes it, with weights of numpy or lists: the loss gets less, by about the rate times |g|^2."""
    program, data = "h = sigmoid(W @ x + b); L = mse(h, y)", {"x": [1, 2], "y": [1, 0]}
    for weights in ([[1, -1], [0.5, 0.25]], np.array([[1, -1], [0.5, 0.25]])):
        trace = adtrace.trace(program, at={"W": weights, "b": [0.5, -0.5], **data}, const="x,y")
        g = trace.gradient
        stepped = {"W": weights - 0.001 * g["W"], "b": [0.5, -0.5] - 0.001 * g["b"], **data}
        less = float(trace.value) - float(trace.at(stepped).value)
        squared = np.sum(np.asarray(g["W"]) ** 2) + np.sum(np.asarray(g["b"]) ** 2)
        assert less == pytest.approx(0.001 * squared, rel=1e-2)


@settings(max_examples=40)
@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), st.floats(-1e3, 1e3))
def test_doubles_stay_doubles(entries: list[float], number: float) -> None:
    """An array of double precision computes as numpy's does, and gives its values and pickles as before."""
    value = adtrace.trace("x + 0", at={"x": np.array(entries)}, arithmetic="float").value
    assert np.array_equal(np.asarray(value * number + value), np.array(entries) * number + np.array(entries))
    assert [float(entry) for entry in pickle.loads(pickle.dumps(value - number))] == list(np.array(entries) - number)
    assert float(value @ value) == pytest.approx(float(np.array(entries) @ np.array(entries)))


def test_what_has_no_result_is_an_error_as_of_numbers() -> None:
    """A division by 0 in doubles, too; shapes that do not go together; what is no array."""
    doubles = adtrace.trace("x + 0", at={"x": [1, 0]}, arithmetic="float").value
    for array in (doubles, THIRDS - THIRDS):
        with pytest.raises(ZeroDivisionError):
            1 / array
    with pytest.raises(adtrace.DomainError, match="no real value"):
        (-THIRDS[:, 1] + [0, 1]) ** Fraction(1, 2)
    with pytest.raises(ValueError, match="broadcast"):
        operator.add(THIRDS, [1, 2, 3])
    for other in ("1", [[1], [2, 3]], ["1", "2"], None, 1j):
        with pytest.raises(TypeError, match="unsupported operand"):
            THIRDS + other  # type: ignore[operator]


def test_parts_and_what_numpy_has_alone() -> None:
    """``T`` and ``reshape`` are arrays of the same values; what else numpy's arrays have is named with where it is."""
    assert THIRDS.T.exact == [list(row) for row in zip(*EXACT, strict=True)]
    assert THIRDS.reshape(-1).exact == [*EXACT[0], *EXACT[1]]
    assert THIRDS.reshape(4, 1).T.shape == (1, 4)
    with pytest.raises(AttributeError, match=r"numpy\.asarray\(array\)\.sum has it, in doubles"):
        THIRDS.sum()
    with pytest.raises(AttributeError, match=r"an ArrayValue has no 'sums'$"):
        _ = THIRDS.sums


def test_formulas_compute_too() -> None:
    """Without a point the entries are formulas, and so are the results."""
    product = adtrace.trace("W @ x", shape="W=2x2; x=2").value
    assert str(product * 2).count("W_1_1") == 1
    assert (product - product).exact is not None
