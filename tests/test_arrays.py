"""Arrays as rows: published figures, the two sides of every partial, printed rules, numpy, unrolled entries."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import fmpq

import adtrace
from adtrace.arrays.table import entry
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import precision
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.value import Value
from adtrace.tracing.arrays import arrays, partials_of, rule_value, value_of
from adtrace.tracing.choices import chosen
from adtrace.tracing.entries import entries_of, filled, of_entries
from adtrace.tracing.quantities import ADJOINT, TANGENT, VALUE, Address
from adtrace.tracing.wengert import Variable

CASES = json.loads((Path(__file__).parent / "published_arrays.json").read_text(encoding="utf-8"))
NUMBERS = arrays(CERTIFIED)


def flat(nested: Any) -> list[Any]:
    """The entries of nested lists in row order."""
    return [entry for part in nested for entry in flat(part)] if isinstance(nested, list) else [nested]


def shape(nested: Any) -> tuple[int, ...]:
    """The lengths of nested lists."""
    return (len(nested), *shape(nested[0])) if isinstance(nested, list) else ()


def numbers(value: Any) -> list[float]:
    """The entries of a value as doubles."""
    return [float(entry) for entry in (value.flat if hasattr(value, "flat") else [value])]


def agree(value: Any, figures: Any) -> bool:
    """Whether each entry has these figures to 14 digits and one of the last place; 0 is 0 to 30 decimals."""
    return numbers(value) == pytest.approx([float(text) for text in flat(figures)], rel=1e-14, abs=1e-30)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
@pytest.mark.parametrize("arithmetic", ["certified", "float"])
def test_published_programs_give_their_figures(case: dict[str, Any], arithmetic: str) -> None:
    """Every value, adjoint and tangent of 52 published examples; doubles agree to 9 digits."""
    given = {"outputs": case["outputs"], "weights": case.get("seed"), "seed": dict.fromkeys(case["wrt"], 1)}
    trace = adtrace.trace("\n".join(case["program"]), at=case["inputs"], arithmetic=arithmetic, **given)
    places = {name: place for place, name in enumerate(trace.wengert.independents)}
    places |= {
        name: operand - trace.wengert.first for name, operand in trace.wengert.assigned if isinstance(operand, Variable)
    }
    count = 0
    for quantity, key in ((VALUE, "values"), (ADJOINT, "adjoints"), (TANGENT, "tangents")):
        for name, figures in case["computed"].get(key, {}).items():
            value = trace.evaluation.value(Address(quantity, places[name]))
            assert getattr(value, "shape", ()) == shape(figures), (key, name)
            if arithmetic == "certified":
                assert agree(value, figures), (key, name)
            else:
                given, wanted = numbers(value), [float(text) for text in flat(figures)]
                assert given == pytest.approx(wanted, rel=1e-9, abs=1e-12), (key, name)
            count += len(flat(figures))
    assert count


JACOBIANS = [case for case in CASES if "jacobian" in case["computed"]]


@pytest.mark.parametrize("case", JACOBIANS, ids=[case["id"] for case in JACOBIANS])
def test_published_jacobians(case: dict[str, Any]) -> None:
    """A row for each entry of the output, a column for each entry of the input."""
    output, variable = case["jacobian_of"] if "jacobian_of" in case else (case["outputs"][0], case["wrt"][0])
    trace = adtrace.trace("\n".join(case["program"]), at=case["inputs"], outputs=[output])
    assert agree(trace.jacobian[output][variable], case["computed"]["jacobian"])


# -- every operation of arrays: each with shapes and options ----------------------------------------------------------

CALLS: list[tuple[str, tuple[tuple[str, Any], ...], tuple[tuple[int, ...], ...]]] = [
    ("matmul", (), ((2, 3), (3, 4))), ("matmul", (), ((2, 3), (3,))), ("matmul", (), ((3,), (3, 2))),
    ("matmul", (), ((3,), (3,))), ("matmul", (), ((2, 3, 4), (2, 4, 2))), ("matmul", (), ((2, 3, 4), (4, 2))),
    ("dot", (), ((4,), (4,))), ("outer", (), ((3,), (2,))), ("trace", (), ((3, 3),)),
    ("einsum", (("subscripts", "ij,jk->ki"),), ((2, 3), (3, 2))), ("einsum", (("subscripts", "ij->i"),), ((2, 3),)),
    ("einsum", (("subscripts", "bij,bj->bi"),), ((2, 3, 2), (2, 2))), ("einsum", (("subscripts", "ii"),), ((3, 3),)),
    ("sum", (), ((2, 3),)), ("sum", (("axis", 0),), ((2, 3),)), ("sum", (("axis", -1), ("keepdims", True)), ((2, 3),)),
    ("sum", (("axis", (0, 2)),), ((2, 3, 2),)), ("mean", (), ((4,),)), ("mean", (("axis", 1),), ((2, 3),)),
    ("max", (("axis", 1),), ((2, 3),)), ("min", (), ((4,),)), ("max", (("axis", 0), ("keepdims", True)), ((2, 3),)),
    ("transpose", (), ((2, 3),)), ("transpose", (("axes", (1, 2, 0)),), ((2, 3, 2),)),
    ("reshape", (("shape", (3, -1)),), ((2, 3),)), ("flatten", (), ((2, 2, 2),)),
    ("part", (("index", (("slice", None, None, None), ("slice", 0, 2, None))),), ((2, 3),)),
    ("part", (("index", (-1,)),), ((2, 3),)), ("part", (("index", (("list", 2, 0, 2),)),), ((3, 2),)),
    ("part", (("index", ("...", 1)),), ((2, 3),)),
    ("concat", (), ((2,), (3,))), ("concat", (("axis", 1),), ((2, 1), (2, 3))), ("stack", (("axis", 1),), ((3,), (3,))),
    ("conv1d", (), ((6,), (3,))), ("conv1d", (("stride", 2), ("padding", 1)), ((2, 7), (3, 2, 3))),
    ("conv1d", (("dilation", 2),), ((7,), (3,))), ("conv1d", (("padding", 1),), ((2, 2, 5), (2, 2, 3))),
    ("conv2d", (), ((4, 4), (2, 3))), ("conv2d", (("stride", (2, 1)), ("padding", 1)), ((2, 4, 4), (3, 2, 2, 2))),
    ("conv2d", (), ((2, 1, 3, 3), (2, 1, 2, 2))),
    ("convolve", (), ((4,), (3,))), ("convolve", (("mode", "same"),), ((5,), (3,))),
    ("convolve", (("mode", "valid"),), ((3,), (5,))), ("convolve", (("mode", "same"),), ((2,), (5,))),
    ("maxpool1d", (("size", 2),), ((6,),)), ("maxpool1d", (("size", 3), ("stride", 1), ("padding", 1)), ((2, 5),)),
    ("maxpool2d", (("size", 2), ("stride", 1)), ((2, 3, 3),)),
    ("avgpool1d", (("size", 2),), ((6,),)), ("avgpool2d", (("size", (2, 1)), ("padding", (1, 0))), ((3, 4),)),
    ("softmax", (), ((3,),)), ("softmax", (("axis", 0),), ((2, 3),)), ("log_softmax", (), ((2, 3),)),
    ("norm", (), ((2, 2),)), ("normalize", (("axis", 0),), ((3, 2),)),
    ("normalize", (("axis", -1), ("eps", "0.1")), ((2, 3),)),
    ("cross_entropy", (), ((3,), (3,))), ("cross_entropy", (("reduction", "mean"),), ((2, 3), (2, 3))),
    ("softmax_cross_entropy", (), ((2, 3), (2, 3))),
    ("softmax_cross_entropy", (("reduction", "mean"),), ((2, 3), (2, 3))),
    ("bce", (), ((3,), (3,))), ("bce", (("reduction", "mean"),), ((2, 2), (2, 2))),
    ("mse", (), ((3,), (3,))), ("mse", (("reduction", "sum"),), ((2, 2), (2, 2))),
]  # fmt: skip
IDS = [f"{head}{dict(options) or ''}{shapes}" for head, options, shapes in CALLS]


def some(shape: tuple[int, ...], rng: random.Random) -> Any:
    """An array of different fractions between 0 and 1."""
    numbers = rng.sample(range(1, 97), prod(shape))
    return of_entries([fmpq(n, 97) for n in numbers], shape, NUMBERS)


def inner(x: Any, y: Any) -> Any:
    """The sum of the products of the entries."""
    total = fmpq(0)
    for one, other in zip(entries_of(x), entries_of(y), strict=True):
        total = CERTIFIED.functions["add"](total, CERTIFIED.functions["mul"](one, other))
    return total


def equal(x: Any, y: Any) -> bool:
    """Whether two numbers are one: exactly, or as balls that overlap and are small."""
    difference = CERTIFIED.functions["sub"](x, y)
    return bool(difference == 0) if isinstance(difference, fmpq) else bool(abs(difference) < fmpq(1, 10**25))


def maps(head: str, options: Any, shapes: Any, rng: random.Random) -> tuple[Any, Any, Any]:
    """The entry of a call, its operands, and its value with the partials."""
    elemental = entry(head, options, shapes)
    operands = [some(one, rng) for one in shapes]
    if elemental.index is not None and elemental.index.choice:
        value, partial, _ = chosen(elemental.index, operands[0], NUMBERS)
        return elemental, operands, (value, [partial])
    value = value_of(elemental, operands, NUMBERS)
    return elemental, operands, (value, partials_of(elemental, [True] * len(shapes), operands, value, NUMBERS))


@pytest.mark.parametrize(("head", "options", "shapes"), CALLS, ids=IDS)
def test_a_partial_is_one_map_from_both_sides(head: str, options: Any, shapes: Any) -> None:
    """<adjoint, partial * tangent> = <adjoint * partial, tangent> for every operation of arrays."""
    rng = random.Random(7)
    with precision(128):
        elemental, _, (value, partials) = maps(head, options, shapes, rng)
        assert getattr(value, "shape", ()) == elemental.shape
        adjoint = some(elemental.shape, rng)
        for partial, of in zip(partials, shapes, strict=True):
            tangent = some(of, rng)
            forward, back = partial.forward(tangent), partial.back(adjoint)
            assert getattr(forward, "shape", ()) == elemental.shape
            assert getattr(back, "shape", ()) == of
            assert equal(inner(adjoint, forward), inner(back, tangent))


@pytest.mark.parametrize(("head", "options", "shapes"), CALLS, ids=IDS)
def test_a_partial_is_the_derivative_of_the_value(head: str, options: Any, shapes: Any) -> None:
    """The difference quotient of the value along a direction, at a step of 10^-20 and 300 bits."""
    rng = random.Random(11)
    with precision(300):
        elemental, operands, (value, partials) = maps(head, options, shapes, rng)
        step = fmpq(1, 10**20)
        for slot, (partial, of) in enumerate(zip(partials, shapes, strict=True)):
            tangent = some(of, rng)
            moved = [x if k != slot else NUMBERS.functions["add"](x, NUMBERS.functions["mul"](step, tangent))
                     for k, x in enumerate(operands)]  # fmt: skip
            change = NUMBERS.functions["sub"](value_of(elemental, moved, NUMBERS), value)
            for quotient, slope in zip(entries_of(change), entries_of(partial.forward(tangent)), strict=True):
                error = CERTIFIED.functions["sub"](CERTIFIED.functions["div"](quotient, step), slope)
                assert abs(error) < fmpq(1, 10**15)


@pytest.mark.parametrize(("head", "options", "shapes"), CALLS, ids=IDS)
def test_the_printed_adjoints_are_the_computed_ones(head: str, options: Any, shapes: Any) -> None:
    """What a cell shows of an adjoint is what its rule computes: no wrong transpose."""
    rng = random.Random(13)
    with precision(128):
        elemental, operands, (value, partials) = maps(head, options, shapes, rng)
        if elemental.index is not None and elemental.index.choice:
            pytest.skip("which entry is the largest is no matter of a formula")
        adjoint = some(elemental.shape, rng)
        slots = dict(zip("uw", operands, strict=False)) | {"v": value, "a": adjoint}
        for partial, rule in zip(partials, elemental.adjoints, strict=True):
            printed, computed = rule_value(rule, slots, NUMBERS), partial.back(adjoint)
            assert getattr(printed, "shape", ()) in (getattr(computed, "shape", ()), ())
            assert all(map(equal, entries_of(filled(printed, partial.shape)), entries_of(computed)))


@pytest.mark.parametrize(("head", "options", "shapes"), CALLS, ids=IDS)
def test_the_printed_tangents_are_the_computed_ones(head: str, options: Any, shapes: Any) -> None:
    """What a cell shows of a tangent is what its rule computes."""
    rng = random.Random(17)
    with precision(128):
        elemental, operands, (value, partials) = maps(head, options, shapes, rng)
        if elemental.index is not None and elemental.index.choice:
            pytest.skip("which entry is the largest is no matter of a formula")
        if head in ("concat", "stack"):
            pytest.skip("a tangent of what is put together is put together of all tangents")
        for slot, (partial, rule) in enumerate(zip(partials, elemental.tangents, strict=True)):
            tangent = some(shapes[slot], rng)
            slots = dict(zip("uw", operands, strict=False)) | {"v": value, f"d{'uw'[slot]}": tangent}
            printed, computed = rule_value(rule, slots, NUMBERS), partial.forward(tangent)
            assert all(map(equal, entries_of(printed), entries_of(computed)))


# -- what the values are: numpy ------------------------------------------------------------------------------------


def doubles(x: Any) -> Any:
    """Certified numbers as numpy's doubles."""
    return np.array([float(Fraction(int(n.p), int(n.q))) for n in entries_of(x)]).reshape(getattr(x, "shape", ()))


