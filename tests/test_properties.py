"""Random expressions of the grammar: sweeps that agree, values of independent evaluators, changes that change nothing.

An expression is drawn as a tree, written as text with no more brackets than Python's precedence needs (and sometimes
more), and evaluated here from the tree: in dual numbers over fractions, or in mpmath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath as mp
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from oracles import FUNCTIONS, digits
from samples import ALL

import adtrace
from adtrace import BoundError, DomainError

steady = settings(max_examples=300 if ALL else 120)

NAMES = ("x", "y", "z")
NUMBERS = ("0", "1", "2", "3", "10", "0.5", ".25", "1e-1", "1.50", "7")


class Tree(NamedTuple):
    """A head with its operands; a number or a name stands in ``head`` alone."""

    head: str
    operands: tuple[Tree, ...] = ()
    brackets: bool = False
    """Whether redundant brackets are written round it."""


SIGNS = {"add": " + ", "sub": "-", "mul": "*", "div": " / "}
LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 3, "plus": 3, "pow": 4}
ATOM = 5


def level(tree: Tree) -> int:
    """How tightly the text of a tree holds together."""
    return ATOM if tree.brackets else LEVELS.get(tree.head, ATOM)


def written(tree: Tree, least: int = 0) -> str:
    """The tree as text, in brackets where its place asks for more than it holds."""
    text = _bare(tree)
    return f"({text})" if tree.brackets or level(tree) < least else text


def _bare(tree: Tree) -> str:
    head, operands = tree.head, tree.operands
    if head in SIGNS:
        own = LEVELS[head]
        return f"{written(operands[0], own)}{SIGNS[head]}{written(operands[1], own + 1)}"
    if head in ("neg", "plus"):
        return f"{'-' if head == 'neg' else '+'}{written(operands[0], 3)}"
    if head == "pow":
        return f"{written(operands[0], ATOM)}^{written(operands[1], 3)}"
    return f"{head}({', '.join(written(x) for x in operands)})" if operands else head


def evaluated(tree: Tree, apply: Callable[..., Any], leaf: Callable[[str], Any]) -> Any:
    """The tree in some number system."""
    if not tree.operands:
        return leaf(tree.head)
    return apply(tree.head, *(evaluated(x, apply, leaf) for x in tree.operands))


LEAVES = (st.sampled_from(NAMES) | st.sampled_from((*NAMES, *NUMBERS))).map(Tree)
EXPONENTS = st.integers(-2, 3).map(lambda n: Tree(str(n)) if n >= 0 else Tree("neg", (Tree(str(-n)),)))


@st.composite
def trees(draw: st.DrawFn, calls: Mapping[str, int]) -> Tree:
    """Trees of three to eight leaves, put together two at a time, with a function or a sign over some of the parts."""
    binary = st.sampled_from([*SIGNS, *SIGNS, *(name for name, arity in calls.items() if arity == 2)])
    unary = st.sampled_from(["", "", "pow", "neg", "plus", *(name for name, arity in calls.items() if arity == 1)])
    brackets = st.sampled_from([False, False, False, True])

    def wrapped(tree: Tree) -> Tree:
        head = draw(unary)
        if head == "pow":
            return Tree(head, (tree, draw(EXPONENTS)), draw(brackets))
        return Tree(head, (tree,), draw(brackets) and head in LEVELS) if head else tree

    parts = [wrapped(leaf) for leaf in draw(st.lists(LEAVES, min_size=3, max_size=8))]
    while len(parts) > 1:
        place = draw(st.integers(0, len(parts) - 2))
        parts[place : place + 2] = [wrapped(Tree(draw(binary), tuple(parts[place : place + 2]), draw(brackets)))]
    return parts[0]


rationals = st.builds(Fraction, st.integers(-12, 12), st.sampled_from([1, 2, 3, 7, 10]))
points = st.fixed_dictionaries(dict.fromkeys(NAMES, rationals))
seeds = st.fixed_dictionaries(dict.fromkeys(NAMES, rationals))

RATIONAL_CALLS = {"abs": 1, "relu": 1, "sign": 1, "heaviside": 1, "max": 2, "min": 2}
rational_trees = trees(RATIONAL_CALLS)


def traced(tree: Tree, at: Mapping[str, Any], **options: Any) -> adtrace.Trace:
    """The trace of ``f(x, y, z) = tree``."""
    return adtrace.trace(f"f({', '.join(at)}) = {written(tree)}", at=at, **options)


# ---------------------------------------------------------------------------------- over the fractions


class Dual(NamedTuple):
    """A fraction and its tangent."""

    value: Fraction
    tangent: Fraction = Fraction(0)


def step(q: Fraction) -> Fraction:
    """The Heaviside function."""
    return Fraction((q > 0) - (q < 0) + 1, 2)


def dual(head: str, a: Dual, b: Dual = Dual(Fraction(0))) -> Dual:  # noqa: B008 - immutable
    """An operation on dual numbers, with the documented conventions at kinks: 0, and the first operand of a tie."""
    (u, du), (w, dw) = a, b
    if head == "pow":
        n = int(w)
        return Dual(u**n, n * u ** (n - 1) * du if n else Fraction(0))
    return {
        "add": lambda: Dual(u + w, du + dw),
        "sub": lambda: Dual(u - w, du - dw),
        "mul": lambda: Dual(u * w, du * w + u * dw),
        "div": lambda: Dual(u / w, (du * w - u * dw) / w**2),
        "neg": lambda: Dual(-u, -du),
        "plus": lambda: a,
        "abs": lambda: Dual(abs(u), du if u > 0 else -du if u < 0 else Fraction(0)),
        "relu": lambda: a if u > 0 else Dual(Fraction(0)),
        "sign": lambda: Dual(2 * step(u) - 1),
        "heaviside": lambda: Dual(step(u)),
        "max": lambda: a if u >= w else b,
        "min": lambda: a if u <= w else b,
    }[head]()


def in_duals(tree: Tree, at: Mapping[str, Fraction], seed: Mapping[str, Fraction]) -> Dual:
    """Value and tangent of a tree, over the fractions."""
    return evaluated(tree, dual, lambda text: Dual(at[text], seed[text]) if text in at else Dual(Fraction(text)))


@steady
@given(rational_trees, points, seeds)
def test_rational_expressions_exactly(tree: Tree, at: dict[str, Fraction], seed: dict[str, Fraction]) -> None:
    """Value, tangent, gradient are an independent evaluator's fractions; where that divides by 0, all are refused."""
    try:
        wanted = in_duals(tree, at, seed)
    except ZeroDivisionError:
        try:
            traced(tree, at)
        except DomainError:
            return
        raise AssertionError("a division by zero was not refused") from None
    trace = traced(tree, at, seed=seed)
    if trace.value.exact is None or any(x.exact is None for x in (trace.tangent, *trace.gradient.values())):
        reject()  # fractions that have grown past the bound go on as balls
    assert trace.value.exact == wanted.value
    units = {name: {other: Fraction(other == name) for other in NAMES} for name in NAMES}
    gradient = {name: in_duals(tree, at, unit).tangent for name, unit in units.items()}
    if trace.evaluation.first().primal.kinks or all(trace.gradient[name].exact == gradient[name] for name in NAMES):
        assert {name: x.exact for name, x in trace.gradient.items()} == gradient
        assert trace.tangent.exact == wanted.tangent
        return
    for name in NAMES:  # a kink at which the derivative exists: both one-sided slopes are it
        for h in (Fraction(1, 10**40), Fraction(-1, 10**40)):
            moved = in_duals(tree, dict(at) | {name: at[name] + h}, units[name]).value
            assert abs((moved - wanted.value) / h - trace.gradient[name].exact) < Fraction(1, 10**20)


