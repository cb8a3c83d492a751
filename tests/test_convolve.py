"""Convolutions worked out: numbers against numpy and against loops that pad and multiply, words against the table."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import adtrace
from adtrace.cli import cli
from adtrace.errors import AdtraceError, BoundError, InputError, OptionError

# RMIT COSC2779, tutorial of week 5: an edge filter, and a max-pooling whose published last entry is 8, not 9.
EDGES = [[5] * 7, [5] * 7, [1, 1, 5, 5, 5, 5, 5], [1, 1, 1, 1, 5, 5, 5], [1, 1, 1, 1, 5, 5, 5], [1] * 7, [1] * 7]
EDGED = [[8, 4, 0, 0, 0], [12, 12, 8, 4, 0], [4, 8, 8, 4, 0], [0, 0, 4, 8, 12], [0, 0, 4, 8, 12]]
POOLED = [[1, 6, 2, 8, 1, 2, 7], [1, 6, 2, 8, 1, 2, 5], [0, 5, 8, 1, 5, 7, 1], [1, 7, 1, 3, 5, 8, 0],
          [5, 2, 4, 4, 5, 8, 4], [8, 2, 3, 7, 3, 8, 2], [1, 2, 3, 6, 5, 9, 6]]  # fmt: skip
# NYU, introduction to machine learning, unit 10, problem 1: its solution names -2 at (3, 4) as the most negative value.
FRAME = [[0] * 5, [0, 3, 3, 3, 0], [0, 3, 3, 3, 0], [0, 3, 2, 3, 0], [0, 3, 2, 3, 0], [0] * 5]


def exact(values: Any) -> Any:
    """Nested lists of values as nested lists of fractions."""
    return [exact(entry) for entry in values] if isinstance(values, list) else values.exact


def test_the_three_modes_of_a_homework() -> None:
    """IFT6135, 2020, question 5: full, valid and same of (1, 2, 3, 4) with the flipped (1, 0, 2)."""
    found = adtrace.convolve("[1,2,3,4]", "[1,0,2]", modes="full,same,valid")
    assert exact(found.results["full"]) == [1, 2, 5, 8, 6, 8]
    assert exact(found.results["valid"]) == [5, 8]
    assert exact(found.results["same"]) == [2, 5, 8, 6]
    assert [found.sections[mode].padding for mode in ("full", "same", "valid")] == [((2, 2),), ((1, 1),), ((0, 0),)]
    table = found.table(format="text")
    assert "y₂        2  0  1            1·2 + 2·0 + 3·1 = 5        5     5      5" in table
    assert "0·2 + 0·0 + 1·1 = 1" in table


def test_published_results_of_two_courses_and_what_is_wrong_in_them() -> None:
    """An edge filter to the last entry; a maximum that is 9 and was published as 8; a minimum that is -6, not -2."""
    assert exact(adtrace.convolve(EDGES, [[1, 1, 1], [0, 0, 0], [-1, -1, -1]], flip=False).results["valid"]) == EDGED
    pooled = adtrace.convolve(POOLED, pool="max", k=3, stride=2)
    assert exact(pooled.results["valid"]) == [[8, 8, 7], [8, 8, 8], [8, 7, 9]]
    assert "max(5, 8, 4, 3, 8, 2, 5, 9, 6) = 9" in pooled.table(format="text")
    framed = exact(adtrace.convolve(FRAME, [[1, -1], [1, -1]], flip=False).results["valid"])
    assert framed == [[-3, 0, 0, 3], [-6, 0, 0, 6], [-6, 1, -1, 6], [-6, 2, -2, 6], [-3, 1, -1, 3]]
    flat = [(value, (m, n)) for m, row in enumerate(framed) for n, value in enumerate(row)]
    assert [at for value, at in flat if value == min(flat)[0]] == [(1, 0), (2, 0), (3, 0)]


def test_numpy_agrees_in_every_mode() -> None:
    """`numpy.convolve` and `numpy.correlate` on whole numbers, kernels even and odd, longer than the signal in full."""
    rng = random.Random(1)
    for n, k in product(range(1, 7), range(1, 7)):
        x, w = ([rng.randint(-5, 5) for _ in range(size)] for size in (n, k))
        modes = ["full", "same", *(["valid"] if k <= n else [])]
        found = adtrace.convolution(x, w, modes=modes)
        for mode in modes:
            assert exact(found.results[mode]) == np.convolve(x, w, mode).tolist(), (x, w, mode)  # type: ignore[call-overload]
        if k <= n:
            correlated = adtrace.convolution(x, w, flip=False)
            assert exact(correlated.results["valid"]) == np.correlate(x, w, "valid").tolist()


def looped(x: Any, w: Any, sides: list[tuple[int, int]], steps: tuple[int, ...], gaps: tuple[int, ...]) -> Any:
    """Correlation by padding, and by multiplying what stands under the window: loops of our own over two axes."""
    padded = np.pad(np.array(x, dtype=object), sides)
    w = np.array(w, dtype=object)
    rows = [range(0, size - gap * (length - 1), step)
            for size, gap, length, step in zip(padded.shape, gaps, w.shape, steps, strict=True)]  # fmt: skip
    return [[sum(padded[m + i * gaps[0], n + j * gaps[1]] * w[i, j] for i, j in np.ndindex(w.shape)) for n in rows[1]]
            for m in rows[0]]  # fmt: skip


@pytest.mark.parametrize("flip", [False, True])
def test_strides_dilations_and_paddings_are_those_of_loops(flip: bool) -> None:
    """40 pairs of matrices, fractions among them; a flipped kernel is the other one turned round."""
    rng = random.Random(int(flip))
    for _ in range(40):
        size, length = [[rng.randint(1, 5), rng.randint(1, 5)], [rng.randint(1, 3), rng.randint(1, 3)]]
        steps, gaps = tuple(rng.randint(1, 3) for _ in "mn"), tuple(rng.randint(1, 2) for _ in "mn")
        sides = [(rng.randint(0, 2), rng.randint(0, 2)) for _ in "mn"]
        x = [[Fraction(rng.randint(-4, 4), rng.randint(1, 3)) for _ in range(size[1])] for _ in range(size[0])]
        w = [[Fraction(rng.randint(-4, 4), rng.randint(1, 3)) for _ in range(length[1])] for _ in range(length[0])]
        turned = [row[::-1] for row in w[::-1]] if flip else w
        want = looped(x, turned, sides, steps, gaps)
        padding = "x".join(f"{before}:{after}" for before, after in sides)
        given = {"flip": flip, "stride": steps, "dilation": gaps, "padding": padding}
        if not want or not want[0]:
            with pytest.raises(InputError, match="is longer than an axis of"):
                adtrace.convolution(x, w, **given)
            continue
        assert exact(adtrace.convolution(x, w, **given).results["padded"]) == want


def test_same_is_whose_it_is_said_to_be() -> None:
    """Of a kernel of two numpy has the odd zero in front, TensorFlow behind; with a stride ceil(n/s) places remain."""
    x, w = [1, 2, 3, 4], [10, 1]
    assert exact(adtrace.convolution(x, w, modes="same").results["same"]) == np.convolve(x, w, "same").tolist()
    theirs = adtrace.convolution(x, w, modes="same", flip=False)
    assert exact(theirs.results["same"]) == [12, 23, 34, 40]
    assert theirs.sections["same"].padding == ((0, 1),)
    assert "Same is TensorFlow's" in theirs.table(format="text")
    centred = adtrace.convolution([1, 2], [1, 1, 1, 1], modes="same", same="centred")
    assert exact(centred.results["same"]) == np.convolve([1, 2], [1, 1, 1, 1], "full").tolist()[1:3]
    assert len(adtrace.convolution(list(range(7)), [1, 1], modes="same", flip=False, stride=3).results["same"]) == 3
    with pytest.raises(OptionError, match="has no stride"):
        adtrace.convolution(x, w, modes="same", stride=2)


def test_numbers_are_exact_as_typed_and_letters_stay_open() -> None:
    """A third and pi are what they are, letters make formulas, digits are asked for."""
    third = adtrace.convolve("[1/3, 0.1]", "[1, 1]", modes="full")
    assert exact(third.results["full"]) == [Fraction(1, 3), Fraction(13, 30), Fraction(1, 10)]
    assert "1/3·1 + 0.1·1 = 13/30" in third.table(format="text").replace("0.1·1 + 1/3·1", "1/3·1 + 0.1·1")
    round_ = adtrace.convolve("[pi, 1]", "[1, -1/2]", modes="valid")
    assert round_.results["valid"][0].rounded(6) == f"{1 - np.pi / 2:.6f}"
    assert "= -0.57" in round_.table(format="text", digits=2)
    letters = adtrace.convolve("[a, b, c]", "[p, q]", modes="valid")
    assert [str(value) for value in letters.results["valid"]] == ["b*p + a*q", "c*p + b*q"]
    assert "a·q + b·p" in letters.table(format="text")


def test_a_mean_is_divided_by_the_window() -> None:
    """Average pooling: the sum over the number of entries, exactly."""
    found = adtrace.convolve([[1, 2], [3, 5]], pool="mean", k=2)
    assert exact(found.results["valid"]) == [[Fraction(11, 4)]]
    assert "(1 + 2 + 3 + 5)/4 = 2.75" in found.table(format="text")


def test_arrays_of_a_function_that_is_traced_are_convolved_as_before() -> None:
    """`adtrace.convolve` on arrays is the elemental: the function of arrays, and a row of a trace."""
    assert adtrace.convolve([1, 2, 3], [1, 1]).tolist() == [1, 3, 5, 3]
    assert adtrace.convolve(np.array([1.0, 2, 3]), np.array([1.0, 1]), mode="valid").tolist() == [3, 5]
    traced = adtrace.trace(lambda x, w: adtrace.convolve(x, w).sum(), at={"x": np.ones(2), "w": np.ones(2)})
    assert "convolve" in json.dumps(traced.to_dict())


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "typst"])
@pytest.mark.parametrize("operands", [("[1,2,3,4]", "[1,0,2]"), (FRAME, [[1, -1], [1, -1]]), ("[a,b]", "[1,-2]")])
def test_every_format_has_the_products(form: str, operands: Any) -> None:
    """A document in each format, of vectors, matrices and letters; none is empty, none is Python's own words."""
    text = adtrace.convolution(*operands).table(format=form)
    assert len(text) > 200
    assert "Terms" not in text
    assert "None" not in text


