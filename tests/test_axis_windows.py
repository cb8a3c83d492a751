"""The arithmetic of a window along an axis, held against a window that is really moved, one step at a time."""

from __future__ import annotations

from itertools import product

import pytest

from adtrace.arrays.axis_windows import WORDS, AxisWindow, padding_of, transposed_places

GRID = [(n, k, s, before, after, d) for n, k, s, before, after, d in product(
    range(1, 8), range(1, 5), range(1, 4), range(3), range(3), range(1, 4))]  # fmt: skip


def moved(n: int, window: AxisWindow) -> list[int]:
    """Where the window stands, counted in the padded axis: moved until it reaches over the end."""
    starts, at = [], 0
    while at + window.dilation * (window.kernel - 1) < window.before + n + window.after:
        starts.append(at)
        at += window.stride
    return starts


def test_places_and_what_is_unread_are_those_of_a_window_that_is_moved() -> None:
    """Places are counted by moving; unread is what lies behind the last entry that any place reaches."""
    for n, k, s, before, after, d in GRID:
        window = AxisWindow(k, s, before, after, d)
        starts = moved(n, window)
        assert window.places(n) == len(starts), (n, window)
        if starts:
            last = starts[-1] + d * (k - 1)
            assert window.unread(n) == before + n + after - 1 - last, (n, window)


def test_ceil_counts_the_window_that_reaches_over_unless_it_begins_in_the_padding_behind() -> None:
    """PyTorch's words for ``ceil_mode``: windows may go off-bounds if they start within the left padding or the input;
    a window that is longer than the padded axis is refused there, too.
    """
    for n, k, s, before, after, d in GRID:
        window = AxisWindow(k, s, before, after, d, ceil=True)
        starts = moved(n, window)
        if starts:
            whole = starts[-1] + d * (k - 1) == before + n + after - 1
            one_more = not whole and starts[-1] + s < before + n
            dropped = len(starts) > 1 and starts[-1] >= before + n and whole
            assert window.places(n) == len(starts) + one_more - dropped, (n, window)


@pytest.mark.parametrize("word", WORDS)
def test_words_for_a_padding_have_the_places_that_they_promise(word: str) -> None:
    """valid: no window touches a zero; same: ceil(n/s) places; full: the first and last windows meet one entry; causal:
    no window reads behind its own place, and there is one for every stride.
    """
    for n, k, s, d in product(range(1, 9), range(1, 5), range(1, 4), range(1, 4)):
        before, after = padding_of(word, n, k, s, d)
        window = AxisWindow(k, s, before, after, d)
        if word == "valid":
            assert before == after == 0
        elif word == "same":
            assert window.places(n) == -(-n // s)
            assert after - before in (0, 1)
        elif word == "full":
            assert before == after == window.span - 1
        else:
            assert (before, window.places(n)) == (window.span - 1, -(-n // s))


def test_a_transposed_size_is_the_axis_on_which_the_window_has_so_many_places() -> None:
    """What a transposed convolution makes is what the convolution would have started from, with no entry unread."""
    for n, k, s, before, after, d in GRID:
        window = AxisWindow(k, s, before, after, d)
        size = transposed_places(n, window)
        if size >= 1:
            assert window.places(size) == n
            assert window.unread(size) == 0
            assert window.places(transposed_places(n, window, s - 1)) == n


def test_an_axis_of_a_thousand_million_costs_what_one_of_ten_does() -> None:
    """Nothing is moved to be counted."""
    window = AxisWindow(3, 2, 1, 1)
    assert window.places(10**9) == 500_000_000
    assert window.unread(10**9) == 1