IN_NUMPY = {
    "matmul": np.matmul, "dot": np.dot, "outer": np.outer, "trace": np.trace, "sum": np.sum, "mean": np.mean,
    "max": np.max, "min": np.min, "transpose": np.transpose, "concat": lambda u, w, **o: np.concatenate((u, w), **o),
    "stack": lambda u, w, **o: np.stack((u, w), **o), "flatten": np.ravel, "norm": np.linalg.norm,
    "convolve": lambda u, w, mode="full": np.convolve(u, w, mode),
    "einsum": lambda *x, subscripts: np.einsum(subscripts, *x),
    "reshape": lambda u, shape: np.reshape(u, shape),  # noqa: PLW0108 - numpy 1.26 names it newshape
}  # fmt: skip


@pytest.mark.parametrize(
    ("head", "options", "shapes"),
    [call for call in CALLS if call[0] in IN_NUMPY],
    ids=[name for name, call in zip(IDS, CALLS, strict=True) if call[0] in IN_NUMPY],
)
def test_values_are_numpys(head: str, options: Any, shapes: Any) -> None:
    """The functions that numpy has, at the same operands, in both number systems."""
    rng = random.Random(19)
    operands = [some(one, rng) for one in shapes]
    given = [doubles(x) for x in operands]
    wanted = IN_NUMPY[head](*given, **dict(options))
    with precision(128):
        value = value_of(entry(head, options, shapes), operands, NUMBERS)
    own = np.array([float(Value(n, lambda bits, n=n: n)) for n in entries_of(value)])
    assert own == pytest.approx(np.asarray(wanted).reshape(-1))

    in_doubles = value_of(entry(head, options, shapes), given, arrays(FLOATS))
    assert np.asarray(in_doubles) == pytest.approx(np.asarray(wanted))


