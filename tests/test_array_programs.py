"""Programs of arrays: random ones against autograd and against their entries, one's own operations, other callers."""

from __future__ import annotations

from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import adtrace
from adtrace.batch import tables_of

# -- random programs -----------------------------------------------------------------------------------------------

ELEMENTWISE = ["sigmoid({})", "tanh({})", "exp({}/4)", "sin({})", "{}*{}", "{}/3 + 1/7", "{}^2", "-{}", "ln(2 + {}^2)"]
"""Formulas of one array that keep its shape."""
IN_NUMPY = {
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)), "tanh": anp.tanh, "exp": anp.exp, "sin": anp.sin, "ln": anp.log,
    "sum": anp.sum, "mean": anp.mean, "outer": anp.outer, "dot": anp.dot,
    "softmax": lambda x: anp.exp(x - anp.max(x)) / anp.sum(anp.exp(x - anp.max(x)), axis=-1, keepdims=True),
    "transpose": anp.transpose, "concat": lambda x, y: anp.concatenate((x, y)),
}  # fmt: skip


@st.composite
def programs(draw: Any) -> tuple[str, dict[str, Any]]:
    """A program that ends in a number, and the shapes of its inputs, which all of it are drawn for."""
    rows, columns, inner = (draw(st.integers(1, 3)) for _ in range(3))
    shapes = {"A": (rows, inner), "B": (inner, columns), "x": (columns,), "y": (rows,)}
    lines = ["C = A @ B", "z = C @ x"]
    for place in range(draw(st.integers(1, 4))):
        name, source = f"h{place}", "z" if place == 0 else f"h{place - 1}"
        lines.append(f"{name} = {draw(st.sampled_from(ELEMENTWISE)).replace('{}', source)}")
    last = lines[-1].partition(" ")[0]
    ends = [f"sum({last}*y)", f"dot({last}, y)", f"sum(outer({last}, y) @ y)", f"sum(softmax({last} + y)*y)",
            f"mean(concat({last}, y)*concat(y, {last}))", f"y @ (C*C) @ x + sum({last})"]  # fmt: skip
    lines.append(f"L = {draw(st.sampled_from(ends))}")
    eighths = st.integers(-12, 12).map(lambda n: n / 8)
    at = {}
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        at[name] = np.array(draw(st.lists(eighths, min_size=count, max_size=count))).reshape(shape)
    return "; ".join(lines), at


@settings(max_examples=60)
@given(programs())
def test_gradients_of_random_programs_are_autograds(program: tuple[str, dict[str, Any]]) -> None:
    """The gradient by every input, certified and in doubles, and the same program with a row for each entry."""
    text, at = program
    python = text.replace("^", "**").replace("; ", "\n")
    names = list(at)

    def value(*inputs: Any) -> Any:
        scope: dict[str, Any] = {**IN_NUMPY, **dict(zip(names, inputs, strict=True))}
        exec(python, scope)
        return scope["L"]

    reached: dict[str, Any] = {**IN_NUMPY, **at}
    with np.errstate(all="ignore"):
        exec(python, reached)
    numbers = [reached[line.partition(" ")[0]] for line in python.split("\n")]
    assume(all(np.all(np.abs(number) < 100) for number in numbers))  # past this numpy's own doubles overflow
    wanted = autograd.grad(value, tuple(range(len(names))))(*at.values())
    traces = [adtrace.trace(text, at=at), adtrace.trace(text, at=at, arithmetic="float")]
    for trace in traces:
        assert float(trace.value) == pytest.approx(float(value(*at.values())), rel=1e-9, abs=1e-11)
        for name, gradient in zip(names, wanted, strict=True):
            assert np.asarray(trace.gradient[name]) == pytest.approx(gradient, rel=1e-8, abs=1e-10)
    entries = adtrace.trace(text, at=at, rows="entries")
    flat = [entry for name in names for entry in traces[0].gradient[name].flat]
    for mine, theirs in zip(flat, entries.gradient.values(), strict=True):
        assert float(mine) == pytest.approx(float(theirs), rel=1e-12, abs=1e-25)


