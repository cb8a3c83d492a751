"""Python functions of numpy's arrays: rows of whole arrays, against numpy itself, the text of the same program, the
recording entry by entry, differences of values and autograd.
"""
# ruff: noqa: N803, PLW0108 - matrices have their own letters; a function that is traced is written out

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import adtrace

POINT: dict[str, Any] = {
    "W": np.array([[1.0, -1, 2], [0.5, 0.25, -3]]),
    "x": np.array([1, 2.25, -1.5]),
    "A": np.array([[2.0, 1, 0.5], [1, 3, -1], [0.5, 2, 1]]),
    "V": np.array([[1.5, 2, 3], [0.25, 0.5, 1]]),
    "s": 2.0,
}


def at_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments of a function by the names of its parameters."""
    return {name: POINT[name] for name in inspect.signature(function).parameters}


def numeric(value: Any) -> Any:
    """A number or an array of a trace in doubles."""
    return np.array(value, dtype=float) if getattr(value, "ndim", 0) else float(value)


def differences(function: Callable[..., Any], at: dict[str, Any], name: str) -> Any:
    """The central differences of a function by one argument."""
    given = np.asarray(at[name], dtype=float)
    found = np.zeros(given.shape)
    for place in np.ndindex(given.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = given.copy()
            moved[place] += step
            ends.append(float(function(**{**at, name: moved if given.ndim else float(moved)})))
        found[place] = (ends[0] - ends[1]) / 2e-5
    return found


# -- the same rows as the text ---------------------------------------------------------------------------------

AS_TEXT: list[tuple[Callable[..., Any], str]] = [
    (lambda W, x: np.sum(W @ x), "sum(W @ x)"),
    (lambda W, V: (W.T @ V).sum(axis=0) @ np.array([1, 2, 3]), "sum(W.T @ V, axis=0) @ [1, 2, 3]"),
    (lambda W, x: np.tanh(W @ x + 1).max(), "max(tanh(W @ x + 1))"),
    (lambda W, V: np.sum(W * V + V * V + W / V), "sum(W*V + V*V + W/V)"),
    (lambda x: np.dot(x, x) * np.linalg.norm(x), "dot(x, x)*norm(x)"),
    (lambda x, V: np.mean(np.outer(x, V[0]) ** 2), "mean(outer(x, V[0])^2)"),
    (lambda x: np.sum(np.convolve(x, [1, 2]) ** 2), "sum(convolve(x, [1, 2])^2)"),
    (lambda x: adtrace.maxpool1d(adtrace.relu(adtrace.conv1d(x, [1, -1])), 2)[0] * 3,
     "maxpool1d(relu(conv1d(x, [1, -1])), 2)[0]*3"),
    (lambda W: W.reshape(3, 2)[1, 0] + W.flatten()[2], "reshape(W, 3, 2)[1, 0] + flatten(W)[2]"),
    (lambda W: np.sum(W[:, 1:] ** 3) + W[-1, [0, 2]] @ np.array([3, 4]), "sum(W[:, 1:]^3) + W[-1, [0, 2]] @ [3, 4]"),
    (lambda x, W: np.sum(np.concatenate([x, W[0]]) ** 2), "sum(concat(x, W[0])^2)"),
    (lambda x, W: np.sum(np.stack([x, W[1]]) * W), "sum(stack(x, W[1])*W)"),
    (lambda W, V: np.sum(np.einsum("ij,kj->ik", W, V)), 'sum(einsum("ij,kj->ik", W, V))'),
    (lambda A: np.trace(A) + A.mean(axis=0, keepdims=True)[0, 1], "trace(A) + mean(A, axis=0, keepdims=True)[0, 1]"),
    (lambda x: adtrace.softmax(x)[1] + adtrace.max(x, axis=0), "softmax(x)[1] + max(x, axis=0)"),
    (lambda W: adtrace.softmax_cross_entropy(W, adtrace.one_hot([2, 0], 3), reduction="mean"),
     'softmax_cross_entropy(W, one_hot([2, 0], 3), reduction="mean")'),
    (lambda x, V: adtrace.layer_norm(x, V[0], V[1], eps=0.1) @ x, "layer_norm(x, V[0], V[1], eps=0.1) @ x"),
    (lambda W: np.sum(np.maximum(W, 0) - np.minimum(0.3, W) + abs(W)), "sum(max(W, 0) - min(0.3, W) + abs(W))"),
    (lambda s, x: np.sum(s * x - x / s) + s, "sum(s*x - x/s) + s"),
    (lambda s, x: np.sum(x**2 + 2**x + np.exp(x)) * s**2, "sum(x^2 + 2^x + exp(x))*s^2"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "text"), AS_TEXT, ids=[text for _, text in AS_TEXT])
def test_a_function_has_the_rows_of_its_text(function: Callable[..., Any], text: str) -> None:
    """Row by row the same elementals at the same operands, and the same exact or certified numbers."""
    mine, theirs = (adtrace.trace(of, at=at_of(function)) for of in (function, text))
    assert [row.elemental.name for row in mine.wengert.rows] == [row.elemental.name for row in theirs.wengert.rows]
    assert mine.wengert.shapes == theirs.wengert.shapes
    assert [tuple(row.operands) for row in mine.wengert.rows if len(row.operands) == 1] == [
        tuple(row.operands) for row in theirs.wengert.rows if len(row.operands) == 1
    ]
    assert mine.value.rounded(30) == theirs.value.rounded(30)
    for name, slope in mine.gradient.items():
        assert _digits(slope) == _digits(theirs.gradient[name])


def _digits(value: Any) -> Any:
    return value.rounded(30)


# -- the same numbers as numpy ---------------------------------------------------------------------------------


def _updated(x: Any) -> Any:
    y = x * 1
    y += x**2
    y *= 2
    y -= 1
    y /= 3
    y **= 2
    z = y  # another name of the same array
    z += x
    return np.sum(y)


def _recurrent(A: Any, x: Any) -> Any:
    h = x
    for _ in range(3):
        h = np.tanh(A @ h)
    return np.sum(h * h)


AS_NUMPY: list[Callable[..., Any]] = [
    lambda x, A: np.sum([1.0, 2.0, 3.0] @ A * x),
    lambda W, x: np.sum((W + x) * x / 2 - W),
    lambda x: np.sum((x[:, None] - x[None, :]) ** 2),
    lambda W: W.max() + np.max(W, axis=0).sum() + np.amin(W, axis=1)[0],
    lambda W, x: np.dot(W, x).dot(np.dot(W, x)),
    lambda x: np.sum(np.convolve(x, np.array([1.0, 2.0, 0.5]), "same") ** 2),
    lambda x: np.sum(np.correlate(x, np.array([1.0, 2.0])) ** 2),
    lambda x: np.sum(np.correlate(x, [1.0, 2.0, 3.0], "full") ** 3),
    lambda x, W: np.concatenate([x, W[0], np.ones(2)]) @ np.arange(8.0),
    lambda x, W, A: np.sum(np.stack([x, W[0], W[1]], axis=1) * A) + np.sum(np.vstack([x, W]) * A),
    lambda W: np.hstack([W, W])[0, 4] ** 2,
    lambda x, W: np.linalg.norm(W) + np.linalg.norm(W, axis=1).sum() + np.linalg.norm(x, 1) + np.linalg.norm(x, np.inf),
    lambda A: np.trace(A @ A) + np.diag(A).sum() + A.trace(),
    lambda W: np.sum(np.clip(W, -0.9, 1.1) ** 2) + W.clip(0.1).sum() + np.sum(np.square(W)),
    lambda x: np.sum(np.expand_dims(x, 0).T @ np.expand_dims(x, 0)) + np.squeeze(x[None])[1],
    lambda W, x: sum(row @ x for row in W) ** 2,
    lambda x: x[0] * x[1] + np.sin(x[2]) * len(x) + x[-1],
    lambda W: W[0, ::2].sum() + np.sum(W[:, [0, 2]]) * W[1][2] + W[..., 0].sum() + np.sum(W[[1, 0], [0, 2]]),
    lambda x: np.sum(x[np.array([True, False, True])] ** 2) + np.sum(np.where([True, False, True], x, x**2)),
    lambda x: np.sum(np.abs(x) ** x) + np.power(x, 2).sum(),
    lambda s, x: np.sum(s ** np.array([1.0, 2.0])) + np.sum(np.array([1.0, 2.0]) * s),
    lambda s, x: np.sum(np.array([s, s * 2, 1.0]) * x),
    lambda x: np.prod(x) + np.cumsum(x)[1],
    lambda W: np.var(W) + np.std(W, axis=0).sum() + np.var(W, axis=1, ddof=1)[0] + np.ptp(W),
    lambda W, V: np.sum(np.tensordot(W, V, axes=([1], [1]))) + np.inner(W, V)[0, 1] + np.vdot(W, V),
    lambda x: np.log(np.sum(np.exp(x - np.max(x)))) + np.max(x),
    lambda W: np.sum(np.swapaxes(W, 0, 1) @ np.array([1.0, 2.0])) + np.moveaxis(W, 0, 1)[0, 1],
    lambda x: np.roll(x, 1) @ x + np.flip(x) @ x + np.repeat(x, 2)[3] + np.tile(x, 2)[4] + np.diff(x)[0] ** 2,
    lambda x, W: np.sum(np.pad(x, 1) ** 2) + np.split(x, 3)[1][0] + np.split(W, 2)[1][0, 2] + np.take(x, [0, 2])[1],
    lambda x, W: np.sum(np.atleast_2d(x) @ W.T) + np.sum(np.column_stack([x, x])) + np.append(x, x)[4],
    lambda x: np.sum(np.zeros_like(x) + x**2) + np.ones_like(x) @ x + x.ndim + np.size(x) + x.shape[0],
    lambda W: np.add.reduce(W)[0] + np.maximum.reduce(W, axis=1)[0] + np.multiply.outer(W[0], W[1])[1, 2],
    lambda x, A: np.sum(np.diag(x) @ A) + np.sum(np.diag(x, 1) ** 2) + np.sum(np.broadcast_to(x, (2, 3)) ** 2),
    lambda V: np.log1p(V).sum() + np.log2(V).sum() + np.hypot(V, 1.5).sum() + np.logaddexp(V, 0.5).sum(),
    lambda V: np.reciprocal(V).sum() + np.arctan2(V, 2.0).sum() + np.cbrt(V).sum() + np.sum(V % 0.7) + np.sum(V // 0.7),
    lambda W: np.average(W, axis=0, weights=np.array([[1.0, 2, 3], [4, 5, 6]]))[1] + W.T.T[0, 0] + W.T[2, 1],
    _updated,
    _recurrent,
]  # fmt: skip


@pytest.mark.parametrize("function", AS_NUMPY, ids=range(len(AS_NUMPY)))
def test_numbers_are_those_of_numpy(function: Callable[..., Any]) -> None:
    """The value is what numpy computes with plain arrays, and the gradient what differences of it say."""
    at = at_of(function)
    trace = adtrace.trace(function, at=at)
    assert float(trace.value) == pytest.approx(float(function(**at)), rel=1e-13)
    for name, slope in trace.gradient.items():
        assert np.shape(numeric(slope)) == np.shape(at[name])
        np.testing.assert_allclose(numeric(slope), differences(function, at, name), rtol=2e-8, atol=1e-8)


@pytest.mark.parametrize("function", [f for f, _ in AS_TEXT[:6]] + [AS_NUMPY[1], AS_NUMPY[14], _recurrent])
def test_rows_by_entry_give_the_same(function: Callable[..., Any]) -> None:
    """``rows="entries"`` records numpy's own loops over numbers: W_1_1, W_1_2, ..., with exactly the same slopes."""
    whole, apart = (adtrace.trace(function, at=at_of(function), rows=rows) for rows in ("operations", "entries"))
    assert not apart.wengert.shapes
    assert whole.value.rounded(25) == apart.value.rounded(25)
    for name, slope in whole.gradient.items():
        for place in np.ndindex(np.shape(at_of(function)[name])):
            entry = "_".join([name, *(str(k + 1) for k in place)])
            assert (slope[place] if place else slope).rounded(25) == apart.gradient[entry].rounded(25)