# -- the same program, unrolled ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_unrolled_entries_agree_digit_by_digit(case: dict[str, Any]) -> None:
    """The program with a row for each entry, by the scalar sweeps, has the same gradient to 20 decimals."""
    text, at, outputs = "\n".join(case["program"]), case["inputs"], case["outputs"]
    kinks = None if "split" not in str(case.get("ties")) else {"tie": "split"}
    whole = adtrace.trace(text, at=at, outputs=outputs, kinks=kinks)
    if sum(len(flat(value)) for value in at.values()) > 60:
        pytest.skip("long unrolled")
    single = adtrace.trace(text, at=at, outputs=outputs, rows="entries", kinks=kinks)
    weights = dict.fromkeys(single.wengert.dependent_names, 1)
    single = adtrace.trace(text, at=at, outputs=outputs, rows="entries", weights=weights, kinks=kinks)
    if single.evaluation.first().primal.kinks or whole.evaluation.first().primal.kinks:
        pytest.skip("at a kink an unrolled maximum is taken two at a time")
    gradient = [
        value for named in whole.gradient.values() for value in (named.flat if hasattr(named, "flat") else [named])
    ]
    for mine, theirs in zip(gradient, single.gradient.values(), strict=True):
        assert abs(float(mine)) < 1e-30 or mine.rounded(20) == theirs.rounded(20)


