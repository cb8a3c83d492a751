"""Slips in arrays: the rules of whole arrays held against differences, and the causes of wrong arrays named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb

from adtrace.arrays.elemental import terms_of
from adtrace.checking.readings.cells import Part, read_cell
from adtrace.checking.readings.names import Name as Key
from adtrace.checking.readings.rewriting import bare, in_doubles, text_of
from adtrace.checking.slips.explain import explain
from adtrace.checking.work.derived import contributions
from adtrace.checking.work.numerals import Printed, printed
from adtrace.checking.work.rules import ADJOINT, Rule, Surroundings
from adtrace.checking.work.values import NoValue
from adtrace.language.syntax import Apply, Name, Terms

RULES = [
    ("relu(W @ x + b)", {"W": (3, 2), "x": (2,), "b": (3,)}), ("X @ W + b", {"X": (4, 3), "W": (3, 2), "b": (2,)}),
    ("softmax(z)", {"z": (4,)}), ("sum((u - w)^2)/2", {"u": (3,), "w": (3,)}), ("mean(X*X)", {"X": (2, 3)}),
    ("u @ w", {"u": (3,), "w": (3,)}), ("sum(X, axis=0)", {"X": (2, 3)}), ("tanh(X.T @ y)", {"X": (3, 2), "y": (3,)}),
    ("mse(u, w)", {"u": (3,), "w": (3,)}), ("k*u", {"k": (), "u": (3,)}), ("softmax(Z, axis=1)", {"Z": (2, 3)}),
    ("maxpool1d(u, 2)", {"u": (6,)}), ("maxpool2d(Z, 2, stride=1)", {"Z": (3, 4)}), ("avgpool1d(u, 3)", {"u": (6,)}),
    ("outer(u, w)*Z", {"u": (2,), "w": (3,), "Z": (2, 3)}), ("exp(u)/k", {"u": (3,), "k": ()}),
]  # fmt: skip


def numbers_of(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, Any]:
    """Random numbers in these shapes."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(size=shape) + 0.1 if shape else float(rng.uniform(0.5, 2)) for name, shape in shapes.items()
    }


@pytest.mark.parametrize(("text", "shapes"), RULES, ids=[rule[0] for rule in RULES])
def test_contributions_are_those_of_differences(text: str, shapes: dict[str, tuple[int, ...]]) -> None:
    """What a row adds to the adjoint of an operand has its shape, and the numbers that small changes give."""
    operation, numbers = bare(terms_of(text)), numbers_of(shapes, 3)
    value = in_doubles(operation, numbers)
    adjoint = np.random.default_rng(4).normal(size=np.shape(value)) if np.shape(value) else 1.3
    made = contributions(operation, shapes, (Name("bar v", 0),))
    assert made.keys() == shapes.keys()
    for name, added in made.items():
        found = sum(in_doubles(terms, numbers | {"bar v": adjoint}) for terms in added)
        assert np.shape(found) == shapes[name], [text_of(terms) for terms in added]
        for place in np.ndindex(shapes[name]):
            above, below = np.array(numbers[name], dtype=float), np.array(numbers[name], dtype=float)
            above[place] += 1e-6
            below[place] -= 1e-6
            up, down = (
                in_doubles(operation, numbers | {name: x if shapes[name] else float(x)}) for x in (above, below)
            )
            assert np.isclose(np.asarray(found)[place], np.sum(adjoint * (up - down)) / 2e-6, rtol=1e-6, atol=1e-7)


def test_no_rule_is_told() -> None:
    """Where the adjoint is no formula of whole arrays, or the shapes do not fit, that is said."""
    with pytest.raises(NoValue, match="max"):
        contributions(terms_of("max(Z, axis=0)"), {"Z": (3, 2)}, (Name("bar v", 0),))
    with pytest.raises(NoValue, match="do not fit"):
        contributions(terms_of("u + w"), {"u": (3,), "w": (2,)}, (Name("bar v", 0),))


def shown(value: Any) -> Printed:
    """An array as a cell prints it."""
    rows = [[f"{x:.4f}" for x in row] for row in value] if np.ndim(value) == 2 else [f"{x:.4f}" for x in value]
    part: Part = read_cell(str(rows).replace("'", ""), frozenset(), "point").chains[0].parts[0]
    return printed(part)