@steady
@given(rational_trees, points, seeds)
def test_forward_is_reverse(tree: Tree, at: dict[str, Fraction], seed: dict[str, Fraction]) -> None:
    """The tangent for a seed is the gradient times the seed: the same fraction, at kinks too."""
    try:
        trace = traced(tree, at, seed=seed)
    except DomainError:
        reject()
    parts = [trace.gradient[name].exact for name in NAMES]
    if None in parts:
        reject()
    assert trace.tangent.exact == sum(part * seed[name] for name, part in zip(NAMES, parts, strict=True))  # type: ignore[operator]


# ---------------------------------------------------------------------------------- with functions, against mpmath

REAL_CALLS = {
    **dict.fromkeys(
        (
            "exp",
            "ln",
            "sqrt",
            "sin",
            "cos",
            "tan",
            "atan",
            "tanh",
            "sinh",
            "sigmoid",
            "softplus",
            "erf",
            "erfc",
            "Si",
            "sinc",
            "normcdf",
            "asin",
            "cbrt",
        ),
        1,
    ),
    "atan2": 2,
}
real_trees = trees(REAL_CALLS)
DIGITS = 20


class Outside(Exception):
    """The function has no value or no derivative here."""


def checked(head: str, u: Any, w: Any = None) -> Any:
    """An operation in mpmath, with the domains of the field; what is too near an edge or too large is not judged."""
    if head == "plus":
        return u
    edge = {
        "ln": lambda: u, "sqrt": lambda: u, "div": lambda: abs(w), "asin": lambda: 1 - abs(u), "cbrt": lambda: abs(u),
        "atan2": lambda: u * u + w * w, "tan": lambda: abs(mp.cos(u)), "pow": lambda: abs(u) if w < 0 else 1,
    }.get(head, lambda: 1)()  # fmt: skip
    if 0 < abs(edge) < mp.mpf(10) ** -25 or (edge == 0 and head in ("sqrt", "asin", "cbrt")):
        reject()  # at these edges a constant has a value, and a variable no derivative
    if edge <= 0:
        raise Outside
    if head == "pow":
        return u ** int(w)
    if head in ("exp", "sinh", "softplus", "sigmoid") and abs(u) > 100:
        reject()
    result = FUNCTIONS[head](u) if w is None else FUNCTIONS[head](u, w)
    if abs(result) > mp.mpf(10) ** 60:
        reject()
    return result