def test_against_autograd() -> None:
    """A network with softmax and convolution has autograd's gradient to its last digits."""
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")
    rng = np.random.default_rng(5)
    parameters = [rng.normal(size=shape) for shape in ((4, 8), (8,), (8, 3), (3,))]
    inputs, targets = rng.normal(size=(5, 4)), np.eye(3)[[0, 2, 1, 1, 0]]

    def loss(W1: Any, b1: Any, W2: Any, b2: Any, numpy: Any = np) -> Any:
        h = numpy.tanh(numpy.dot(inputs, W1) + b1)
        z = numpy.dot(h, W2) + b2
        shifted = z - numpy.max(z, axis=1, keepdims=True)
        logs = shifted - numpy.log(numpy.sum(numpy.exp(shifted), axis=1, keepdims=True))
        return -numpy.mean(numpy.sum(targets * logs, axis=1)) + 0.01 * numpy.sum(W1**2)

    trace = adtrace.trace(loss, at=parameters)
    theirs = autograd.grad(lambda *p: loss(*p, numpy=anp), argnum=(0, 1, 2, 3))(*parameters)
    for mine, other in zip(trace.gradient.values(), theirs, strict=True):
        np.testing.assert_allclose(numeric(mine), other, rtol=1e-12, atol=1e-14)


