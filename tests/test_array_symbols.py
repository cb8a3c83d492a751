"""Arrays without a point: entries written out by index, in the names of rows; the questions of a network homework."""

from __future__ import annotations

from typing import Any

import pytest

import adtrace

NETWORK = "z = conv1d(x, k) + b; r = relu(z); v = maxpool1d(r, 2, stride=1); yhat = w @ v + a; L = (yhat - y)^2/2"


def test_the_entries_of_a_convolution_and_of_its_adjoints() -> None:
    """The kernel's adjoint is the correlation of the input with the adjoint, entry by entry, as answers write it."""
    text = adtrace.trace(NETWORK, shape="x=5; k=3; w=2", const="y").table(format="text", mode="reverse")
    for line in (
        "⎡z̄₁ × x₁ + z̄₂ × x₂ + z̄₃ × x₃⎤",
        "⎢z̄₁ × x₂ + z̄₂ × x₃ + z̄₃ × x₄⎥",
        "⎣z̄₁ × x₃ + z̄₂ × x₄ + z̄₃ × x₅⎦",
        "b̄    = Σᵢ z̄ᵢ       = z̄₁ + z̄₂ + z̄₃",
        "(r̄₁ × [z₁ > 0], r̄₂ × [z₂ > 0], r̄₃ × [z₃ > 0])",
        "[r₁ < r₂] × v̄₁ + [r₂ ≥ r₃] × v̄₂",
        "(max(r₁, r₂), max(r₂, r₃))",
    ):
        assert line in text, text


PROGRAMS: list[tuple[str, dict[str, Any]]] = [
    (NETWORK, {"x": [1, 2, -1, 3, "1/2"], "k": [1, -1, 2], "b": "1/2", "w": [2, -1], "a": "1/4", "y": 1}),
    ("softmax(W @ x + b) @ c", {"W": [[1, 2], [3, 4]], "x": ["1/3", -1], "b": [0, 1], "c": [2, 5]}),
    ("sum(convolve(x, k)^2)", {"x": [1, 2, 3, 4], "k": [1, 0, 2]}),
    ("sum(avgpool2d(sigmoid(X), 2)^2)", {"X": [[1, 2, 3, 4], [-1, 0, 1, 2]]}),
    ("bce(sigmoid(w @ x), y)", {"w": [1, -1], "x": [2, "1/2"], "y": 1}),
    ("norm(A.T @ x - y)", {"A": [[1, 2], [3, 4]], "x": [1, 1], "y": [1, 2]}),
    ("log_softmax(z) @ y", {"z": [1, 2, 4], "y": [0, 1, 0]}),
]


@pytest.mark.parametrize(("text", "at"), PROGRAMS, ids=[text for text, _ in PROGRAMS])
def test_formulas_have_the_values_of_the_trace_at_a_point(text: str, at: dict[str, Any]) -> None:
    """Each entry of the gradient in symbols, at a point by sympy, is the entry of the trace there."""
    shapes = "; ".join(f"{name}={'x'.join(map(str, shape(value)))}" for name, value in at.items() if shape(value))
    formulas, numbers = adtrace.trace(text, shape=shapes), adtrace.trace(text, at=at)
    point = dict(letters(at))
    for name, value in formulas.gradient.items():
        wanted = numbers.gradient[name]
        entries = list(value.flat) if hasattr(value, "flat") else [value]
        theirs = list(wanted.flat) if hasattr(wanted, "flat") else [wanted]
        for mine, other in zip(entries, theirs, strict=True):
            assert float(mine.sympy().subs(point).doit()) == pytest.approx(float(other), rel=1e-12, abs=1e-12)


def shape(value: Any) -> tuple[int, ...]:
    """The lengths of nested lists."""
    return (len(value), *shape(value[0])) if isinstance(value, list) else ()


def letters(at: dict[str, Any]) -> Any:
    """Each letter of the entries with its number."""
    import sympy

    def entries(name: str, value: Any) -> Any:
        if not isinstance(value, list):
            yield sympy.Symbol(name), sympy.Rational(str(value))
            return
        for place, part in enumerate(value, start=1):
            yield from entries(f"{name}_{place}", part)

    for name, value in at.items():
        yield from entries(name, value)


def test_a_long_chain_of_layers_stays_linear() -> None:
    """Formulas end in the names of rows, so that twenty layers are written as fast as their rows are many."""
    layers = "; ".join(f"h{k + 1} = sigmoid(W @ h{k} + b)" for k in range(20))
    text = adtrace.trace(f"{layers}; L = sum(h20)", shape="W=2x2; h0=2; b=2").table(format="text", mode="reverse")
    assert len(text) < 60_000


def test_what_would_be_too_long_in_symbols_is_refused_at_once() -> None:
    """A product of a million terms is no table; a point gives its numbers."""
    with pytest.raises(adtrace.BoundError, match="operations"):
        adtrace.trace("x @ x.T", shape="x=100x100")