def in_mpmath(tree: Tree, at: Mapping[str, Any]) -> Any:
    """The value of a tree at mpmath's precision."""
    return evaluated(tree, checked, lambda text: at[text] if text in at else mp.mpf(text))


@steady
@given(real_trees, points)
def test_digits_are_those_of_mpmath(tree: Tree, at: dict[str, Fraction]) -> None:
    """Twenty decimals of the value, and of each slope by differences, are mpmath's at 400 digits, correctly rounded."""
    with digits(400):
        place = {name: mp.mpf(q.numerator) / q.denominator for name, q in at.items()}
        try:
            true = in_mpmath(tree, place)
        except Outside:
            try:
                traced(tree, at)
            except DomainError:
                return
            raise AssertionError("a point outside the domain was not refused") from None
        try:
            trace = traced(tree, at)
        except adtrace.UndecidedError:
            reject()  # atan2(exp(x) - exp(1), 2) at x = 1: no precision proves the zero
        half = mp.mpf(10) ** -DIGITS / 2 + mp.mpf(10) ** -60
        assert abs(mp.mpf(trace.value.rounded(DIGITS)) - true) <= half
        h = mp.mpf(10) ** -150
        for name in NAMES:
            try:
                above, below = (in_mpmath(tree, place | {name: place[name] + side * h}) for side in (1, -1))
            except Outside:
                reject()
            slope = (above - below) / (2 * h)
            if abs(slope) < mp.mpf(10) ** 60:
                assert abs(mp.mpf(trace.gradient[name].rounded(DIGITS)) - slope) <= half


# ---------------------------------------------------------------------------------- changes that change nothing


def shown(trace: adtrace.Trace) -> list[str]:
    """Value, tangent and gradient at 25 decimals."""
    return [x.rounded(25) for x in (trace.value, trace.tangent, *trace.gradient.values())]


def renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    """The tree with other names."""
    operands = tuple(renamed(x, names) for x in tree.operands)
    return tree._replace(head=tree.head if operands else names.get(tree.head, tree.head), operands=operands)


@steady
@given(real_trees, points, st.sampled_from(["sharing", "powers", "names", "zero", "one", "brackets", "unused"]))
def test_changes_that_change_nothing(tree: Tree, at: dict[str, Fraction], change: str) -> None:
    """Sharing, powers as products, other names, ``+ 0``, ``*1``, brackets and an unused variable keep every digit."""
    try:
        plain = shown(traced(tree, at, seed="y"))
    except (DomainError, BoundError, adtrace.UndecidedError):
        reject()
    others = {"x": "weight_1", "y": "e", "z": "sin"}  # a variable beats the constant and the function of its name
    if change == "sharing":
        try:
            changed = shown(traced(tree, at, seed="y", sharing=False))
        except adtrace.UndecidedError:
            reject()  # one row minus itself is zero; that two rows are equal no precision proves
    elif change == "powers":
        changed = shown(traced(tree, at, seed="y", powers="products"))
    elif change == "names":
        if "sin(" in written(tree):
            others["z"] = "cosine"
        there = {others[name]: q for name, q in at.items()}
        changed = shown(traced(renamed(tree, others), there, seed="e"))
    elif change == "zero":
        changed = shown(traced(Tree("add", (tree, Tree("0"))), at, seed="y"))
    elif change == "one":
        changed = shown(traced(Tree("mul", (Tree("1"), tree)), at, seed="y"))
    elif change == "brackets":
        changed = shown(traced(tree._replace(brackets=True), at, seed="y"))
    else:
        changed = shown(traced(tree, at | {"unused": Fraction(5)}, seed="y"))
        assert changed.pop() == "0." + "0" * 25
    assert changed == plain
