"""The inverse question: which windows take an axis of n to one of m.  All of them, exactly, however long the axis.

    (m - 1)*s + rest = n + before + after - d*(k - 1) - 1        0 <= rest < s

What the floor drops is the rest (`AxisWindow.unread`): 0 for an exact division; of a transposed convolution, which goes
from m to n, it is the output padding (Dumoulin and Visin, *A guide to convolution arithmetic*, 2016, relationship 14).
With ``ceil`` the last window may reach over the end, and the rest is negative.  Each unknown enters monotonically, so
what the last of them may be is an interval, found by division; the ranges of the others are narrowed to where there is
one.  No loop runs over an axis.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adtrace.arrays.axis_windows import SAME, AxisWindow, padding_of

FLOOR, EXACT, CEIL, TRANSPOSED = "floor", "exact", "ceil", "transposed"
ROUNDINGS = (FLOOR, EXACT, CEIL, TRANSPOSED)
"""What is done with a division that has a remainder: dropped, not allowed, a window more; or the output padding."""
EQUAL, ODD_AFTER = "equal", "odd-after"
"""The padding of both sides: alike, or one more behind where their sum is odd; `SAME` is as much as ceil(n/s) places
need."""
UNKNOWNS = ("k", "s", "p", "d", "a")
LARGEST = 10**12
"""The longest axis: the loops below are as long as its root at most."""
MOST = 1_000
"""Answers that are written out."""
_STEPS = 40_000
"""Steps of the loops over all but the last unknown; past it answers are not counted."""

Interval = tuple[int, int]


class Answer(NamedTuple):
    """A window, and the axis it moves along."""

    n: int
    m: int
    k: int
    s: int
    before: int
    after: int
    d: int
    rest: int
    """The entries at the end that no place reads; of a transposed convolution the output padding."""

    @property
    def window(self) -> AxisWindow:
        """The window, as it moves from n to m; of a transposed one from m to n."""
        return AxisWindow(self.k, self.s, self.before, self.after, self.d)

    @property
    def p(self) -> int | tuple[int, int]:
        """The padding: one number, or those before and after where they differ."""
        return self.before if self.before == self.after else (self.before, self.after)


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a window on one axis; None for what is not."""

    n: int | None
    """The axis that the window moves along; of a transposed convolution what it makes."""
    m: int | None
    """How many places it has; of a transposed convolution what it is given."""
    k: int | None = None
    s: int | None = None
    before: int | None = None
    after: int | None = None
    d: int | None = 1
    a: int | None = 0
    """The output padding of a transposed convolution."""
    rounding: str = FLOOR
    sides: str = EQUAL
    tied: bool = False
    """Whether the stride is the kernel's length, as windows side by side have it."""
    inside: bool = True
    """Whether paddings are shorter than the window, so that none lies in zeros alone."""
    bounds: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The unknowns among k, s, p, d (and a, if it is transposed)."""
        values = {"k": self.k, "s": self.s, "p": self.before, "d": self.d, "a": self.a}
        names = UNKNOWNS if self.rounding == TRANSPOSED else UNKNOWNS[:-1]
        return tuple(name for name in names if values[name] is None)

    def range_of(self, name: str) -> Interval:
        """The least and the most that a letter may be: its value, its bounds, or 1 to n (a padding from 0)."""
        value = {"k": self.k, "s": self.s, "p": self.before, "d": self.d}[name]
        if value is not None:
            return value, value
        longest = max(self.n or 0, self.m or 0, 1)
        least, most = self.bounds.get(name, (0, longest) if name == "p" else (1, longest))
        if name == "p" and "p" not in self.bounds:
            most = self.range_of("d")[1] * (self.range_of("k")[1] - 1) if self.inside else longest
        return least, most


@dataclass(frozen=True, slots=True)
class Found:
    """The answers to a question."""

    answers: tuple[Answer, ...]
    """All of them, in the order of k, s, d, p; the first `MOST` that were met, if there are more."""
    count: int | None
    """How many there are; None where there are too many to be counted one stretch at a time."""

    @property
    def complete(self) -> bool:
        """Whether all of them are there."""
        return self.count == len(self.answers)


class _Rest(NamedTuple):
    """A stretch of rests that is allowed, by the stride: from ``low + low_s*s`` to ``high + high_s*s``; and between
    which ends the padding in front must then be.
    """

    low: int
    low_s: int
    high: int
    high_s: int
    before: Callable[[int], Interval] | None = None

    def at(self, s: int) -> Interval:
        """The least and the largest rest for a stride."""
        return self.low + self.low_s * s, self.high + self.high_s * s


def solve(question: Question, most: int = MOST, steps: int = _STEPS) -> Found:
    """All windows that the question asks for; within so many steps, after which they are not counted."""
    if question.sides == SAME:
        return _counted(_same(question), most, steps)
    if question.m is None:
        return _counted(_forward(question), most, steps)
    if question.n is None:
        return _counted(_backward(question), most, steps)
    stretches = (stretch for rest in _rests(question) for stretch in _stretches(question, rest))
    return _counted(stretches, most, steps)


Stretch = tuple[range, Callable[[int], Answer]]
"""Values of one unknown, and the answer for each."""


def _counted(stretches: Iterator[Stretch | None], most: int, steps: int) -> Found:
    answers: list[Answer] = []
    count = 0
    for step, stretch in enumerate(stretches, start=1):
        if stretch is not None:
            values, answer = stretch
            answers.extend(answer(value) for value in values[: most - len(answers)])
            count += len(values)
        if step > steps or (len(answers) >= most and step > steps // 10):
            return Found(tuple(answers), None)
    return Found(tuple(sorted(answers, key=lambda one: (one.k, one.s, one.d, one.before, one.rest))), count)


def _rests(question: Question) -> list[_Rest]:
    """The rests that its rounding allows, in stretches."""
    n, m = question.n, question.m
    assert n is not None
    assert m is not None
    if question.rounding == EXACT:
        return [_Rest(0, 0, 0, 0)]
    if question.rounding == CEIL:  # the last window begins before the padding behind: (m - 1)*s < n + before
        over = _Rest(1, -1, 0, 0, lambda s: ((m - 1) * s - n + 1, LARGEST**2))
        dropped = _Rest(1, 0, 0, 1, lambda s: (-(LARGEST**2), m * s - n))
        return [over, dropped]
    if question.rounding == TRANSPOSED and question.a is not None:
        return [_Rest(question.a, 0, question.a, 0)]
    return [_Rest(0, 0, -1, 1)]


def _answer(question: Question, k: int, s: int, total: int, d: int) -> Answer:
    """The answer with this sum of both paddings."""
    n, m = question.n, question.m
    assert n is not None
    assert m is not None
    before = total // 2 if question.before is None else question.before
    rest = n + total - d * (k - 1) - 1 - (m - 1) * s
    return Answer(n, m, k, s, before, total - before, d, rest)


def _up(above: int, below: int) -> int:
    """The quotient rounded up."""
    return -(-above // below)


def _stretches(question: Question, rest: _Rest) -> Iterator[Stretch | None]:
    """The answers in stretches of the last unknown; None for a step that has none."""
    if question.before is None:
        yield from _of_paddings(question, rest)
    elif question.tied and question.k is None and question.d is None:
        for k in _strides(question, rest):
            yield _dilations(question, rest, k, k)
    elif question.tied and question.k is None:
        yield _tied(question, rest)
    elif question.k is None and question.d is None:
        for s in _strides(question, rest):
            yield from _of_factors(question, rest, s)
    elif question.k is None or question.d is None:
        yield from _of_lengths(question, rest)
    else:
        yield _of_strides(question, rest, question.k, question.d)


def _of_paddings(question: Question, rest: _Rest) -> Iterator[Stretch | None]:
    """The padding is the last unknown."""
    (k_low, k_high), (d_low, d_high) = question.range_of("k"), question.range_of("d")
    for s in _strides(question, rest):
        if not _allowed(question, rest, s):
            yield None
            continue
        room = _rooms(question, rest, s)
        low, high = _spans_of_paddings(question, room)
        first, last = (max(k_low, s), min(k_high, s)) if question.tied else (k_low, k_high)
        if first <= 1 <= last and low <= 0 <= high:  # a window of 1 has no gaps: its dilation is no question
            yield _paddings(question, rest, (1, s, d_low), room)
        yield None
        if last < 2:
            continue
        for d in range(max(d_low, _up(max(low, 1), last - 1)), min(d_high, high) + 1):
            least, step = max(first, 2, _up(low, d) + 1), 1
            if question.sides == EQUAL and room[0] == room[1]:  # whole paddings need an even sum
                step = 1 + d % 2
                least += d % 2 and (room[0] + d * (least - 1)) % 2
                if d % 2 == 0 and room[0] % 2:
                    yield None
                    continue
            for k in range(least, min(last, high // d + 1) + 1, step):
                yield _paddings(question, rest, (k, s, d), room)


def _rooms(question: Question, rest: _Rest, s: int) -> Interval:
    """The least and the most of ``before + after - d*(k - 1)`` for a stride."""
    n, m = question.n or 0, question.m or 0
    low, high = rest.at(s)
    return max((m - 1) * s + low, 0) - n + 1, (m - 1) * s + high - n + 1


def _spans_of_paddings(question: Question, room: Interval) -> Interval:
    """The least and the most of d*(k - 1) for which there may be a padding with such a room."""
    p_low, p_high = question.range_of("p")
    most = 2 * p_high + (question.sides == ODD_AFTER)
    low = max(2 * p_low - room[1], 0)
    return max(low, room[0], p_low) if question.inside else low, most - room[0]


def _paddings(question: Question, rest: _Rest, window: tuple[int, int, int], room: Interval) -> Stretch | None:
    """The paddings of one window: by their sum where the sides may differ."""
    k, s, d = window
    span, (p_low, p_high) = d * (k - 1), question.range_of("p")
    low, high = room[0] + span, room[1] + span
    front_low, front_high = rest.before(s) if rest.before else (p_low, p_high)
    if question.sides == ODD_AFTER:
        most = 2 * min(p_high, front_high) + 1
        sums = range(max(low, 2 * max(p_low, front_low)), min(high, most, 2 * span if question.inside else most) + 1)
        return (sums, lambda total: _answer(question, k, s, total, d)) if sums else None
    most = min(high // 2, p_high, front_high, span if question.inside else p_high)
    paddings = range(max(_up(low, 2), p_low, front_low), most + 1)
    return (paddings, lambda p: _answer(question, k, s, 2 * p, d)) if paddings else None


def _fixed_front(question: Question, rest: _Rest, s: int) -> bool:
    """Whether a given padding in front is one that the rest allows."""
    if rest.before is None or question.before is None:
        return True
    low, high = rest.before(s)
    return low <= question.before <= high


def _allowed(question: Question, rest: _Rest, s: int) -> bool:
    """Whether the rest is less than the stride, as an output padding is, and the padding in front fits."""
    low, high = rest.at(s)
    return low <= high and (question.rounding != TRANSPOSED or low < s) and _fixed_front(question, rest, s)


def _total(question: Question) -> int:
    """The sum of both paddings, which are given."""
    assert question.before is not None
    return question.before + (question.before if question.after is None else question.after)


def _least_span(question: Question) -> int:
    """How long d*(k - 1) is at least, for paddings that are given."""
    return max(question.before or 0, question.after or 0) if question.inside else 0


def _strides(question: Question, rest: _Rest) -> range:
    """The strides for which there may be an answer: a stretch, for what they move over grows with them."""
    n, m = question.n or 0, question.m or 0
    low, high = question.range_of("s")
    d, k = question.range_of("d"), question.range_of("k")
    spans = d[0] * (k[0] - 1), d[1] * (k[1] - 1)
    if question.before is None:
        p_low, p_high = question.range_of("p")
        most = min(spans[1], 2 * p_high + 1 - spans[0]) if question.inside else 2 * p_high + 1 - spans[0]
        least = 2 * p_low - spans[1]
    else:
        total = _total(question)
        least, most = total - spans[1], total - max(spans[0], _least_span(question))
    strides = range(low, high + 1)
    first = bisect_left(strides, True, key=lambda s: (m - 1) * s + rest.at(s)[1] >= n - 1 + least)
    last = bisect_left(strides, True, key=lambda s: max((m - 1) * s + rest.at(s)[0], 0) > n - 1 + most)
    if rest.before is not None:
        edges, (p_low, p_high) = rest.before, question.range_of("p")
        first = max(first, bisect_left(strides, True, key=lambda s: edges(s)[1] >= p_low))
        last = min(last, bisect_left(strides, True, key=lambda s: edges(s)[0] > p_high))
    return strides[first:last]


def _spans(question: Question, rest: _Rest, s: int) -> Interval:
    """What d*(k - 1) may be for a stride, where the padding is given."""
    if not _allowed(question, rest, s):
        return 1, 0
    low, high = _rooms(question, rest, s)
    return max(_total(question) - high, _least_span(question)), _total(question) - low


def _of_lengths(question: Question, rest: _Rest) -> Iterator[Stretch | None]:
    """The kernel's length or the dilation is unknown, and perhaps the stride; the padding is given."""
    strides = _strides(question, rest)
    room, (k_low, k_high), (d_low, d_high) = (
        (question.n or 0) - 1 + _total(question), question.range_of("k"), question.range_of("d")
    )  # fmt: skip
    k_high, d_high = min(k_high, room // d_low + 1), min(d_high, max(room // max(k_low - 1, 1), d_low))
    if question.s is None and k_high - k_low + d_high - d_low < len(strides):  # the shorter loop
        for k in range(k_low, k_high + 1):
            for d in range(d_low, d_high + 1 if k > 1 else d_low + 1):
                yield _of_strides(question, rest, k, d)
        return
    for s in strides:
        if question.k is None:
            yield _kernels(question, rest, s, d_low)
        else:
            yield _dilations(question, rest, s, k_low)


def _kernels(question: Question, rest: _Rest, s: int, d: int) -> Stretch | None:
    """The kernel is the last unknown."""
    (low, high), (k_low, k_high), total = _spans(question, rest, s), question.range_of("k"), _total(question)
    lengths = range(max(k_low, _up(low, d) + 1), min(k_high, high // d + 1) + 1)
    return (lengths, lambda k: _answer(question, k, s, total, d)) if lengths else None


def _dilations(question: Question, rest: _Rest, s: int, k: int) -> Stretch | None:
    """The dilation is the last unknown; that of a window of 1 is no question."""
    (low, high), (d_low, d_high), total = _spans(question, rest, s), question.range_of("d"), _total(question)
    if not question.range_of("k")[0] <= k <= question.range_of("k")[1]:
        return None
    if k == 1:
        dilations = range(d_low, d_low + (low <= 0 <= high))
    else:
        dilations = range(max(d_low, _up(low, k - 1)), min(d_high, high // (k - 1)) + 1)
    return (dilations, lambda d: _answer(question, k, s, total, d)) if dilations else None


def _of_factors(question: Question, rest: _Rest, s: int) -> Iterator[Stretch | None]:
    """Kernel and dilation are unknown: the products d*(k - 1) in a stretch, the smaller factor step by step."""
    low, high = _spans(question, rest, s)
    (k_low, k_high), (d_low, d_high) = question.range_of("k"), question.range_of("d")
    total = _total(question)
    if low > high or high < 0:
        return
    if k_low == 1 and low <= 0:
        yield range(1), lambda _: _answer(question, 1, s, total, d_low)
    root = int(high**0.5) + 1
    for d in range(d_low, min(d_high, root) + 1):
        lengths = range(max(k_low, _up(max(low, 1), d) + 1, 2), min(k_high, high // d + 1) + 1)
        yield (lengths, lambda k, d=d: _answer(question, k, s, total, d)) if lengths else None  # type: ignore[misc]
    for k in range(max(k_low, 2), min(k_high, root + 1) + 1):
        wide = range(max(d_low, root + 1, _up(max(low, 1), k - 1)), min(d_high, high // (k - 1)) + 1)
        yield (wide, lambda d, k=k: _answer(question, k, s, total, d)) if wide else None  # type: ignore[misc]


def _of_strides(question: Question, rest: _Rest, k: int, d: int) -> Stretch | None:
    """The stride is the last unknown, or nothing is."""
    n, m, total, span = question.n or 0, question.m or 0, _total(question), d * (k - 1)
    room = n - 1 + total - span
    low, high = question.range_of("s")
    if room < 0 or span < _least_span(question):
        return None
    if question.tied:
        low, high = max(low, k), min(high, k)
    if question.rounding == FLOOR:
        strides = range(max(low, _up(room + 1, m)), min(high, room // (m - 1) if m > 1 else high) + 1)
    else:
        strides = _fitting(question, rest, range(low, high + 1), lambda s: room)
    return (strides, lambda s: _answer(question, k, s, total, d)) if strides else None


def _tied(question: Question, rest: _Rest) -> Stretch | None:
    """Kernel and stride are one unknown; the padding is given."""
    n, d, total = question.n or 0, question.d or 1, _total(question)
    (k_low, k_high), (s_low, s_high) = question.range_of("k"), question.range_of("s")
    lengths = range(max(k_low, s_low, _up(_least_span(question), d) + 1), min(k_high, s_high) + 1)
    lengths = _fitting(question, rest, lengths, lambda k: n - 1 + total - d * (k - 1), falls=d)
    return (lengths, lambda k: _answer(question, k, k, total, d)) if lengths else None


def _fitting(question: Question, rest: _Rest, strides: range, room: Callable[[int], int], falls: int = 0) -> range:
    """The strides with which so much room leaves a rest that is allowed: each condition holds from one stride on, or up
    to one.  ``falls`` is by how much the room gets less with each.
    """
    m, front = question.m or 0, question.before or 0
    rising: list[Callable[[int], bool]] = [lambda s: (m - 1) * s + rest.at(s)[1] >= room(s)]
    falling: list[Callable[[int], bool]] = [lambda s: room(s) >= 0]
    (falling if m - 1 + rest.low_s + falls >= 0 else rising).append(lambda s: (m - 1) * s + rest.at(s)[0] <= room(s))
    if question.rounding == TRANSPOSED:
        rising.append(lambda s: rest.at(s)[0] < s)
    if rest.before is not None:
        edges = rest.before
        (falling if m > 1 else rising).append(lambda s: edges(s)[0] <= front)
        rising.append(lambda s: edges(s)[1] >= front)
    for holds in rising:
        strides = strides[bisect_left(strides, True, key=holds) :]
    for holds in falling:
        strides = strides[: bisect_left(strides, True, key=lambda s, holds=holds: not holds(s))]  # type: ignore[misc]
    return strides


def _same(question: Question) -> Iterator[Stretch | None]:
    """Padded so that there are ceil(n/s) places, whatever the window is."""
    n, m = question.n or 0, question.m
    low, high = question.range_of("s")
    if m is not None:
        low, high = max(low, _up(n, m)), min(high, _up(n, m - 1) - 1 if m > 1 else high)
    for k in _whole(question, "k") if low <= high else ():
        for d in _whole(question, "d") if k > 1 else _whole(question, "d")[:1]:
            strides = range(max(low, k), min(high, k) + 1) if question.tied else range(low, high + 1)
            if question.rounding == EXACT:  # without a padding a stride longer than the window may leave a rest
                strides = range(strides.start, min(strides.stop, strides.start + MOST))
            for s in [None] if question.rounding != EXACT else strides:
                own = strides if s is None else range(s, s + (_padded(question, k, s, d).rest == 0))
                yield (own, lambda s, k=k, d=d: _padded(question, k, s, d)) if own else None  # type: ignore[misc]


def _padded(question: Question, k: int, s: int, d: int) -> Answer:
    n = question.n or 0
    before, after = padding_of(SAME, n, k, s, d)
    window = AxisWindow(k, s, before, after, d)
    return Answer(n, window.places(n), k, s, before, after, d, window.unread(n))


def _every(question: Question) -> Iterator[AxisWindow | None]:
    """Every window within the bounds; None for a step without one."""
    ceil, (p_low, p_high) = question.rounding == CEIL, question.range_of("p")
    strides, dilations = _whole(question, "s"), _whole(question, "d")
    for k in _whole(question, "k"):
        yield None
        for s in range(k, k + (k in strides)) if question.tied else strides:
            for d in dilations[: 1 if k == 1 else None]:
                yield None
                most = min(p_high, d * (k - 1)) if question.inside else p_high
                for before in range(p_low, most + 1):
                    windows = (AxisWindow(k, s, before, after, d, ceil) for after in _behind(question, before))
                    yield from (None if question.inside and own.after >= own.span else own for own in windows)


def _behind(question: Question, before: int) -> tuple[int, ...]:
    """What the padding behind may be, by that in front."""
    if question.after is not None:
        return (question.after,)
    return (before, before + 1) if question.before is None and question.sides == ODD_AFTER else (before,)


def _whole(question: Question, name: str) -> range:
    low, high = question.range_of(name)
    return range(low, high + 1)


def _forward(question: Question) -> Iterator[Stretch | None]:
    """The number of places is what is asked."""
    n = question.n or 0
    for window in _every(question):
        if window is None:
            yield None
            continue
        m, rest = window.places(n), window.unread(n)
        fits = m > 0 and not (question.rounding == EXACT and rest)
        if question.rounding == TRANSPOSED and question.a is not None:
            fits = fits and rest == question.a
        yield (range(n, n + 1), _at(m, window)) if fits else None


def _backward(question: Question) -> Iterator[Stretch | None]:
    """The length of the axis is what is asked."""
    m = question.m or 0
    for window in _every(question):
        if window is None:
            yield None
            continue
        s, before, span = window.stride, window.before, window.span - 1
        for rest in _rests(replace(question, n=0)):
            low, high = rest.at(s)
            first, last = (max((m - 1) * s + edge, 0) + span + 1 - before - window.after for edge in (low, high))
            if rest.before is not None:
                edges = rest.before(s)
                first, last = max(first, edges[0] - before), min(last, edges[1] - before)
            lengths = range(max(first, 1), last + 1)
            yield (lengths, _at(m, window)) if lengths and (low < s or question.rounding == CEIL) else None


def _at(m: int, window: AxisWindow) -> Callable[[int], Answer]:
    """The answer with this window by the length of the axis."""
    k, s, before, after, d, _ = window

    def answer(n: int) -> Answer:
        return Answer(n, m, k, s, before, after, d, window.room(n) - (m - 1) * s)

    return answer