def keys(text: str) -> Terms:
    """A formula in which bv_1 is an adjoint."""
    terms = bare(terms_of(text))
    return tuple(Name(f"bar {t.name[1:]}", 0) if isinstance(t, Name) and t.name.startswith("bv") else t for t in terms)


LAYER = {
    "W": (3, 2), "x": (2,), "b": (3,), "v_1": (3,), "v_2": (3,), "v_3": (3,), "bar v_1": (3,), "bar v_2": (3,),
    "bar v_3": (3,), "A": (2, 2), "B": (2, 2), "bar v_4": (2, 2), "bar v_5": (4, 3), "bar v_6": (), "h": (3,),
}  # fmt: skip
WRONG = [
    ("outer(bv_1, x)", "outer(x, bv_1)", "shape", "transposed"),
    ("W.T @ bv_1", "W.T @ (-bv_1)", "sign", "right but for its sign"),
    ("bv_4 @ B.T", "bv_4 @ B", "shape", "B.T is taken without its transpose"),
    ("bv_4 @ B.T", "B.T @ bv_4", "order", "the factors are in the wrong order"),
    ("A.T @ bv_4", "(A.T @ bv_4).T", "shape", "it is transposed"),
    ("bv_3*heaviside(v_2)", "bv_3", "missing factor", "the factor heaviside(v_2) is left out"),
    ("bv_3*(1 - v_3^2)", "bv_3*(1 - v_2^2)", "operand", "v_2 is taken in place of v_3"),
    ("sum(bv_5, axis=0)", "bv_5", "shape", "summed over another axis, or over none"),
    ("sum(bv_5, axis=0)", "sum(bv_5, axis=1)", "shape", "summed over another axis, or over none"),
    (
        "softmax(v_1)*(bv_1 - sum(bv_1*softmax(v_1)))",
        "bv_1*softmax(v_1)*(1 - softmax(v_1))",
        "local partial",
        "diagonal",
    ),
    ("bv_6*2*(v_1 - h)/3", "bv_6*2*(v_1 - h)", "missing factor", "the division by 3 is left out"),
    ("bv_6*2*(v_1 - h)/3", "bv_6*2*(h - v_1)/3", "sign", "right but for its sign"),
    ("bv_6*2*(v_1 - h)/3", "7*bv_6*2*(v_1 - h)/3", "missing factor", "every entry is 7 times what it should be"),
    ("outer(bv_1, x) + outer(bv_2, x)", "outer(bv_2, x)", "missing path", "the path through v_1 is left out"),
    (
        "outer(bv_1, x)",
        "outer(bv_1, x)*(1 + A[0, 0]*0) + [[0, 0], [0, 3], [0, 0]]",
        "entry",
        "only the entry 2, 2 is wrong",
    ),
    ("W.T @ bv_1", "2*bv_1 - 1", "shape", "its shape is 3 entries, and should be 2 entries"),
]


@pytest.mark.parametrize(("right", "wrong", "word", "sentence"), WRONG, ids=[case[1] for case in WRONG])
def test_causes_of_wrong_arrays(right: str, wrong: str, word: str, sentence: str) -> None:
    """Shapes before numbers, then the slips of the rule, then what is to be seen of the entries."""
    numbers = numbers_of(LAYER, 5)
    exact = {name: np.vectorize(arb, otypes=[object])(x) if np.shape(x) else arb(x) for name, x in numbers.items()}
    terms = keys(right)
    last = terms[-1]
    split = isinstance(last, Apply) and last.head == "add"
    addends = tuple(keys(text) for text in right.split(" + ")) if split else (terms,)
    around = Surroundings(tuple(n for n in LAYER if " " not in n), {}, {}, exact)
    value = in_doubles(keys(wrong), numbers)
    found = explain(Rule(Key("W", "bar"), ADJOINT, terms, addends), exact, {}, shown(value), around)
    assert found is not None
    assert (found.word, sentence in found.sentence) == (word, True), found