# -- arguments, results, constants -----------------------------------------------------------------------------


def test_arguments_by_position_by_name_and_in_lists() -> None:
    """An array is one variable wherever it stands; lists keep x_1, x_2, ... unless the function says that it is one."""

    def declared(x: np.ndarray) -> Any:
        return x @ x

    v = np.array([1, 2])
    assert adtrace.trace(lambda x: x @ x, at=v).wengert.independents == ("x",)
    assert adtrace.trace(lambda x, y: x @ y, at=(v, v)).gradient == {"x": [1, 2], "y": [1, 2]}
    assert adtrace.trace(lambda p: p[0] @ p[1], at={"p": [v, v]}).wengert.independents == ("p_1", "p_2")
    assert adtrace.trace(lambda x: x[0] * x[1], at=[2, 3]).gradient == {"x_1": 3, "x_2": 2}
    assert adtrace.trace(declared, at=[2, 3]).gradient == {"x": [4, 6]}
    assert adtrace.trace(lambda x: x @ x, at={"x": "[1/3, 2]"}).gradient == {"x": [Fraction(2, 3), 4]}
    assert adtrace.trace(lambda x, scale=3: np.sum(x) * scale, at=v).gradient == {"x": [3, 3]}
    assert adtrace.trace(lambda x, y: x * y, at=np.array([2, 5])).gradient == {"x": 5, "y": 2}