# -- kinks, entry by entry --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arithmetic", ["certified", "float"])
def test_derivatives_that_exist_at_kinks_are_found_entry_by_entry(arithmetic: str) -> None:
    """relu(x) - relu(-x) is x: its derivative is 1 at 0, too, as for numbers."""
    trace = adtrace.trace("sum(relu(x) - relu(-x))", at={"x": [-1, 0, 3]}, arithmetic=arithmetic)
    assert trace.gradient["x"] == [1, 1, 1]


@pytest.mark.parametrize("arithmetic", ["certified", "float"])
@pytest.mark.parametrize(
    ("text", "at", "gradient", "sentences"),
    [
        ("relu(x[0]) - relu(-x[0]) + x[1]", [0, 0], [1, 1], []),  # it is x_1 + x_2
        ("abs(x[0]) + sum(x)", [0, 1], [1, 1], ["abs'(0) = 0"]),
        ("max(x) + abs(x[1])", [0, 0], [1, 0], ["takes the tie", "abs'(0) = 0"]),
        ("max(x[0], x[1]) + abs(x[0] - x[1]) / 2 - x @ [1/2, 1/2]", [3, 3], ["1/2", "-1/2"],
         ["takes the tie", "abs'(0) = 0"]),
    ],
)  # fmt: skip
def test_a_row_of_numbers_at_its_kink_among_arrays(
    text: str, at: list[int], gradient: list[Any], sentences: list[str], arithmetic: str
) -> None:
    """An entry that is taken out of an array is a number: its kink is resolved, or told, as among numbers alone."""
    for rows in ("operations", "entries"):
        trace = adtrace.trace(f"y = {text}", at={"x": at}, rows=rows, arithmetic=arithmetic)
        values = trace.gradient["x"] if rows == "operations" else list(trace.gradient.values())
        assert values == [Fraction(number) for number in gradient]
        table = trace.table(format="text", mode="reverse")
        assert [table.count(sentence) for sentence in ("takes the tie", "abs'(0) = 0")] == [
            sentences.count(sentence) for sentence in ("takes the tie", "abs'(0) = 0")
        ]