def test_json_is_the_table_as_data() -> None:
    """The results and the places, numbers as strings."""
    found = json.loads(adtrace.convolve("[1,2,3,4]", "[1,0,2]", modes="valid").table(format="json"))
    assert found["results"] == [{"mode": "valid", "padding": [[0, 0]], "shape": [2], "result": ["5", "8"], "places": [
        {"at": [0], "products": "1·2 + 2·0 + 3·1", "value": "5"},
        {"at": [1], "products": "2·2 + 3·0 + 4·1", "value": "8"}]}]  # fmt: skip


@pytest.mark.parametrize(
    ("operands", "given", "says"),
    [
        (("[1,2]", "[1,2,3]"), {"modes": "valid"}, "a window of 3 is longer than an axis of 2"),
        (("[1,2]", "[[1]]"), {}, "x has one axis and w has 2 axes"),
        (("[[[1]]]", "[[[1]]]"), {}, "a convolution here has one or two"),
        (("[1,2]", None), {}, "the kernel is missing"),
        (("[1,2]", "[1]"), {"modes": "sme"}, "did you mean 'same'"),
        (("[1,2]", "[1]"), {"padding": 1, "modes": "full"}, "give the modes, or a padding"),
        (("[1,2]", "[1]"), {"stride": 0}, "stride is a whole number from 1"),
        (("[1,2]", "[1]"), {"same": "matlab"}, "same is numpy, tensorflow, centred"),
        (("[1,]", "[1]"), {}, "after the comma"),
        (("[a,b]", None), {"pool": "max", "k": 2}, "which of open letters is the largest"),
        (("[1,1/0]", "[1]"), {}, "1/0"),
    ],
)
def test_what_does_not_fit_is_a_sentence(operands: Any, given: dict[str, Any], says: str) -> None:
    """Each refusal says what does not fit."""
    with pytest.raises(AdtraceError) as refused:
        adtrace.convolution(*operands, **given)
    assert says in str(refused.value)


def test_long_signals_have_results_and_bounds() -> None:
    """Past 400 places the products are left out and that is said; past a bound on products there is a sentence."""
    table = adtrace.convolution(list(range(500)), [1, 1], modes="valid").table(format="text")
    assert "The 499 places are not written out" in table
    with pytest.raises(BoundError, match="products"):
        adtrace.convolution(np.ones(5000), np.ones(500))


def test_the_command_line_works_out_the_same() -> None:
    """`adtrace convolve` with modes, without flipping, and pooling."""
    run = CliRunner()
    found = run.invoke(cli, ["convolve", "[1,2,3,4]", "[1,0,2]", "--modes", "full,same,valid", "-f", "text"])
    assert "(1, 2, 5, 8, 6, 8)" in found.output
    assert "1·1 + 2·0 + 3·2 = 7" in run.invoke(cli, ["convolve", "1,2,3,4", "1,0,2", "--no-flip", "-f", "text"]).output
    pooled = run.invoke(cli, ["convolve", "1,2;3,4", "--pool", "max", "--size", "2", "-f", "text"])
    assert "max(1, 2, 3, 4) = 4" in pooled.output