def test_constants_are_exact() -> None:
    """A number of an array in the function is its shortest decimal, of single precision too, and stays what it was."""
    k = np.array([0.1, 0.2], dtype=np.float32)

    def f(x: Any) -> Any:
        constant = np.array([0.1, 0.3])
        y = x * constant
        constant[0] = 100.0
        return np.sum(y + x * k) + np.sum(x * np.array([Fraction(1, 3), 0]))

    assert adtrace.trace(f, at=np.array([1, 1])).gradient["x"].exact == [Fraction(8, 15), Fraction(1, 2)]


def test_an_array_that_is_returned_is_one_output() -> None:
    """With its shape; its Jacobian has that of both."""
    trace = adtrace.trace(lambda x: np.outer(x, x), {"x": np.array([2, 3])})
    assert trace.wengert.dependent_names == ("y",)
    assert trace.value == [[4, 6], [6, 9]]
    several = adtrace.trace(lambda x: {"a": x * 2, "b": x[0]}, at=np.array([2, 3]))
    assert several.values["a"] == [4, 6]
    assert several.values["b"] == 2
    assert adtrace.trace(lambda x: np.array([x[0] * x[1], x[1]]), np.array([2, 3])).value == [6, 3]


def test_const_names_arguments_that_are_data() -> None:
    """They have no entry in the gradient, as in a text."""
    trace = adtrace.trace(lambda x, y: adtrace.mse(x, y), at=(np.array([1, 2]), np.array([0, 0])), const="y")
    assert trace.gradient == {"x": [1, 2]}
    assert adtrace.trace(lambda x, y: x * y, at=(2, 3), const="y").gradient == {"x": 3}


def test_branches_on_entries_are_decided_and_noted() -> None:
    """A comparison of one entry is a branch; at a point that takes the other one the trace is refused."""

    def f(x: Any) -> Any:
        return np.sum(x) if x[0] > x[1] * 2 else np.sum(x * x)

    trace = adtrace.trace(f, at=np.array([1, 3]))
    assert trace.gradient == {"x": [2, 6]}
    assert trace.at({"x": np.array([0, 5])}).gradient == {"x": [0, 10]}
    with pytest.raises(adtrace.DomainError, match="trace it anew"):
        trace.at({"x": [9, 1]})


def test_functions_of_arrays_take_plain_numbers_too() -> None:
    """``adtrace.softmax`` and the others compute in doubles outside of a trace, and can be pickled."""
    z = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    np.testing.assert_allclose(adtrace.softmax(z), np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), rtol=1e-15)
    assert pickle.loads(pickle.dumps(adtrace.conv1d))([1, 2, 3], [1, 1]).tolist() == [3, 5]
    assert adtrace.max(3, 5) == 5
    assert adtrace.max([3.0, 5.0], axis=0) == 5
    assert adtrace.eye(2).tolist() == [[1, 0], [0, 1]]
    assert adtrace.reshape(z, 3, 2).shape == adtrace.reshape(z, (3, 2)).shape == (3, 2)
    np.testing.assert_allclose(adtrace.layer_norm(z, np.ones(3), np.zeros(3)).mean(axis=1), 0, atol=1e-15)