def test_a_kink_that_no_input_feels_has_no_note() -> None:
    """Two entries that relu has made 0 tie in a pool; nothing depends on which of them is taken."""
    trace = adtrace.trace("sum(maxpool1d(relu(x), 2)^2)", at={"x": [-1, -2, 3, 1]})
    assert trace.evaluation.first().primal.kinks == ()
    at_zero = adtrace.trace("sum(relu(x))", at={"x": [-1, 0, 3]})
    assert [kink.entries for kink in at_zero.evaluation.first().primal.kinks] == [(1,)]


TIES = {"first": [1, 0, 0], "last": [0, 0, 1], "split": ["1/2", 0, "1/2"], "all": [1, 0, 1]}


@pytest.mark.parametrize(("taken", "shares"), TIES.items())
@pytest.mark.parametrize("arithmetic", ["certified", "float"])
@pytest.mark.parametrize("text", ["max(x)", "sum(maxpool1d(x, 3))", "-min(-x)"])
def test_ties_go_to_what_the_convention_names(text: str, taken: str, shares: list[Any], arithmetic: str) -> None:
    """The entry of a maximum that is taken: the first, the last, equal parts, or every one (as Theano has it)."""
    trace = adtrace.trace(text, at={"x": [2, 1, 2]}, kinks={"tie": taken}, arithmetic=arithmetic)
    assert trace.gradient["x"] == [Fraction(share) for share in shares]


def test_data_have_no_derivative() -> None:
    """const: no tangent, no adjoint, no entry in the gradient, and a seed of them is refused."""
    at = {"W": [[1, 2], [3, 4]], "x": [1, -1], "y": [0, 1]}
    trace = adtrace.trace("mse(W @ x, y)", at=at, const=["x", "y"])
    assert list(trace.gradient) == ["W"]
    assert trace.gradient["W"] == [[-1, 1], [-2, 2]]
    with pytest.raises(adtrace.BindingError, match="x is const: it has no seed"):
        adtrace.trace("mse(W @ x, y)", at=at, const=["x", "y"], seed="x")