# -- one's own -----------------------------------------------------------------------------------------------------


def test_an_operation_of_ones_own_is_one_call() -> None:
    """Its index rule gives the value and all adjoints; printed ones are shown."""
    bilinear = adtrace.elemental(
        "bilinear", index="v = u[i]*w[i,j]*z[j]", adjoints=("a*(w @ z)", "a*outer(u, z)", "a*(w.T @ u)")
    )
    at = {"x": [1, 2], "M": [[1, 2], [3, 4]], "z": [5, 6]}
    trace = adtrace.trace("y = bilinear(x, M, z)", at=at)
    same = adtrace.trace("y = x @ M @ z", at=at)
    assert trace.value == same.value == 95
    assert trace.gradient == same.gradient
    text = trace.table(format="text", mode="reverse")
    assert "(M z)  = " in text
    for table in ("latex", "markdown", "typst", "html", "json"):
        assert trace.table(format=table)
    assert float(bilinear(np.array([1.0, 2.0]), np.array(at["M"], float), np.array([5.0, 6.0]))) == 95


def test_a_window_of_ones_own() -> None:
    """A letter of the result runs as far as all of its places are inside."""
    adtrace.elemental("everysecond", index="v[i] = u[2*i + j]*w[j]")
    trace = adtrace.trace("sum(everysecond(x, k)^2)", at={"x": [1, 2, 3, 4, 5], "k": [1, -1]})
    same = adtrace.trace("sum(conv1d(x, k, stride=2)^2)", at={"x": [1, 2, 3, 4, 5], "k": [1, -1]})
    assert (trace.value, trace.gradient) == (same.value, same.gradient)


@pytest.mark.parametrize(
    ("index", "adjoints", "problem"),
    [
        ("v = u[i]*w[i]", ("a*u", "a*u"), "the adjoint a*u of wrong is not what the rule v = u[i]*w[i] gives"),
        ("v = u[i]*w[i]", ("a*w",), "wrong has 2 operands, and 1 adjoints are given"),
        ("v = u[i]*w[i]", ("a*q", "a*u"), "q is none of them"),
        ("v[i] = u[j]", (), "each index of wrong on the left stands there once, and on the right"),
        ("v[i] = w[i]*u[i]", (), "the operands of wrong are u, w, each once and in this order"),
        ("__import__('os')", (), "the index rule of wrong is written v[i,k] = u[i,j]*w[j,k]"),
    ],
)
def test_a_wrong_operation_of_ones_own_is_refused(index: str, adjoints: tuple[str, ...], problem: str) -> None:
    """What is wrong is said, and nothing of it stays in the tables."""
    with pytest.raises(adtrace.AdtraceError) as caught:
        adtrace.elemental("wrong", index=index, adjoints=adjoints)
    assert problem in str(caught.value)
    with pytest.raises(adtrace.ParseError):
        adtrace.trace("wrong(x, x)", at={"x": [1, 2]})


# -- other callers ---------------------------------------------------------------------------------------------------

LAYER = "h = sigmoid(W @ x + b); L = mse(h, y)"
POINT = {"W": [[1, -1], ["1/2", "1/4"]], "x": [1, 2], "b": ["1/2", "-1/2"], "y": [1, 0]}


def test_many_tables_of_arrays() -> None:
    """`tables_of` takes points with arrays, in this process and in others."""
    points = [POINT, POINT | {"x": [2, 1]}]
    tables = list(tables_of([{"expression": LAYER, "at": point, "const": "y"} for point in points], format="markdown"))
    assert [adtrace.trace(LAYER, at=point, const="y").table(format="markdown") for point in points] == [
        getattr(table, "text", table) for table in tables
    ]


def test_another_point_of_the_same_program() -> None:
    """`at` moves a trace with arrays; its shapes stay."""
    trace = adtrace.trace(LAYER, at=POINT, const="y")
    moved = trace.at(POINT | {"x": [2, 1]})
    anew = adtrace.trace(LAYER, at=POINT | {"x": [2, 1]}, const="y")
    for name, value in anew.gradient.items():
        assert moved.gradient[name].rounded(20) == value.rounded(20)