# -- what is refused -------------------------------------------------------------------------------------------


def _part_in_use(x: Any) -> Any:
    y = x * 2
    first = y[0:1]
    y += 1
    return np.sum(y * first)


def _assigned(x: Any) -> Any:
    y = x * 2
    y[0] = x[1]
    return np.sum(y)


def _into_constant(x: Any) -> Any:
    y = np.zeros(3)
    y += x
    return np.sum(y)


def _view_updated(x: Any) -> Any:
    for row in x.reshape(3, 1):
        row += 1  # noqa: PLW2901 - in numpy it is a view
    return np.sum(x)


REFUSED: list[tuple[Callable[..., Any], str]] = [
    (lambda x: np.sum(x > 0), "> of a recorded array has no row"),
    (lambda x: np.where(x > 0, x, 0), "> of a recorded array"),
    (lambda x: np.sum(x) if x else 0, "neither true nor false"),
    (lambda x: np.argmax(x), "argmax of a recorded array compares its entries"),
    (lambda x: x.argmax(), "argmax"),
    (lambda x: np.sort(x), "sort of a recorded array compares"),
    (lambda x: np.linalg.inv(np.outer(x, x)), "linalg.inv of a recorded array has no row"),
    (lambda x: np.array([x, x]), "numpy.array of a recorded array would hold its numbers alone"),
    (lambda x: np.asarray(x), "numpy.array of a recorded array"),
    (lambda x: np.add(x, 1, out=np.zeros(3)), "cannot write into an array"),
    (lambda x: np.sum(x, where=[True, False, True]), "sum of a recorded array"),
    (lambda x: np.add.accumulate(x), "add.accumulate of a recorded array"),
    (lambda x: np.rint(x), "rint has no elemental"),
    (lambda x: float(x), "has no elemental"),
    (lambda x: x[x[0]], "an index of a recorded array"),
    (lambda x: x[5], "there is no \\[5\\] among 3 entries"),
    (lambda x: x @ np.ones((2, 2)), "3 entries @ 2 x 2 does not fit"),
    (lambda x: x + np.ones(2), "do not fit entry by entry"),
    (lambda x: x * 1j, "every number here is real"),
    (lambda x: x.astype(int), "real numbers"),
    (lambda x: np.einsum("i,i,i->", x, x, x), "two operands at most"),
    (lambda x: adtrace.softmax(x, dim=0), "has no option 'dim'"),
    (lambda x: adtrace.conv1d(x, [1], stride=0), "stride of conv1d is a whole number from 1"),
    (_part_in_use, "an update in place would change it, too"),
    (_view_updated, "an update in place would change it, too"),
    (_assigned, "is not assigned"),
    (_into_constant, "cannot write into an array"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_what_has_no_row_is_refused_in_a_sentence(function: Callable[..., Any], sentence: str) -> None:
    """A number without its derivative is never computed with."""
    with pytest.raises(adtrace.AdtraceError, match=sentence):
        adtrace.trace(function, at={"x": POINT["x"]})


def test_arrays_that_are_none_are_refused() -> None:
    """Arrays of no numbers, without entries, and of other operators."""
    for given, sentence in (
        (np.array([1.0, np.nan]), "not a finite"),
        (np.zeros((0, 2)), "length 0"),
        (np.array([1j]), "real"),
        (np.ma.masked_array([1.0, 2.0], [True, False]), "operators of its own"),
    ):
        with pytest.raises(adtrace.BindingError, match=sentence):
            adtrace.trace(lambda x: np.sum(x), at={"x": given})
    with pytest.raises(adtrace.RecordingError, match="give it as numpy"):
        adtrace.trace(lambda x, y: adtrace.softmax([x, y])[0], at=(1, 2))


# -- other points, in doubles ----------------------------------------------------------------------------------


def test_another_point_has_arrays_of_the_same_shapes() -> None:
    """``trace.at`` takes arrays; one of another shape is refused with both."""
    trace = adtrace.trace(lambda W, x: np.sum((W @ x) ** 2), at=(np.eye(2), np.array([1, 2])))
    assert trace.at({"W": np.array([[1, 2], [3, 4]]), "x": [1, 1]}).gradient["x"] == [48, 68]
    with pytest.raises(adtrace.BindingError, match="W is 2 x 2 in this trace, and not 3 x 2"):
        trace.at({"W": np.ones((3, 2)), "x": [1, 1]})
    open_letter = adtrace.trace("sum(x)*b", at={"x": [1, 2]}, open="b")
    assert open_letter.at({"x": [1, 2], "b": 3}).gradient == {"x": [3, 3], "b": 3}


def test_a_function_of_arrays_gives_value_and_gradient() -> None:
    """``trace.function()`` is called with the arguments, one after the other, in a list or by name; kinks and domains
    are those of the trace.
    """
    trace = adtrace.trace(lambda W, x: np.sum(np.maximum(W @ x, 0) ** 2), at=(np.eye(2), np.array([1, 2])))
    function = trace.function()
    W, x = np.array([[1.0, -2], [3, 4]]), np.array([1.0, 1.0])  # noqa: N806
    for value, (by_w, by_x) in (function(W, x), function([W, x]), function({"W": W, "x": x}), function(W=W, x=x)):
        assert value == 49
        np.testing.assert_array_equal(by_w, [[0, 0], [14, 14]])
        np.testing.assert_array_equal(by_x, [42, 56])
    for arguments, sentence in (
        ((np.ones((5, 2, 2)), x), "not 5 x 2 x 2"),
        ((W,), "a value for each of W, x"),
        (("a", x), "real numbers"),
        ((W, [1, np.inf]), "finite"),
    ):
        with pytest.raises(adtrace.BindingError, match=sentence):
            function(*arguments)
    logarithm = adtrace.trace(lambda x: np.log(x), at=np.array([1.0, 2.0])).function()
    np.testing.assert_array_equal(logarithm([2.0, 4.0])[1], [[0.5, 0.25]])
    with pytest.raises(adtrace.DomainError, match="ln needs u > 0"):
        logarithm([1.0, -2.0])


def test_doubles_that_overflow_are_refused() -> None:
    """A product of matrices past the range of doubles is a sentence, not infinity."""
    with pytest.raises(adtrace.BoundError, match="larger than 2"):
        adtrace.trace(lambda x: x @ x, at=np.array([1e200, 1.0]), arithmetic="float")


def test_the_gradient_of_a_network_in_doubles() -> None:
    """A network of 784, 128 and 10 units on a batch of 64 is within the bounds, and has the gradient made by hand."""
    rng = np.random.default_rng(0)
    x, hidden, out = rng.normal(size=(64, 784)), rng.normal(size=(784, 128)) / 28, rng.normal(size=(128, 10)) / 11
    b, c, y = np.zeros(128), np.zeros(10), np.eye(10)[rng.integers(0, 10, 64)]

    def loss(x: Any, W: Any, b: Any, V: Any, c: Any) -> Any:
        return adtrace.softmax_cross_entropy(adtrace.relu(x @ W + b) @ V + c, y, reduction="mean")

    trace = adtrace.trace(loss, at=(x, hidden, b, out, c))
    assert trace.evaluation.arithmetic.name == "float"
    h = np.maximum(x @ hidden + b, 0)
    e = np.exp(h @ out + c)
    dz = (e / e.sum(axis=1, keepdims=True) - y) / 64
    dh = dz @ out.T * (h > 0)
    wanted = {"x": dh @ hidden.T, "W": x.T @ dh, "b": dh.sum(axis=0), "V": h.T @ dz, "c": dz.sum(axis=0)}
    for name, slope in trace.gradient.items():
        np.testing.assert_allclose(np.asarray(slope), wanted[name], rtol=1e-10, atol=1e-15)
    for slope, other in zip(trace.function()(x, hidden, b, out, c)[1], wanted.values(), strict=True):
        np.testing.assert_allclose(slope, other, rtol=1e-10, atol=1e-15)


def test_a_recorded_array_ends_with_its_trace() -> None:
    """Kept by the function, it is of no use afterwards, nor in another trace."""
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        return np.sum(x)

    adtrace.trace(f, at=POINT["x"])
    for late in (lambda: kept[0] + 1, lambda: np.exp(kept[0]), lambda: kept[0][0], lambda: adtrace.softmax(kept[0])):
        with pytest.raises(adtrace.RecordingError, match="after its trace had ended"):
            late()
    with pytest.raises(adtrace.RecordingError, match="recorded in one trace was used in another"):
        adtrace.trace(lambda x: np.sum(x + kept[0]), at=POINT["x"])