def test_seeds_and_weights_of_entries() -> None:
    """x[1] names an entry, a list gives all, a number stands in each."""
    at = {"W": [[1, 2], [3, 4], [5, 6]], "x": [7, 8]}
    assert adtrace.trace("W @ x", at=at, seed="x[1]").tangent == [2, 4, 6]
    assert adtrace.trace("W @ x", at=at, seed={"W[0,1]": 1, "x": [1, 0]}).tangent == [9, 3, 5]
    assert adtrace.trace("W @ x", at=at, seed={"x": 1}).tangent == [3, 7, 11]
    assert adtrace.trace("W @ x", at=at, weights={"y[2]": 1}).gradient["x"] == [5, 6]
    assert adtrace.trace("W @ x", at=at).jacobian["y"]["x"] == at["W"]
    with pytest.raises(adtrace.BindingError, match=r"x\[2\] is no entry of x, which is 2 entries"):
        adtrace.trace("W @ x", at=at, seed="x[2]")


@pytest.mark.parametrize(
    ("text", "at", "hessian"),
    [
        ("sum(x*x*x)", {"x": [1, 2]}, [[6, 0], [0, 12]]),
        ("x @ A @ x", {"x": [1, 2], "A": [[1, 2], [3, 4]]}, [[2, 5], [5, 8]]),
        ("sum(relu(x)^2)", {"x": [1, -2]}, [[2, 0], [0, 0]]),
    ],
)
def test_hessians_of_arrays(text: str, at: dict[str, Any], hessian: list[Any]) -> None:
    """The second derivatives by the entries of x."""
    assert adtrace.trace(text, at=at, const=[name for name in at if name != "x"]).hessian["x"]["x"] == hessian


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("W @ y", "3 x 2 @ 3 entries does not fit: 2 columns on the left, 3 entries on the right; the transpose of the "
                  "first fits"),
        ("W * X", "3 x 2 and 2 x 3 do not fit entry by entry; the product of matrices is written @"),
        ("x + y", "2 entries and 3 entries do not fit entry by entry"),
        ("x + W[0:2, 0:1]", "2 entries and 2 x 1 would be repeated into 2 x 2"),
        ("x[5]", "there is no [5] among 2 entries: they count from 0 to 1"),
        ("conv1d(x, y)", "a window of 3 is longer than the axis of 2"),
        ("outer(W, x)", "outer is of two vectors, not of 3 x 2 and 2 entries"),
        ("W @ W", "entry by entry is written *"),
        ("norm(0*x)", "norm needs v > 0"),
        ("ln(x - 7)", "ln needs u > 0, but"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_sentence(text: str, problem: str) -> None:
    """Both shapes, what is wrong, what was meant where one sees it."""
    arrays_there = {"W": [[1, 2], [3, 4], [5, 6]], "x": [7, 8], "y": [1, 2, 3], "X": [[1, 2, 3], [4, 5, 6]]}
    at = {name: value for name, value in arrays_there.items() if name in text.replace("max", "")}
    with pytest.raises(adtrace.AdtraceError) as caught:
        adtrace.trace(text, at=at)
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", ["outer(x, x)", "sum(outer(x, x), axis=0)", "conv1d(x, x)", "x @ outer(x, x)"])
def test_what_would_be_too_large_is_refused_before_it_is_made(text: str) -> None:
    """A result of 10^10 entries, or as many operations, costs nothing."""
    with pytest.raises(adtrace.BoundError):
        adtrace.trace(text, at={"x": [1.0] * 100_000}, limits=adtrace.Limits(operations=10_000))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_structure_has_nested_lists_of_texts(case: dict[str, Any]) -> None:
    """Every value, adjoint and tangent under the statement's own name, in the shape of the array, to 12 decimals."""
    trace = adtrace.trace("\n".join(case["program"]), at=case["inputs"], outputs=case["outputs"],
                          weights=case.get("seed"), seed=dict.fromkeys(case["wrt"], 1))  # fmt: skip
    document = trace.to_dict(digits=12)
    named = {row["name"]: row for row in (*document["independents"], *document["rows"], *document["dependents"])
             if "name" in row}  # fmt: skip
    for key, part in (("values", "value"), ("adjoints", "adjoint"), ("tangents", "tangent")):
        for name, figures in case["computed"].get(key, {}).items():
            assert shape(named[name][part]) == shape(figures)
            assert all(isinstance(text, str) for text in flat(named[name][part]))
            given = [float(text.rstrip("?")) for text in flat(named[name][part])]
            assert given == pytest.approx([float(text) for text in flat(figures)], rel=1e-9, abs=1e-11), (key, name)
